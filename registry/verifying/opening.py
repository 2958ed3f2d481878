"""Opening a campaign: one row a school and one a class, from the register as it stands at that moment."""

from collections import defaultdict
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.urls import reverse

from approvals.calendars import calendars
from approvals.messages import tell
from approvals.terms import school_year_of, terms_of
from linxia_xueji.access import people_at
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, User
from linxia_xueji.policy import in_force
from linxia_xueji.reach import run_by
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import ClassAttestation, SchoolVerification, Verification
from registry.verifying.enums import Phase
from registry.verifying.rights import may_open
from registry.verifying.roster import rostered


def terms_to_verify(prefecture: Organisation, on: date) -> list[tuple[str, str]]:
    """The terms entered that have begun, the latest first; (code, words)."""
    found = {}
    for year in (school_year_of(on) - 1, school_year_of(on), school_year_of(on) + 1):
        for term in terms_of(prefecture, year).values():
            if term.starts_on <= on:
                code = f"{term.school_year}-{term.season}"
                words = f"{term.school_year}学年{term.get_season_display()}"
                found[code] = min(found.get(code, (term.starts_on, words)), (term.starts_on, words))
    latest = sorted(found.items(), key=lambda item: item[1][0], reverse=True)
    return [(code, words) for code, (_, words) in latest[:2]]


@transaction.atomic
def open_verification(*, prefecture: Organisation, term: str, phase: str, on: date, by: User) -> Verification:
    """Freeze the roster of a day and call upon every school. :param term: code from `terms_to_verify`.

    :raises Refusal: without the right, and where that campaign has been opened.
    """
    if not may_open(by, prefecture):
        raise Refusal("信息核查由州教育局学管中心发起")
    year, season = term.split("-")
    policy, calendar = in_force(prefecture, on), calendars().of(prefecture)
    due = calendar.working_days_after(on, policy["verify.days"]).day
    try:
        with transaction.atomic():
            made = Verification.objects.create(
                prefecture=prefecture, school_year=int(year), season=season, phase=Phase(phase), roster_day=on, opened_by=by,
                opened_at=now(), due_on=due,
                sample_due_on=calendar.working_days_after(due, policy["verify.sample_days"]).day if due else None,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("这一次核查已经发起，请在列表中打开") from error
    schools = _schools(made)
    record(
        action="发起学籍信息核查", by=by, target=made, organisation=prefecture,
        after={"schools": len(schools), "day": on.isoformat()},
    )  # fmt: skip
    tell(
        people_at(Permission.PREPARE_BUSINESS, schools, on),
        f"{made}已发起，请逐班核查" + (f"，{due:%Y-%m-%d}前由校长签字" if due else ""),
        link=reverse("registry:verification", args=[made.pk]),
        by=by,
    )
    return made


def _schools(verification: Verification) -> list[int]:
    """A row for each school the prefecture or its counties run, and one for each class of its roster."""
    grouped = rostered(verification).order_by().values_list("school", "grade__grade", "grade__school_class")
    classes: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for school, grade, school_class, count in grouped.annotate(n=Count("pk")):
        if grade:
            classes[school].append((grade, school_class, count))
    schools = Organisation.objects.filter(
        pk__in=run_by([verification.prefecture_id]), level=Level.SCHOOL, valid_to=None
    ).values_list("pk", "parent", "parent__level")
    province = verification.prefecture.parent_id
    made = SchoolVerification.objects.bulk_create(
        (
            SchoolVerification(
                verification=verification, school_id=pk, county_id=parent if level == Level.COUNTY else None,
                prefecture_id=verification.prefecture_id, province_id=province, students=sum(n for *_, n in classes[pk]),
            )
            for pk, parent, level in schools
        ),
        batch_size=2000,
    )  # fmt: skip
    ClassAttestation.objects.bulk_create(
        (
            ClassAttestation(school_verification=one, grade=grade, school_class=school_class, students=count)
            for one in made
            for grade, school_class, count in classes[one.school_id]
        ),
        batch_size=2000,
    )
    return [one.school_id for one in made]
