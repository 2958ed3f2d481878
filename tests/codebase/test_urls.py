"""(role × URL × another's object), derived from the URLconf: a stranger, however busy, finds nothing and changes nothing."""

import os
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from approvals.enums import Move
from approvals.models import StockPhrase
from approvals.phrases import add
from linxia_xueji.dates import now
from linxia_xueji.enums import Role
from linxia_xueji.models import Appointment, FileUse, OfficeCertificate, TrailEntry, User
from linxia_xueji.policy import SETTINGS
from linxia_xueji.reference import notice
from linxia_xueji.secrets import encrypt
from linxia_xueji.staff.deeds import PERSON_DEEDS, POST_DEEDS
from registry.annexes import file_of
from registry.api.tokens import issue
from registry.archive.deeds import put_in
from registry.batches import mark, open_batch
from registry.enums import OrderKind, OrderState
from registry.models import (
    AdmissionUpload,
    ArchiveHandover,
    Candidate,
    ClassAttestation,
    CorrectionLetter,
    Deferral,
    Difference,
    Enrolment,
    EntryUpload,
    Feedback,
    FileOrder,
    KeyFacts,
    OfficeUpload,
    Pair,
    Paper,
    Problem,
    TurnItem,
)
from registry.papers import ask_for_letter
from registry.problems.searching import search
from registry.roster.staging import receive, stage
from registry.rosters.conditions import Conditions
from registry.rosters.exports import ask
from registry.scans import Scan
from registry.verifying.noting import Noted, note
from registry.verifying.opening import open_verification
from registry.verifying.roster import of_class
from registry.verifying.sampling import draw
from registry.views.turn import DEEDS as TURN_DEEDS
from tests.registry.admissions_walk import list_of, sound_number, take_in
from tests.registry.comparing.small import compared, files
from tests.registry.entry.children import asks_for_deferral, listed, ordered
from tests.registry.entry.children import mark as mark_children
from tests.registry.inspections import inspected
from tests.registry.roster.export import export, pupil
from tests.registry.support import defer, differ, letter, paper
from tests.registry.turn_support import ran
from tests.transfers.support import suspension
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL, make_world

STRANGERS = [
    (Role.REGISTRAR, OTHER_SCHOOL),
    (Role.COUNTY_HEAD, OTHER_COUNTY),
    (Role.ACCOUNT_ADMIN, PREFECTURE),
]
if os.environ.get("SURVEY") == "all":
    STRANGERS.append((Role.HEAD, PREFECTURE_SCHOOL))
