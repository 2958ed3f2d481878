"""The worker's own jobs: work whose worker died is taken up again, drafts and sessions nobody came back to are cleared."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from linxia_xueji.dates import today
from linxia_xueji.doors.sessions import SessionStore
from linxia_xueji.drafts import clear_before, oldest_kept
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation
from linxia_xueji.policy import in_force

SILENCE = 60
"""Seconds without a heartbeat after which a worker counts as dead."""


@app.periodic(cron="* * * * *")
@app.task(name="jobs.take_up_stalled", queueing_lock="jobs.take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> int:
    """Put jobs of dead workers back into the queue, once a minute. Returns how many."""
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE))
    for job in stalled:
        await manager.retry_job(job)
    return len(stalled)


@app.periodic(cron="20 3 * * *")
@app.task(name="drafts.clear", queueing_lock="drafts.clear")
def clear_drafts(timestamp: int) -> int:
    """Forget drafts older than the prefecture's setting, every night. Returns how many."""
    prefecture = Organisation.objects.filter(level=Level.PREFECTURE).order_by("code").first()
    return clear_before(oldest_kept(today(), in_force(prefecture, today())["drafts.days"]))


@app.periodic(cron="40 3 * * *")
@app.task(name="sessions.clear", queueing_lock="sessions.clear")
def clear_sessions(timestamp: int) -> None:
    """Forget the rows of sessions that ended long ago, every night."""
    SessionStore.clear_expired()
