"""The people of the demonstration: one account for each role and level, all under one password known to everybody."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from linxia_xueji.access import make_post
from linxia_xueji.dates import SHANGHAI
from linxia_xueji.enums import Level, Role
from linxia_xueji.models import Appointment, Organisation, User
from linxia_xueji.trail import record
from registry.demo.names import ETHNICITY_WEIGHTS, People

PASSWORD = "linxia-demo-2026"  # noqa: S105 - printed on the screen: invented data, never on a real server
SCHOOL_ROLES = (Role.REGISTRAR, Role.HEAD)
ROLES_OF_LEVEL = {
    Level.COUNTY: (Role.COUNTY_REVIEWER, Role.COUNTY_HEAD),
    Level.PREFECTURE: (Role.CENTRE, Role.AUDITOR, Role.ACCOUNT_ADMIN),
    Level.PROVINCE: (Role.PROVINCE,),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account as it is shown: role code, name of the organisation, user name, password."""

    role: str
    organisation: str
    username: str
    password: str


def username(role: str, organisation: Organisation) -> str:
    """registrar-3462990001; where there is one seat only in the prefecture, the role alone: centre."""
    alone = organisation.level in (Level.PREFECTURE, Level.PROVINCE)
    return role if alone else f"{role}-{organisation.code}"


def make_accounts(*, schools: list[Organisation], since: date, random: Random) -> dict[tuple[str, str], User]:
    """An account for each role of each of `schools` and of every authority, appointed from `since`.

    Returns the users by (role, code of the organisation).
    """
    authorities = Organisation.objects.exclude(level=Level.SCHOOL).order_by("code")
    seats = [(role, item) for item in schools for role in SCHOOL_ROLES]
    seats += [(role, item) for item in authorities for role in ROLES_OF_LEVEL[Level(item.level)]]
    # One password known to everybody needs one hash only: hashing is slow on purpose.
    return _appoint(seats, since, make_password(PASSWORD), random)


def add_schools(
    people: dict[tuple[str, str], User], schools: list[Organisation], *, since: date, random: Random
) -> None:
    """Registrar and head of each of more schools, added to the people there are."""
    hashed = next(iter(people.values())).password
    people |= _appoint([(role, item) for item in schools for role in SCHOOL_ROLES], since, hashed, random)


def _appoint(
    seats: list[tuple[str, Organisation]], since: date, hashed: str, random: Random
) -> dict[tuple[str, str], User]:
    people, made = People(random), {}
    for role, organisation in seats:
        division = organisation.division_id if organisation.division_id in ETHNICITY_WEIGHTS else "622901"
        name = people.name(random.choice("12"), random.choice(list(ETHNICITY_WEIGHTS[division])))
        user = User.objects.create(username=username(role, organisation), full_name=name, is_demo=True, password=hashed)
        post = make_post(organisation=organisation, role=role)
        appointment = Appointment.objects.create(user=user, post=post, starts_on=since)
        record(
            action="建立演示账号",
            by=None,
            target=user,
            organisation=organisation,
            after={"appointment": str(appointment)},
        )
        made[role, organisation.code] = user
    return made


def give_last_visits(people: dict[tuple[str, str], User], *, until: date, random: Random) -> None:
    """When each last signed in before the story ends: within three weeks, but for two of them long ago."""
    long_ago = {Role.AUDITOR: 41, Role.COUNTY_HEAD: 96}
    for (role, _), user in people.items():
        days = long_ago.pop(role, None) or random.randrange(1, 20)
        user.last_login = datetime.combine(until - timedelta(days=days), time(9, random.randrange(60)), SHANGHAI)
        user.created_at = user.last_login - timedelta(days=200)
    User.objects.bulk_update(people.values(), ["last_login", "created_at"])


def demo_accounts(on: date) -> list[Account]:
    """The demonstration accounts that hold a post on that day, from the province down, organisations as named then."""
    held = Appointment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), user__is_demo=True, user__is_active=True, starts_on__lte=on
    ).select_related("user", "post__organisation")
    held = held.prefetch_related("post__organisation__names")
    levels = list(reversed(Level.values))
    roles = list(Role.values)
    rows = sorted(
        held,
        key=lambda item: (
            levels.index(item.post.organisation.level),
            item.post.organisation.code,
            roles.index(item.post.role),
        ),
    )
    return [Account(item.post.role, item.post.organisation.name_on(on), item.user.username, PASSWORD) for item in rows]