OBJECTLESS = {
    "sign_in_code", "password", "second_factor", "confirm",
    "login", "logout", "large_type", "drafts", "approvals:desk", "approvals:done", "approvals:returned", "approvals:overdue",
    "approvals:bulk", "approvals:bulk_report",
    "approvals:messages", "approvals:digest_address", "approvals:phrases", "approvals:calendar", "approvals:search", "registry:batches", "registry:open_batch",
    "registry:annexes", "registry:intake", "registry:letters", "registry:uploads", "registry:upload_template",
    "staff:posts", "staff:unset", "staff:unused", "staff:sealed", "staff:find", "staff:appoint",
    "registry:offices", "registry:office_template", "registry:workload", "registry:workload_file",
    "registry:picture", "registry:picture_requests", "registry:picture_file",
    "registry:entry", "registry:open_entry", "registry:entry_template", "registry:entry_urging", "registry:entry_deferrals",
    "registry:entry_pending",
    "registry:plans", "registry:policy", "registry:reopen", "registry:clauses", "registry:trail", "registry:check",
    "registry:year", "registry:certificates", "registry:rosters", "help", "registry:turns", "registry:turn_handings", "registry:problems",
    "transfers:changes", "transfers:find", "transfers:nationals", "transfers:discretion",
    "registry:api_tokens", "registry:api_description", "registry:api_counts", "registry:api_rosters", "registry:api_schools",
    "registry:api_unknown", "transfers:routes", "registry:counts", "registry:roll", "registry:exports", "registry:counts_file",
    "transfers:grounds", "transfers:windows", "registry:archives",
    "registry:comparisons", "registry:comparison_trend", "registry:comparison_pairs", "registry:verifications",
    "registry:inspections", "registry:plan_inspection",
}  # fmt: skip
"""Pages about no single object. A new one must be entered here on purpose."""
OPEN_TO_ALL = {
    "registry:api_description", "registry:api_counts", "registry:api_rosters", "registry:api_schools", "registry:api_unknown",
    "login", "sign_in_code", "logout", "registry:check", "registry:check_code",
}  # fmt: skip
"""What a code says to a stranger is looked at in tests/registry/test_printed.py, what a system without token in tests/registry/test_api.py."""
OF_WORDS = {
    "registry:year_of", "registry:clause", "help_role", "transfers:apply_new",
    "registry:turn", "registry:turn_progress", "registry:turn_left", "registry:turn_deed",
}  # fmt: skip
"""Pages that take a word or a year and are, each, about the reader's own organisation or about nobody."""
KEPT_BY = {(Role.ACCOUNT_ADMIN, PREFECTURE): ("posts/", "appointments/", "people/", "offices/", "certificates/", "api-tokens/")}
"""Addresses of the school's that one of the strangers is there for: not its business, but its accounts."""
TO_ITSELF = {"linxia_xueji_user", "linxia_xueji_draft", "linxia_xueji_tally", "django_session", "approvals_message"}
"""What signing in, typing, being counted and reading one's own messages writes."""


