"""What the pages of 学籍变动 cost the database: at most twelve queries, and no more for a long list than for a short one."""

from copy import copy
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Request
from linxia_xueji.drafts import held
from linxia_xueji.secrets import Secret
from registry.models import Enrolment, KeyFacts
from tests.approvals.test_page_queries import MOST, queries
from tests.transfers.support import announce_terms, filed, pupil, through, with_papers
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, World, id_number
from transfers.enums import Direction
from transfers.models import (
    Change,
    Departure,
    Expulsion,
    IncomingPupil,
    KeyInfoChange,
    Resumption,
    Suspension,
    Transfer,
    Withdrawal,
)

PERIOD = {"starts_on": date(2026, 9, 17), "ends_on": date(2027, 8, 31), "cause": "illness"}


def drafted(world: World, kind: str) -> Change:
    """A draft of that business with its papers; `incoming` and `extension` are kinds of their own here."""
    announce_terms(world)
    to = world.organisation(COUNTY_SCHOOL)
    if kind == "incoming":
        detail = Transfer(
            direction=Direction.INCOMING, to_school=to, to_stage="senior", to_grade=11, outside_school="兰州某中学"
        )
        detail.pupil = IncomingPupil(
            name="周新", sex="2", birth_date=date(2009, 5, 6), id_number=Secret("620102200905061226"), ethnicity="01",
            national_number=Secret(""), stage="senior", grade=11, entry_year=2025,
        )  # fmt: skip
        return with_papers(world, filed(world, "transfer", None, detail, school=COUNTY_SCHOOL))
    enrolment = pupil(world, OTHER_SCHOOL if kind == "transfer" else COUNTY_SCHOOL, grade=11, stage="senior")
    if kind in ("extension", "resumption"):
        through(world, with_papers(world, filed(world, "suspension", enrolment, Suspension(**PERIOD))))
        enrolment = Enrolment.objects.select_related("school").get(pk=enrolment.pk)
    facts = KeyFacts.objects.get(student=enrolment.student, valid_to=None)
    later = {"starts_on": date(2027, 9, 1), "ends_on": date(2028, 8, 31), "extension": True, "consecutive_before": 1}
    details = {
        "transfer": Transfer(to_school=to, to_stage="senior", to_grade=11),
        "suspension": Suspension(**PERIOD),
        "extension": Suspension(**PERIOD | later),
        "resumption": Resumption(grade=11),
        "withdrawal": Withdrawal(ground="guardian_applies"),
        "expulsion": Expulsion(document_number="校〔2026〕1号", issued_on=world.day),
        "death": Departure(happened_on=world.day),
        "abroad": Departure(happened_on=world.day, place="法国"),
        "key_info": KeyInfoChange(
            before=facts, name="马新名", sex=facts.sex, birth_date=facts.birth_date, id_number=Secret(id_number(77))
        ),
    }
    school = COUNTY_SCHOOL if kind == "transfer" else ""
    business = "suspension" if kind == "extension" else kind
    return with_papers(world, filed(world, business, enrolment, details[kind], school=school))


KINDS = (
    "transfer", "incoming", "suspension", "extension", "resumption", "withdrawal", "expulsion", "death", "abroad", "key_info",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_decision_page_of_each_business_takes_few_queries_for_everybody(world, client, kind):
    change = drafted(world, kind)
    address = reverse("approvals:request", args=[change.request_id])
    found = {}
    client.force_login(world.registrar())
    found["draft"] = queries(client, address)
    through(world, change, steps=0)
    for who in ("registrar", "head", "county", "centre") if kind == "transfer" else ("head",):
        user = getattr(world, who)
        client.force_login(user() if callable(user) else user)
        found[who] = queries(client, address)
    through(world, change, steps=1, submit=False)
    client.force_login(world.county)
    found["county at its turn"] = queries(client, address)
    assert max(found.values()) <= MOST, found


def copies(change: Change, count: int) -> None:
    """So many more changes of other students, as rows."""
    request = change.request
    made = []
    for n in range(count):
        again = copy(request)
        again.pk, again.number, again.lock_key = None, f"{request.number}-{n}", f"{request.lock_key}-{n}"
        made.append(again)
    Change.objects.bulk_create(
        Change(request=r, enrolment=change.enrolment, applicant="马父", relation="father")
        for r in Request.objects.bulk_create(made)
    )


def test_the_list_takes_few_queries_and_a_long_one_no_more(world, client):
    change = drafted(world, "transfer")
    address = reverse("transfers:changes")
    users = (world.registrar(), world.county, world.centre)
    few = {}
    for user in users:
        client.force_login(user)
        few[user.username] = queries(client, address)
    copies(change, 49)
    for user in users:
        client.force_login(user)
        assert queries(client, address) == few[user.username] <= MOST


def test_the_pages_of_a_student_take_few_queries_what_is_asked_and_kept_counted(world, client):
    announce_terms(world)
    enrolment = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")
    client.force_login(world.registrar())
    assert queries(client, reverse("transfers:student", args=[enrolment.pk])) <= MOST
    typed = {
        "applied_on": "2026-09-14", "applicant": "马父", "relation": "father", "reason": "", "check": "1",
        "to_school": world.organisation(COUNTY_SCHOOL).pk, "to_stage": "senior", "to_grade": "11",
        "starts_on": "2026-09-17", "ends_on": "2027-07-09", "cause": "illness", "ground": "guardian_applies",
    }  # fmt: skip
    found = {}
    for slug in ("transfer", "suspension", "withdrawal"):
        address = reverse("transfers:apply", args=[slug, enrolment.pk])
        for _ in range(2):
            with CaptureQueriesContext(connection) as seen:
                assert client.post(address, typed).status_code == 200
        found[slug] = len(seen)
        assert held(world.registrar(), address).fields["applicant"] == ["马父"]
    assert max(found.values()) <= MOST, found
