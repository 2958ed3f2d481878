"""Every planted difference is found, none invented, and what is mended closes in the next comparison."""

import os

import pytest

from linxia_xueji.refusal import Refusal
from registry.comparing import intake
from registry.comparing.deeds import decide
from registry.comparing.enums import DifferenceKind
from registry.models import Comparison, Difference, Feedback, Pair
from tests.registry.comparing.exports import PROVINCIAL_HEADERS, Books, workbook
from tests.registry.comparing.small import NATIONAL, compared, files, national, opened, provincial

ROWS = int(os.environ.get("COMPARED_ROWS", "2000"))


def shown(comparison: Comparison) -> set[tuple[str, str, str]]:
    """What stands after it, as the generator plants it; the number is that of the register, else of the file."""
    found = Difference.objects.all().shown_by(comparison.pk)
    return {(d.national_number.reveal(), DifferenceKind(d.kind), d.field) for d in found}


def test_all_planted_are_found_and_half_are_mended(world):
    books = Books(ROWS, ROWS // 40)
    books.register()
    first = compared(world, books.national(), books.provincial())
    assert shown(first) == books.expected()
    assert first.summary["opened"] == Difference.objects.count() == ROWS // 40
    mended = books.mend_half()
    second = compared(world, books.national(), books.provincial())
    assert shown(second) == books.expected()
    ends = {(d.national_number.reveal(), DifferenceKind(d.kind), d.field) for d in second.closed.all()}
    assert ends == mended and second.opened.count() == 0
    assert sum(f.standing for f in Feedback.objects.filter(comparison=second)) == len(books.planted)


def kinds(comparison) -> list[tuple[str, str, str]]:
    return sorted((d.name, d.kind, d.field) for d in Difference.objects.all().shown_by(comparison.pk))


def test_a_pair_is_a_suggestion_that_stays_decided(world):
    first = compared(world, *files({}))
    pair = Pair.objects.get()
    assert (pair.name, pair.left_system, pair.right_system) == ("马同名", "national", "provincial")
    before = kinds(first)
    assert ("马同名", "only_nat", "") in before and ("马同名", "only_prov", "") in before
    with pytest.raises(Refusal, match="依据"):
        decide(pair=pair, decision="same", reason=" ", by=world.head())
    with pytest.raises(Refusal, match="县市教育局判定"):
        decide(pair=pair, decision="same", reason="户口簿", by=world.registrar())
    decide(pair=pair, decision="same", reason="户口簿一致", by=world.head())
    second = compared(world, *files({}))
    assert Pair.objects.count() == 1
    now = [row for row in kinds(second) if row[0] == "马同名"]
    assert now == [("马同名", "field", "id_number"), ("马同名", "field", "national_number"), ("马同名", "not_here", "")]
    with pytest.raises(Refusal, match="已判定"):
        decide(pair=pair, decision="other", reason="x", by=world.head())


def test_a_rejected_pair_is_not_asked_again(world):
    compared(world, *files({}))
    decide(pair=Pair.objects.get(), decision="other", reason="两户人家", by=world.county)
    second = compared(world, *files({}))
    assert Pair.objects.get().decision == "other" and ("马同名", "only_nat", "") in kinds(second)


def test_a_column_a_file_lacks_closes_nothing(world):
    rows = [provincial(1, 姓名="马错名"), provincial(2)]
    ours = workbook(NATIONAL, [national(1), national(2)], [])
    compared(world, ours, workbook(PROVINCIAL_HEADERS, rows, []))
    assert Difference.objects.filter(kind="field", field="name").count() == 1
    lacking = workbook(
        [h for h in PROVINCIAL_HEADERS if h != "民族"], [{k: v for k, v in r.items() if k != "民族"} for r in rows], []
    )
    other = [dict(row, 姓名=national(1)["姓名"]) if row["姓名"] == "马错名" else row for row in rows]
    Difference.objects.filter(field="name").update(field="ethnicity")
    third = compared(world, ours, lacking)
    assert Difference.objects.get(field="ethnicity").closed_in_id is None
    fourth = compared(world, ours, workbook(PROVINCIAL_HEADERS, other, []))
    assert Difference.objects.get(field="ethnicity").closed_in_id == fourth.pk and third.pk < fourth.pk


def test_columns_are_kept_by_name_and_faults_are_clear(world):
    ours, theirs = files()
    made = opened(world, ours, theirs)
    assert [f.mapping.name for f in made.files.order_by("system")] == ["national导出", "provincial导出"]
    upload = made.files.get(system="national")
    for columns, name, words in (
        ({}, "x", "姓名"),
        ({"name": 1}, "x", "至少"),
        ({"name": 1, "id_number": 1}, "x", "同一列"),
        (upload.columns, " ", "名称"),
    ):
        with pytest.raises(Refusal, match=words):
            intake.map_columns(upload=upload, columns=columns, name=name, by=world.centre)
    with pytest.raises(Refusal, match="没有找到表头"):
        intake.receive(
            comparison=made, system="national", content=workbook(["一"], [], []), name="x.xlsx", by=world.centre
        )
    with pytest.raises(Refusal, match="没有学生"):
        intake.receive(
            comparison=made, system="national", content=workbook(NATIONAL, [], []), name="x.xlsx", by=world.centre
        )
    with pytest.raises(Refusal, match="上一次比对"):
        opened(world)
    with pytest.raises(Refusal, match="学管中心"):
        intake.start(comparison=made, by=world.county)


def test_lost_digits_and_other_stages_are_told(world):
    lost = workbook(
        NATIONAL, [national(1, 年级="初二"), national(2, 姓名="", 全国学籍号="", 身份证件号=""), national(3)], []
    )
    done = compared(world, lost, files()[1])
    upload = done.files.get(system="national")
    assert (upload.rows, upload.skipped, upload.fault_count) == (1, 1, 1) and upload.faults[0]["row"] == 3
