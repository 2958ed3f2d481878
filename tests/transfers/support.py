"""Pupils in the register, terms announced, and the short ways to file a change and let it pass."""

from datetime import date

from approvals.chain import advance
from approvals.enums import State
from approvals.models import Request, Season, Term
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Role, Stage
from linxia_xueji.models import Organisation, User
from registry.deeds import enrol, set_key_facts
from registry.models import Enrolment, Student
from registry.scans import Proof as Scan
from tests.world import COUNTY_SCHOOL, World, id_number
from transfers.business import business_named
from transfers.changes import file_change
from transfers.enrolled import enrolled_of, enrolments_for_pages
from transfers.enums import SuspensionReason
from transfers.models import Change, Proof, Suspension
from transfers.models.details import Detail
from transfers.proofs import attest, put_proof
from transfers.slots import slots_of

CLEAR = {"width": 1654, "height": 2339, "sharpness": 95, "ink": 40.0, "contrast": 180, "crossings": [0, 0, 0, 0]}
"""Measures of a picture nobody would doubt; tests/registry measures real ones."""
APPLIED = date(2026, 9, 14)
"""The last day of the window after the beginning of term; the world's day comes two days later."""
BLURRED = CLEAR | {"sharpness": 12}


def announce_terms(world: World) -> None:
    """The terms of two school years, for the whole prefecture."""
    prefecture = world.organisation("622900")
    for year in (2025, 2026):
        for stage in Stage:
            for season, first, last in (
                (Season.AUTUMN, date(year, 8, 31), date(year + 1, 1, 15)),
                (Season.SPRING, date(year + 1, 2, 26), date(year + 1, 7, 10)),
            ):
                Term.objects.create(
                    organisation=prefecture, stage=stage, school_year=year, season=season, starts_on=first, ends_on=last,
                    document_number="临州教发〔2026〕3号", entered_by=world.centre, recorded_at=now(),
                )  # fmt: skip


def pupil(
    world: World, school: str, *, grade: int, stage: str, serial: int = 1, name: str = "马小明", sex: str = "1"
) -> Enrolment:
    """A student enrolled at a school in a grade."""
    organisation = world.organisation(school)
    number = id_number(serial, sex, area=f"{622924 + serial // 500}")  # a number of their own however many there are
    student = Student.objects.create(national_number=f"G{number}", recorded_at=now())
    values = {
        "name": name, "sex": sex, "ethnicity": "03", "birth_date": date(2010, 3, 5), "id_number": number,
    }  # fmt: skip
    set_key_facts(student.pk, values, valid_from=date(2025, 9, 1), by=None)
    first = {"primary": 1, "junior": 7}.get(stage, 10)
    made = enrol(
        student=student, school=Organisation.objects.select_related("parent__parent__parent").get(pk=organisation.pk), stage=stage,
        entry_year=2026 - (grade - first), grade=grade, school_class="1班", on=date(2025, 9, 1), by=None,
    )  # fmt: skip
    return enrolments_for_pages().get(pk=made.pk)


def scan(measures: dict | None = None, content: bytes = b"\xff\xd8\xff scan") -> Scan:
    """A picture as it comes out of the sandbox."""
    return Scan(content, "image/jpeg", "scan.jpg", measures or CLEAR)


def filed(
    world: World,
    kind: str,
    enrolment: Enrolment | None,
    detail: Detail,
    *,
    school: str = "",
    applied_on: date | None = None,
) -> Change:
    """The draft of a change by the registrar of the school (the student's own one unless named)."""
    code = school or enrolment.school.code
    return file_change(
        business=business_named(kind), enrolled=enrolled_of(enrolment) if enrolment else None, detail=detail, applied_on=applied_on or APPLIED,
        common={"applicant": "马父", "relation": "father", "reason": "家庭原因"}, by=world.registrar(code),
        school=Organisation.objects.select_related("profile", "parent__parent__parent").get(code=code),
    )  # fmt: skip


def with_papers(world: World, change: Change, *, without: tuple[str, ...] = ()) -> Change:
    """Every paper of the business in its slot."""
    for slot in slots_of(change.request.kind):
        if slot.code not in without:
            put_proof(change=change, slot=slot, scan=scan(), by=world.registrar(change.request.school.code))
    return change


def suspension(world: World, school: str = COUNTY_SCHOOL, **period) -> Change:
    """A draft of 休学 for a student in the second year of senior high, with its papers."""
    announce_terms(world)
    enrolment = pupil(world, school, grade=11, stage="senior")
    days = {"starts_on": date(2026, 9, 17), "ends_on": date(2027, 8, 31), "cause": SuspensionReason.ILLNESS} | period
    return with_papers(world, filed(world, "suspension", enrolment, Suspension(**days)))


def through(world: World, change: Change, *, steps: int | None = None, submit: bool = True) -> Request:
    """Submit, then let each step be decided by somebody of that office, the papers attested by the heads; all, or so many."""
    request = Request.objects.select_related("turn_organisation", "school").get(pk=change.request_id)
    if submit:
        request = advance(request=request, move="submit", by=world.registrar(request.school.code), on=world.day)
    taken = 0
    while request.state == State.PENDING and (steps is None or taken < steps):
        see_originals(world, request)
        request = advance(request=request, move="approve", by=decider(world, request), on=world.day)
        taken += 1
    return request


def see_originals(world: World, request: Request) -> None:
    """Where it lies with a head, they attest what nobody has attested."""
    if request.turn_level == Level.SCHOOL:
        for proof in Proof.objects.filter(change__request=request, replaced_at=None, attested_by=None):
            attest(proof=proof, by=decider(world, request))


def decider(world: World, request: Request) -> User:
    """Whoever holds the office whose turn it is."""
    roles = {Level.SCHOOL: Role.HEAD, Level.COUNTY: Role.COUNTY_REVIEWER, Level.PREFECTURE: Role.CENTRE}
    return world.user(roles[request.turn_level], request.turn_organisation.code)
