"""What a comparison tells the offices: counts for the letter of each county, and a message that they are there."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from approvals.messages import tell as tell_people
from linxia_xueji.access import people_who_may
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, scope_of
from linxia_xueji.reach import run_by
from registry.comparing.enums import DifferenceKind
from registry.models import Comparison, Difference, Feedback

_KINDS = [kind.value for kind in DifferenceKind]


def tell(comparison: Comparison, due: Callable[[Organisation], date | None]) -> None:
    """One feedback a county, and one of the prefecture's own schools; in the transaction of the comparison."""
    prefecture = comparison.prefecture
    counties = Organisation.objects.filter(pk__in=run_by([prefecture.pk]), level=Level.COUNTY, valid_to=None)
    offices = [*counties.select_related("parent__parent").order_by("code"), prefecture]
    schools, opened, closed = _counted(comparison)
    made = [
        Feedback(
            **scope_of(office), comparison=comparison, due_on=due(office), opened=opened[key], closed=closed[key],
            standing=sum(sum(counts) for _, counts in schools[key]), counts=schools[key],
        )
        for office in offices
        for key in [office.pk if office.level == Level.COUNTY else None]
    ]  # fmt: skip
    Feedback.objects.bulk_create(made)
    for feedback in made:
        if feedback.standing and feedback.county_id:
            tell_people(
                people_who_may(Permission.DECIDE_AS_COUNTY, feedback.school, comparison.compared_on),
                f"{comparison}已完成，{feedback.school.short_name}有{feedback.standing}项差异待处理",
                link=reverse("registry:comparison", args=[comparison.pk]),
            )


def _counted(comparison: Comparison):
    """By county (None: the prefecture's own): schools with how many of each kind, how many opened, how many closed."""
    shown = Difference.objects.filter(prefecture=comparison.prefecture).shown_by(comparison.pk)
    kinds = {f"n{n}": Count("pk", filter=Q(kind=kind)) for n, kind in enumerate(_KINDS)}
    schools: dict[int | None, list] = defaultdict(list)
    for row in shown.order_by("school__code").values("county", "school__name").annotate(**kinds):
        schools[row["county"]].append([row["school__name"], [row[name] for name in kinds]])
    return schools, *(
        defaultdict(int, dict(rows.order_by().values_list("county").annotate(n=Count("pk"))))
        for rows in (comparison.opened, comparison.closed)
    )
