"""What the interface answers: plain data out of the register."""

from typing import Any

from linxia_xueji.access import Access
from linxia_xueji.dates import today
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import within
from registry.api.fields import fields_of
from registry.models import ApiToken, Enrolment
from registry.rosters.conditions import Conditions
from registry.rosters.counting import counts_of
from registry.rosters.dimensions import dated


class NoSuchDay(ValueError):
    """A day to come, of which the register knows nothing."""


def _seen(token: ApiToken):
    """The enrolments of the organisation of the token."""
    organisation = token.organisation
    access = Access(None, (), frozenset({(Permission.VIEW_REGISTER, organisation.pk, organisation.level)}))
    return Enrolment.objects.open_to(access)


def _conditions(asked: dict[str, Any]) -> Conditions:
    day = asked.get("day") or today()
    if day > today():
        raise NoSuchDay
    return Conditions.of(day, {name: value for name, value in asked.items() if name not in ("county", "school")})


def _where(enrolments, asked: dict[str, Any]):
    """Narrowed to the codes of county and school; a code nobody has finds nobody."""
    places = {f"{name}__code": asked[name] for name in ("county", "school") if name in asked}
    return enrolments.filter(**places)


def counts(token: ApiToken, asked: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Counts by one or two dimensions; no student is named."""
    conditions = _conditions(asked)
    found = counts_of(_where(_seen(token), asked), conditions, asked.get("by", "school"), asked.get("across", "state"))
    groups = [
        {"group": line.label, "figures": dict(zip(found.heads, line.figures, strict=True)), "total": line.total}
        for line in found.lines
    ]
    told = {"day": conditions.day.isoformat(), "by": found.by.code, "across": found.across.code}
    return told | {"groups": groups, "total": found.sums.total}, 0


def rosters(token: ApiToken, asked: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """A page of students with what the purpose needs; `next` asks for the page after it."""
    conditions, columns = _conditions(asked), fields_of(token.purpose)
    lookups, limit = conditions.lookups(), asked.get("limit", 100)
    paths = [column.path for column in columns]
    rows = dated(_where(_seen(token), asked), (*paths, *lookups), conditions.day).filter(
        **lookups, pk__gt=asked.get("after", 0)
    )
    page = list(rows.order_by("pk").values_list("pk", *paths)[: limit + 1])
    shown = page[:limit]
    students = [
        {column.code: column.words(value) for column, value in zip(columns, row[1:], strict=True)} for row in shown
    ]
    following = shown[-1][0] if len(page) > limit else None
    told = {"day": conditions.day.isoformat(), "purpose": token.get_purpose_display()}
    return told | {"students": students, "next": following}, len(students)


def schools(token: ApiToken, asked: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The schools the token reaches."""
    found = Organisation.objects.filter(within([token.organisation_id]), level=Level.SCHOOL)
    if "county" in asked:
        found = found.filter(parent__code=asked["county"])
    rows = found.order_by("code").values_list("code", "name", "parent__code", "parent__name")
    names = ("code", "name", "authority_code", "authority")
    return {"schools": [dict(zip(names, row, strict=True)) for row in rows]}, 0
