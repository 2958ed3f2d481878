"""The search as a job: by night, and when an authority asks. It may be run again after a crash: it is made anew each time."""

from django.db import IntegrityError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import ProblemSearch
from registry.problems.rights import may_search
from registry.problems.searching import search


@app.task(name="problems.search", retry=RetryStrategy(max_attempts=4, exponential_wait=3))
def search_problems(search_id: int) -> None:
    """Carry out a search that was asked for; nothing where it is done."""
    asked = ProblemSearch.objects.get(pk=search_id)
    if asked.ended_at is None:
        run(asked)


@app.periodic(cron="40 18 * * *")
@app.task(name="problems.nightly", queueing_lock="problems.nightly")
def search_nightly(timestamp: int) -> None:
    """At 02:40 in Linxia (schedules count in UTC); a search that broke off is taken up."""
    asked, _ = ProblemSearch.objects.get_or_create(ended_at=None, defaults={"asked_at": now()})
    run(asked)


def run(asked: ProblemSearch) -> ProblemSearch:
    """Search, and say what it changed."""
    with transaction.atomic():
        tally = search()
        asked.ended_at, asked.found, asked.gone = now(), tally.found, tally.gone
        asked.save(update_fields=["ended_at", "found", "gone"])
    return asked


@transaction.atomic
def search_later(*, by) -> ProblemSearch:
    """Ask for a search. :raises Refusal: without the right, and while one is under way."""
    if not may_search(access_of(by)):
        raise Refusal("问题学籍由县教育局或州学管中心发起查找")
    try:
        with transaction.atomic():
            asked = ProblemSearch.objects.create(asked_by=by, asked_at=now())
    except IntegrityError as error:
        raise Refusal("正在查找，完成后再发起") from error
    record(action="发起问题学籍查找", by=by, target=asked)
    search_problems.defer(search_id=asked.pk)
    return asked
