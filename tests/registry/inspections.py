"""Rounds of a handful of students, for tests of 专项督查: planned, under way, with a finding, with a 通报."""

from datetime import date
from uuid import uuid4

from linxia_xueji.enums import Role
from linxia_xueji.models import User
from registry.inspecting import findings, notice, onsite, planning
from registry.models import Finding, InspectedStudent, InspectionNotice, InspectionRound, InspectionVisit
from registry.scans import Proof
from tests.registry.turn_support import pupil
from tests.world import COUNTY, COUNTY_SCHOOL, World

DUE = date(2026, 9, 30)


def chief(world: World) -> User:
    """The head of the county."""
    return world.user(Role.COUNTY_HEAD, COUNTY)


def pupils(world: World, school: str = COUNTY_SCHOOL, classes: int = 3, each: int = 4) -> None:
    """Some classes of 高二."""
    for number in range(classes):
        for _ in range(each):
            pupil(world, school, 11, school_class=f"{number + 1}班")


def planned(
    world: World, *schools: str, seed: int = 7, classes: int = 2, students: int = 2, office: str = COUNTY, by: User | None = None,
    title: str = "秋季督查",
) -> InspectionRound:  # fmt: skip
    """A round of these schools, the reviewer and the head of the county in its team."""
    by = by or world.county
    team = [by.pk, chief(world).pk] if office == COUNTY else [by.pk]
    chosen = [world.organisation(code).pk for code in schools or (COUNTY_SCHOOL,)]
    return planning.plan(
        office=world.organisation(office), title=title, starts_on=world.day, ends_on=DUE, schools=chosen, team=team,
        sample=planning.Sample(world.day, seed, classes, students), others=[("马某", "督导室")], by=by, on=world.day,
    )  # fmt: skip


def underway(world: World, **options) -> InspectionVisit:
    """The visit of the school of the county, begun."""
    pupils(world)
    visit = planned(world, **options).visits.get()
    onsite.begin(visit=visit, by=world.county)
    visit.refresh_from_db()
    return visit


def tick(
    student: InspectedStudent, by: User, result: str = "present", note: str = "", seen: int = 0, key=None
) -> InspectedStudent:
    """One tick."""
    return onsite.tick(student=student, result=result, note=note, key=key or uuid4(), seen=seen, by=by)


def found(world: World, visit: InspectionVisit, words: str = "学生不在校", due: date = DUE) -> Finding:
    """A finding about the first who was drawn."""
    written = findings.Written(words, "一（二）", due, visit.people.order_by("pk").first())
    return findings.find(visit=visit, written=written, key=uuid4(), by=world.county)


def move(finding: Finding, act: str, by: User, words: str = "情况") -> Finding:
    """One move from the state as it stands."""
    state = Finding.objects.get(pk=finding.pk).state
    return findings.act(finding=finding, act=act, words=words, seen=state, by=by)


def answered(world: World) -> Finding:
    """A finding the head has answered."""
    return move(found(world, underway(world)), "answer", world.head())


def failed(world: World, visit: InspectionVisit) -> Finding:
    """A finding that is not put right."""
    one = move(found(world, visit), "answer", world.head())
    return move(move(one, "report", world.head()), "fail", world.county, "仍未整改")


def noticed(world: World, visit: InspectionVisit, number: str = "广教发〔2026〕9号") -> InspectionNotice:
    """A 通报 of a finding that is not put right."""
    one = failed(world, visit)
    people = [notice.Named("马校长", "校长", "示例中学")]
    return notice.issue(
        visit=visit,
        number=number,
        words="责令限期整改，追究校长责任",
        findings=[one.pk],
        people=people,
        by=chief(world),
        on=world.day,
    )


def inspected(world: World) -> InspectionVisit:
    """A visit with all there is about one: a picture, findings in two states, a 通报."""
    visit = underway(world)
    photo = Proof(b"\xff\xd8\xff photo", "image/jpeg", "photo.jpg", {})
    onsite.add_photo(visit=visit, student=visit.people.first(), photo=photo, caption="", key=uuid4(), by=world.county)
    found(world, visit)
    noticed(world, visit)
    return visit