def patterns(resolver=None, namespace: str = "", prefix: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """(name with namespace, route, pattern) of every address there is."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, entry.namespace or namespace, prefix + str(entry.pattern))
        else:
            yield f"{namespace}:{entry.name}" if namespace else entry.name, prefix + str(entry.pattern), entry


EVERYWHERE = sorted(patterns(), key=lambda p: p[0])


class Estate:
    """What one school has, in every state that matters, while the strangers have work of their own."""

    def __init__(self, world):
        self.world = world
        self.busy()
        closed = self.closed_batch()
        batch = world.batch(4, plan=9)
        asked, issued, late, _ = batch.candidates.order_by("exam_number")
        letter(world, differ(world, issued, name="周新"))
        defer(world, late)
        world.to(batch, 1)
        world.advance(batch, "send_back", world.county, note="补")
        ask_for_letter(candidate=differ(world, asked, name="周明"), note="", by=world.registrar())
        draft = world.batch(1, year=2028)
        defer(world, draft.candidates.get(), accept=False)
        self.batches = [batch, closed, draft]
        self.school = batch.school
        take_in(world, list_of(world, sound_number("622924201003050190")))
        self.roster = receive(
            content=export([pupil(1), pupil(2, 性别="?")]),
            name="r.xlsx",
            organisation=self.school,
            by=world.registrar(),
        )
        stage(self.roster, on=world.day)
        paper(world, COUNTY_SCHOOL)
        add(office=self.school, text="请补校长签字", move="approve", by=world.head())
        file_of(batch, "annex1", "xlsx", world.day, by=world.registrar())
        made = {
            "kind": OrderKind.ANNEX2,
            "format": "pdf",
            "batch": batch,
            "asked_by": world.registrar(),
            "asked_at": now(),
        }
        FileOrder.objects.create(state=OrderState.DONE, sealed=encrypt(b"%PDF"), **made)
        self.change = suspension(world)
        self.archive()
        self.token, _ = issue(
            organisation=self.school, using="x", purpose="meals", document_number="x", valid_until=world.day, by=world.centre
        )
        self.export = ask(
            conditions=Conditions(world.day), columns=["name"], purpose="meals", purpose_text="", by=world.registrar(), on=world.day
        )
        ran(world)
        self.old_certificate()
        self.office_upload()
        self.entry()
        self.problem = self.a_problem()
        self.comparison = compared(world, *files())
        Feedback.objects.exclude(county__code=COUNTY).delete()
        self.verification()
        self.visit = inspected(world)

    def archive(self) -> None:
        """The archive of the student who is suspended: it came from another school, and a scan was put in."""
        present, former = (
            self.change.enrolment,
            Enrolment.objects.filter(school=self.school, candidate__isnull=False).first(),
        )
        ArchiveHandover.objects.create(former=former, present=present, listing=[], handed_at=now())
        put_in(
            enrolment=present, part="proofs", title="户口簿", dated=self.world.day, by=self.world.registrar(), on=self.world.day,
            scan=Scan(b"%PDF", "application/pdf", "x.pdf"),
        )  # fmt: skip

    def a_problem(self) -> Problem:
        """The student who is suspended, with a number that says another sex."""
        KeyFacts.objects.filter(student=self.change.enrolment.student_id, valid_to=None).update(sex="2")
        search()
        return Problem.objects.get(parties__enrolment=self.change.enrolment)

    def old_certificate(self) -> None:
        """One the school no longer signs with."""
        OfficeCertificate.objects.create(
            organisation=self.school, container=b"", password="x", valid_from=now() - timedelta(days=9), valid_to=now(),
            uploaded_by=self.world.centre, uploaded_at=now(), withdrawn_by=self.world.centre, withdrawn_at=now(), withdrawn_why="x",
        )  # fmt: skip

    def office_upload(self) -> None:
        """A workbook of schools and people on its way in."""
        counts = ("schools", "schools_same", "people", "people_same", "rows", "errors", "warnings")
        OfficeUpload.objects.create(
            organisation=self.world.organisation(PREFECTURE),
            file=AdmissionUpload.objects.latest("pk").file,
            uploaded_by=self.world.user(Role.ACCOUNT_ADMIN, PREFECTURE),
            uploaded_at=now(),
            summary=dict.fromkeys(counts, 0),
        )

    def verification(self) -> None:
        """A campaign in which the school alone takes part, with somebody noted and a sample drawn."""
        world = self.world
        self.verified = open_verification(
            prefecture=world.organisation(PREFECTURE), term="2026-autumn", phase="registration", on=world.day, by=world.centre
        )
        self.verified_class = ClassAttestation.objects.filter(school_verification__school=self.school).first()
        self.sample = draw(verification=self.verified, by=world.county)
        found = self.verified.schools.get(school=self.school)
        others = self.verified.schools.exclude(pk=found.pk)
        ClassAttestation.objects.filter(school_verification__in=others).delete()
        others.delete()
        self.verified_pupil = of_class(self.verified, self.verified_class, self.school.pk).first().pk
        self.deviation = note(self.verified_class, enrolment=self.verified_pupil, found=Noted("absent"), by=world.registrar())

    def entry(self) -> None:
        """A list of grade 1: one to be decided on, one whom nobody could bring, one that waits for a record outside."""
        self.children = listed(self.world, 3)
        late, gone, _ = self.children.entrants.order_by("pk")
        mark_children(self.world, self.children, "no_show", gone)
        self.deferral = asks_for_deferral(self.world, late)
        ordered(self.world, gone)
        self.entry_upload = EntryUpload.objects.create(
            batch=self.children, file=self.deferral.proof, summary={"rows": 0, "new": 0, "same": 0, "errors": 0, "warnings": 0},
            uploaded_by=self.world.registrar(), uploaded_at=now(),
        )  # fmt: skip

    def closed_batch(self):
        """The batch of another year, its numbers issued."""
        world, school = self.world, self.world.organisation(COUNTY_SCHOOL)
        world.plan(2, year=2027)
        world.admit(2, year=2027, first=100)
        batch = open_batch(school=school, year=2027, by=world.registrar(), on=world.day)
        people = list(batch.candidates.values_list("pk", flat=True))
        mark(batch=batch, candidates=people, arrival="reported", by=world.registrar())
        return world.to(batch, 4)

    def busy(self) -> None:
        """A batch under way and a file at every stranger's desk."""
        for school in (OTHER_SCHOOL, PREFECTURE_SCHOOL):
            mine = self.world.batch(2, school=school)
            differ(self.world, mine.candidates.first(), name="他人")
            letter(self.world, mine.candidates.first())
            self.world.advance(mine, "submit", self.world.registrar(school))
            paper(self.world, school)

    def pks(self, route: str) -> list[int]:
        """The objects of the school that an address of this kind can name. :raises KeyError: for a kind unknown here."""
        return {
            "files": lambda: list(FileUse.objects.filter(school=self.school).values_list("pk", flat=True)),
            "requests": lambda: [b.request_id for b in self.batches],
            "batches": lambda: [b.pk for b in self.batches],
            "candidates": lambda: list(Candidate.objects.filter(school=self.school).values_list("pk", flat=True)),
            "deferrals": lambda: list(Deferral.objects.values_list("pk", flat=True)),
            "phrases": lambda: list(StockPhrase.objects.filter(organisation=self.school).values_list("pk", flat=True)),
            "letters": lambda: list(CorrectionLetter.objects.filter(school=self.school).values_list("pk", flat=True)),
            "posts": lambda: list(self.school.posts.values_list("pk", flat=True)),
            "people": lambda: list(
                User.objects.filter(appointments__post__organisation=self.school).values_list("pk", flat=True)
            ),
            "appointments": lambda: list(
                Appointment.objects.filter(post__organisation=self.school).values_list("pk", flat=True)
            ),
            "certificates": lambda: [OfficeCertificate.objects.get().pk],
            "rosters": lambda: [self.roster.pk],
            "api-tokens": lambda: [self.token.pk],
            "exports": lambda: [self.export.pk],
            "orders": lambda: list(FileOrder.objects.values_list("pk", flat=True)),
            "offices": lambda: [OfficeUpload.objects.latest("pk").pk],
            "admissions": lambda: [AdmissionUpload.objects.latest("pk").pk],
            "entry": lambda: [self.children.pk],
            "entrants": lambda: list(self.children.entrants.values_list("pk", flat=True)),
            "entry-deferrals": lambda: [self.deferral.pk],
            "entry-uploads": lambda: [self.entry_upload.pk],
            "changes": lambda: [self.change.pk],
            "proofs": lambda: list(self.change.proofs.values_list("pk", flat=True)),
            "students": lambda: [self.change.enrolment_id],
            "archives": lambda: [self.change.enrolment_id],
            "materials": lambda: list(self.change.enrolment.archive_items.values_list("pk", flat=True)),
            "schools": lambda: [self.school.pk],
            "problems": lambda: [self.problem.pk],
            "comparisons": lambda: [self.comparison.pk],
            "differences": lambda: list(Difference.objects.values_list("pk", flat=True))[:3],
            "pairs": lambda: [Pair.objects.get().pk],
            "feedbacks": lambda: [Feedback.objects.get().pk],
            "verifications": lambda: [self.verified.pk],
            "school-verifications": lambda: [self.verified.schools.get().pk],
            "verified-classes": lambda: [self.verified_class.pk],
            "deviations": lambda: [self.deviation.pk],
            "samples": lambda: [self.sample.pk],
            "inspections": lambda: [self.visit.round_id],
            "visits": lambda: [self.visit.pk],
            "inspected": lambda: list(self.visit.people.values_list("pk", flat=True)),
            "inspection-photos": lambda: list(self.visit.photos.values_list("pk", flat=True)),
            "findings": lambda: list(self.visit.findings.values_list("pk", flat=True)),
            "inspection-notices": lambda: list(self.visit.notices.values_list("pk", flat=True)),
        }[route.split("/")[0]]()

    def addresses(self, name: str, route: str, pattern: URLPattern) -> list[str]:
        """The address with every object and word it takes."""
        values = {
            "pk": lambda: self.pks(route),
            "use": lambda: list(self.change.enrolment.archive_items.values_list("file", flat=True)),
            "move": lambda: list(Move),
            "form": lambda: ["annex1", "annex2"],
            "format": lambda: ["pdf", "xlsx"],
            "key": lambda: [str(self.change.enrolment_id)] if route.startswith("changes/") else list(SETTINGS),
            "slug": lambda: ["incoming"] if name == "transfers:apply_new" else ["suspension", "key_info"],
            "slot": lambda: ["application"],
            "turn_deed": lambda: list(TURN_DEEDS),
            "school": lambda: [self.school.pk],
            "enrolment": lambda: [self.verified_pupil],
            "item": lambda: list(TurnItem.objects.filter(school=self.school).values_list("pk", flat=True)),
            "paper": lambda: ["approval", "notice", "refusal"],
            "school_year": lambda: [2026],
            "role": lambda: list(Role),
            "clause": lambda: [clause.id for clause in notice().clauses],
            "kind": lambda: ["suspension"],
            "case": lambda: ["beyond"],
            "deed": lambda: list(POST_DEEDS if route.startswith("posts/") else PERSON_DEEDS),
            "system": lambda: ["national"],
            "code": lambda: list(Paper.objects.values_list("code", flat=True)),
        }
        taken = list(pattern.pattern.converters)
        found = product(*(values[argument]() for argument in taken))
        return [reverse(name, kwargs=dict(zip(taken, combination, strict=True))) for combination in found]


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Estate]:
    """One estate for all: each test works within a transaction of its own inside this one, and takes it back."""
    store = settings.FILE_STORE
    with django_db_blocker.unblock(), transaction.atomic():
        settings.FILE_STORE = tmp_path_factory.mktemp("estate")
        estate = Estate(make_world())
        estate.store, settings.FILE_STORE = settings.FILE_STORE, store
        yield estate
        transaction.set_rollback(True)


