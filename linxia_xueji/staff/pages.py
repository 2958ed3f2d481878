"""What the pages show around their rows: tabs with counts, a post with its history, a person with the account."""

from datetime import date
from typing import Any

from django.urls import reverse

from linxia_xueji.access import access_of
from linxia_xueji.doors import second_factor
from linxia_xueji.doors.lock import locked_until
from linxia_xueji.models import Appointment, Post, User
from linxia_xueji.refusal import Refusal
from linxia_xueji.staff import lists
from linxia_xueji.staff.deeds import PERSON_DEEDS, POST_DEEDS, Deed
from linxia_xueji.staff.forms import FindForm
from linxia_xueji.staff.reach import require_may_fill, require_may_keep
from linxia_xueji.staff.sealing import idle_days, terms_for

TABS = (("posts", "岗位"), ("unset", "未设岗位"), ("unused", "长期未登录"), ("sealed", "已封存"))


def frame_of(keeper: User, on: date, at: str) -> dict[str, Any]:
    """Tabs and counts above each list, the search, and the settings that say what is unused."""
    terms = terms_for(access_of(keeper).post.organisation, on)
    counts = lists.counts_of(keeper, terms, on)
    tabs = [
        {"label": label, "url": reverse(f"staff:{name}"), "count": counts[name], "current": name == at}
        for name, label in TABS
    ]
    return {"tabs": tabs, "counts": counts, "terms": terms, "find_form": FindForm(), "today": on}


def post_page(post: Post, keeper: User, on: date) -> dict[str, Any]:
    """A post: terms past and present, newest first, and the deeds that may be done now."""
    terms = list(post.appointments.select_related("user").order_by("-starts_on", "-pk"))
    own = [item for item in terms if not item.stand_in]
    holder = next((item for item in own if _covers(item, on)), None)
    why = _why_not(lambda: require_may_fill(keeper, post.organisation, post.role))
    return {
        "post": post,
        "terms": [_term(item, on, why) for item in terms],
        "holder": holder,
        "vacant": not any(item.ends_on is None or item.ends_on >= on for item in own),
        "today": on,
        "why": why,
        "deeds": []
        if why
        else _links(POST_DEEDS, "staff:post_deed", post.pk, ["hand-over", "stand-in"] if holder else ["stand-in"]),
    }


def person_page(person: User, keeper: User, on: date) -> dict[str, Any]:
    """A person: where he belongs, terms, seals, the account, and the deeds that may be done now."""
    terms = person.appointments.select_related("post__organisation").order_by("-starts_on", "-pk")
    last = max(filter(None, (person.last_login, person.created_at, person.unused_from)))
    why = _why_not(lambda: require_may_keep(keeper, person))
    locked = locked_until(person.username)
    useless = {"unseal"} | ({"unlock"} if not locked else set())
    useless |= {"reset-factor"} if not second_factor.of(person) else set()
    names = [name for name in PERSON_DEEDS if name not in useless] if person.is_active else ["unseal"]
    return {
        "person": person,
        "locked": locked,
        "terms": [_term(item, on, "") for item in terms],
        "seals": person.seals.select_related("by").order_by("-pk"),
        "days": idle_days(last, on),
        "today": on,
        "why": why,
        "deeds": [] if why else _links(PERSON_DEEDS, "staff:person_deed", person.pk, names),
    }


def _covers(item: Appointment, on: date) -> bool:
    return item.starts_on <= on and (item.ends_on is None or item.ends_on >= on)


def _term(item: Appointment, on: date, why: str) -> dict[str, Any]:
    """One appointment, whether it holds today, and whether it can be ended."""
    open_still = item.ends_on is None or item.ends_on >= on
    return {"item": item, "now": _covers(item, on), "may_end": open_still and not why}


def _links(deeds: dict[str, Deed], url_name: str, pk: int, names: list[str]) -> list[dict[str, Any]]:
    return [{"deed": deeds[name], "url": reverse(url_name, args=[pk, name])} for name in names]


def _why_not(require) -> str:
    try:
        require()
    except Refusal as refusal:
        return refusal.message
    return ""
