"""The job of a comparison. It may be run again after a crash: what is written is written in one transaction."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linxia_xueji.dates import today
from linxia_xueji.refusal import Refusal
from registry.comparing import running
from registry.comparing.enums import ComparisonState
from registry.models import Comparison


@app.task(name="comparing.run", retry=RetryStrategy(max_attempts=4, exponential_wait=3))
def run_comparison(comparison_id: int) -> None:
    """Compare as was asked for; a refusal stands on the comparison, which waits for other files."""
    comparison = Comparison.objects.select_related("prefecture__parent").get(pk=comparison_id)
    if comparison.state not in (ComparisonState.WAITING, ComparisonState.RUNNING):
        return
    Comparison.objects.filter(pk=comparison_id).update(state=ComparisonState.RUNNING)
    try:
        running.run(comparison, on=today())
    except Refusal as refusal:
        Comparison.objects.filter(pk=comparison_id).update(state=ComparisonState.OPEN, error=refusal.message)


def run_later(comparison: Comparison) -> None:
    """Leave it to the worker."""
    run_comparison.defer(comparison_id=comparison.pk)
