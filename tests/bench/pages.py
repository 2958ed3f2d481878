"""Pages as several roles open them, beside the bare view: `python -m tests.bench.pages` in the bench's environment."""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

SEARCH, VOIDINGS = "/search/", "kind=number_voiding"
ALIKE = " alike"
BEARERS = 36
"""People of the name that is searched for: a county of the smaller register has names with so many, too."""


@dataclass(frozen=True)
class Page:
    """What somebody opens: an address, or what is posted to it.

    A register ten times as large has queues ten times as long, whose desk shows more lines: 4 and 36, 33 and 50. What
    more lines cost is not what growth costs. So where the lines differ, `alike` is the same page with as many of them in
    both registers (the queue narrowed to one school), and growth is taken from that.
    """

    who: str
    address: str
    posted: dict[str, str] | None = None
    alike: str = ""


def portal() -> None:
    """Set Django up with the floor among its addresses."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linxia_xueji.settings")
    settings.ROOT_URLCONF = "tests.bench.floor"
    django.setup()


def _client(user=None):
    from django.test import Client

    from linxia_xueji.doors.entry import BACKEND

    client = Client(raise_request_exception=True)
    if user:
        client.force_login(user, BACKEND)
    return client


def _school_with(waiting, lines: int) -> int:
    """A school of which so many requests wait, or nearly so many: the desk narrowed to it has as many lines."""
    from django.db.models import Count, F
    from django.db.models.functions import Abs

    schools = waiting.order_by().values("school").annotate(all=Count("pk"))
    return schools.order_by(Abs(F("all") - lines), "school").first()["school"]


def _name(**within) -> str:
    """A name of three characters that about `BEARERS` people bear there, new students among them.

    Then the search answers with as many lines, by as many queries, in both registers.
    """
    from django.db.models import Count, F, Q
    from django.db.models.functions import Abs

    from registry.models import NamePiece

    whole = NamePiece.objects.filter(position=1, piece__regex="^.{3}$", **within).order_by()
    names = whole.values("piece").annotate(people=Count("pk"), new=Count("pk", filter=Q(registered=False)))
    return names.filter(new__gt=0).order_by(Abs(F("people") - BEARERS), "piece").first()["piece"]


def _pages() -> dict[str, Page]:
    """Name → what is opened."""
    from approvals.models import Request
    from linxia_xueji.models import User
    from registry.models import Candidate, IssuedNumber

    open_ = Request.objects.filter(state="pending")
    voiding = open_.filter(kind="number_voiding", turn_level="county").order_by("pk").first()
    county = voiding.turn_organisation.code
    reviewer = f"county_reviewer-{county}"
    batch = (
        open_.filter(kind="enrolment_batch", turn_level="prefecture").first()
        or open_.filter(kind="enrolment_batch").first()
    )
    pupil = Candidate.objects.filter(batch__request__county__code=county).order_by("pk").first()
    registrar = f"registrar-{pupil.school.code}"
    number = IssuedNumber.objects.filter(enrolment=pupil.enrolment_id).first()
    assert not User.objects.filter(is_superuser=True).exists()
    centre, theirs = open_.filter(turn_level="prefecture"), open_.filter(turn_organisation=voiding.turn_organisation)
    voidings = centre.filter(kind="number_voiding")
    of_one, of_two = f"school={_school_with(voidings, 2)}", f"school={_school_with(centre, 2)}"
    in_county, in_prefecture = _name(county=voiding.turn_organisation), _name(prefecture=voiding.prefecture)
    return _change_pages(open_) | {
        "工作台（州学管中心）": Page("centre", "/", alike=f"/?{of_two}"),
        "工作台（县级审核员）": Page(reviewer, "/", alike=f"/?school={_school_with(theirs, 3)}"),
        "待办筛选（州，学号作废）": Page("centre", f"/?{VOIDINGS}", alike=f"/?{VOIDINGS}&{of_one}"),
        "超期与督办（县）": Page(reviewer, "/overdue/"),
        "审批页（学号作废，县）": Page(reviewer, f"/requests/{voiding.pk}/"),
        "审批页（50人批次，州）": Page("centre", f"/requests/{batch.pk}/"),
        "学生页（学校）": Page(registrar, f"/candidates/{pupil.pk}/"),
        "查学生：姓名（学校）": Page(registrar, SEARCH, {"q": _name(school=pupil.school)}),
        "查学生：姓名（县）": Page(reviewer, SEARCH, {"q": in_county}),
        "查学生：姓名（州）": Page("centre", SEARCH, {"q": in_prefecture}),
        "查学生：名中两字（县）": Page(reviewer, SEARCH, {"q": in_county[-2:]}),
        "查学生：“马”一字（州）": Page("centre", SEARCH, {"q": "马"}),
        "查学生：学号（州）": Page("centre", SEARCH, {"q": number.number}),
        "查学生：身份证号（州）": Page("centre", SEARCH, {"q": pupil.id_number.reveal()}),
        # Serials begin at 0001 in every county and year, so that this ending fills the page in both registers.
        "查受理号末四位（州）": Page("centre", SEARCH, {"q": "0001"}),
        "查学生：查无此人（州）": Page("centre", SEARCH, {"q": "龘龘"}),
    }


def _change_pages(open_) -> dict[str, Page]:
    """Pages of 学籍异动: the queue of one business, a decision, the list, a student, and the conditions asked about."""
    from registry.models import Enrolment

    transfer = open_.filter(kind="transfer", turn_level="county", counterpart__isnull=False).order_by("pk").first()
    suspension = open_.filter(kind="suspension", turn_level="county").order_by("pk").first()
    county, school = transfer.turn_organisation, transfer.school
    reviewer, registrar = f"county_reviewer-{county.code}", f"registrar-{school.code}"
    in_county = open_.filter(kind="transfer", turn_organisation=county)
    in_prefecture = open_.filter(kind="suspension", turn_level="prefecture")
    here = Enrolment.objects.filter(school=school, stage="senior", ends_on=None, entry_year=2025)
    pupil = here.exclude(statuses__status="suspended").exclude(changes__request__in=open_).order_by("pk").first()
    typed = {
        "applied_on": "2026-09-14", "applicant": "马国强", "relation": "father", "reason": "家庭原因", "check": "1",
        "to_school": str(school.pk), "to_stage": "senior", "to_grade": "11", "starts_on": "2026-09-17",
        "ends_on": "2027-07-09", "cause": "illness",
    }  # fmt: skip
    kind, other = "/?kind=transfer", "/?kind=suspension"
    return {
        "待办筛选（县，转学）": Page(reviewer, kind, alike=f"{kind}&school={_school_with(in_county, 1)}"),
        "待办筛选（州，休学）": Page("centre", other, alike=f"{other}&school={_school_with(in_prefecture, 1)}"),
        "审批页（转学，县）": Page(reviewer, f"/requests/{transfer.pk}/"),
        "审批页（休学，县）": Page(
            f"county_reviewer-{suspension.turn_organisation.code}", f"/requests/{suspension.pk}/"
        ),
        "学籍异动列表（学校）": Page(registrar, "/changes/"),
        "学籍异动列表（县）": Page(reviewer, "/changes/"),
        "学籍页（学校）": Page(registrar, f"/students/{pupil.pk}/"),
        "办理条件自查（转学，学校）": Page(registrar, f"/changes/apply/transfer/{pupil.pk}/", typed),
        "办理条件自查（休学，学校）": Page(registrar, f"/changes/apply/suspension/{pupil.pk}/", typed),
    }


def rounds() -> Iterator[None]:
    """A round for each line that is asked for, each answered when it is done: so two sizes take turns on one machine."""
    print("ready", flush=True)
    for _ in sys.stdin:
        yield
        print("done", flush=True)


def measure() -> dict:
    """Milliseconds (median) and queries of each page and of the floor; rounds go through all of them in turn.

    `alike`: milliseconds of the page with as many lines as in the other register.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, override_settings

    from linxia_xueji.models import User

    with override_settings(MIDDLEWARE=[]):
        floor = _client()
        floor.handler.load_middleware()
        floor.get("/bench-floor/")
    pages = _pages()
    users = {name: User.objects.get(username=name) for name in {page.who for page in pages.values()}}
    clients = {name: _client(user) for name, user in users.items()}
    asked = {"floor": lambda: floor.get("/bench-floor/")}
    for name, page in pages.items():
        asked[name] = partial(_ask, clients[page.who], page.address, page.posted)
        if page.alike:
            asked[name + ALIKE] = partial(_ask, clients[page.who], page.alike, None)

    queries, times = {}, {name: [] for name in asked}
    for name, ask in asked.items():
        ask()
        with CaptureQueriesContext(connection) as captured:
            response = ask()
        assert response.status_code == 200, (name, response.status_code)
        queries[name] = len(captured)
        if os.environ.get("BENCH_SQL") == name:
            for query in captured:
                print(query["time"], query["sql"][:700], file=sys.stderr)
    for _ in rounds():
        for name, ask in asked.items():
            begun = time.perf_counter()
            ask()
            times[name].append((time.perf_counter() - begun) * 1000)
    ms = {name: statistics.median(taken) for name, taken in times.items()}
    return {
        name: {"ms": ms[name], "alike": ms.get(name + ALIKE, ms[name]), "queries": queries[name]}
        for name in ("floor", *pages)
    }


def _ask(client, address: str, posted: dict[str, str] | None):
    return client.post(address, posted) if posted else client.get(address)


if __name__ == "__main__":
    portal()
    json.dump(measure(), sys.stdout)
