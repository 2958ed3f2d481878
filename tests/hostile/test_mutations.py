"""Sound spreadsheets and pictures with a few bytes changed: whatever comes of it, no error page and no hang.

MUTATIONS says how many files (20 here; bin/prove runs 2,000). Each is made from its number alone, which a failure names.
"""

import os
import resource
import time
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from linxia_xueji.refusal import Refusal
from registry.admissions.reading import read_table
from registry.admissions.tasks import check_upload
from registry.enums import UploadState
from registry.models import AdmissionUpload
from tests.hostile.books import HEADER, book, packed, parts, student
from tests.registry.support import first
from tests.registry.typed import deferral, document, picture, url

MUTATIONS = int(os.environ.get("MUTATIONS", "20"))
SLOWEST, LONGEST = 10, 180
"""Seconds a file may take through all its doors: of work, and by the clock on a busy machine."""
SPLINTERS = (
    b"\0", b"<", b">", b'"', b"&", b"&#0;", b"&#x110000;", b"&e;", b"]]>", b"_x0000_", b"-1", b"1e999", b"NaN", b"INF",
    b"4294967296", b"99999999999999999999", b"A1048577", b"XFE1", "\ufffe".encode(), b"\xff\xfe", b"\xed\xa0\x80", b"t=\"e\"",
    b"t=\"d\"", b"<v>=1+1</v>", b"0001-01-01", b"<mergeCell ref=\"A1:XFD1\"/>",
)  # fmt: skip


def mutated(content: bytes, random: Random) -> bytes:
    """The bytes with one to four of them changed, left out, doubled, or something put between."""
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(content) + 1)
        length = random.choice((1, 2, 4, 16, 200))
        there, after = content[place : place + length], content[place + length :]
        there = random.choice(
            (
                b"",
                there + there,
                random.randbytes(len(there)),
                random.choice(SPLINTERS),
                random.choice(SPLINTERS) + there,
            )
        )
        content = content[:place] + there + after
    return content


def mutated_book(random: Random) -> bytes:
    """Mostly its parts are changed and packed anew: bytes of the archive hardly ever get past its checksums."""
    sound = book(HEADER, student(1), student(2), student(3, 姓名="=1+1"))
    if random.random() < 0.25:
        return mutated(sound, random)
    members = parts(sound)
    likely = ["xl/worksheets/sheet1.xml"] * 4 + sorted(members)
    for _ in range(random.randint(1, 2)):
        name = random.choice(likely)
        members[name] = mutated(members[name], random)
    return packed(members)


def mutated_scan(random: Random) -> bytes:
    return mutated(random.choice((picture("PNG"), picture("JPEG"), picture("JPEG"), document())), random)


class Doors:
    """Those who upload, signed in, and what they upload to."""

    def __init__(self, world):
        self.centre, self.registrar = Client(), Client()
        self.centre.force_login(world.centre)
        self.person = first(world.batch(1))
        self.registrar.force_login(world.registrar())

    def list(self, content: bytes) -> str:
        """A list uploaded, checked, and handed back marked; a table of numbers read."""
        try:
            read_table(content, ("准考证号", "学号"))
        except Refusal as refusal:
            assert refusal.message
        answer = self.centre.post(
            reverse("registry:uploads"), {"year": 2026, "file": SimpleUploadedFile("a.xlsx", content)}
        )
        assert answer.status_code in (302, 422)
        if answer.status_code == 422:
            return "refused"
        upload = AdmissionUpload.objects.latest("pk")
        check_upload(upload_id=upload.pk)
        upload.refresh_from_db()
        assert upload.state == UploadState.CHECKED or upload.state == UploadState.FAILED and upload.error
        assert self.centre.get(reverse("registry:upload", args=[upload.pk])).status_code == 200
        if upload.state == UploadState.FAILED:
            return "failed"
        for name in ("upload_marked", "upload_rest"):
            assert self.centre.post(reverse(f"registry:{name}", args=[upload.pk])).status_code == 200
        return "checked"

    def scan(self, content: bytes) -> str:
        """A proof uploaded."""
        proof = SimpleUploadedFile("证明.png", content)
        answer = self.registrar.post(url("defer", self.person.pk), deferral(proof=proof))
        assert answer.status_code in (302, 422)
        return "refused" if answer.status_code == 422 else "kept"


@pytest.mark.django_db
def test_mutated_files_end_in_no_error_and_no_hang(world):
    doors, ends, broken = Doors(world), set(), []
    for number in range(MUTATIONS):
        random, began, worked = Random(number), time.monotonic(), _processor()  # noqa: S311 - to be made again
        try:
            with transaction.atomic():
                ends.add(doors.scan(mutated_scan(random)) if number % 2 else doors.list(mutated_book(random)))
        except Exception as error:  # noqa: BLE001 - all of them are told at the end
            broken.append(f"mutation {number}: {error!r}")
        took, worked = time.monotonic() - began, _processor() - worked
        if took > LONGEST or worked > SLOWEST:
            broken.append(f"mutation {number} took {took:.0f} s, {worked:.0f} s of them work")
    assert broken == []
    assert {"refused", "failed", "checked"} <= ends


def _processor() -> float:
    """Seconds of work so far, of this process and of those it has started."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
