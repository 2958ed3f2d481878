"""Jobs of 信息核查: every hour what has come to agree is closed, every morning who is near the last day is reminded."""

from procrastinate.contrib.django import app

from linxia_xueji.dates import today
from registry.verifying.reminding import remind_due
from registry.verifying.settling import settle


@app.periodic(cron="23 * * * *")
@app.task(name="verifying.settle", queueing_lock="verifying.settle")
def settle_deviations(timestamp: int) -> None:
    """Close deviations with which the register agrees."""
    settle()


@app.periodic(cron="10 0 * * *")
@app.task(name="verifying.remind", queueing_lock="verifying.remind")
def remind_schools(timestamp: int) -> None:
    """At 08:10 in Linxia (schedules count in UTC)."""
    remind_due(today())
