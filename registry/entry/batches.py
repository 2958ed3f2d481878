"""What the school does with its list: open a batch, enter children, mark who came, remove what was entered by mistake."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet

from approvals.chain import open_request
from approvals.enums import OPEN as UNDER_WAY
from approvals.enums import State
from approvals.kinds import kind_named
from linxia_xueji.access import access_of, people_who_may
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.models import Organisation, User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.entry.states import OPEN, with_state
from registry.enums import Ending, EntryArrival, IdType
from registry.models import Enrolment, Entrant, EntryBatch, EntryDeferral, KeyFacts
from registry.roster.grades import GRADES_OF

KIND = "entry_batch"
STAGES = (Stage.PRIMARY, Stage.JUNIOR)
SEASON = 6
"""Month from which a batch is of the year itself; before it of the year before (assumed)."""
GRADE_WORDS = {Stage.PRIMARY: "小学一年级", Stage.JUNIOR: "初一"}
COPIED = ("name", "sex", "ethnicity", "birth_date", "id_type", "id_number")


def year_on(day: date) -> int:
    """The year of entry that a batch opened on a day is of."""
    return day.year if day.month >= SEASON else day.year - 1


def stages_of(school: Organisation, on: date) -> list[Stage]:
    """The compulsory stages that a school teaches on a day."""
    taught = school.programmes.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on, stage__in=STAGES)
    found = set(taught.values_list("stage", flat=True))
    return [stage for stage in STAGES if stage in found]


@transaction.atomic
def open_batch(*, school: Organisation, stage: str, by, on: date | None = None) -> EntryBatch:
    """Open a batch of this year; it takes up everybody whom an earlier one left open.

    One open batch per school, stage and year: the database says so (the request's lock key).
    """
    on = on or today()
    _may_prepare(by, school)
    if stage not in stages_of(school, on):
        raise Refusal(f"{school.short_name}没有开设该学段，不能新建批次")
    year = year_on(on)
    earlier = EntryBatch.objects.filter(school=school, stage=stage, year=year)
    sequence = (earlier.aggregate(m=Max("sequence"))["m"] or 0) + 1
    done = earlier.filter(request__state=State.APPROVED).count()
    subject = f"{school.short_name}{year}年{GRADE_WORDS[Stage(stage)]}新生注册{f'（补录{done}）' if done else ''}"
    try:
        with transaction.atomic():
            request = open_request(
                kind=kind_named(KIND), school=school, subject=subject, lock_key=f"entry:{school.pk}:{stage}:{year}",
                by=by, on=on, year=year,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("已有在办批次，请在该批次中办理，或先撤回") from error
    batch = EntryBatch.objects.create(request=request, school=school, stage=stage, year=year, sequence=sequence)
    left = with_state(Entrant.objects.filter(school=school, stage=stage, year=year, enrolment=None), on)
    left = left.filter(state__in=OPEN).exclude(batch__request__state__in=UNDER_WAY)
    Entrant.objects.filter(pk__in=list(left.values_list("pk", flat=True))).update(batch=batch)
    return batch


def _may_prepare(by, school: Organisation) -> None:
    if not access_of(by).may(Permission.PREPARE_BUSINESS, school):
        raise Refusal(f"只有{school.short_name}的学籍管理员可以填报")


@transaction.atomic
def editable(batch: EntryBatch, by) -> EntryBatch:
    """The batch with its request locked, if this person may still enter children. :raises Refusal: otherwise, saying why."""
    _may_prepare(by, batch.school)
    request = type(batch.request).objects.select_for_update(of=("self",)).get(pk=batch.request_id)
    if request.state not in (State.DRAFT, State.RETURNED):
        raise Refusal(f"批次{request.number}{request.status}，不能修改；需要修改时先撤回，或由上级退回")
    batch.request = request
    return batch


@transaction.atomic
def movable(batch: EntryBatch, by) -> EntryBatch:
    """The batch, if this person may enter arrivals now."""
    _may_prepare(by, batch.school)
    return resting(batch)


@transaction.atomic
def resting(batch: EntryBatch) -> EntryBatch:
    """The batch with its request locked: arrivals may not change under the eyes of those who decide. :raises Refusal: then."""
    request = type(batch.request).objects.select_for_update(of=("self",)).get(pk=batch.request_id)
    if request.state == State.PENDING:
        raise Refusal(f"批次{request.number}正在审核，报到情况不能更改；办结后再登记，随补录批次注册")
    return batch


@transaction.atomic
def add(*, batch: EntryBatch, values: dict[str, Any], by) -> Entrant:
    """Enter one child. Somebody of the same ID number in the register is the same student.

    :raises Refusal: where the child is on this school's list of the year already.
    """
    editable(batch, by)
    entrant = Entrant(
        batch=batch,
        school=batch.school,
        stage=batch.stage,
        year=batch.year,
        recorded_by=by,
        recorded_at=now(),
        **values,
    )
    _save(entrant)
    record(action="录入新生", by=by, target=entrant, organisation=batch.school)
    return entrant


@transaction.atomic
def change(*, entrant: Entrant, values: dict[str, Any], by) -> Entrant:
    """Correct what was entered of a child."""
    editable(entrant.batch, by)
    changed = [name for name, value in values.items() if getattr(entrant, name) != value]
    for name in changed:
        setattr(entrant, name, values[name])
    if changed:
        _save(entrant)
        record(action="修改新生信息", by=by, target=entrant, organisation=entrant.school, after={"fields": changed})
    return entrant


def _save(entrant: Entrant) -> None:
    number = entrant.id_number if entrant.id_type == IdType.RESIDENT else None
    facts = (
        KeyFacts.objects.filter(id_number=number, valid_to=None, id_type=IdType.RESIDENT).first() if number else None
    )
    entrant.known_id = facts.student_id if facts else entrant.known_id if not number else None
    try:
        with transaction.atomic():
            entrant.save()
    except IntegrityError as error:
        raise Refusal("该身份证号的学生已在本校今年的名单中，请在名单中查找") from error


@transaction.atomic
def mark(*, batch: EntryBatch, entrants: Iterable[int], arrival: str, by, on: date) -> int:
    """Mark who came and who did not; 延缓入学 needs its own application."""
    if arrival not in (EntryArrival.REPORTED, EntryArrival.NO_SHOW, EntryArrival.UNMARKED):
        raise Refusal("延缓入学须逐人登记申请与证明材料")
    movable(batch, by)
    people = batch.entrants.filter(pk__in=list(entrants), removed_on=None, enrolment=None).exclude(arrival=arrival)
    people = people.exclude(pk__in=EntryDeferral.objects.filter(decided_on=None).values("entrant"))
    chosen = list(people.values_list("pk", flat=True))
    reported = on if arrival == EntryArrival.REPORTED else None
    marked = Entrant.objects.filter(pk__in=chosen).update(arrival=arrival, reported_on=reported)
    if marked:
        after = {"entrants": chosen[:1000], "count": marked}
        record(action=f"登记{EntryArrival(arrival).label}", by=by, target=batch, organisation=batch.school, after=after)
    return marked


@transaction.atomic
def remove(*, entrant: Entrant, reason: str, by, on: date) -> None:
    """Take a child off that was entered by mistake; the row stays, with who and why. Not coming is no reason for it."""
    editable(entrant.batch, by)
    if entrant.enrolment_id or entrant.removed_on:
        raise Refusal("该生已注册或已移出，页面已更新")
    if entrant.urgings.exists() or entrant.deferrals.exists():
        raise Refusal("该生已有督促或延缓入学记录，不能移出名单；请登记结果")
    if not reason.strip():
        raise Refusal("移出名单须写明原因")
    entrant.removed_on, entrant.removed_by, entrant.removed_reason = on, by, reason.strip()[:200]
    entrant.save(update_fields=["removed_on", "removed_by", "removed_reason"])
    record(
        action="移出新生名单",
        by=by,
        target=entrant,
        organisation=entrant.school,
        after={"reason": entrant.removed_reason},
    )


@transaction.atomic
def take_up(*, batch: EntryBatch, numbers: list[str], township: str, by) -> tuple[int, list[str]]:
    """Enter the primary graduates of the year, named by ID number; without any, those of this school itself.

    :returns: how many came in, and the numbers of which nobody was found.
    """
    editable(batch, by)
    if batch.stage != Stage.JUNIOR:
        raise Refusal("只有初一批次可以承接小学毕业生")
    final = GRADES_OF[Stage.PRIMARY][1]
    ended = Q(ending=Ending.GRADUATED, ends_on__year=batch.year)
    last = Q(ends_on=None, pending=False, grades__valid_to=None, grades__grade=final)
    graduates = KeyFacts.objects.filter(valid_to=None, student__enrolments__in=_primary(ended | last))
    if numbers:
        graduates = graduates.filter(id_number__in=numbers)
    else:
        graduates = graduates.filter(student__enrolments__in=_primary(ended | last).filter(school=batch.school))
    found = list(graduates.distinct())
    missing = sorted(set(numbers) - {facts.id_number.reveal() for facts in found})
    here = Entrant.objects.filter(school=batch.school, stage=batch.stage, year=batch.year, removed_on=None)
    listed = set(here.filter(known__in=[f.student_id for f in found]).values_list("known", flat=True))
    fresh = [facts for facts in found if facts.student_id not in listed]
    made = Entrant.objects.bulk_create(_graduate(batch, facts, township, by) for facts in fresh)
    record(action="承接小学毕业生", by=by, target=batch, organisation=batch.school, after={"count": len(made)})
    return len(made), missing


def _primary(which: Q) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(which, stage=Stage.PRIMARY)


def _graduate(batch: EntryBatch, facts: KeyFacts, township: str, by) -> Entrant:
    return Entrant(
        batch=batch, school=batch.school, stage=batch.stage, year=batch.year, known_id=facts.student_id,
        township=township, recorded_by=by, recorded_at=now(), **{name: getattr(facts, name) for name in COPIED},
    )  # fmt: skip


def decider_of(school: Organisation) -> Organisation:
    """Who decides above a school in compulsory schooling: its county, or the prefecture for the schools it runs."""
    return school.at(Level.COUNTY) or school.at(Level.PREFECTURE)


def may_decide(access, school: Organisation) -> bool:
    """Whether this person decides for that authority."""
    return access.may(_deciding(school), decider_of(school))


def people_who_decide(school: Organisation, on: date) -> list[User]:
    """Who decides for that authority, to be told of it."""
    return people_who_may(_deciding(school), decider_of(school), on)


def _deciding(school: Organisation) -> Permission:
    return Permission.DECIDE_AS_COUNTY if school.at(Level.COUNTY) else Permission.DECIDE_AS_PREFECTURE
