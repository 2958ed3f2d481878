"""Looking things up from the top bar: requests here, people and papers by what each business adds."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from approvals.kinds import kind_of
from approvals.models import Request
from linxia_xueji.templatetags.portal import REQUEST_TONES

MOST = 20
TERM_LENGTH = 60

Section = dict[str, Any]
Provider = Callable[[Any, str], Iterable[Section]]
_PROVIDERS: list[Provider] = []


def add_search(provider: Provider) -> None:
    """Let a business answer: provider(user, term) → sections of title and rows (label, url, text, optionally tone and words).

    A provider shows only what the person may see; the term is never kept in an address.
    """
    _PROVIDERS.append(provider)


def find(user, term: str) -> list[Section]:
    """The sections of the answer that hold anything."""
    if not term:
        return []
    found = [{"title": "申请", "rows": _requests(user, term)}]
    for provider in _PROVIDERS:
        found.extend(provider(user, term))
    return [section for section in found if section["rows"]]


def _requests(user, term: str) -> list[dict[str, str]]:
    matching = Q(number__icontains=term) | Q(subject__icontains=term)
    requests = Request.objects.visible_to(user).filter(matching).select_related("school").order_by("-created_at")
    return [
        {
            "label": f"{kind_of(r).label} {r.number}",
            "url": reverse("approvals:request", args=[r.pk]),
            "text": f"{r.subject} · {r.school.short_name}",
            "tone": REQUEST_TONES.get(r.state, ""),
            "words": r.status,
        }
        for r in requests[:MOST]
    ]
