"""What the school does with its batch: open it, mark who came, enter what differs, hold back; and the seats that go with it."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from approvals.chain import open_request
from approvals.enums import OPEN, State
from approvals.kinds import Deed, kind_named
from linxia_xueji.access import access_of
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Permission
from linxia_xueji.identity import proposed_name
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import LISTED_FIELDS, Arrival
from registry.facts import field_text
from registry.models import Admission, Candidate, Deferral, EnrolmentBatch
from registry.plans import in_force, lock_intake

KIND = "enrolment_batch"


@transaction.atomic
def open_batch(*, school: Organisation, year: int, by, on: date | None = None) -> EnrolmentBatch:
    """Open the batch of a school and year with everybody on its list; a later one is supplementary and takes up who is left.

    One open batch per school and year: the database says so (the request's lock key).
    """
    on = on or today()
    _may_prepare(by, school)
    lock_intake(school, year)
    sequence = (school.batches.filter(year=year).aggregate(m=Max("sequence"))["m"] or 0) + 1
    earlier = school.batches.filter(year=year, request__state=State.APPROVED).count()
    subject = f"{school.short_name}{year}级高一新生注册{f'（补录{earlier}）' if earlier else ''}"
    try:
        with transaction.atomic():
            request = open_request(
                kind=kind_named(KIND),
                school=school,
                subject=subject,
                lock_key=f"enrolment:{school.pk}:{year}",
                by=by,
                on=on,
                year=year,
            )
    except IntegrityError as error:
        raise Refusal(f"{school.short_name}{year}级已有在办批次，请在该批次中办理，或先撤回") from error
    batch = EnrolmentBatch.objects.create(request=request, school=school, year=year, sequence=sequence)
    left = Candidate.objects.filter(school=school, year=year, enrolment=None, struck_on=None).exclude(
        arrival=Arrival.NO_SHOW
    )
    left.exclude(batch__request__state__in=OPEN).update(batch=batch, held_back="")
    Candidate.objects.filter(school=school, year=year, batch__request__state=State.RETRACTED).update(batch=batch)
    take_up(batch)
    if not batch.candidates.exists():
        raise Refusal(f"{school.short_name}{year}级没有待注册的录取学生，请先由州学管中心导入录取名单")
    return batch


def take_up(batch: EnrolmentBatch) -> int:
    """Make a candidate of everybody on the school's list who is in no batch yet. Returns how many came in."""
    known = Candidate.objects.filter(school=batch.school, year=batch.year).values("exam_number")
    new = Admission.objects.filter(school=batch.school, year=batch.year, superseded_at=None).exclude(
        exam_number__in=known
    )
    made = Candidate.objects.bulk_create(
        (
            Candidate(
                batch=batch,
                school=batch.school,
                year=batch.year,
                admission=a,
                exam_number=a.exam_number,
                **copied(a),
            )
            for a in new
        ),
        batch_size=500,
    )
    return len(made)


def copied(admission: Admission) -> dict[str, Any]:
    """What a candidate takes over from the list: all as listed, the name with the dot that is meant (民委发〔2016〕33号)."""
    return {f: getattr(admission, f) for f in LISTED_FIELDS} | {"name": proposed_name(admission.name)}


def waiting_admissions(batch: EnrolmentBatch) -> int:
    """How many on the school's list are in no batch yet."""
    known = Candidate.objects.filter(school=batch.school, year=batch.year).values("exam_number")
    return (
        Admission.objects.filter(school=batch.school, year=batch.year, superseded_at=None)
        .exclude(exam_number__in=known)
        .count()
    )


@transaction.atomic
def take_up_new(*, batch: EnrolmentBatch, by) -> int:
    """Take up the students a supplementary list has added."""
    batch = editable(batch, by)
    added = take_up(batch)
    record(action="补入新录取学生", by=by, target=batch, after={"added": added})
    return added


def _may_prepare(by, school: Organisation) -> None:
    if not access_of(by).may(Permission.PREPARE_BUSINESS, school):
        raise Refusal(f"只有{school.short_name}的学籍管理员可以填报")


@transaction.atomic
def editable(batch: EnrolmentBatch, by) -> EnrolmentBatch:
    """The batch with its request locked, if this person may still change it. :raises Refusal: otherwise, saying why."""
    _may_prepare(by, batch.school)
    request = type(batch.request).objects.select_for_update(of=("self",)).get(pk=batch.request_id)
    if request.state not in (State.DRAFT, State.RETURNED):
        raise Refusal(f"批次{request.number}{request.status}，不能修改；需要修改时先撤回，或由上级退回")
    batch.request = request
    return batch


@transaction.atomic
def mark(*, batch: EnrolmentBatch, candidates: list[int], arrival: str, by) -> int:
    """Mark who came and who did not. A student marked as not come frees the seat; a deferral needs its own paper."""
    if arrival not in (Arrival.REPORTED, Arrival.NO_SHOW, Arrival.UNMARKED):
        raise Refusal("延期注册和不可抗力须逐人登记申请与证明材料")
    batch = editable(batch, by)
    people = batch.candidates.filter(pk__in=candidates, struck_on=None).exclude(arrival=arrival)
    marked = people.update(arrival=arrival, **({} if arrival == Arrival.REPORTED else {"seat": False, "held_back": ""}))
    if marked:
        record(
            action=f"登记{Arrival(arrival).label}",
            by=by,
            target=batch,
            after={"candidates": sorted(candidates)[:1000], "count": marked},
        )
    return marked


@transaction.atomic
def enter_reported(*, candidate: Candidate, values: dict[str, Any], by) -> Candidate:
    """Enter the student's information as reported, where it differs from the list; the difference then needs the county's letter."""
    editable(candidate.batch, by)
    candidate = (
        Candidate.objects.select_for_update(of=("self",)).select_related("admission", "batch").get(pk=candidate.pk)
    )
    entered = {f: Candidate._meta.get_field(f).to_python(values[f]) for f in LISTED_FIELDS if f in values}
    changed = [f for f, value in entered.items() if value != getattr(candidate, f)]
    for field in changed:
        setattr(candidate, field, entered[field])
    if changed:
        candidate.save(update_fields=changed)
        record(action="登记报到信息", by=by, target=candidate, after={"fields": changed})
    return candidate


@transaction.atomic
def hold_back(*, candidate: Candidate, reason: str, by) -> None:
    """Leave a student for a supplementary batch; the seat is kept. An empty reason takes them in again."""
    editable(candidate.batch, by)
    candidate.held_back = reason.strip()
    candidate.save(update_fields=["held_back"])
    record(
        action="暂缓注册" if candidate.held_back else "取消暂缓",
        by=by,
        target=candidate,
        after={"reason": candidate.held_back},
    )


def seat_everyone(batch: EnrolmentBatch) -> None:
    """Hold a seat for all who are here or excused, free those of all others; the database refuses one too many."""
    lock_intake(batch.school, batch.year)
    plan = in_force(batch.school, batch.year)
    holding = batch.candidates.filter(
        struck_on=None, arrival__in=(Arrival.REPORTED, Arrival.DEFERRED, Arrival.FORCE_MAJEURE)
    )
    try:
        with transaction.atomic():
            batch.candidates.filter(seat=True).exclude(pk__in=holding.values("pk")).update(seat=False)
            holding.filter(seat=False).update(seat=True)
    except IntegrityError as error:
        raise Refusal(
            f"超出招生计划：计划{plan.count if plan else 0}人。请核减超出的学生，或请州、县追加计划。依据：通知二“计划外不招一名学生、计划外不建一个学籍”",
            rule="enrolment.over_plan",
        ) from error


def free_seats(batch: EnrolmentBatch) -> None:
    """Free the seats of a batch taken back before its approval; who was deferred keeps the seat, here by now or not."""
    lock_intake(batch.school, batch.year)
    excused = Deferral.objects.filter(candidate__batch=batch, accepted_on__isnull=False).values("candidate")
    batch.candidates.filter(seat=True, enrolment=None).exclude(pk__in=excused).update(seat=False)


def strike(deed: Deed) -> dict[str, Any]:
    """Strike one student out of a batch under way, with reason and clause; the seat is freed and the range shrinks."""
    batch = deed.request.batch
    lock_intake(batch.school, batch.year)
    candidate = batch.candidates.filter(pk=deed.inputs.get("candidate") or 0, struck_on=None, enrolment=None).first()
    if candidate is None:
        raise Refusal("该生不在本批次，或已被核减，页面已更新")
    if not deed.inputs.get("rule"):
        raise Refusal("核减须选择依据的条款")
    candidate.struck_on, candidate.struck_by, candidate.seat = deed.on, deed.by, False
    candidate.strike_rule, candidate.strike_reason = deed.inputs["rule"], deed.note[:200]
    candidate.save(update_fields=["struck_on", "struck_by", "seat", "strike_rule", "strike_reason"])
    return {"candidate": candidate.pk, "name": candidate.name, "rule": candidate.strike_rule}


@transaction.atomic
def follow_amended_list(upload) -> int:
    """After an amended list: drafts and returned batches follow it; what the school had copied from the old list is copied anew.

    Returns how many candidates now stand against a new line of the list.
    """
    stale = list(
        Candidate.objects.filter(
            admission__superseded_at__isnull=False,
            enrolment=None,
            batch__request__state__in=(State.DRAFT, State.RETURNED),
        )
        .filter(year=upload.year)
        .select_related("admission")
    )
    current = {
        a.exam_number: a
        for a in Admission.objects.filter(
            year=upload.year, superseded_at=None, exam_number__in=[c.exam_number for c in stale]
        )
    }
    moved = []
    for candidate in stale:
        new = current.get(candidate.exam_number)
        if new is None or new.school_id != candidate.school_id:
            continue
        for field, value in copied(new).items():
            if field_text(candidate, field) == field_text(candidate.admission, field):
                setattr(candidate, field, value)
        candidate.admission = new
        moved.append(candidate)
    Candidate.objects.bulk_update(moved, ["admission", *LISTED_FIELDS], batch_size=500)
    return len(moved)


def tick_intake(*, batch: EnrolmentBatch, candidates: list[int], by, on: date) -> int:
    """Tick 招生调档 as done in the national system, per student: day and person (notice 二)."""
    access = access_of(by)
    if not (
        access.may(Permission.PREPARE_BUSINESS, batch.school) or access.may(Permission.DECIDE_AS_COUNTY, batch.school)
    ):
        raise Refusal("招生调档由学校和县市教育局登记")
    with transaction.atomic():
        done = batch.candidates.filter(
            pk__in=candidates, intake_done_on=None, arrival=Arrival.REPORTED, struck_on=None
        ).update(intake_done_on=on, intake_done_by=by)
        record(action="登记招生调档", by=by, target=batch, after={"count": done, "at": now().isoformat()})
    return done
