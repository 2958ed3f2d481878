"""A small prefecture for tests: the reference organisations, the people who hold posts there, a plan and a list."""

from dataclasses import dataclass
from datetime import date
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection

from approvals.chain import advance
from approvals.models import CalendarNotice
from linxia_xueji.access import make_post
from linxia_xueji.dates import now
from linxia_xueji.enums import Role
from linxia_xueji.files import keep
from linxia_xueji.identity import check_character
from linxia_xueji.models import (
    Appointment,
    Division,
    Organisation,
    OrganisationGroupObjectPermission,
    OrganisationName,
    Post,
    User,
    scope_of,
)
from registry.batches import mark, open_batch
from registry.enums import Arrival, UploadState
from registry.models import Admission, AdmissionUpload, EnrolmentBatch, Programme, SchoolProfile
from registry.plans import set_plan

DAY = date(2026, 9, 16)
COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL = "3462990006", "3462990003", "3462900001"
COUNTY, OTHER_COUNTY, PREFECTURE, PROVINCE = "622924", "622922", "622900", "620000"
SEATS = [
    *((role, code) for code in (COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL) for role in (Role.REGISTRAR, Role.HEAD)),
    *((role, code) for code in (COUNTY, OTHER_COUNTY) for role in (Role.COUNTY_REVIEWER, Role.COUNTY_HEAD)),
    (Role.CENTRE, PREFECTURE), (Role.AUDITOR, PREFECTURE), (Role.ACCOUNT_ADMIN, PREFECTURE), (Role.PROVINCE, PROVINCE),
]  # fmt: skip


def id_number(serial: int, sex: str = "1", birth: str = "20100305", area: str = "622924") -> str:
    """An invented number that passes GB 11643; the serial keeps the parity of the sex."""
    body = f"{area}{birth}{serial % 500 * 2 + (1 if sex == '1' else 0):03d}"
    return body + check_character(body)