@pytest.fixture
def estate(shared, db, settings) -> Estate:
    settings.FILE_STORE = shared.store
    return shared


def everything() -> dict[str, str]:
    """A fingerprint of every table of the portal."""
    tables = {m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.managed} - TO_ITSELF
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_every_address_is_known_here(estate):
    """An address with arguments the table cannot fill, or one without that was not entered, fails by name."""
    without = {name for name, _, pattern in EVERYWHERE if not pattern.pattern.converters}
    assert without == OBJECTLESS
    for name, route, pattern in EVERYWHERE:
        assert name in OBJECTLESS or estate.addresses(name, route, pattern), name


def test_signed_out_everything_leads_to_the_sign_in(estate, client):
    before, wrong = everything(), []
    for name, route, pattern in EVERYWHERE:
        for address in estate.addresses(name, route, pattern) if name not in OPEN_TO_ALL else []:
            for method in (client.get, client.post):
                response = method(address)
                if response.status_code != 302 or not response["Location"].startswith("/login/"):
                    wrong.append((method.__name__, address, response.status_code))
    assert wrong == []
    assert everything() == before


@pytest.mark.parametrize("role, code", STRANGERS)
def test_a_stranger_finds_nothing_and_changes_nothing(estate, client, role, code):
    client.force_login(estate.world.user(role, code))
    before, wrong = everything(), []
    for name, route, pattern in EVERYWHERE:
        if name in OBJECTLESS | OPEN_TO_ALL | OF_WORDS or route.startswith(KEPT_BY.get((role, code), ("-",))):
            continue
        for address in estate.addresses(name, route, pattern):
            answers = {client.get(address).status_code, client.post(address, {"note": "x", "seen": "1"}).status_code}
            if not answers <= {404, 405} or 404 not in answers:
                wrong.append((address, answers))
    assert wrong == []
    assert everything() == before


