"""`bin/manage forms` and what it gathers, from a batch in the database: as far as signed, proposed, issued, voided."""

import io
import json
from datetime import date
from types import SimpleNamespace

import openpyxl
import pypdfium2
import pytest
from django.core.management import CommandError, call_command

from approvals.models import Request
from linxia_xueji.dates import now
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, TrailEntry, User
from linxia_xueji.organisations import load_organisations
from registry.documents.annex1 import Annex1, CountyBox, PrefectureBox, SchoolBox
from registry.documents.gather import annex1_of, annex2_of, batch_by_number
from registry.enums import Arrival
from registry.models import BatchFigures, Candidate, EnrolmentBatch, IssuedNumber, Paper
from registry.numbers import issue
from registry.reference import load_schools

TODAY = date(2026, 9, 16)
COUNTY_SCHOOL, PREFECTURE_SCHOOL = "3462990002", "3462900001"
pytestmark = pytest.mark.django_db


@pytest.fixture
def organisations() -> None:
    load_organisations(TODAY)
    load_schools()


def make_batch(code: str, number: str) -> EnrolmentBatch:
    """A batch under way: three apply, of four others none does, each for a reason of its own."""
    school = Organisation.objects.get(code=code)
    places = {level: school.at(level) for level in ("county", "prefecture", "province")}
    under_way = {"kind": "enrolment_batch", "state": "pending", "round": 2, "created_at": now()}
    under_way |= places | {"school": school, "subject": "注册"}
    request = Request.objects.create(number=number, lock_key=number, **under_way)
    batch = EnrolmentBatch.objects.create(request=request, school=school, year=2026, sequence=1)
    by = User.objects.get_or_create(username="someone", defaults={"full_name": "某人"})[0]
    came = {"arrival": Arrival.REPORTED}
    people = [
        ("003", "马𬱖", came),
        ("001", "阿卜杜·𫖯", came),
        ("002", "䶮𫝊", came),
        ("004", "未到", {"arrival": Arrival.NO_SHOW}),
        ("005", "延期", {"arrival": Arrival.DEFERRED}),
        ("006", "暂缓", came | {"held_back": "待更正"}),
        ("007", "核减", came | {"struck_on": TODAY, "struck_by": by, "strike_reason": "不符"}),
    ]
    Candidate.objects.bulk_create(
        Candidate(
            batch=batch,
            school=school,
            year=2026,
            exam_number=number[-4:] + exam,
            name=name,
            sex="1",
            ethnicity="26",
            birth_date=date(2010, 5, 3),
            id_number=f"6229{number[-4:]}20100503{exam[1:]}",
            score="481.80",
            **rest,
        )
        for exam, name, rest in people
    )
    return batch_by_number(number)


def sign(batch: EnrolmentBatch, level: Level, number_of_round: int = 2, **figures) -> None:
    by = User.objects.get(username="someone")
    BatchFigures.objects.create(
        batch=batch, round=number_of_round, level=level, signed_by=by, signed_at=now(), **figures
    )


@pytest.fixture
def batch(organisations) -> EnrolmentBatch:
    return make_batch(COUNTY_SCHOOL, "ZC-622921-2026-0001")


def issued(batch: EnrolmentBatch) -> list[IssuedNumber]:
    issue(batch, by=User.objects.get(username="someone"), on=TODAY)
    Request.objects.filter(pk=batch.request_id).update(state="approved")
    return list(IssuedNumber.objects.filter(batch=batch).order_by("number"))


def run(*args: str) -> SimpleNamespace:
    out = io.StringIO()
    call_command("forms", *args, stdout=out)
    return SimpleNamespace(out=out.getvalue())


def test_annex1_shows_what_is_signed_in_the_round_under_way(batch):
    assert annex1_of(batch, TODAY) == Annex1(2026, "临夏县", "临夏县示例中学")
    sign(batch, Level.COUNTY, 1, graduates=9, plan=9, agreed=9)
    sign(batch, Level.SCHOOL, plan=5, actual=4, applied=3, first_number="261321010001", last_number="261321010003")
    form = annex1_of(batch, TODAY)
    assert form.school == SchoolBox(5, 4, 3, "261321010001", "261321010003")
    assert (form.county, form.prefecture) == (None, None)
    sign(batch, Level.COUNTY, graduates=2146, plan=1000, agreed=3)
    sign(batch, Level.PREFECTURE, agreed=3, first_number="261321010001", last_number="261321010003")
    form = annex1_of(batch, TODAY)
    assert form.county == CountyBox(2146, 1000, 3)
    assert form.prefecture == PrefectureBox(3, "261321010001", "261321010003")


