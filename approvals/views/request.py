"""The decision page of every business, and one decision."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from approvals.chain import advance
from approvals.clock_card import clock_card
from approvals.decision import Choice, advice, choice, choices, chosen_reasons, closes, judgement_of, steps_left, way
from approvals.enums import Move
from approvals.kept_filter import carried
from approvals.kinds import kind_of
from approvals.models import Request
from approvals.opened import opened
from approvals.supervision import shown
from linxia_xueji.access import access_of
from linxia_xueji.addresses import address
from linxia_xueji.confirm import password_again
from linxia_xueji.dates import today
from linxia_xueji.drafts import drafted, unfinished
from linxia_xueji.refusal import Refusal, Stale

CLOSED_TO_THIS_PAGE = (Move.STRIKE,)
"""A move beside the students it strikes."""
PLAIN_PANEL = "approvals/_panel.html"
"""What a business without a panel of its own shows."""


@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A request with its judgement, way, clock and history, and what this person may do with it."""
    found = _visible(request, pk)
    on, access, kind = today(), access_of(request.user), kind_of(found)
    kept = carried(request.GET)
    entries = list(reversed(found.entries.all()))
    judgement = judgement_of(found, entries, on)
    moves = [replace(m, url=m.url + kept) for m in choices(found, judgement, access, request.user, on)]
    context = {
        **kind.context(found, request.user), **_heading(found), **_neighbours(found, kept),
        "steps": way(found), "judgement": judgement, "panel_template": [kind.panel, PLAIN_PANEL], "entries": entries,
        "due_changes": found.due_changes.order_by("pk") if found.due_moved else (), "moves": moves, **clock_card(found, on),
        "advice": advice(judgement, moves, found.turn_permission) if found.here else None,
        **shown(found, access, on), "waiting": next((offered.blocked for offered in moves if offered.blocked), ""),
    }  # fmt: skip
    return render(request, "approvals/request.html", context)


def _is_final(request: HttpRequest, pk: int, move: str) -> bool:
    return closes(move, steps_left(_visible(request, pk)))


@login_required
@require_http_methods(["GET", "POST"])
@drafted
@password_again(when=_is_final)
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One decision on its own page; what was typed stays where it cannot be done."""
    found = _visible(request, pk)
    made = _move_named(move, found)
    judgement = judgement_of(found, list(reversed(found.entries.all())), today())
    data = request.POST if request.method == "POST" else None
    offered = choice(found, made, judgement, access_of(request.user), request.user, today(), data)
    if data is None:
        return _form_page(request, found, offered, judgement)
    if not offered.form.is_valid():
        return _form_page(request, found, offered, judgement, status=422)
    try:
        return _make(request, found, made, offered)
    except Stale as stale:
        return _too_late(request, found, made, stale)
    except Refusal as refusal:
        return _form_page(request, found, offered, judgement, status=422, refusal=refusal)


def _make(request: HttpRequest, found: Request, made: Move, offered: Choice) -> HttpResponse:
    """Advance, then on to the next file of the desk."""
    kept, form = carried(request.GET), offered.form
    following = found.after if found.here else None
    moved = advance(
        request=found, move=made, by=request.user, note=form.cleaned_data["note"], reasons=chosen_reasons(form),
        inputs=form.inputs, seen=form.cleaned_data["seen"],
    )  # fmt: skip
    messages.success(request, f"{offered.label}：{moved.subject}（{moved.number}），现{moved.status}")
    return redirect((reverse("approvals:request", args=[following]) if following else reverse("approvals:desk")) + kept)


def _too_late(request: HttpRequest, found: Request, made: Move, stale: Stale) -> HttpResponse:
    """Somebody was quicker; the same person's second click on the same button is no news to them."""
    last = found.entries.order_by("pk").last()
    if last and last.by_id == request.user.pk and last.move == made and not _changed_since(request, found):
        messages.success(request, f"{made.label}：{found.subject}（{found.number}）已办理")
        return redirect("approvals:desk")
    messages.warning(request, stale.message)
    return unfinished(redirect("approvals:request", pk=found.pk))


def _changed_since(request: HttpRequest, found: Request) -> bool:
    """Whether more than one move happened after the page was drawn."""
    return Request.objects.values_list("version", flat=True).get(pk=found.pk) != int(request.POST["seen"]) + 1


def _form_page(
    request: HttpRequest, found: Request, offered: Choice, judgement, *, status: int = 200, refusal=None
) -> HttpResponse:
    blocked = offered.blocked if request.method == "GET" else ""
    kept = carried(request.GET)
    shown = replace(offered, blocked=blocked, url=offered.url + kept)
    url = reverse("approvals:request", args=[found.pk]) + kept
    context = _heading(found) | {"request_url": url, "move": shown, "judgement": judgement, "refusal": refusal}
    return render(request, "approvals/move.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> Request:
    """The request, where this person may see it. :raises Http404: otherwise."""
    found = opened(pk, access_of(request.user), request.GET)
    if found is None:
        raise Http404("no such request for this person")
    return found


def _move_named(name: str, found: Request) -> Move:
    kind = kind_of(found)
    if name not in kind.moves or name in CLOSED_TO_THIS_PAGE or kind.move_url(found, Move(name)):
        raise Http404(f"no page for the move {name!r}")
    return Move(name)


def _heading(found: Request) -> dict[str, Any]:
    return {"request_obj": found, "kind_label": kind_of(found).label}


def _neighbours(found: Request, kept: str) -> dict[str, str]:
    """The files beside this one, under the same filter (`kept`), and the list it came from."""
    return {
        "previous_url": address("approvals:request", found.before) + kept if found.here and found.before else "",
        "next_url": address("approvals:request", found.after) + kept if found.here and found.after else "",
    }