@pytest.mark.parametrize("role, code", STRANGERS)
def test_pages_about_no_object_show_a_stranger_nothing_of_the_school(estate, client, role, code):
    client.force_login(estate.world.user(role, code))
    numbers = [b.request.number for b in estate.batches]
    people = list(
        Candidate.objects.filter(school=estate.school)
        .order_by("year", "exam_number")
        .values_list("exam_number", flat=True)
    )
    before, known, leaks = everything(), list(TrailEntry.objects.values_list("pk", flat=True)), []
    for name in sorted(OBJECTLESS - OPEN_TO_ALL):
        for query in ({}, {"q": numbers[0]}, {"q": people[0]}, {"school": estate.school.pk, "year": 2026}):
            response = client.get(reverse(name), query)
            assert response.status_code < 500, name
            shown = response.content.decode(errors="ignore").replace(f'value="{query.get("q")}"', "")
            if any(word in shown for word in (*numbers, *people) if word != query.get("q")):
                leaks.append((name, query))
    for query in (numbers[0], people[0], Candidate.objects.get(exam_number=people[0], year=2026).id_number.reveal()):
        response = client.post(reverse("approvals:search"), {"q": query})
        shown = response.content.decode().replace(f'value="{query}"', "")
        if any(f"/{kind}/{pk}/" in shown for kind in ("requests", "candidates", "batches") for pk in estate.pks(kind)):
            leaks.append(("approvals:search", query))
    assert leaks == []
    # That an ID number is registered elsewhere is told by school and county alone, and stands in the trail.
    after, noted = everything(), TrailEntry.objects.exclude(pk__in=known).values_list("action", flat=True)
    assert {table for table in after if after[table] != before[table]} <= {TrailEntry._meta.db_table}
    assert set(noted) <= {"查询异地学籍"}


