"""The jobs of the chain, where the worker looks for them."""

from procrastinate.contrib.django import app

from approvals.overdue import tell_of_overdue
from linxia_xueji.dates import today


@app.periodic(cron="30 22 * * *")
@app.task(name="approvals.tell_of_overdue", queueing_lock="approvals.tell_of_overdue")
def tell_of_overdue_requests(timestamp: int) -> int:
    """At 06:30 in Linxia (schedules count in UTC), tell of what passed its last day, once each. Returns how many."""
    return tell_of_overdue(today())
