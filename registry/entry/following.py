"""What is done about a child who does not come: 延缓入学, urging, the letter to the township, its outcome; and open ends outside."""

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from approvals.messages import tell
from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.models import FileUse
from linxia_xueji.policy import in_force
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.deeds import activate
from registry.entry.batches import decider_of, may_decide, movable, people_who_decide, resting
from registry.entry.states import CHASED, EntryState, with_state
from registry.enums import EntryArrival, OutcomeKind
from registry.models import Entrant, EntryDeferral, EntryOutcome, TownshipLetter, Urging

BEFORE_LETTER = "entry.urgings_before_letter"


def may_follow(access, entrant: Entrant) -> bool:
    """Whether this person writes down what is done: the school, and the authority that decides above it."""
    return access.may(Permission.PREPARE_BUSINESS, entrant.school) or may_decide(access, entrant.school)


def _locked(entrant: Entrant, by, on: date) -> Entrant:
    """The child with its state, held until the transaction ends."""
    Entrant.objects.select_for_update(of=("self",)).get(pk=entrant.pk)
    found = with_state(Entrant.objects.filter(pk=entrant.pk), on)
    found = found.select_related("batch__request", "school__parent__parent__parent").get()
    if not may_follow(access_of(by), found):
        raise Refusal(f"由{found.school.short_name}的学籍管理员登记")
    return found


def _not_after(day: date, on: date, what: str) -> None:
    if day > on:
        raise Refusal(f"{what}不能晚于今天，请核对")


