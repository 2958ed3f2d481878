"""Taking a list in on PostgreSQL: staged, compared, imported in one transaction; the same again changes nothing."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from approvals.enums import State
from approvals.models import Request
from linxia_xueji import access, files
from linxia_xueji.enums import Permission, Role
from linxia_xueji.identity import check_character, masked
from linxia_xueji.models import Appointment, FileUse, Organisation, OrganisationName, TrailEntry, User
from linxia_xueji.models.scope import scope_of
from linxia_xueji.organisations import load_organisations
from linxia_xueji.refusal import Refusal, Stale
from registry.admissions import importing, staging, tasks
from registry.admissions.lookups import from_database
from registry.admissions.past import past
from registry.admissions.resources import AdmissionResource, as_workbook
from registry.admissions.workbook import faulty_rows
from registry.admissions.workbook import marked as marked_file
from registry.enums import Change, UploadState
from registry.models import Admission, AdmissionUpload, Candidate, EnrolmentBatch, Programme
from registry.reference import load_schools

DATA = Path(__file__).parent.parent / "data"
DAY = date(2026, 9, 16)
YEAR = 2022
ROWS = int(os.environ.get("LIST_ROWS", "2000"))
"""Of a large list; bin/prove takes 20,000, a whole prefecture's."""

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Organisations and schools, loaded once; each test takes back what it adds to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_organisations(date(YEAR, 9, 1))
        load_schools()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def organisations(reference, db) -> None:
    """Every test here finds them."""


@pytest.fixture
def prefecture() -> Organisation:
    return Organisation.objects.get(code="622900")


def person(organisation: Organisation, role: str) -> User:
    user = User.objects.create(username=f"{role}-{organisation.code}", full_name=str(Role(role).label))
    post = access.make_post(organisation=organisation, role=role)
    Appointment.objects.create(user=user, post=post, starts_on=DAY - timedelta(days=1000))
    return user


@pytest.fixture
def centre(prefecture) -> User:
    return person(prefecture, Role.CENTRE)


@pytest.fixture
def receive(prefecture, centre) -> Callable[[bytes], AdmissionUpload]:
    """Upload and check a file."""

    def receive(content: bytes) -> AdmissionUpload:
        upload = staging.receive(content=content, name="名单.xlsx", year=YEAR, organisation=prefecture, by=centre)
        staging.stage(upload, on=DAY)
        upload.refresh_from_db()
        return upload

    return receive


def student(n: int, **changes) -> dict:
    """An invented student without fault; each `n` has its own numbers."""
    first17 = f"622926{2005 + n % 3}{n // 3 % 12 + 1:02d}{n // 36 % 28 + 1:02d}{n // 1008:03d}"
    number = first17 + check_character(first17)
    sex = "男" if int(number[16]) % 2 else "女"
    return {"准考证号": f"2213{n:06d}", "身份证号": number, "出生日期": number[6:14], "性别": sex} | changes


def counts(upload: AdmissionUpload) -> tuple[int, int, int, int]:
    return tuple(upload.summary[change] for change in ("add", "change", "same", "blocked"))


def in_force() -> dict[str, Admission]:
    return {a.exam_number: a for a in Admission.objects.filter(superseded_at=None).select_related("school")}


def put_in_batch(admission: Admission, state: str) -> Candidate:
    school = admission.school
    request = Request.objects.create(
        **scope_of(school), kind="enrolment_batch", number=f"R{admission.pk}", subject="批次", state=state,
        lock_key=f"k{admission.pk}", rule_version="1", created_at=timezone.now(),
    )  # fmt: skip
    batch = EnrolmentBatch.objects.create(request=request, school=school, year=YEAR, sequence=1)
    listed = {f: getattr(admission, f) for f in ("name", "sex", "ethnicity", "birth_date", "id_number", "score")}
    return Candidate.objects.create(
        batch=batch, school=school, year=YEAR, admission=admission, exam_number=admission.exam_number, **listed
    )


def test_the_worked_case_through_the_command(capsys):
    call_command("check_admissions", str(DATA / "admissions-2022.xlsx"), "--year", "2022")
    report = json.loads(capsys.readouterr().out)
    for fault in report["faults"]:
        assert fault.pop("message")
    assert report == json.loads((DATA / "admissions-2022.faults.json").read_text(encoding="utf-8"))


