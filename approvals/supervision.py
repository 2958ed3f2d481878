"""督办: the level above writes to whoever's turn a late request is; who has it, and for how long, stands in the list."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Max

from approvals.due import clock_of
from approvals.models import Message, Request, Supervision
from approvals.rows import Row
from linxia_xueji.access import Access, access_of, people_who_may
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record

FROM_ABOVE = (Permission.DECIDE_AS_COUNTY, Permission.DECIDE_AS_PREFECTURE, Permission.DECIDE_AS_PROVINCE)


def stands_above(access: Access, organisation: Organisation | None) -> bool:
    """Whether the person decides for an authority over an organisation, not for that organisation itself."""
    if organisation is None:
        return False
    over = {o.pk for o in organisation.ancestors()} - {organisation.pk}
    return any(access.organisations(permission) & over for permission in FROM_ABOVE)


def why_not(request: Request, access: Access, on: date) -> str:
    """Why the person cannot write such a note about the request today; empty where they can."""
    if not request.is_open or request.due_on is None or request.due_on >= on:
        return "此件没有超期，不需要督办"
    if not stands_above(access, request.turn_organisation):
        return f"此件在{request.turn_organisation.short_name}，只有其上级可以督办"
    if any(note.by_id == access.user_id and note.on == on for note in request.supervisions.all()):
        return "今日已督办过此件，次日仍未办理的可再次督办"
    return ""


@transaction.atomic
def supervise(*, request: Request, note: str, by, on: date) -> Supervision:
    """Send the note to everybody whose turn it is, and keep it. :raises Refusal: with the sentence of `why_not`."""
    locked = Request.objects.select_for_update(of=("self",)).select_related("turn_organisation__parent__parent__parent")
    request, access = locked.get(pk=request.pk), access_of(by)
    if sentence := why_not(request, access, on):
        raise Refusal(sentence)
    office, addressee = access.post.organisation, request.turn_organisation
    sent = Supervision.objects.create(
        request=request, by=by, organisation=office, addressee=addressee, note=note, on=on, at=now()
    )
    clock = clock_of(request, on)
    late = f"已{clock.chip_text}" if clock else "已超期"
    text = f"督办：{request.subject}（{request.number}）{late}。{office.short_name}：{note}"[:300]
    Message.objects.bulk_create(
        Message(to=reader, request=request, text=text, at=sent.at)
        for reader in people_who_may(request.turn_permission, addressee, on)
    )
    record(action="督办", by=by, target=request, after={"to": addressee.short_name, "note": note})
    return sent


@dataclass(frozen=True)
class Late:
    """A late request in the list: who has it, how often and when it was last urged, and whether the person stands above."""

    row: Row
    who: str
    notes: int
    last: date | None
    may: bool


CHAIN = ("turn_organisation__parent", "turn_organisation__parent__parent", "turn_organisation__parent__parent__parent")


def late_rows(rows: list[Row], access: Access) -> list[Late]:
    """The lines of late requests; one query however many."""
    over = frozenset().union(*(access.organisations(permission) for permission in FROM_ABOVE))
    found = Request.objects.filter(pk__in=[row.pk for row in rows]).order_by()
    found = found.annotate(notes=Count("supervisions"), last=Max("supervisions__on"))
    columns = ("pk", "turn_organisation__short_name", "notes", "last", *CHAIN)
    known = {
        pk: (who, notes, last, bool(over & set(chain))) for pk, who, notes, last, *chain in found.values_list(*columns)
    }
    return [Late(row, *known[row.pk]) for row in rows if row.pk in known]


def shown(request: Request, access: Access, on: date) -> dict[str, Any]:
    """What the decision page says of it: the notes, and whether the person may write one. Nothing is asked while in time."""
    if request.due_on is None or request.due_on >= on:
        return {}
    notes = list(request.supervisions.select_related("by", "organisation", "addressee"))
    own_today = any(note.by_id == access.user_id and note.on == on for note in notes)
    may = request.is_open and not own_today and stands_above(access, request.turn_organisation)
    return {"supervisions": notes, "may_supervise": may}
