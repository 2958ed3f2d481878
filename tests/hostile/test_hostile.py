"""Each hostile file ends in its sentence at every door it may knock at; nothing is written; the process stays whole.

HOSTILE=all tries every kind at every door; without it those who share the kinds share them out.
"""

import os
import re
from itertools import islice
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve, reverse

from registry.admissions.tasks import check_upload
from registry.enums import UploadState
from registry.models import AdmissionUpload
from tests.hostile.books import BOOKS, HEADER, MB, book, student
from tests.hostile.certificates import CERTIFICATES
from tests.hostile.doors import DOORS, file_fields, knock
from tests.hostile.scans import SCANS

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("linxia_xueji", "approvals", "registry", "transfers")


def share(name: str) -> list[str]:
    """The kinds a door is tried with: all of them, or its share among the doors with the same."""
    kinds = DOORS[name].kinds
    if os.environ.get("HOSTILE") == "all":
        return list(kinds)
    family = [other for other, door in DOORS.items() if door.family == DOORS[name].family]
    return list(islice(kinds, family.index(name), None, len(family)))


def test_there_are_kinds_enough():
    assert len(BOOKS) + len(SCANS) + len(CERTIFICATES) >= 120


def test_every_upload_field_of_the_portal_is_a_door_here():
    """A new one fails by name until it is entered in tests/hostile/doors.py."""
    resolve("/")  # every view, and with it every form, is imported by now
    assert set(file_fields()) == set(DOORS)


def test_files_are_read_by_forms_alone():
    """`request.FILES` goes whole into a form, and is looked into nowhere else."""
    found = []
    for path in (path for layer in LAYERS for path in (ROOT / layer).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found += [path.name for rest in re.findall(r"request\.FILES(.)", text) if rest not in "),"]
    assert found == []


@pytest.mark.parametrize("name", DOORS)
def test_hostile_files_end_in_their_sentences(name, world):
    door, wrong = DOORS[name], []
    address, client = door.ready(world)
    before = [model.objects.count() for model in door.traces]
    for kind in share(name):
        make, words = door.kinds[kind]
        said = re.sub(r"\s+", " ", knock(door, address, client, make()))
        if not said or words not in said:
            wrong.append((kind, said))
        if [model.objects.count() for model in door.traces] != before:
            wrong.append((kind, "written"))
    assert wrong == []


@pytest.mark.parametrize("name", DOORS)
def test_a_hundred_megabytes_are_refused_before_the_door(name, world):
    address, client = DOORS[name].ready(world)
    answer = client.generic("POST", address, bytes(41 * MB), content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413 and "超过40MB" in answer.content.decode()


def test_formulas_are_data_on_the_way_in(world):
    """Text that begins like a formula is judged as text; a formula nobody has worked out is an empty cell."""
    centre = Client()
    centre.force_login(world.centre)
    content = book(
        HEADER, student(1, 姓名='=HYPERLINK("http://x")'), student(2, 姓名="@SUM(1)"), student(3, 姓名="-2+3")
    )
    centre.post(reverse("registry:uploads"), {"year": 2026, "file": SimpleUploadedFile("名单.xlsx", content)})
    upload = AdmissionUpload.objects.get()
    check_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED and upload.summary["errors"] == 1
    assert set(upload.staged.values_list("name", flat=True)) == {"@SUM(1)", "-2+3"}