def test_the_command_says_nothing_on_stdout_of_a_file_it_cannot_read(capsys, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_text("no workbook")
    with pytest.raises(SystemExit) as exit_:
        call_command("check_admissions", str(path), "--year", "2022")
    captured = capsys.readouterr()
    assert exit_.value.code == 2
    assert captured.out == ""
    assert "xlsx" in captured.err


def test_the_command_writes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as queries:
        call_command("check_admissions", str(DATA / "admissions-2022.xlsx"), "--year", "2022")
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert not any("admission" in query["sql"].lower().replace("admission.max_score", "") for query in queries)


def test_schools_are_those_of_the_year_under_its_names():
    school = Organisation.objects.get(code="3462990001")
    for year, name in ((2022, "改名"), (2024, "将来")):
        OrganisationName.objects.create(
            organisation=school, name=f"{name}中学", short_name=name, valid_from=date(year, 5, 1)
        )
    closed = Organisation.objects.get(code="3462990003")
    Programme.objects.filter(organisation=closed).update(valid_to=date(2021, 8, 1))
    lookups = from_database(YEAR, DAY)
    assert lookups.school("改名中学") == lookups.school("临夏市示例第一中学") == lookups.school("改名") == school.code
    assert lookups.school_names[school.code][0] == "改名中学"
    assert lookups.school("将来中学") is None
    assert lookups.school("康乐县示例第一中学") is None
    assert lookups.school("临夏市示例初级中学") is None
    assert from_database(2023, DAY).school("临夏市示例第一中学") is None
    assert lookups.county("积石山") == "622927"


def test_checking_keeps_faults_and_sealed_rows_and_puts_nothing_in_force(receive):
    upload = receive((DATA / "admissions-2022.xlsx").read_bytes())
    assert (upload.state, upload.done, upload.total, upload.valid) == (UploadState.CHECKED, 260, 260, 232)
    assert counts(upload) == (232, 0, 0, 0)
    assert (upload.summary["errors"], upload.summary["warnings"]) == (28, 2)
    assert upload.faults[0]["row"] == 30 and upload.faults[0]["message"] == "没有填写身份证号"
    assert upload.staged.count() == 232
    assert not Admission.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(s::text, '') FROM registry_admissionstaged s")
        staged = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(u::text, '') FROM registry_admissionupload u")
        kept = cursor.fetchone()[0]
    first = upload.staged.order_by("row").first()
    assert first.id_number.reveal() == "622927200702104190"
    assert "200702104190" not in staged
    assert not any(number in kept for number in ("622922200706172527", "622901200702251613", "622926200606060"))


def test_all_or_expressly_the_rows_without_fault(receive, centre):
    upload = receive((DATA / "admissions-2022.xlsx").read_bytes())
    with pytest.raises(Refusal, match="28行") as refused:
        importing.apply(upload, by=centre, only_clean=False)
    assert refused.value.items[0] == "第30行：没有填写身份证号"
    assert not Admission.objects.exists()
    imported = importing.apply(upload, by=centre, only_clean=True)
    assert imported.state == UploadState.IMPORTED
    assert Admission.objects.filter(superseded_at=None, year=YEAR).count() == 232
    row = in_force()["2213000183"]
    assert (row.name, row.row, row.school.name, row.exam_county.code) == ("马•伊布拉欣", 184, "临夏回中", "622927")
    entry = TrailEntry.objects.get(action="导入录取名单")
    assert entry.after["add"] == 232 and entry.after["only_clean"] is True
    rest = load_workbook(BytesIO(faulty_rows(staging.report_of(imported, on=DAY)))).active
    assert rest.max_row == 1 + 28
    with pytest.raises(Refusal, match="已导入"):
        importing.apply(upload, by=centre, only_clean=True)


def test_the_same_file_again_changes_nothing(receive, centre, list_of):
    content = list_of(*(student(n) for n in range(30)))
    importing.apply(receive(content), by=centre, only_clean=False)
    before = list(Admission.objects.order_by("pk").values())
    again = receive(content)
    assert counts(again) == (0, 0, 30, 0)
    importing.apply(again, by=centre, only_clean=False)
    assert list(Admission.objects.order_by("pk").values()) == before


def test_an_amended_list_shows_what_it_changes_and_keeps_the_old_line(receive, centre, list_of):
    importing.apply(receive(list_of(*(student(n) for n in range(4)))), by=centre, only_clean=False)
    old = in_force()
    amended = receive(
        list_of(
            student(0),
            student(1, 姓名="马明", 中考成绩=500.5),
            student(2, 录取学校="临夏回中", 民族="东乡"),
            student(9),
        )
    )
    assert counts(amended) == (1, 2, 1, 0)
    assert amended.summary["columns"] == {"姓名": 1, "中考成绩": 1, "民族": 1, "录取学校": 1}
    shown = amended.staged.get(row=3)
    assert shown.change == Change.CHANGE
    assert shown.changed == [
        {"column": "姓名", "before": "韩明", "after": "马明"},
        {"column": "中考成绩", "before": "488.20", "after": "500.50"},
    ]
    importing.apply(amended, by=centre, only_clean=False)
    new = in_force()
    assert len(new) == 5
    assert new["2213000000"].pk == old["2213000000"].pk
    assert new["2213000003"].pk == old["2213000003"].pk
    assert (new["2213000001"].name, new["2213000002"].school.name) == ("马明", "临夏回中")
    assert Admission.objects.get(pk=old["2213000001"].pk).superseded_at == new["2213000001"].recorded_at


def test_numbers_exchanged_between_two_students(receive, centre, list_of):
    one, two = student(1), student(2)
    importing.apply(receive(list_of(one, two)), by=centre, only_clean=False)
    swapped = receive(list_of(one | {"准考证号": two["准考证号"]}, two | {"准考证号": one["准考证号"]}))
    assert counts(swapped)[1] == 2
    importing.apply(swapped, by=centre, only_clean=False)
    assert in_force()[one["准考证号"]].id_number.reveal() == two["身份证号"]


def test_a_corrected_exam_number_is_the_same_student(receive, centre, list_of):
    importing.apply(receive(list_of(student(1))), by=centre, only_clean=False)
    upload = receive(list_of(student(1, 准考证号="99")))
    assert counts(upload) == (0, 1, 0, 0)
    importing.apply(upload, by=centre, only_clean=False)
    assert list(in_force()) == ["99"]


def test_an_identity_number_that_stays_with_another_is_blocked(receive, centre, list_of):
    one, two = student(1), student(2)
    importing.apply(receive(list_of(one, two)), by=centre, only_clean=False)
    taken = receive(list_of(two | {"准考证号": one["准考证号"]}, student(3)))
    assert counts(taken) == (1, 0, 0, 1)
    told = taken.summary["blocked_rows"][0]
    assert (told["row"], told["code"]) == (2, "id_in_force")
    assert two["准考证号"] in told["message"]
    with pytest.raises(Refusal, match="1行"):
        importing.apply(taken, by=centre, only_clean=False)
    importing.apply(taken, by=centre, only_clean=True)
    assert len(in_force()) == 3
    rest = load_workbook(BytesIO(faulty_rows(staging.report_of(taken, on=DAY)))).active
    assert rest.max_row == 2 and two["准考证号"] in rest["K2"].value


@pytest.mark.parametrize("state", [State.PENDING, State.RETURNED, State.APPROVED])
def test_a_student_in_a_submitted_batch_is_not_moved_to_another_school(receive, centre, list_of, state):
    importing.apply(receive(list_of(student(1), student(2))), by=centre, only_clean=False)
    put_in_batch(in_force()["2213000001"], state)
    moved = receive(list_of(student(1, 录取学校="临夏回中"), student(2, 录取学校="临夏回中")))
    assert counts(moved) == (0, 1, 0, 1)
    assert "临夏中学" in moved.summary["blocked_rows"][0]["message"]
    importing.apply(moved, by=centre, only_clean=True)
    assert [a.school.name for _, a in sorted(in_force().items())] == ["临夏中学", "临夏回中"]


@pytest.mark.parametrize(
    ("state", "listed", "stated"),
    [(State.DRAFT, "马明", "马明"), (State.PENDING, "马明", "韩明"), (State.APPROVED, "韩明", "韩明")],
)
def test_a_candidate_of_an_open_batch_follows_to_the_amended_line(receive, centre, list_of, state, listed, stated):
    """A draft, which the school may still change, copies anew what it had copied; what was submitted stays as stated."""
    importing.apply(receive(list_of(student(1))), by=centre, only_clean=False)
    candidate = put_in_batch(in_force()["2213000001"], state)
    importing.apply(receive(list_of(student(1, 姓名="马明"))), by=centre, only_clean=False)
    candidate.refresh_from_db()
    assert (candidate.admission.name, candidate.name) == (listed, stated)


def test_a_candidate_moved_by_the_list_keeps_the_superseded_line(receive, centre, list_of):
    importing.apply(receive(list_of(student(1))), by=centre, only_clean=False)
    candidate = put_in_batch(in_force()["2213000001"], State.DRAFT)
    importing.apply(receive(list_of(student(1, 录取学校="临夏回中"))), by=centre, only_clean=False)
    candidate.refresh_from_db()
    assert candidate.admission.superseded_at


def test_what_changed_after_the_check_is_shown_again(receive, centre, list_of):
    first, second = receive(list_of(student(1))), receive(list_of(student(1, 姓名="马明")))
    importing.apply(first, by=centre, only_clean=False)
    with pytest.raises(Stale):
        importing.apply(second, by=centre, only_clean=False)
    staging.stage(second, on=DAY)
    assert counts(second) == (0, 1, 0, 0)
    importing.apply(second, by=centre, only_clean=False)
    assert in_force()["2213000001"].name == "马明"


def test_nothing_is_compared_twice_while_the_past_is_the_same(receive, centre, list_of, monkeypatch):
    importing.apply(receive(list_of(student(1), student(2))), by=centre, only_clean=False)
    upload = receive(list_of(student(1, 姓名="马明"), student(2)))
    monkeypatch.delattr(importing, "compare")
    importing.apply(upload, by=centre, only_clean=False)
    assert in_force()["2213000001"].name == "马明"


@pytest.mark.parametrize(
    "happens",
    [
        lambda: Admission.objects.filter(exam_number="2213000001").update(name="马明"),
        lambda: Admission.objects.filter(exam_number="2213000001").update(superseded_at=timezone.now()),
        lambda: put_in_batch(in_force()["2213000001"], State.PENDING),
        lambda: Candidate.objects.update(struck_on=DAY, struck_by=User.objects.first(), strike_reason="x"),
        lambda: Request.objects.update(state=State.DRAFT),
        lambda: Organisation.objects.filter(short_name="临夏中学").update(short_name="别名"),
    ],
    ids=["line", "superseded", "submitted", "struck", "taken back", "renamed"],
)
def test_whatever_a_list_was_compared_with_is_noticed_when_it_changes(receive, centre, list_of, happens):
    importing.apply(receive(list_of(student(1), student(2, 录取学校="临夏回中"))), by=centre, only_clean=False)
    put_in_batch(in_force()["2213000002"], State.PENDING)
    before = past(YEAR)
    assert past(YEAR) == before
    happens()
    assert past(YEAR) != before


def test_a_student_submitted_after_the_check_is_not_moved(receive, centre, list_of):
    importing.apply(receive(list_of(student(1))), by=centre, only_clean=False)
    moved = receive(list_of(student(1, 录取学校="临夏回中")))
    assert counts(moved) == (0, 1, 0, 0)
    put_in_batch(in_force()["2213000001"], State.PENDING)
    with pytest.raises(Stale):
        importing.apply(moved, by=centre, only_clean=False)
    assert in_force()["2213000001"].school.name == "临夏中学"


def test_a_line_put_back_as_it_was_is_the_one_that_is_superseded(receive, centre, list_of):
    """What would change is the same as was shown, but it changes another line than at the check."""
    importing.apply(receive(list_of(student(1))), by=centre, only_clean=False)
    waiting = receive(list_of(student(1, 中考成绩=500)))
    for name in ("马明", "韩明"):
        importing.apply(receive(list_of(student(1, 姓名=name))), by=centre, only_clean=False)
    importing.apply(waiting, by=centre, only_clean=False)
    assert in_force()["2213000001"].score == 500
    assert Admission.objects.filter(superseded_at=None).count() == 1


def test_many_changed_lines_and_their_candidates_at_once(receive, centre, list_of):
    importing.apply(receive(list_of(*(student(n) for n in range(50)))), by=centre, only_clean=False)
    candidate = put_in_batch(in_force()["2213000007"], State.PENDING)
    importing.apply(receive(list_of(*(student(n, 中考成绩=500) for n in range(50)))), by=centre, only_clean=False)
    candidate.refresh_from_db()
    assert candidate.admission == in_force()["2213000007"]
    assert len(in_force()) == 50 and Admission.objects.count() == 100


def test_only_the_centre_may_upload_and_import(prefecture, centre, receive, list_of):
    upload = receive(list_of(student(1)))
    county = Organisation.objects.get(code="622901")
    others = [
        person(prefecture, Role.AUDITOR),
        person(county, Role.COUNTY_HEAD),
        person(Organisation.objects.get(code="3462900001"), Role.REGISTRAR),
    ]
    for other in others:
        with pytest.raises(Refusal, match="权限"):
            importing.apply(upload, by=other, only_clean=False)
        with pytest.raises(Refusal, match="权限"):
            staging.receive(content=b"x", name="x.xlsx", year=YEAR, organisation=prefecture, by=other)
    with pytest.raises(Refusal, match="权限"):
        staging.receive(content=b"x", name="x.xlsx", year=YEAR, organisation=county, by=centre)
    post = access.access_of(centre).post
    access.revoke(post=post, permission=Permission.IMPORT_ADMISSIONS, organisation=prefecture)
    with pytest.raises(Refusal, match="权限"):
        importing.apply(upload, by=centre, only_clean=False)
    assert not Admission.objects.exists()


def test_what_is_no_workbook_is_not_kept(receive):
    with pytest.raises(Refusal, match="xlsx"):
        receive(b"no workbook")
    assert not AdmissionUpload.objects.exists() and not FileUse.objects.exists()


def test_a_file_that_cannot_be_judged_says_why(receive, centre):
    empty = BytesIO()
    Workbook().save(empty)
    upload = receive(empty.getvalue())
    assert upload.state == UploadState.FAILED
    assert "表头" in upload.error
    with pytest.raises(Refusal):
        importing.apply(upload, by=centre, only_clean=True)


def test_a_list_of_faults_alone_is_not_imported(receive, centre, list_of):
    with pytest.raises(Refusal, match="没有可以导入的行"):
        importing.apply(receive(list_of(student(1, 姓名=""))), by=centre, only_clean=True)


def test_the_marked_file_shows_blocked_rows(receive, centre, list_of):
    importing.apply(receive(list_of(student(1))), by=centre, only_clean=False)
    put_in_batch(in_force()["2213000001"], State.PENDING)
    upload = receive(list_of(student(1, 录取学校="临夏回中")))
    sheet = load_workbook(BytesIO(marked_file(files.read(upload.file), staging.report_of(upload, on=DAY)))).active
    assert sheet["I2"].fill.fgColor.rgb == "FFF8B4B4"
    assert "不能改录取学校" in sheet["K2"].value


def test_the_jobs_check_and_import(prefecture, centre, list_of):
    content = list_of(student(1), student(2, 姓名=""))
    upload = staging.receive(content=content, name="名单.xlsx", year=YEAR, organisation=prefecture, by=centre)
    tasks.check_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED
    with pytest.raises(Refusal):
        tasks.import_later(upload, by=centre, only_clean=False)
    tasks.import_later(upload, by=centre, only_clean=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'upload_id' FROM procrastinate_jobs WHERE task_name = 'admissions.import'")
        assert cursor.fetchall() == [(str(upload.pk),)]
    tasks.import_upload(upload.pk, centre.pk)
    tasks.import_upload(upload.pk, centre.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.error, Admission.objects.count()) == (UploadState.IMPORTED, "", 1)


def test_the_job_compares_again_where_the_list_had_grown_old(receive, centre, list_of):
    first, second = receive(list_of(student(1))), receive(list_of(student(1, 姓名="马明")))
    importing.apply(first, by=centre, only_clean=False)
    tasks.import_later(second, by=centre, only_clean=False)
    tasks.import_upload(second.pk, centre.pk)
    second.refresh_from_db()
    assert second.state == UploadState.CHECKED
    assert "重新核对" in second.error
    assert counts(second) == (0, 1, 0, 0)


def test_progress_is_saved_and_ends_at_the_total(receive, list_of):
    upload = receive(list_of(student(1)))
    save = staging.saving(upload, every=1000)
    save(0, 100)
    save(50, 100)
    assert AdmissionUpload.objects.get(pk=upload.pk).done == 0
    save(100, 100)
    assert AdmissionUpload.objects.get(pk=upload.pk).done == 100


def test_a_whole_prefecture(receive, centre, workbook_of, sound):
    rows = [list((sound | student(n)).values()) for n in range(ROWS)]
    content = workbook_of([list(sound), *rows])
    importing.apply(receive(content), by=centre, only_clean=False)
    assert Admission.objects.filter(superseded_at=None).count() == ROWS
    rows[7][2] = "马明"
    again = receive(workbook_of([list(sound), *rows]))
    assert counts(again) == (0, 1, ROWS - 1, 0)
    importing.apply(again, by=centre, only_clean=False)
    assert Admission.objects.count() == ROWS + 1


def test_an_export_can_be_read_as_a_list_again(receive, centre, list_of):
    importing.apply(receive(list_of(student(1, 姓名="=马明"), student(2))), by=centre, only_clean=False)
    masked_rows = AdmissionResource().export()
    assert masked_rows["身份证号"][0] == masked(student(1)["身份证号"])
    content = as_workbook(AdmissionResource(reveal=True).export())
    sheet = load_workbook(BytesIO(content)).active
    assert (sheet["C2"].data_type, sheet["C2"].value) == ("s", "=马明")
    assert counts(receive(content)) == (0, 0, 2, 0)
