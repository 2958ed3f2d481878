"""A whole import taken back: the register is what it was before; where anything rests on it, it is refused by name."""

import pytest

from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal
from registry.deeds import set_grade
from registry.models import (
    ArchiveItem,
    Circumstances,
    Enrolment,
    EnrolmentGrade,
    EnrolmentStatus,
    KeyFacts,
    NamePiece,
    RosterRecord,
    Student,
)
from registry.roster.tasks import put_in_force
from registry.roster.undoing import undo
from tests.registry.roster.export import pupil
from tests.registry.roster.test_roster import NATIONAL, load, uploaded
from tests.transfers.support import suspension
from tests.world import DAY

REGISTER = (Student, KeyFacts, Enrolment, EnrolmentStatus, EnrolmentGrade, Circumstances, RosterRecord, NamePiece)


def everything() -> list[list[dict]]:
    return [sorted(map(str, model.objects.values())) for model in REGISTER]


def test_undone_the_register_is_as_before_and_the_file_can_come_again(world):
    load(world, [pupil(1, 就读方式="走读"), pupil(2)])
    before = everything()
    rows = [pupil(1, 班号="5班", 全国学籍号=NATIONAL, 就读方式="住校"), pupil(2), pupil(3, 就读方式="走读")]
    upload, waiting = load(world, rows), uploaded(world, rows)
    assert everything() != before
    undo(upload, by=world.county)
    assert everything() == before and TrailEntry.objects.filter(action="撤销导入在校生名册").exists()
    with pytest.raises(Refusal, match="学籍有变化"):
        put_in_force(waiting, by=world.county, only_clean=False)
    with pytest.raises(Refusal, match="导入已撤销"):
        undo(upload, by=world.county)
    assert load(world, rows).summary["add"] == 1


def test_what_rests_on_it_is_named(world):
    first = load(world, [pupil(1), pupil(2), pupil(3)])
    with pytest.raises(Refusal, match="由主管的县教育局"):
        undo(first, by=world.registrar())
    one, two, three = Enrolment.objects.order_by("student__key_facts__name")
    set_grade(one, 11, "8班", valid_from=DAY, by=world.county)
    ArchiveItem.objects.create(
        enrolment=two, part="proofs", title="户口簿", dated=DAY, added_by=world.registrar(), added_at=one.recorded_at
    )
    load(world, [pupil(3, 班号="5班")])
    before = everything()
    with pytest.raises(Refusal) as refused:
        undo(first, by=world.county)
    words = "；".join(refused.value.items)
    assert (
        "第2行" in words
        and "年级已变更" in words
        and "第3行" in words
        and "归档材料" in words
        and "之后又导入过名册" in words
    )
    assert everything() == before


def test_business_keeps_the_student(world):
    upload = load(world, [pupil(1)])
    change = suspension(world)
    change.request.lock_key = f"student:{Enrolment.objects.get(roster_records__line__upload=upload).student_id}"
    change.request.save(update_fields=["lock_key"])
    with pytest.raises(Refusal) as refused:
        undo(upload, by=world.county)
    assert "有申请" in refused.value.items[0]
