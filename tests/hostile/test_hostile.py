"""Each hostile file ends in its sentence at every door it may knock at; nothing is written; the process stays whole."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from linxia_xueji.models import FileUse
from registry.admissions.reading import UnreadableFile, read_table
from registry.admissions.tasks import check_upload
from registry.enums import UploadState
from registry.forms import IssueLetterForm
from registry.models import Admission, AdmissionStaged, AdmissionUpload, Deferral
from tests.hostile.books import BOOKS, HEADER, book, student
from tests.hostile.scans import SCANS
from tests.registry.support import first
from tests.registry.typed import deferral, url

NUMBERS = ("准考证号", "学号")
LARGE = {"35 MB"}


def told(page: str) -> str:
    return re.sub(r"\s+", " ", page)


def test_there_are_kinds_enough():
    assert len(BOOKS) + len(SCANS) >= 100


@pytest.mark.parametrize("kind", BOOKS)
def test_a_hostile_list_ends_in_its_sentence(kind, world):
    make, words = BOOKS[kind]
    centre = Client(raise_request_exception=True)
    centre.force_login(world.centre)
    before = FileUse.objects.count()
    answer = centre.post(reverse("registry:uploads"), {"year": 2026, "file": SimpleUploadedFile("名单.xlsx", make())})
    if answer.status_code == 422:
        assert AdmissionUpload.objects.count() == 0 and FileUse.objects.count() == before
        sentence = told(answer.content.decode())
    else:
        upload = AdmissionUpload.objects.get()
        check_upload(upload_id=upload.pk)
        upload.refresh_from_db()
        assert upload.state == UploadState.FAILED
        sentence = upload.error
    assert sentence and words in sentence
    assert not AdmissionStaged.objects.exists() and not Admission.objects.exists()


@pytest.mark.parametrize("kind", sorted(BOOKS.keys() - LARGE))
def test_a_hostile_table_of_numbers_ends_in_a_sentence(kind):
    with pytest.raises(UnreadableFile) as caught:
        read_table(BOOKS[kind][0](), NUMBERS)
    assert caught.value.message


@pytest.mark.parametrize("kind", SCANS)
def test_a_hostile_scan_ends_in_its_sentence(kind):
    make, words = SCANS[kind]
    form = IssueLetterForm({"number": "1号"}, files={"proof": SimpleUploadedFile("证明.png", make())})
    assert not form.is_valid() and list(form.errors) == ["proof"]
    assert words in form.errors["proof"][0]


def test_a_hostile_proof_leaves_nothing_behind(world):
    batch = world.batch(1)
    person, registrar = first(batch), Client()
    registrar.force_login(world.registrar())
    before = FileUse.objects.count()
    for kind in ("svg renamed", "half a png", "png and workbook", "20,000 pixels in a line", "pdf with a script"):
        proof = SimpleUploadedFile("证明.png", SCANS[kind][0]())
        answer = registrar.post(url("defer", person.pk), deferral(proof=proof))
        assert answer.status_code == 422 and SCANS[kind][1] in answer.content.decode()
    assert FileUse.objects.count() == before and not Deferral.objects.exists()


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
