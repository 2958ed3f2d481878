"""The nightly look over the accounts: those grown unused are told of; sealing is a person's unless a setting says so."""

from procrastinate.contrib.django import app

from linxia_xueji.dates import today
from linxia_xueji.staff.unused import look_over
from registry.navigation_offices import tell


@app.periodic(cron="20 20 * * *")
@app.task(name="offices.look_over_accounts", queueing_lock="offices.look_over_accounts")
def look_over_accounts(timestamp: int) -> int:
    """At 04:20 in Linxia (schedules count in UTC), tell of accounts newly unused, once each. Returns how many."""
    return look_over(today(), tell)
