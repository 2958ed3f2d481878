"""The large demonstration, at a hundredth: whole, lawful in the eyes of the database, and the same every time."""

import hashlib

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from approvals.enums import State
from approvals.models import Request
from linxia_xueji.access import access_of
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, User
from registry.models import Candidate, Enrolment, Intake, IssuedNumber, KeyFacts, NumberVoiding

pytestmark = pytest.mark.django_db


def _made(seed: int) -> str:
    call_command("demo", scale="hundredth", seed=seed)
    people = KeyFacts.objects.order_by("pk").values_list("name", "birth_date")
    requests = Request.objects.order_by("pk").values_list("number", "state", "closed_on", "due_on")
    return hashlib.sha256(repr([*people, *requests]).encode()).hexdigest()


@pytest.fixture
def empty(db):
    call_command("load_reference")


def whole_and_everybody_works() -> None:
    assert KeyFacts.objects.count() == Enrolment.objects.count() == 4_200
    assert Request.objects.count() == 1_000
    voided = Enrolment.objects.exclude(ends_on=None).count()
    assert voided == IssuedNumber.objects.exclude(voided_on=None).count() > 0
    assert NumberVoiding.objects.filter(request__state=State.APPROVED).count() == voided
    assert not Intake.objects.filter(held__gt=F("plan")).exists()
    assert sum(Intake.objects.values_list("held", flat=True)) == Candidate.objects.filter(seat=True).count()
    assert not User.objects.filter(is_superuser=True).exists()
    school = Organisation.objects.filter(level=Level.SCHOOL, code__contains="6298").first()
    clerk = User.objects.get(username=f"registrar-{school.code}")
    assert access_of(clerk).may("prepare_business", school)


def test_it_is_whole_and_the_same_seed_makes_the_same(empty):
    found = []
    for _ in range(2):
        with transaction.atomic():
            found.append(_made(7))
            whole_and_everybody_works()
            transaction.set_rollback(True)
    assert found[0] == found[1]
