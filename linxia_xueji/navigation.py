"""The frame's navigation: each app adds its entries; what one may not use is not shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from linxia_xueji.access import Access, access_of
from linxia_xueji.addresses import place_at
from linxia_xueji.dates import today
from linxia_xueji.prepared import how_many


@dataclass(frozen=True)
class Place:
    """One entry of the navigation. `shown` asks the access; `waiting` is what waits there on a day, counted beside it."""

    group: str
    order: int
    label: str
    url_name: str
    shown: Callable[[Access], bool] = lambda access: True
    waiting: Callable[[Access, date], QuerySet] | None = None
    hot: bool = False


_PLACES: list[Place] = []
_FRAME: dict[str, Callable[[Access, date], QuerySet]] = {}
GROUPS = ("审批", "新生", "异动", "学籍", "查询与报表", "设置", "帮助")


def add_place(place: Place) -> None:
    """Make an entry known; called from an app's `ready()`."""
    _PLACES.append(place)


def add_count(name: str, rows: Callable[[Access, date], QuerySet]) -> None:
    """Let an app count something of the person's on every page, such as the unread messages."""
    _FRAME[name] = rows


def navigation_for(request: HttpRequest) -> dict[str, Any]:
    """`me`, `nav` and what the apps count, for the signed-in person; all counts in one query."""
    access = access_of(request.user)
    shown = sorted((p for p in _PLACES if p.shown(access)), key=lambda p: p.order)
    counting = [p for p in shown if p.waiting]
    found = how_many([*(p.waiting for p in counting), *_FRAME.values()], access, today())
    counts = dict(zip(counting, found, strict=False))
    here = _nearest(request.path, [place_at(p.url_name) for p in shown])
    nav = [
        {"title": g, "links": [_link(request, p, counts.get(p), here) for p in shown if p.group == g]} for g in GROUPS
    ]
    frame = dict(zip(_FRAME, found[len(counting) :], strict=True))
    return {"me": _me(request.user, access), "nav": [g for g in nav if g["links"]]} | frame


def _me(user, access: Access) -> dict[str, str]:
    post = access.post
    return {
        "full_name": user.full_name,
        "organisation_name": post.organisation.short_name if post else "",
        "role_label": post.get_role_display() if post else "未任职",
    }


def _nearest(path: str, urls: list[str]) -> str:
    """The entry whose page this is or lies below, so that a record's page shows which list it belongs to; "" for none."""
    return max((url for url in urls if path == url or url != "/" and path.startswith(url)), key=len, default="")


def _link(request: HttpRequest, place: Place, count: int | None, here: str) -> dict[str, Any]:
    url = place_at(place.url_name)
    return {
        "label": place.label,
        "url": url,
        "count": count,
        "hot": place.hot and bool(count),
        "current": url == here and ("page" if request.path == url else "true"),
    }
