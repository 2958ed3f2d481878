"""Schools, posts and people of the large demonstration."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from linxia_xueji.access import grant_at_once
from linxia_xueji.enums import Level, Role, Stage
from linxia_xueji.models import Appointment, Organisation, OrganisationName, Post, User
from registry.demo.accounts import PASSWORD, ROLES_OF_LEVEL, username
from registry.demo.names import ETHNICITY_WEIGHTS, People
from registry.demo.scale.size import Size
from registry.models import Programme, SchoolProfile

SINCE = date(2000, 1, 1)
WORDS = {Stage.SENIOR: ("34", "示例高级中学"), Stage.JUNIOR: ("31", "示例初级中学"), Stage.PRIMARY: ("21", "示例小学")}
JUNIOR_SHARE = 0.3
FIRST_CODE = 5000
"""学号学校码 of the schools made here begin above those of the fixtures."""


@dataclass(frozen=True)
class Offices:
    """Schools by stage, and who sits where."""

    schools: dict[str, list[Organisation]]
    people: dict[tuple[str, str], tuple[int, int]]
    """(role, code of the organisation) → ids of user and post."""
    codes: dict[int, str] = field(default_factory=dict)
    """School id → its part of a 学号."""


@transaction.atomic
def make_offices(size: Size, random: Random) -> Offices:
    """Schools up to the size, then a person on each of its posts; every account is a demonstration account."""
    schools = _existing()
    _add_schools(size, schools)
    people = _people(size, schools, random)
    profiles = SchoolProfile.objects.exclude(number_code=None)
    return Offices(schools, people, dict(profiles.values_list("organisation_id", "number_code")))


def _existing() -> dict[str, list[Organisation]]:
    found: dict[str, list[Organisation]] = {stage: [] for stage in WORDS}
    stages: dict[int, set[str]] = {}
    for organisation, stage in Programme.objects.values_list("organisation_id", "stage"):
        stages.setdefault(organisation, set()).add(stage)
    for school in _with_parents(Organisation.objects.filter(level=Level.SCHOOL)):
        stage = next((s for s in WORDS if s in stages.get(school.pk, ())), None)
        if stage:
            found[stage].append(school)
    return found


def _with_parents(schools) -> Iterator[Organisation]:
    yield from schools.select_related("parent__parent__parent").order_by("code")


def _add_schools(size: Size, schools: dict[str, list[Organisation]]) -> None:
    counties = list(Organisation.objects.filter(level=Level.COUNTY).order_by("code"))
    missing = size.schools - Organisation.objects.filter(level=Level.SCHOOL).count()
    senior = max(0, min(missing, size.senior_schools - len(schools[Stage.SENIOR])))
    junior = max(0, min(missing - senior, round(size.schools * JUNIOR_SHARE) - len(schools[Stage.JUNIOR])))
    wanted = [Stage.SENIOR] * senior + [Stage.JUNIOR] * junior
    wanted += [Stage.PRIMARY] * max(0, missing - len(wanted))
    made = [_school(number, stage, counties[number % len(counties)]) for number, stage in enumerate(wanted, 1)]
    Organisation.objects.bulk_create(made, batch_size=1000)
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=s, name=s.name, short_name=s.short_name, valid_from=SINCE) for s in made
    )
    SchoolProfile.objects.bulk_create(
        SchoolProfile(organisation=s, number_code=str(FIRST_CODE + n) if stage == Stage.SENIOR else None)
        for n, (s, stage) in enumerate(zip(made, wanted, strict=True))
    )
    Programme.objects.bulk_create(
        Programme(organisation=s, stage=stage, valid_from=SINCE) for s, stage in zip(made, wanted, strict=True)
    )
    again = {s.pk: s for s in _with_parents(Organisation.objects.filter(pk__in=[s.pk for s in made]))}
    for school, stage in zip(made, wanted, strict=True):
        schools[stage].append(again[school.pk])


def _school(number: int, stage: str, county: Organisation) -> Organisation:
    kind, words = WORDS[stage]
    name = f"{county.division.short_name}{words.replace('示例', f'示例第{number}')}"
    return Organisation(
        code=f"{kind}6298{number:04d}", level=Level.SCHOOL, parent=county, division_id=county.division_id,
        name=name, short_name=name, valid_from=SINCE,
    )  # fmt: skip


def _people(
    size: Size, schools: dict[str, list[Organisation]], random: Random
) -> dict[tuple[str, str], tuple[int, int]]:
    """Every authority and registrar; heads of the schools as far as the posts reach, senior schools first."""
    every = [school for stage in WORDS for school in schools[stage]]
    authorities = Organisation.objects.exclude(level=Level.SCHOOL).order_by("code")
    seats = [(role, item) for item in authorities for role in ROLES_OF_LEVEL[Level(item.level)]]
    seats += [(Role.REGISTRAR, school) for school in every]
    seats += [(Role.HEAD, school) for school in every[: max(size.posts - len(seats), len(schools[Stage.SENIOR]))]]
    names, hashed = People(random), make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=username(role, item), full_name=_name(names, item), is_demo=True, password=hashed)
        for role, item in seats
    )
    groups = Group.objects.bulk_create(Group(name=f"post:{item.code}:{role}") for role, item in seats)
    posts = Post.objects.bulk_create(
        Post(organisation=item, role=role, group=group) for (role, item), group in zip(seats, groups, strict=True)
    )
    grant_at_once(posts)
    Appointment.objects.bulk_create(
        Appointment(user=user, post=post, starts_on=SINCE) for user, post in zip(users, posts, strict=True)
    )
    return {(role, item.code): (user.pk, post.pk) for (role, item), user, post in zip(seats, users, posts, strict=True)}


def _name(names: People, organisation: Organisation) -> str:
    division = organisation.division_id if organisation.division_id in ETHNICITY_WEIGHTS else "622901"
    return names.name(names.random.choice("12"), names.random.choice(list(ETHNICITY_WEIGHTS[division])))
