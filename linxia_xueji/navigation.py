"""The frame's navigation: each app adds its entries; what one may not use is not shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from linxia_xueji.access import Access, access_of


@dataclass(frozen=True)
class Place:
    """One entry of the navigation. `shown` asks the access; `count` gives a number and whether it is urgent."""

    group: str
    order: int
    label: str
    url_name: str
    shown: Callable[[Access], bool] = lambda access: True
    count: Callable[[Any, Access], int] | None = None
    hot: bool = False


_PLACES: list[Place] = []
_FRAME: list[Callable[[Any], dict[str, Any]]] = []
GROUPS = ("审批", "业务", "查询与报表", "帮助")


def add_place(place: Place) -> None:
    """Make an entry known; called from an app's `ready()`."""
    _PLACES.append(place)


def add_to_frame(provider: Callable[[Any], dict[str, Any]]) -> None:
    """Let an app add a value to every page, such as the number of unread messages."""
    _FRAME.append(provider)


def navigation_for(request: HttpRequest) -> dict[str, Any]:
    """`me`, `nav` and what the apps add, for the signed-in person."""
    access = access_of(request.user)
    post = access.post
    me = {
        "full_name": request.user.full_name,
        "organisation_name": post.organisation.short_name if post else "",
        "role_label": post.get_role_display() if post else "未任职",
    }
    nav = [{"title": group, "links": _links(request, access, group)} for group in GROUPS]
    frame: dict[str, Any] = {"me": me, "nav": [g for g in nav if g["links"]]}
    for provider in _FRAME:
        frame |= provider(request.user)
    return frame


def _links(request: HttpRequest, access: Access, group: str) -> list[dict[str, Any]]:
    links = []
    for place in sorted((p for p in _PLACES if p.group == group and p.shown(access)), key=lambda p: p.order):
        url = reverse(place.url_name)
        count = place.count(request.user, access) if place.count else None
        links.append(
            {
                "label": place.label,
                "url": url,
                "count": count,
                "hot": place.hot and bool(count),
                "current": request.path == url,
            }
        )
    return links
