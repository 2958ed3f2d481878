"""What the frame of every page shows."""

from django.conf import settings
from django.http import HttpRequest

from linxia_xueji.addresses import place_at
from linxia_xueji.confirm import due
from linxia_xueji.navigation import navigation_for


def portal(request: HttpRequest) -> dict:
    """Name, post, navigation with counts, unread messages; nothing where nobody is signed in."""
    frame = {"demo_today": settings.DEMO_TODAY, "portal_name": "临夏州中小学学籍管理门户"}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return frame
    frame["law_url"] = place_at("registry:clauses")  # where a finding leads, on whatever page it stands
    return frame | {"large_type": user.large_type, "password_due": due(request), **navigation_for(request)}
