"""关键信息变更: 以实际户籍信息为准, every change kept in the history for good (三（一）1)."""

from typing import Any

from approvals.kinds import Deed
from linxia_xueji.enums import Sex
from linxia_xueji.refusal import Refusal
from registry.deeds import set_key_facts
from registry.models import KeyFacts
from registry.problems.searching import recheck
from transfers.books.key_info import KEY_INFO, KeyInfo, KeyInfoFacts
from transfers.business import Applied, Business, Lines, add_business
from transfers.enrolled import enrolled_of
from transfers.forms import KEY_COLUMNS, KeyInfoForm
from transfers.models import Change, KeyInfoChange


def facts(applied: Applied) -> KeyInfoFacts:
    """What the book looks at."""
    return KeyInfoFacts(
        applied_on=applied.applied_on,
        old=values_of(applied.detail.before),
        new=values_of(applied.detail),
        id_taken=id_taken(applied),
        open_business=bool(applied.busy),
        open_details=applied.busy,
        proofs=applied.proofs,
        doubtful=applied.doubtful,
        with_head=applied.with_head,
    )


def values_of(holder: KeyFacts | KeyInfoChange) -> KeyInfo:
    """The key information of either, as the book compares it."""
    return KeyInfo(
        name=holder.name,
        id_number=holder.id_number.reveal(),
        sex=Sex(holder.sex),
        birth_date=holder.birth_date,
        id_type=holder.id_type,
    )


def id_taken(applied: Applied) -> bool:
    """Whether a new number belongs to another student with an active enrolment."""
    if (number := applied.detail.number_asked) is None:
        return False
    enrolled = applied.enrolled
    known = enrolled if enrolled.number_taken is not None else enrolled_of(enrolled.enrolment, number)
    return bool(known.number_taken)


def effect(deed: Deed, change: Change, detail: KeyInfoChange) -> dict[str, Any]:
    """The new facts from the day of the decision; those that were stay as history.

    :raises Refusal: where the facts are others than those the application set the new ones against.
    """
    present = KeyFacts.objects.select_for_update().get(student=change.enrolment.student_id, valid_to=None)
    if present.pk != detail.before_id:
        raise Refusal("关键信息在申请之后已有变动，请退回学校按现信息重新填写")
    values = {name: getattr(detail, name) for name in KEY_COLUMNS} | {"ethnicity": present.ethnicity}
    set_key_facts(change.enrolment.student_id, values, valid_from=deed.on, by=deed.by)
    recheck({change.enrolment.student_id}, because=f"{deed.request.number}关键信息变更办结", by=deed.by)
    changed = [name for name in KEY_COLUMNS if getattr(present, name) != getattr(detail, name)]
    return {"changed": changed}


def lines(detail: KeyInfoChange) -> Lines:
    """Nothing here: the page sets now and new side by side."""
    return []


add_business(
    Business(
        "key_info",
        "关键信息变更",
        "XG",
        "不予变更",
        KEY_INFO,
        KeyInfoChange,
        KeyInfoForm,
        facts,
        effect,
        lines,
        "已变更",
    )
)
