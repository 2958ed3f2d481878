"""The jobs of the chain, where the worker looks for them."""

from procrastinate.contrib.django import app

from approvals import digest
from approvals.overdue import tell_of_overdue
from linxia_xueji.dates import today


@app.periodic(cron="30 22 * * *")
@app.task(name="approvals.tell_of_overdue", queueing_lock="approvals.tell_of_overdue")
def tell_of_overdue_requests(timestamp: int) -> int:
    """At 06:30 in Linxia (schedules count in UTC), tell of what passed its last day, once each. Returns how many."""
    return tell_of_overdue(today())


@app.periodic(cron="30 23 * * *")
@app.task(name="approvals.arrange_digests", queueing_lock="approvals.arrange_digests")
def arrange_digests(timestamp: int) -> int:
    """At 07:30 in Linxia (schedules count in UTC), on working days, write the digests of unread messages. Returns how many."""
    return digest.arrange(today())


@app.periodic(cron="*/10 * * * *")
@app.task(name="approvals.send_digests", queueing_lock="approvals.send_digests")
def send_digests(timestamp: int) -> int:
    """Send the digests that are written, every ten minutes what could not be sent before. Returns how many."""
    return digest.send_waiting(today())
