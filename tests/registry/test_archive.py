"""Archives: parts there or missing, due dates, late ones by school, the ZIP, and who may do what on their pages."""

import hashlib
import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.calendar_queries import calendar_for
from linxia_xueji.access import access_of
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal
from registry.archive.contents import entries_of, missing
from registry.archive.deeds import hand_over, put_in, receive, take_out, tick
from registry.archive.due import by_school, due_of, last_late_entry
from registry.archive.parcel import SHEET, parcel_of
from registry.deeds import end_enrolment
from registry.enums import ArchivePart, Ending
from registry.models import ArchiveItem, Enrolment
from registry.scans import Scan
from tests.registry.test_person import senior
from tests.registry.typed import picture, said, scan, url
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, World

LATER = date(2026, 10, 9)
"""A month after 1 September lies in the holidays of the National Day; archives of that day are due by the 8th."""
PICTURE = picture()


def entrant(world: World, school: str = COUNTY_SCHOOL, on: date = date(2026, 9, 1)) -> Enrolment:
    """Somebody who entered this autumn."""
    from registry.models import Student

    student = None if school == COUNTY_SCHOOL else Student.objects.create(recorded_at="2026-09-01T08:00+08:00")
    return Enrolment.objects.select_related("school__parent__parent__parent").get(
        pk=senior(world, school, student, on).pk
    )


def household(world: World, enrolment: Enrolment, **changes) -> ArchiveItem:
    given = {
        "part": "proofs",
        "title": "居民户口簿",
        "dated": date(2026, 9, 1),
        "scan": Scan(PICTURE, "image/png", "h.png"),
    }
    return put_in(enrolment=enrolment, by=world.registrar(enrolment.school.code), on=world.day, **given | changes)


def test_an_archive_is_due_a_month_after_entry_or_the_next_working_day(world):
    enrolment = entrant(world)
    calendar = calendar_for(enrolment.school)
    assert due_of(enrolment, calendar).day == date(2026, 10, 8), "1 to 7 October 2026 are free"
    assert last_late_entry(date(2026, 10, 8), calendar) < date(2026, 9, 1) <= last_late_entry(LATER, calendar)


def test_an_archive_without_its_proof_is_missing_and_late_by_school(world):
    enrolment, _ = entrant(world), entrant(world, OTHER_SCHOOL)
    calendar, access = calendar_for(enrolment.school), access_of(world.centre)

    def counted(on: date) -> dict[str, tuple[int, int, int]]:
        lines = by_school(access, on, calendar)
        return {line.name: (line.entered, line.set_up, line.late) for line in lines}

    mine, other = enrolment.school.short_name, world.organisation(OTHER_SCHOOL).short_name
    assert missing(entries_of(enrolment)) == [ArchivePart.PROOFS]
    assert counted(world.day) == {mine: (1, 0, 0), other: (1, 0, 0)}
    assert counted(LATER) == {mine: (1, 0, 1), other: (1, 0, 1)}
    item = household(world, enrolment)
    assert missing(entries_of(enrolment)) == [] and counted(LATER)[mine] == (1, 1, 0)
    take_out(item=item, reason="放错了学生", by=world.registrar())
    assert counted(LATER)[mine] == (1, 0, 1)
    assert [line.name for line in by_school(access_of(world.registrar()), LATER, calendar)] == [mine]


def test_many_are_noted_as_lying_there_on_paper_once(world):
    enrolment, other = entrant(world), entrant(world, OTHER_SCHOOL)
    chosen = [enrolment.pk, other.pk]
    assert tick(school=enrolment.school, enrolments=chosen, by=world.registrar(), on=world.day) == 1
    assert tick(school=enrolment.school, enrolments=chosen, by=world.registrar(), on=world.day) == 0
    assert ArchiveItem.objects.get().file is None
    with pytest.raises(Refusal, match="学籍管理员"):
        tick(school=enrolment.school, enrolments=chosen, by=world.registrar(OTHER_SCHOOL), on=world.day)


def test_only_the_registrar_of_the_school_puts_in_and_takes_out(world):
    enrolment = entrant(world)
    for by in (world.head(), world.county, world.registrar(OTHER_SCHOOL)):
        with pytest.raises(Refusal, match="学籍管理员"):
            put_in(enrolment=enrolment, part="aid", title="x", dated=world.day, scan=None, by=by, on=world.day)
    with pytest.raises(Refusal, match="不能晚于今天"):
        household(world, enrolment, dated=date(2027, 1, 1))
    item = household(world, enrolment)
    with pytest.raises(Refusal, match="须说明理由"):
        take_out(item=item, reason=" ", by=world.registrar())
    take_out(item=item, reason="重复", by=world.registrar())
    with pytest.raises(Refusal, match="已撤出"):
        take_out(item=item, reason="重复", by=world.registrar())


def moved(world: World) -> tuple[Enrolment, Enrolment]:
    """A student with two materials goes to another school; the archive goes along."""
    former = entrant(world)
    household(world, former)
    household(world, former, part="awards", title="三好学生奖状", scan=None)
    end_enrolment(former, ending=Ending.TRANSFERRED, on=world.day)
    present = Enrolment.objects.select_related("school__parent__parent__parent").get(
        pk=senior(world, OTHER_SCHOOL, former.student, world.day).pk
    )
    hand_over(former=former, present=present)
    return former, present