def test_annex1_shows_what_was_issued(batch):
    sign(batch, Level.PREFECTURE, agreed=4, first_number="261321010001", last_number="261321010004")
    issued(batch)
    assert annex1_of(batch, TODAY).prefecture == PrefectureBox(3, "261321010001", "261321010003")


def test_school_of_the_prefecture(organisations):
    form = annex1_of(make_batch(PREFECTURE_SCHOOL, "ZC-622900-2026-0001"), TODAY)
    assert (form.county_name, form.school_name, form.county) == (None, "临夏中学", None)


def test_annex2_by_exam_number_before_issue_by_number_after(batch, django_assert_num_queries):
    with django_assert_num_queries(5):
        form = annex2_of(batch_by_number(batch.request.number), TODAY)
    numbers = [f"26132101000{place}" for place in (1, 2, 3)]
    assert form.proposed
    assert [row.student_number for row in form.rows] == numbers
    assert [row.name for row in form.rows] == ["阿卜杜·𫖯", "䶮𫝊", "马𬱖"]
    first = form.rows[0]
    assert (first.ethnicity, first.school_name, first.id_number) == ("东乡族", "临夏县示例中学", "622900012010050301")
    assert (form.division_name, form.unit) == ("临夏州", "临夏县示例中学")
    assert annex2_of(batch, TODAY, masked=True).rows[0].id_number == "622900********0301"
    issued(batch)
    form = annex2_of(batch, TODAY)
    assert not form.proposed
    assert sorted(row.student_number for row in form.rows) == numbers


def test_a_voided_number_leaves_the_list_but_not_the_approval(batch):
    IssuedNumber.objects.filter(pk=issued(batch)[1].pk).update(voided_on=TODAY, void_reason="重复注册")
    assert sorted(row.student_number[-1] for row in annex2_of(batch, TODAY).rows) == ["1", "3"]
    assert annex1_of(batch, TODAY).prefecture.agreed == 3
    assert json.loads(run("--list").out)[0]["students"] == 2


def test_list(batch, django_assert_num_queries):
    make_batch(PREFECTURE_SCHOOL, "ZC-622900-2026-0001")
    issued(batch)
    with django_assert_num_queries(1):
        listed = json.loads(run("--list").out)
    assert listed == [
        {"batch": "ZC-622900-2026-0001", "school": "临夏中学", "year": 2026, "state": "pending", "students": 3},
        {"batch": "ZC-622921-2026-0001", "school": "临夏县示例中学", "year": 2026, "state": "approved", "students": 3},
    ]


@pytest.mark.parametrize("form", ["annex1", "annex2"])
def test_files(batch, tmp_path, form):
    number = batch.request.number
    for kind in ("pdf", "xlsx"):
        file = tmp_path / f"form.{kind}"
        assert run(number, "--form", form, "--format", kind, "--output", str(file)).out == ""
    assert len(pypdfium2.PdfDocument(tmp_path / "form.pdf")) == 1
    mark = {"annex1": "附表1:", "annex2": "附件2"}[form]
    assert openpyxl.load_workbook(tmp_path / "form.xlsx").active["A1"].value == mark
    entry = TrailEntry.objects.filter(action="export_form").latest("pk")
    code = Paper.objects.get().code  # PDF and Excel of the same data bear the same
    assert entry.after == {"form": form, "format": "xlsx", "students": 3 if form == "annex2" else None, "code": code}
    assert f"{code[:5]}-{code[5:]}" in pypdfium2.PdfDocument(tmp_path / "form.pdf")[0].get_textpage().get_text_bounded()


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["ZC-1", "--form", "annex1", "--format", "pdf", "--output", "{}/a"],
        ["ZC-622921-2026-0001", "--form", "annex1", "--format", "pdf"],
        ["ZC-622921-2026-0001", "--form", "annex1", "--format", "pdf", "--output", "{}/none/a"],
        ["ZC-622921-2026-0001", "--list"],
    ],
)
def test_unreadable_input(batch, args, tmp_path, capsys):
    with pytest.raises(CommandError) as fault:
        run(*[arg.format(tmp_path) for arg in args])
    assert fault.value.returncode == 2
    assert capsys.readouterr().out == ""


def test_unknown_form_is_refused_by_the_parser(batch, capsys):
    with pytest.raises(CommandError):
        run("ZC-622921-2026-0001", "--form", "annex3", "--format", "pdf", "--output", "a")
    assert capsys.readouterr().out == ""
