"""Two members of a team at once, each with a connection of their own: on one student, with one key, at one 通报."""

from uuid import uuid4

import pytest

from linxia_xueji.refusal import Refusal, Stale
from registry.inspecting import notice, onsite
from registry.models import InspectedStudent, InspectionNotice, InspectionTick
from tests.registry.inspections import chief, failed, planned, pupils, tick, underway
from tests.registry.test_races import ROUNDS, one_goes_in, race

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_members_and_one_student(world):
    """One of two different answers is written, and the other member is told; nothing is overwritten unknowing."""
    student = underway(world).people.first()
    for _ in range(ROUNDS):
        seen = InspectedStudent.objects.get(pk=student.pk).version
        words = {"present", "absent"} if seen % 2 else {"other_person", "other_grade"}
        one, two = sorted(words)
        outcomes = race(
            lambda one=one, seen=seen: tick(student, world.county, one, seen=seen),
            lambda two=two, seen=seen: tick(student, chief(world), two, seen=seen),
        )
        done = one_goes_in(outcomes)
        assert any(isinstance(o, Stale) for o in outcomes)
        now = InspectedStudent.objects.get(pk=student.pk)
        assert (now.version, now.result, now.recorded_by) == (seen + 1, done.result, done.recorded_by)


def test_one_tick_sent_twice_at_once(world):
    student = underway(world).people.first()
    for version in range(ROUNDS):
        key, result = uuid4(), "absent" if version % 2 else "present"
        outcomes = race(*[lambda k=key, r=result, v=version: tick(student, world.county, r, seen=v, key=k)] * 2)
        assert [o.version for o in outcomes] == [version + 1] * 2, outcomes
        assert InspectionTick.objects.count() == version + 1


def test_beginning_and_calling_off(world):
    from registry.inspecting.planning import call_off

    pupils(world)
    for n in range(ROUNDS):
        made = planned(world, title=f"第{n}次")
        visit = made.visits.get()
        outcomes = race(
            lambda v=visit: onsite.begin(visit=v, by=world.county) or "begun",
            lambda m=made: call_off(found=m, reason="改期", by=chief(world)) or "off",
        )
        one_goes_in(outcomes)


def test_a_finding_is_noticed_once(world):
    visit = underway(world)
    for n in range(ROUNDS):
        one = failed(world, visit)
        deed = {"visit": visit, "words": "x", "findings": [one.pk], "people": [], "by": chief(world), "on": world.day}
        outcomes = race(*(lambda m=m, d=deed, n=n: notice.issue(number=f"{n}-{m}号", **d) for m in range(2)))
        assert sum(isinstance(o, InspectionNotice) for o in outcomes) == 1, outcomes
        assert sum(isinstance(o, Refusal) for o in outcomes) == 1
