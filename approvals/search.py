"""Looking things up from the top bar: requests here, people and papers by what each business adds."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Reverse

from approvals.kinds import kind_of
from approvals.models import Request
from linxia_xueji.addresses import address
from linxia_xueji.enums import Level
from linxia_xueji.identity import half_width, without_blanks
from linxia_xueji.models import Organisation
from linxia_xueji.templatetags.portal import REQUEST_TONES

MOST = 20
SHORTEST = 4
"""Digits of a 受理号 at the least: its serial."""
SCHOOLS = 3
"""A term that fits more schools than these is no search for the requests of one."""
TERM_LENGTH = 60

Section = dict[str, Any]
Provider = Callable[[Any, str], Iterable[Section]]
_PROVIDERS: list[Provider] = []


def add_search(provider: Provider) -> None:
    """Let a business answer: provider(user, term) → sections of title, rows (label, url, text, optionally tone and words)
    and `most`: how many rows are shown where there are more of them, else 0.

    A provider shows only what the person may see; the term is never kept in an address.
    """  # fmt: skip
    _PROVIDERS.append(provider)


def find(user, term: str) -> list[Section]:
    """The sections of the answer that hold anything."""
    if not term:
        return []
    found = [_requests(user, term)]
    for provider in _PROVIDERS:
        found.extend(provider(user, term))
    return [section for section in found if section["rows"]]


def section(title: str, rows: list[Any], most: int) -> Section:
    """A section of at most so many rows, from one row more than these: whether there are more is known without counting."""
    return {"title": title, "rows": rows[:most], "most": most if len(rows) > most else 0}


def request_row(request: Request) -> dict[str, str]:
    """A request as a line of the answer; its school is read."""
    return {
        "label": f"{kind_of(request).label} {request.number}",
        "url": address("approvals:request", request.pk),
        "text": f"{request.subject} · {request.school.short_name}",
        "tone": REQUEST_TONES.get(request.state, ""),
        "words": request.status,
    }


def _requests(user, term: str) -> Section:
    """By the whole 受理号 or its end, or the latest ones of a school."""
    number = without_blanks(half_width(term)).upper()
    if any(character.isdigit() for character in number):
        found = _ending(user, number) if len(number) >= SHORTEST else []
    else:
        found = _of_schools(user, term)
    return section("申请", [request_row(r) for r in found], MOST)


def _ending(user, number: str) -> list[Request]:
    """Turned round, the end is a beginning, which an index finds."""
    seen = Request.objects.visible_to(user).select_related("school")
    found = seen.annotate(turned=Reverse("number")).filter(turned__startswith=number[::-1])[: MOST + 1]
    return sorted(found, key=lambda r: r.created_at, reverse=True)


def _of_schools(user, name: str) -> list[Request]:
    named = Organisation.objects.filter(Q(name__contains=name) | Q(short_name__contains=name), level=Level.SCHOOL)
    schools = list(named.values_list("pk", flat=True)[: SCHOOLS + 1])
    if not 0 < len(schools) <= SCHOOLS:
        return []
    seen = Request.objects.visible_to(user).filter(school__in=schools).select_related("school")
    return list(seen.order_by("-created_at")[: MOST + 1])
