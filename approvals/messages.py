"""Telling people: whoever is next, and whoever sent it."""

from collections.abc import Iterable

from approvals.enums import Move, State
from approvals.models import Entry, Message, Request
from linxia_xueji.access import people_who_may
from linxia_xueji.dates import now
from linxia_xueji.models import User


def announce(request: Request, entry: Entry) -> None:
    """One message to each person whose turn it has become, and to the submitter when it comes back or is closed."""
    readers = {}
    if request.turn_organisation_id and entry.move != Move.STRIKE:
        text = f"{request.subject}（{request.number}）{request.status}"
        readers = {u.pk: text for u in people_who_may(request.turn_permission, request.turn_organisation, entry.on)}
    if request.submitted_by_id and (request.state != State.PENDING or entry.move == Move.STRIKE):
        readers[request.submitted_by_id] = (
            f"{request.subject}（{request.number}）{_done(request, entry)}：{entry.note or entry.get_move_display()}"[
                :300
            ]
        )
    readers.pop(entry.by_id, None)
    Message.objects.bulk_create(
        Message(to_id=pk, request=request, text=text[:300], at=now()) for pk, text in readers.items()
    )


def _done(request: Request, entry: Entry) -> str:
    return entry.get_move_display() if entry.move == Move.STRIKE else request.get_state_display()


def tell(readers: Iterable[User], text: str, *, link: str, by: User | None = None) -> None:
    """One message to each of them about what is no request, in the transaction of the deed; none to who did it.

    :param link: the address, within the portal, of the page it is about.
    """
    told = {reader.pk for reader in readers} - {by.pk if by else None}
    Message.objects.bulk_create(Message(to_id=pk, text=text[:300], link=link, at=now()) for pk in sorted(told))
