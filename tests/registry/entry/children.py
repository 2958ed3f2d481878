"""Short ways for the tests of grade 1 and grade 7: a school that teaches them, a list, and what is done with a child."""

from datetime import date, timedelta

from approvals.chain import advance
from linxia_xueji.dates import now
from linxia_xueji.enums import Stage
from linxia_xueji.identity import id_birth, id_sex
from registry.deeds import enrol, set_key_facts
from registry.entry import batches, following
from registry.models import Enrolment, Entrant, EntryBatch, Programme, Student
from registry.roster.grades import GRADES_OF
from tests.registry.support import paper
from tests.world import COUNTY_SCHOOL, id_number

TOWN = "三甲集镇"


def teaches(world, code: str = COUNTY_SCHOOL, stage: str = Stage.PRIMARY):
    """The school, which teaches the stage from now on."""
    school = world.organisation(code)
    Programme.objects.get_or_create(organisation=school, stage=stage, defaults={"valid_from": date(2005, 9, 1)})
    return school


def number(serial: int, stage: str = Stage.PRIMARY, sex: str = "1") -> str:
    """An invented ID number of a child of the age."""
    return id_number(serial, sex, "20200305" if stage == Stage.PRIMARY else "20140305")


def values(serial: int, stage: str = Stage.PRIMARY, **other) -> dict:
    """What is entered of a child."""
    plain = number(serial, stage)
    entered = {
        "name": f"马小{chr(0x4E00 + serial)}", "sex": id_sex(plain), "ethnicity": "03", "birth_date": id_birth(plain),
        "id_type": "1", "id_number": plain, "guardian_name": "马国强", "guardian_phone": "13800000001", "township": TOWN,
    }  # fmt: skip
    return entered | other


def child(world, batch: EntryBatch, serial: int, **other) -> Entrant:
    """One child on the list."""
    entered = values(serial, batch.stage, **other)
    return batches.add(batch=batch, values=entered, by=world.registrar(batch.school.code))


def listed(world, count: int = 3, code: str = COUNTY_SCHOOL, stage: str = Stage.PRIMARY, first: int = 1) -> EntryBatch:
    """A draft with so many children, nobody marked."""
    batch = batches.open_batch(school=teaches(world, code, stage), stage=stage, by=world.registrar(code), on=world.day)
    for serial in range(first, first + count):
        child(world, batch, serial)
    return batch


def mark(world, batch: EntryBatch, arrival: str, *children: Entrant) -> int:
    """Mark these, or everybody."""
    people = [c.pk for c in children] or list(batch.entrants.values_list("pk", flat=True))
    return batches.mark(
        batch=batch, entrants=people, arrival=arrival, by=world.registrar(batch.school.code), on=world.day
    )


def move(world, batch: EntryBatch, move: str, by, note: str = "") -> EntryBatch:
    """One move of the request, as the page would make it."""
    request = type(batch.request).objects.get(pk=batch.request_id)
    batch.request = advance(request=request, move=move, by=by, note=note, on=world.day)
    return batch


def decided(world, batch: EntryBatch, note: str = "") -> EntryBatch:
    """Submitted, confirmed by the head, decided by the authority."""
    code = batch.school.code
    move(world, batch, "submit", world.registrar(code), note)
    move(world, batch, "approve", world.head(code), note)
    return move(world, batch, "approve", world.county if batch.request.county_id else world.centre, note)


def asks_for_deferral(world, entrant: Entrant, until: date = date(2026, 10, 20)):
    """An application for 延缓入学."""
    code = entrant.school.code
    return following.apply_for_deferral(
        entrant=entrant, reason="住院", applicant="马国强", applied_on=world.day, returns_on=until, proof=paper(world, code),
        by=world.registrar(code), on=world.day,
    )  # fmt: skip


def urged(world, entrant: Entrant, times: int = 1) -> None:
    """The school urges, a day after another."""
    for n in range(times):
        following.urge(
            entrant=entrant, by=world.registrar(entrant.school.code), on=world.day, urged_on=world.day - timedelta(days=times - n),
            urged_by="马老师", manner="phone", spoken_to="父亲", said="答应周一送来",
        )  # fmt: skip


def ordered(world, entrant: Entrant):
    """Urged twice, then the letter."""
    urged(world, entrant, 2)
    by = world.registrar(entrant.school.code)
    return following.write_letter(
        entrant=entrant, office="广河县三甲集镇人民政府", number="校函〔2026〕1号", by=by, on=world.day
    )


def enrolled(
    world, serial: int, code: str, stage: str = Stage.PRIMARY, grade: int | None = None, year: int = 2025
) -> Enrolment:
    """Somebody of that ID number in the register, at that school."""
    student = Student.objects.create(recorded_at=now())
    on = date(year, 9, 1)
    entered = values(serial, stage)
    facts = {name: entered[name] for name in batches.COPIED}
    set_key_facts(student.pk, facts, valid_from=on, by=world.centre)
    return enrol(
        student=student, school=teaches(world, code, stage), stage=stage, entry_year=year, grade=grade or GRADES_OF[stage][0],
        school_class="1班", on=on, by=world.centre,
    )  # fmt: skip