@dataclass
class World:
    """Organisations by code, people by role and code, and the short ways to make business happen."""

    day: date = DAY

    def organisation(self, code: str) -> Organisation:
        """The organisation of that code."""
        return Organisation.objects.get(code=code)

    def user(self, role: str, code: str) -> User:
        """Who holds that post."""
        return User.objects.get(username=f"{role}-{code}")

    def registrar(self, school: str = COUNTY_SCHOOL) -> User:
        """The registrar of a school."""
        return self.user(Role.REGISTRAR, school)

    def head(self, school: str = COUNTY_SCHOOL) -> User:
        """The head of a school."""
        return self.user(Role.HEAD, school)

    @property
    def county(self) -> User:
        """The reviewer of the county."""
        return self.user(Role.COUNTY_REVIEWER, COUNTY)

    @property
    def centre(self) -> User:
        """The prefecture centre."""
        return self.user(Role.CENTRE, PREFECTURE)

    @property
    def province(self) -> User:
        """The province."""
        return self.user(Role.PROVINCE, PROVINCE)

    def plan(self, count: int, school: str = COUNTY_SCHOOL, year: int = 2026):
        """A plan issued by the prefecture."""
        return set_plan(
            school=self.organisation(school), year=year, count=count, issuer=self.organisation(PREFECTURE),
            document_number="临州教基发〔2026〕1号", issued_on=min(date(year, 7, 1), self.day), by=self.centre,
        )  # fmt: skip

    def admit(
        self, count: int, school: str = COUNTY_SCHOOL, year: int = 2026, exam_county: str = COUNTY, first: int = 1
    ) -> list[Admission]:
        """Lines of an admission list, imported."""
        prefecture = self.organisation(PREFECTURE)
        use = keep(
            content=b"list",
            name="list.xlsx",
            content_type="x",
            purpose="录取名单",
            scope=scope_of(prefecture),
            by=self.centre,
        )
        upload = AdmissionUpload.objects.create(
            organisation=prefecture,
            year=year,
            file=use,
            state=UploadState.IMPORTED,
            uploaded_by=self.centre,
            uploaded_at=now(),
        )
        school_row, county = self.organisation(school), self.organisation(exam_county)
        offset = int(school[-2:]) * 1000
        return Admission.objects.bulk_create(
            Admission(
                year=year, exam_number=f"{year % 100}13{offset + n:06d}", name=f"马海{chr(0x4E00 + n)}", sex="1", ethnicity="03",
                birth_date=date(2010, 3, 5), id_number=id_number(n, area=school_row.division_id if n < 500 else "622901"), exam_county=county,
                school=school_row, score="512.50", upload=upload, row=n + 1, recorded_at=now(),
            )
            for n in range(first, first + count)
        )  # fmt: skip

    def batch(
        self, count: int = 3, plan: int | None = None, school: str = COUNTY_SCHOOL, year: int = 2026
    ) -> EnrolmentBatch:
        """A draft with everybody marked as reported."""
        self.plan(plan if plan is not None else count, school, year)
        self.admit(count, school, year)
        batch = open_batch(school=self.organisation(school), year=year, by=self.registrar(school), on=self.day)
        mark(
            batch=batch,
            candidates=list(batch.candidates.values_list("pk", flat=True)),
            arrival=Arrival.REPORTED,
            by=self.registrar(school),
        )
        return batch

    def deciders(self, school: str = COUNTY_SCHOOL) -> list[tuple[User, dict]]:
        """Who decides in turn, with the figures each enters."""
        chain = [(self.head(school), {})]
        if school != PREFECTURE_SCHOOL:
            chain.append((self.county, {"graduates": 2146, "plan": 600}))
        return [*chain, (self.centre, {}), (self.province, {})]

    def advance(self, batch: EnrolmentBatch, move: str, by: User, note: str = "", **inputs) -> EnrolmentBatch:
        """One move of a batch."""
        batch.request = advance(request=batch.request, move=move, by=by, note=note, inputs=inputs, on=self.day)
        return batch

    def to(self, batch: EnrolmentBatch, steps: int) -> EnrolmentBatch:
        """Submit, then let the first `steps` levels approve."""
        school = batch.school.code
        self.advance(batch, "submit", self.registrar(school))
        for user, figures in self.deciders(school)[:steps]:
            self.approve(batch, user, **figures)
        return batch

    def approve(self, batch: EnrolmentBatch, user: User, **figures) -> EnrolmentBatch:
        """Approve, agreeing to as many as are in the batch."""
        agreed = batch.candidates.filter(arrival=Arrival.REPORTED, held_back="", struck_on=None).count()
        return self.advance(batch, "approve", user, agreed=agreed, **figures)


BASE = (
    Division, Organisation, OrganisationName, SchoolProfile, Programme, CalendarNotice, User, Group, Post, Appointment,
    OrganisationGroupObjectPermission,
)  # fmt: skip
"""What stands before anything is done, in the order in which it can be put back."""
_kept: dict[str, list[bytes]] = {}


def _build() -> None:
    """The reference data, and somebody on every seat."""
    call_command("load_reference", stderr=StringIO())
    for role, code in SEATS:
        organisation = Organisation.objects.get(code=code)
        name = f"{organisation.short_name}{Role(role).label}"
        user = User.objects.create_user(f"{role}-{code}", "correct horse", full_name=name)
        post = make_post(organisation=organisation, role=role)
        Appointment.objects.create(user=user, post=post, starts_on=date(2025, 8, 1))


def _put_back_or_build() -> None:
    """Build once for each database, then copy back: a tenth of the time."""
    key = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        if key not in _kept:
            _build()
            _kept[key] = [_copied(cursor, model) for model in BASE]
            return
        for model, rows in zip(BASE, _kept[key], strict=True):
            with cursor.copy(f"COPY {model._meta.db_table} FROM STDIN") as copy:
                copy.write(rows)


def _copied(cursor, model) -> bytes:
    with cursor.copy(f"COPY {model._meta.db_table} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)


def make_world() -> World:
    """The rows of the prefecture put into the database; whoever calls it sees to the day and to taking them out again."""
    _put_back_or_build()
    return World()


@pytest.fixture
def world(db, settings) -> World:
    """The prefecture on a day in September, nobody having done anything yet."""
    settings.DEMO_TODAY = DAY
    return make_world()