def test_the_archive_goes_along_with_a_transfer_and_is_received(world):
    former, present = moved(world)
    handover = present.archive_came
    assert [(line["title"], line["sha256"]) for line in handover.listing] == [
        ("居民户口簿", hashlib.sha256(PICTURE).hexdigest()), ("三好学生奖状", ""),
    ]  # fmt: skip
    theirs = world.registrar(OTHER_SCHOOL)
    assert missing(entries_of(present, access_of(theirs))) == []
    with pytest.raises(Refusal, match="学籍管理员"):
        receive(handover=handover, note="", by=world.registrar(), on=world.day)
    receive(handover=handover, note="缺健康卡", by=theirs, on=world.day)
    with pytest.raises(Refusal, match="已于2026-09-16接收"):
        receive(handover=handover, note="", by=theirs, on=world.day)


def test_the_whole_is_a_zip_with_a_sheet_a_list_and_every_scan(world):
    _, present = moved(world)
    parcel = parcel_of(present, access_of(theirs := world.registrar(OTHER_SCHOOL)), world.day, by=theirs)
    package = zipfile.ZipFile(io.BytesIO(parcel.content))
    assert package.namelist() == [SHEET, "02-学籍信息证明材料/001.png", "清单.xlsx"]
    assert package.read("02-学籍信息证明材料/001.png") == PICTURE and parcel.count == 2
    assert package.read(SHEET).startswith(b"%PDF")


class TestPages:
    def test_signed_out_goes_to_the_sign_in_page(self, world, client):
        pk = entrant(world).pk
        for address in (reverse("registry:archives"), url("archive", pk), url("archive_parcel", pk)):
            assert client.post(address).status_code == 302

    def test_a_busy_stranger_finds_nothing(self, world, client):
        enrolment, _ = entrant(world), entrant(world, OTHER_SCHOOL)
        item = household(world, enrolment)
        client.force_login(world.registrar(OTHER_SCHOOL))
        assert client.get(url("archive", enrolment.pk)).status_code == 404
        assert client.post(url("archive_parcel", enrolment.pk)).status_code == 404
        assert client.get(url("school_archives", enrolment.school_id)).status_code == 404
        assert client.post(url("remove_material", item.pk), {"reason": "x"}).status_code == 404
        assert client.get(reverse("registry:material", args=[enrolment.pk, item.file_id])).status_code == 404
        assert enrolment.school.short_name not in client.get(reverse("registry:archives")).content.decode()

    def test_a_registrar_puts_a_scan_in_and_reads_it(self, world, client):
        enrolment = entrant(world)
        client.force_login(world.registrar())
        assert "还缺：学籍信息证明材料" in client.get(url("archive", enrolment.pk)).content.decode()
        typed = {"part": "proofs", "title": "居民户口簿", "dated": "20260901", "scan": scan(PICTURE)}
        assert client.post(url("archive", enrolment.pk), typed).status_code == 302
        page = client.get(url("archive", enrolment.pk)).content.decode()
        item = enrolment.archive_items.get()
        address = reverse("registry:material", args=[enrolment.pk, item.file_id])
        assert "已建档" in page and address in page
        assert reverse("transfers:student", args=[enrolment.pk]) in page and ">1件<" in page.replace("</svg>", ">")
        answer = client.get(address)
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
        assert client.post(url("remove_material", item.pk), {"reason": "重复"}).status_code == 302
        assert "还缺" in client.get(url("archive", enrolment.pk)).content.decode()
        assert client.get(address).status_code == 404

    def test_a_day_to_come_is_refused_and_what_was_typed_stays(self, world, client):
        client.force_login(world.registrar())
        answer = client.post(
            url("archive", entrant(world).pk), {"part": "aid", "title": "资助登记", "dated": "20270101"}
        )
        assert answer.status_code == 422
        assert "材料日期不能晚于今天" in answer.content.decode() and "资助登记" in answer.content.decode()

    def test_many_are_ticked_on_the_page_of_the_school(self, world, client):
        enrolment = entrant(world)
        client.force_login(world.registrar())
        address = url("school_archives", enrolment.school_id)
        assert "2026-10-08" in client.get(address).content.decode()
        assert "已登记1名学生" in said(client.post(address, {"enrolment": [enrolment.pk, "x"]}))
        assert "都已建档" in client.get(address).content.decode()
        client.force_login(world.county)
        assert "学籍管理员" in said(client.post(address, {"enrolment": [enrolment.pk]}))

    def test_the_zip_is_recorded_and_the_receipt_too(self, world, client):
        _, present = moved(world)
        client.force_login(world.registrar(OTHER_SCHOOL))
        answer = client.post(url("archive_parcel", present.pk))
        assert answer["Content-Type"] == "application/zip"
        assert "随转学移交" in client.get(url("archive", present.pk)).content.decode()
        assert client.post(url("receive_archive", present.pk), {"note": "缺健康卡"}).status_code == 302
        assert "：缺健康卡。" in client.get(url("archive", present.pk)).content.decode()
        assert "已于2026-09-16接收" in said(client.post(url("receive_archive", present.pk), {}))
        done = TrailEntry.objects.filter(target_type="registry.enrolment").values_list("action", flat=True)
        assert {"导出学籍档案", "接收学籍档案"} <= set(done)

    def test_the_list_takes_as_many_queries_for_many_schools(self, world, client):
        entrant(world)
        client.force_login(world.centre)
        found = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(reverse("registry:archives")).status_code == 200
            found.append(len(seen))
            entrant(world, OTHER_SCHOOL)
        assert found[0] == found[1] <= 12