@transaction.atomic
def apply_for_deferral(
    *, entrant: Entrant, reason: str, applicant: str, applied_on: date, returns_on: date, proof: FileUse, by, on: date
) -> EntryDeferral:
    """Enter the guardian's application for 延缓入学 with its proof; the authority decides, the child stays on the list."""
    entrant = _locked(entrant, by, on)
    movable(entrant.batch, by)
    if entrant.enrolment_id or entrant.removed_on or entrant.arrival == EntryArrival.REPORTED:
        raise Refusal(f"该生{EntryState(entrant.state).label}，不能登记延缓入学")
    _not_after(applied_on, on, "申请日期")
    if returns_on <= on:
        raise Refusal("返校入学日期须晚于今天，请核对")
    try:
        with transaction.atomic():
            deferral = EntryDeferral.objects.create(
                entrant=entrant, reason=reason.strip()[:200], applicant=applicant.strip(), applied_on=applied_on,
                returns_on=returns_on, proof=proof, recorded_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(f"已有一件延缓入学申请待{decider_of(entrant.school).short_name}决定") from error
    _arrives(entrant, EntryArrival.DEFERRED)
    after = {"returns_on": returns_on.isoformat()}
    record(action="登记延缓入学申请", by=by, target=entrant, organisation=entrant.school, after=after)
    text = f"{entrant.school.short_name}{entrant.name}申请延缓入学，待决定"
    tell(people_who_decide(entrant.school, on), text, link=_page_of(entrant), by=by)
    return deferral


def _page_of(entrant: Entrant) -> str:
    return reverse("registry:entrant", args=[entrant.pk])


@transaction.atomic
def decide_deferral(*, deferral: EntryDeferral, accepted: bool, note: str, by, on: date) -> EntryDeferral:
    """The county (the prefecture for its own schools) accepts it or does not; who is declined is expected, and urged."""
    deferral = (
        EntryDeferral.objects.select_for_update(of=("self",)).select_related("entrant__school", "recorded_by").get(pk=deferral.pk)
    )
    school = deferral.entrant.school
    if not may_decide(access_of(by), school):
        raise Refusal(f"延缓入学由{decider_of(school).short_name}决定")
    if deferral.decided_on:
        raise Refusal(f"此申请{deferral.status}，页面已更新")
    if not accepted and not note.strip():
        raise Refusal("不予延缓须写明理由")
    deferral.decided_on, deferral.decided_by = on, by
    deferral.accepted, deferral.note = accepted, note.strip()[:200]
    deferral.save(update_fields=["decided_on", "decided_by", "accepted", "note"])
    if not accepted:
        _arrives(deferral.entrant, EntryArrival.NO_SHOW)
    record(action="同意延缓入学" if accepted else "不予延缓入学", by=by, target=deferral.entrant, organisation=school,
           after={"note": deferral.note})  # fmt: skip
    text = f"{deferral.entrant.name}的延缓入学申请：{deferral.status}{f'。{deferral.note}' if deferral.note else ''}"
    tell([deferral.recorded_by], text, link=_page_of(deferral.entrant), by=by)
    return deferral


def _arrives(entrant: Entrant, arrival: str, on: date | None = None) -> None:
    entrant.arrival, entrant.reported_on = arrival, on
    Entrant.objects.filter(pk=entrant.pk).update(arrival=arrival, reported_on=on)


def _chased(entrant: Entrant, also: tuple[EntryState, ...] = ()) -> None:
    if entrant.state not in (*CHASED, *also):
        raise Refusal(f"该生{EntryState(entrant.state).label}，不需要督促；请先登记为未报到")


@transaction.atomic
def urge(*, entrant: Entrant, by, on: date, **entered) -> Urging:
    """Write down that the school urged: when, by whom, how, to whom, and what was said."""
    entrant = _locked(entrant, by, on)
    _chased(entrant, (EntryState.DUE,))
    _not_after(entered["urged_on"], on, "督促日期")
    urging = Urging.objects.create(entrant=entrant, recorded_by=by, recorded_at=now(), **entered)
    after = {"on": urging.urged_on.isoformat(), "manner": urging.manner}
    record(action="登记入学督促", by=by, target=entrant, organisation=entrant.school, after=after)
    return urging


def urgings_needed(entrant: Entrant, on: date) -> int:
    """How many times the school urges before it turns to the township (a setting, assumed)."""
    return in_force(entrant.school, on)[BEFORE_LETTER]


@transaction.atomic
def write_letter(*, entrant: Entrant, office: str, number: str, by, on: date) -> TownshipLetter:
    """The letter to the township or street office; after the school has urged often enough in vain."""
    entrant = _locked(entrant, by, on)
    _chased(entrant)
    if entrant.ordered:
        raise Refusal("已出具提请责令入学函，页面已更新")
    if entrant.urged < (needed := urgings_needed(entrant, on)):
        raise Refusal(
            f"已督促{entrant.urged}次，须先督促{needed}次再提请责令。依据：通知二“督促无效的”，次数为假定，由州设置",
            rule="enrolment.compulsory_no_show",
        )
    letter = TownshipLetter.objects.create(
        entrant=entrant, office=office.strip(), number=number.strip(), issued_on=on, issued_by=by, recorded_at=now()
    )
    record(
        action="出具提请责令入学函", by=by, target=entrant, organisation=entrant.school, after={"number": letter.number}
    )
    return letter


@transaction.atomic
def end_chase(
    *, entrant: Entrant, kind: str, happened_on: date, document_number: str, note: str, by, on: date
) -> EntryOutcome:
    """What came of it: the child came, went elsewhere, or another end."""
    entrant = _locked(entrant, by, on)
    _chased(entrant, (EntryState.DUE,))
    _not_after(happened_on, on, "日期")
    if kind == OutcomeKind.OTHER and not note.strip():
        raise Refusal("结果为其他的，请写明说明")
    if kind == OutcomeKind.CAME:
        resting(entrant.batch)
        _arrives(entrant, EntryArrival.REPORTED, happened_on)
    outcome = EntryOutcome.objects.create(
        entrant=entrant, kind=kind, happened_on=happened_on, document_number=document_number.strip(),
        note=note.strip()[:200], recorded_by=by, recorded_at=now(),
    )  # fmt: skip
    record(action="登记督促结果", by=by, target=entrant, organisation=entrant.school, after={"kind": kind})
    return outcome


@transaction.atomic
def close_outside(*, entrant: Entrant, closed_on: date, document_number: str, by, on: date) -> bool:
    """The record beyond the prefecture is closed; the enrolment becomes active unless something else is open. Returns whether."""
    entrant = _locked(entrant, by, on)
    if not entrant.former_outside or entrant.former_closed_on:
        raise Refusal("没有待了结的州外学籍，页面已更新")
    _not_after(closed_on, on, "日期")
    entrant.former_closed_on, entrant.former_document = closed_on, document_number.strip()
    entrant.save(update_fields=["former_closed_on", "former_document"])
    record(action="登记州外学籍已了结", by=by, target=entrant, organisation=entrant.school,
           after={"on": closed_on.isoformat(), "document": entrant.former_document})  # fmt: skip
    waiting = entrant.enrolment
    return bool(waiting and waiting.pending and waiting.ends_on is None and activate(waiting, on=closed_on, by=by))
