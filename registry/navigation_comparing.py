"""国网省网比对 in the navigation, with how many differences of one's own nobody has seen to."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from linxia_xueji.access import Access
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.models import Difference, DifferenceNote


def places() -> None:
    """Make it known; called when the app is ready."""
    add_place(
        Place(
            "学籍",
            49,
            "国网省网比对",
            "registry:comparisons",
            lambda access: access.has(Permission.VIEW_REGISTER),
            waiting,
        )
    )


def waiting(access: Access, on: date) -> QuerySet[Difference]:
    """Differences that stand and of which nothing is noted."""
    notes = DifferenceNote.objects.filter(difference=OuterRef("pk"))
    return Difference.objects.open_to(access).filter(~Exists(notes), closed_in=None)
