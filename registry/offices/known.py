"""What is there already, in the words a file may use for it; asked in a handful of queries."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from linxia_xueji.access import access_of
from linxia_xueji.enums import Level, Permission, Role, Stage
from linxia_xueji.models import Appointment, Organisation, User
from linxia_xueji.reach import within
from registry.admissions.lookups import Lookups, from_database
from registry.models import Programme, SchoolProfile

_STAGE_WORDS = {
    "小学": (Stage.PRIMARY,), "初中": (Stage.JUNIOR,), "普通高中": (Stage.SENIOR,), "高中": (Stage.SENIOR,),
    "职业高中": (Stage.VOCATIONAL,), "中职": (Stage.VOCATIONAL,), "中等职业": (Stage.VOCATIONAL,), "教学点": (Stage.PRIMARY,),
    "九年一贯制": (Stage.PRIMARY, Stage.JUNIOR), "完全中学": (Stage.JUNIOR, Stage.SENIOR),
    "十二年一贯制": (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR),
}  # fmt: skip
_ROLE_WORDS = {role.label: role for role in Role} | {"县级分管领导": Role.COUNTY_HEAD, "学管中心": Role.CENTRE}


@dataclass(frozen=True, slots=True)
class School:
    """A school that is there, as far as a file could say otherwise."""

    name: str
    short_name: str
    division: str
    parent: str
    stages: frozenset[str]
    number_code: str
    urban_area: str


@dataclass(frozen=True)
class Known:
    """:param organisations: code → organisation, all there are.
    :param below: ids of those under the person; `own`: of those whose level he keeps himself.
    :param holders: (code, role, title) → name of who holds the post now or later.
    """

    on: date
    organisations: dict[str, Organisation]
    below: frozenset[int]
    own: frozenset[int]
    schools: dict[str, School]
    number_codes: dict[str, str]
    holders: dict[tuple[str, str, str], str]
    parents: dict[str, Organisation]
    counties: Lookups

    def division(self, text: str) -> str | None:
        """The code of a county, from its name or code."""
        return text if text in self.counties.county_names else self.counties.county(text)

    def stages(self, text: str) -> list[Stage] | None:
        """Stages from words such as 小学、初中; None where one of them is none."""
        for mark in "，,；;/+和 ":
            text = text.replace(mark, "、")
        found = [_STAGE_WORDS.get(word) for word in text.split("、") if word]
        return None if None in found or not found else list(dict.fromkeys(s for words in found for s in words or ()))

    def role(self, text: str) -> Role | None:
        """A role by its label."""
        return _ROLE_WORDS.get(text)


def known_to(by: User, on: date) -> Known:
    """What is there, and how much of it the person may fill."""
    granted = access_of(by).organisations(Permission.MANAGE_ACCOUNTS)
    organisations = {o.code: o for o in Organisation.objects.select_related("parent")}
    reached = frozenset(Organisation.objects.filter(within(granted)).values_list("pk", flat=True))
    own = granted - frozenset(Organisation.objects.filter(within(granted, "parent")).values_list("pk", flat=True))
    below = reached - own
    authorities = [o for o in organisations.values() if o.level != Level.SCHOOL and o.pk in reached]
    return Known(
        on=on, organisations=organisations, below=below, own=frozenset(own), schools=_schools(organisations),
        number_codes=dict(SchoolProfile.objects.exclude(number_code=None).values_list("number_code", "organisation__code")),
        holders=_holders(on), parents=_parents(authorities), counties=from_database(on.year, on),
    )  # fmt: skip


def _schools(organisations: dict[str, Organisation]) -> dict[str, School]:
    profiles = {pk: rest for pk, *rest in SchoolProfile.objects.values_list("pk", "number_code", "urban_area")}
    stages: dict[int, set[str]] = {}
    for organisation, stage in Programme.objects.filter(valid_to=None).values_list("organisation_id", "stage"):
        stages.setdefault(organisation, set()).add(stage)
    return {
        code: School(
            o.name, o.short_name, o.division_id, o.parent.code if o.parent else "", frozenset(stages.get(o.pk, ())),
            profiles.get(o.pk, ["", ""])[0] or "", profiles.get(o.pk, ["", ""])[1],
        )
        for code, o in organisations.items()
        if o.level == Level.SCHOOL
    }  # fmt: skip


def _holders(on: date) -> dict[tuple[str, str, str], str]:
    held = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), stand_in=False).order_by("-starts_on")
    rows = held.values_list("post__organisation__code", "post__role", "post__title", "user__full_name")
    return {(code, role, title): name for code, role, title, name in rows}


def _parents(authorities: list[Organisation]) -> dict[str, Organisation]:
    """Authorities by code, full name and short name; a word two of them share means neither."""
    found: dict[str, Organisation | None] = {}
    for authority in authorities:
        for word in {authority.code, authority.name, authority.short_name}:
            found[word] = None if word in found else authority
    return {word: authority for word, authority in found.items() if authority}