@pytest.mark.parametrize("role, code", STRANGERS)
def test_nothing_is_begun_in_the_name_of_the_school(estate, client, role, code):
    """Deeds that name a school in their data, not in their address."""
    client.force_login(estate.world.user(role, code))
    before = everything()
    data = {
        "school": estate.school.pk, "organisation": estate.school.pk, "year": 2029, "count": 1, "issuer": estate.school.parent_id,
        "document_number": "假〔2026〕1号", "issued_on": "2026-09-01", "reason": "x", "day": "2026-09-21", "kind": "free",
    }  # fmt: skip
    for name in sorted(OBJECTLESS - OPEN_TO_ALL - TO_ONESELF):
        response = client.post(reverse(name), data)
        assert response.status_code in {302, 403, 404, 405, 422} or name in SEARCHES, name
    assert everything() == before


SEARCHES = {"approvals:search", "staff:find"}
TO_ONESELF = {
    "large_type", "approvals:calendar", "approvals:messages", "approvals:digest_address",
    "registry:counts_file", "registry:workload_file", "registry:picture_file", "registry:problems",
}  # fmt: skip
"""What is written there is about the person's own office, what it took out, or a search through the whole register."""
INSIDERS = [
    (Role.REGISTRAR, COUNTY_SCHOOL),
    (Role.HEAD, COUNTY_SCHOOL),
    (Role.COUNTY_REVIEWER, "622924"),
    (Role.CENTRE, PREFECTURE),
    (Role.ACCOUNT_ADMIN, PREFECTURE),
]


def test_each_address_is_there_for_somebody(estate, client):
    """So that the strangers' 404 means something: every address is found by one of the people concerned."""
    missing, by_post = {name for name, _, _ in EVERYWHERE} - OBJECTLESS, set()
    for role, code in INSIDERS:
        client.force_login(estate.world.user(role, code))
        for name, route, pattern in EVERYWHERE:
            for address in estate.addresses(name, route, pattern) if name in missing - by_post else []:
                status = client.get(address).status_code
                if status == 405:  # so it would say of every other object
                    by_post.add(name)
                elif status != 404:
                    missing.discard(name)
                if status != 404:
                    break
    posts = {name for name in missing if not posts_to_somebody(estate, client, name)}
    assert posts == set()


def posts_to_somebody(estate, client, name) -> bool:
    """An address that answers POST only: an empty form reaches it."""
    ((_, route, pattern),) = [p for p in EVERYWHERE if p[0] == name]
    for role, code in INSIDERS:
        client.force_login(estate.world.user(role, code))
        if any(client.post(a).status_code not in {404, 405} for a in estate.addresses(name, route, pattern)):
            return True
    return False
