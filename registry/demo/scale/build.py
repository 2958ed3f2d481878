"""Filling an empty portal with the large demonstration."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from django.db import connection, transaction

from approvals.enums import State
from approvals.kinds import kind_named
from approvals.models import Request
from linxia_xueji import files
from linxia_xueji.dates import today
from linxia_xueji.enums import Level, Role, Stage
from linxia_xueji.models import Organisation, User, scope_of
from registry import batches, voiding
from registry.demo.chapters import chapters
from registry.demo.scale.copying import copy_rows, follow_ids, next_id
from registry.demo.scale.crowd import Crowd
from registry.demo.scale.offices import Offices, make_offices
from registry.demo.scale.past import Past, at
from registry.demo.scale.pupils import FIRST_GRADE, GRADES, Pupils, Rows
from registry.demo.scale.size import Size
from registry.demo.story import season_of
from registry.enums import UploadState
from registry.models import (
    Admission,
    AdmissionPlan,
    AdmissionUpload,
    Candidate,
    Enrolment,
    EnrolmentBatch,
    EnrolmentGrade,
    EnrolmentStatus,
    Intake,
    IssuedNumber,
    KeyFacts,
    NumberVoiding,
    Student,
)
from registry.route import route_of
from registry.rules import ENROLMENT, VOIDING, EnrolmentFacts, VoidingFacts

SENIOR_SHARE, JUNIOR_SHARE = 0.2, 0.3
STRETCH = 20_000
"""Students written at a time."""
OPEN_BATCH = 50
"""Students in the supplementary batch that every senior school has under way."""
YEARS = 3
CHAPTERS_SHARE = 0.6
"""What part of the requests the chapters of later layers make, where there are any."""
STUDENT_TABLES = (Student, KeyFacts, Enrolment, EnrolmentStatus, EnrolmentGrade)
BATCH = ("id", "request_id", "school_id", "year", "sequence")
ISSUED = ("number", "batch_id", "enrolment_id", "issued_at", "voided_on", "void_reason")
VOIDED = ("request_id", "number_id", "reason")
REASON = "学校误注册"


def fill(size: Size, *, seed: int, say: Callable[[str], None]) -> None:
    """Make all of it. :param say: is told how far it is, a line at a time."""
    random = Random(seed)  # noqa: S311 - invented people, no secret
    offices = make_offices(size, random)
    say(f"{sum(map(len, offices.schools.values()))} schools, {len(offices.people)} posts")
    _Fill(size, offices, random, say).all()


class _Fill:
    """The state of one filling."""

    def __init__(self, size: Size, offices: Offices, random: Random, say: Callable[[str], None]):
        self.size, self.offices, self.random, self.say = size, offices, random, say
        self.today = today()
        self.season = season_of(self.today)
        self.rows = Rows()
        self.pupils = Pupils(random, self.rows, self.season)
        self.past = Past(offices, self.today)
        self.batch_id, self.made, self.issued_so_far, self.started = next_id(EnrolmentBatch), 0, 0, time.monotonic()
        self.batches: list[tuple] = []
        self.issued: list[tuple] = []
        self.voidings: list[tuple] = []
        self.uploads: dict[int, int] = {}
        self.row_of_year: dict[int, int] = {}
        self.counties = dict(Organisation.objects.filter(level=Level.COUNTY).values_list("division_id", "pk"))
        good = EnrolmentFacts(
            year=self.season, submitted_on=date(self.season, 9, 10), on_admission_list=True,
            differing_fields=frozenset(), corrected_fields=frozenset(), reported=True, deferred=False,
            force_majeure=False, plan=OPEN_BATCH, already_enrolled=0, active_elsewhere=None,
        )  # fmt: skip
        self.enrolment_findings = ENROLMENT.judge(good).snapshot()
        senior = len(offices.schools[Stage.SENIOR])
        self.crowds = [chapter for chapter in chapters() if chapter.crowd]
        self.of_chapters = round(size.requests * CHAPTERS_SHARE / max(1, len(self.crowds)))
        voidings = size.requests - senior * (YEARS + 1) - self.of_chapters * len(self.crowds)
        self.per_number = voidings / max(1, self._share(Stage.SENIOR))

    def all(self) -> None:
        """Stage after stage, the senior schools with all that hangs on them first."""
        self._uploads()
        for stage in (Stage.SENIOR, Stage.JUNIOR, Stage.PRIMARY):
            schools = self.offices.schools[stage]
            each, rest = divmod(self._share(stage), len(schools))
            for place, school in enumerate(schools):
                self._school(school, stage, each + (place < rest))
                if len(self.rows.waiting[Student]) >= STRETCH:
                    self._flush()
        self._flush()
        follow_ids(Student, Enrolment, Admission, EnrolmentBatch)
        for chapter in self.crowds:
            chapter.fill(Crowd(self.offices, self.past, self.of_chapters, self.season, self.today, self.random))
            self.say(f"{chapter.name}: {self.past.made} requests, {time.monotonic() - self.started:.0f} s")
        self.past.finish()
        follow_ids(Request)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _share(self, stage: Stage) -> int:
        senior, junior = round(self.size.students * SENIOR_SHARE), round(self.size.students * JUNIOR_SHARE)
        return {Stage.SENIOR: senior, Stage.JUNIOR: junior}.get(stage, self.size.students - senior - junior)

    def _school(self, school: Organisation, stage: Stage, students: int) -> None:
        by = self.offices.people[Role.REGISTRAR, school.code][0]
        each, rest = divmod(students, GRADES[stage])
        for place in range(GRADES[stage]):
            year, count = self.season - place, each + (place < rest)
            born = year - 5 - FIRST_GRADE[stage]
            if stage == Stage.SENIOR:
                self._cohort(school, year, count, born, by)
                continue
            for number in range(count):
                self.pupils.enrol(self.pupils.person(school, born), school, stage, year, number, by)

    def _cohort(self, school: Organisation, year: int, count: int, born: int, by: int) -> None:
        """A year of a senior school: registered in one batch; in the year under way a supplementary one is open."""
        day = date(year, 9, 1) + timedelta(days=self.random.randrange(8))
        self._seats(school, year, count)
        batch = self._batch(school, year, 1, day, State.APPROVED, 0)
        for number in range(count):
            pupil = self.pupils.person(school, born)
            admission, person = self._admit(pupil, school, year)
            serial = f"{year % 100:02d}13{self.offices.codes[school.pk]}{number + 1:04d}"
            voided = self._voidings(school, serial, year, day)
            enrolment = self.pupils.enrol(pupil, school, Stage.SENIOR, year, number, by, voided)
            self.pupils.stand(person, admission, batch, school, year, seat=voided is None, enrolment=enrolment)
            self.issued.append((serial, batch, enrolment, at(day), voided, REASON if voided else ""))
        if year == self.season:
            decided = self.random.randrange(len(route_of(school)))
            batch = self._batch(school, year, 2, self.today - timedelta(days=4), State.PENDING, decided)
            for _ in range(OPEN_BATCH):
                admission, person = self._admit(self.pupils.person(school, born), school, year)
                self.pupils.stand(person, admission, batch, school, year, seat=True, enrolment=None)

    def _batch(self, school: Organisation, year: int, sequence: int, day: date, state: State, decided: int) -> int:
        words = f"{school.short_name}{year}级新生学籍注册" + (f"（第{sequence}批）" if sequence > 1 else "")
        request = self.past.add(
            school=school, kind=kind_named(batches.KIND), subject=words, lock_key=f"enrolment:{school.pk}:{year}",
            year=year, day=day, state=state, decided=decided, findings=self.enrolment_findings,
        )  # fmt: skip
        pk, self.batch_id = self.batch_id, self.batch_id + 1
        self.batches.append((pk, request, school.pk, year, sequence))
        return pk

    def _voidings(self, school: Organisation, number: str, year: int, issued_on: date) -> date | None:
        """The requests to void a number, all but the last refused; the day on which it was voided, if it was."""
        place, self.issued_so_far = self.issued_so_far, self.issued_so_far + 1
        nth = int(place * self.per_number)
        count = int((place + 1) * self.per_number) - nth
        findings = VOIDING.judge(VoidingFacts(number, False)).snapshot()
        span, voided = max(1, (self.today - issued_on).days - 6), None
        days = sorted(issued_on + timedelta(days=1 + self.random.randrange(span)) for _ in range(count))
        for last, day in zip([*[False] * (count - 1), True], days, strict=False):
            state, decided = _outcome(nth) if last else (State.REFUSED, 2)
            day = self.today - timedelta(days=1 + nth % 5) if state == State.PENDING else day
            request = self.past.add(
                school=school, kind=kind_named(voiding.KIND), subject=f"作废学号{number}", lock_key=f"voiding:{number}",
                year=year, day=day, state=state, decided=decided, findings=findings,
            )  # fmt: skip
            self.voidings.append((request, number, REASON))
            if state == State.APPROVED:
                voided = min(day + timedelta(days=4), self.today)
        return voided

    def _seats(self, school: Organisation, year: int, count: int) -> None:
        plan = count + 2 * OPEN_BATCH
        Intake.objects.create(school=school, year=year, plan=plan, last_serial=count)
        issuer = school.parent
        role = Role.COUNTY_HEAD if issuer.level == Level.COUNTY else Role.CENTRE
        AdmissionPlan.objects.create(
            school=school, year=year, count=plan, issuer=issuer, document_number=f"{year}招生3号（示例）",
            issued_on=date(year, 7, 6), recorded_by_id=self.offices.people[role, issuer.code][0],
            recorded_at=at(date(year, 7, 6)),
        )  # fmt: skip

    def _admit(self, pupil, school: Organisation, year: int) -> tuple[int, tuple]:
        row = self.row_of_year[year] = self.row_of_year.get(year, 0) + 1
        county = self.counties.get(school.division_id) or next(iter(self.counties.values()))
        return self.pupils.admit(pupil, school, year, self.uploads[year], county, row)

    def _uploads(self) -> None:
        """One list a year; its file only says that there is none."""
        prefecture = Organisation.objects.get(level=Level.PREFECTURE)
        centre = User.objects.get(pk=self.offices.people[Role.CENTRE, prefecture.code][0])
        for year in range(self.season - YEARS + 1, self.season + 1):
            use = files.keep(
                content=f"{year}年录取名单由规模演示生成，没有原件。".encode(), name=f"{year}年录取名单（示例）.txt",
                content_type="text/plain", purpose="录取名单", scope=scope_of(prefecture), by=centre,
            )  # fmt: skip
            self.uploads[year] = AdmissionUpload.objects.create(
                organisation=prefecture, year=year, file=use, state=UploadState.IMPORTED, uploaded_by=centre,
                uploaded_at=at(date(year, 8, 18)), imported_by=centre, imported_at=at(date(year, 8, 18)),
            ).pk  # fmt: skip

    @transaction.atomic
    def _flush(self) -> None:
        self.made += len(self.rows.waiting[Student])
        self.rows.flush(*STUDENT_TABLES)
        self.past.flush()
        copy_rows(EnrolmentBatch, BATCH, self.batches)
        self.rows.flush(Admission, Candidate)
        copy_rows(IssuedNumber, ISSUED, self.issued)
        copy_rows(NumberVoiding, VOIDED, self.voidings)
        for rows in (self.batches, self.issued, self.voidings):
            rows.clear()
        seconds = time.monotonic() - self.started
        self.say(f"{self.made} of {self.size.students} students, {self.past.made} requests, {seconds:.0f} s")


def _outcome(nth: int) -> tuple[State, int]:
    """How the last of the requests to void a number stands: 2 % done, 2 % under way, 20 % taken back, the rest refused.

    :param nth: of all such requests.
    """
    if nth % 50 == 0:
        return State.APPROVED, 0
    if nth % 50 == 1:
        return State.PENDING, nth // 50 % 3
    return (State.RETRACTED, 0) if nth % 10 in (2, 3) else (State.REFUSED, 2)
