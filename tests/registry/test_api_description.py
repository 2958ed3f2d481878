"""schemathesis against the description of the HTTP interface finds nothing: some cases here, thousands in bin/prove."""

import os
from collections.abc import Callable, Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation

from linxia_xueji.models import Tally
from linxia_xueji.wsgi import application
from registry.enums import ApiPurpose
from tests.registry.rosters_support import pupils
from tests.registry.test_api import COUNTS, DESCRIPTION, ROSTERS, SCHOOLS, token

CASES = int(os.environ.get("API_CASES", "3"))
"""Random ones of each path, beside all that schemathesis works out from the description: limits, methods, headers."""


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests leave the connection alone, which is within the transaction of the test, as those of Django's client do."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def bearer(world, one_connection) -> dict[str, str]:
    """The header of a system that may read, with students to tell of."""
    pupils(world)
    return {"Authorization": f"Bearer {token(world, purpose=ApiPurpose.AID)}"}


described = schemathesis.openapi.from_wsgi(DESCRIPTION, application)


def over(path: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The test is run on what may be asked at that path. One test a path: a name shared by several would run once."""
    held = settings(
        max_examples=CASES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    return lambda test: described.include(path=path).parametrize()(held(test))


def asked(case: Case, headers: dict[str, str]) -> None:
    """The answer holds to the description, with the token and without. Nobody waits: that would answer everything.

    A case that is about the header being wrong goes as it is: given the token it would be right.
    """
    Tally.objects.all().delete()
    header = case.meta.components.get(ParameterLocation.HEADER)
    case.call_and_validate(headers={} if header and header.mode.is_negative else headers)


@over(COUNTS)
def test_counts_answer_as_described(case, bearer):
    asked(case, bearer)


@over(ROSTERS)
def test_rosters_answer_as_described(case, bearer):
    asked(case, bearer)


@over(SCHOOLS)
def test_schools_answer_as_described(case, bearer):
    asked(case, bearer)
