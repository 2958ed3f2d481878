"""The turn of the school year in the navigation, and on the desks what it waits for."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from approvals.desk import add_notice
from linxia_xueji.access import Access
from linxia_xueji.enums import Level, Permission
from linxia_xueji.navigation import Place, add_place
from linxia_xueji.prepared import records
from registry.enums import TurnState
from registry.models import TurnItem, YearTurn
from registry.year_turn.follow import FOLLOWABLE
from registry.year_turn.rights import FOLLOWERS


def places() -> None:
    """Make them known; called when the app is ready."""
    add_place(
        Place(
            "学籍", 46, "学年升级毕业", "registry:turns", lambda access: access.has(Permission.VIEW_REGISTER), waiting
        )
    )
    add_notice(notices)


def waiting(access: Access, on: date) -> QuerySet[TurnItem]:
    """Students left out by a run whom the person is to see to."""
    if not any(map(access.has, FOLLOWERS)):
        return TurnItem.objects.none()
    return TurnItem.objects.open_to(access).filter(settled_at=None, turn__state__in=FOLLOWABLE)


def notices(user, access: Access, on: date) -> list[dict[str, str]]:
    """To the prefecture that a run waits to be confirmed; to a senior high that 结业 can be marked."""
    if not access.post or not access.has(Permission.VIEW_REGISTER):
        return []
    prefecture = access.post.organisation.at(Level.PREFECTURE)
    if access.has(Permission.DECIDE_AS_PREFECTURE):
        state, words = TurnState.DONE, "已处理完成，核对后请确认；确认前可以撤销"
    elif access.has(Permission.PREPARE_BUSINESS):
        state, words = TurnState.PREVIEW, "已开启预览，请核对本校名单，高三结业学生在处理前标记"
    else:
        return []
    return [
        {
            "tone": "info",
            "text": f"{turn}{words}",
            "link": "打开",
            "link_url": reverse("registry:turn", args=[turn.school_year]),
        }
        for turn in (records(_turns, state, of=(prefecture.pk,)) if prefecture else ())
    ]


def _turns(state: TurnState, prefecture: int) -> QuerySet[YearTurn]:
    return YearTurn.objects.filter(state=state, prefecture=prefecture)
