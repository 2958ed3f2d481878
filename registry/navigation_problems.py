"""问题学籍 in the navigation, with how many of one's own wait."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from linxia_xueji.access import Access
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.models import Problem, ProblemParty


def places() -> None:
    """Make it known; called when the app is ready."""
    add_place(
        Place("学籍", 48, "问题学籍", "registry:problems", lambda access: access.has(Permission.VIEW_REGISTER), waiting)
    )


def waiting(access: Access, on: date) -> QuerySet[Problem]:
    """Problems not settled in which one of the person's students is."""
    parties = ProblemParty.objects.open_to(access).filter(problem=OuterRef("pk"))
    return Problem.objects.filter(Exists(parties), settled_on=None)
