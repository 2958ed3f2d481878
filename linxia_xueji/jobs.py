"""The worker's own job: work whose worker died is taken up again."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

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
