"""A job whose worker died is taken up again."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from linxia_xueji.jobs import take_up_stalled


def sql(statement: str, *values) -> tuple:
    """Run one statement and return its first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_job_of_a_dead_worker_is_taken_up_again():
    worker = sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id")[0]
    job = sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, worker_id, attempts)"
        " VALUES ('elsewhere', 'admissions.check', 0, '{\"upload_id\": 0}', 'doing', %s, 1) RETURNING id",
        worker,
    )[0]
    take_up_stalled.configure(queue="jobs").defer(timestamp=0)
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(queues=["jobs"], wait=False, install_signal_handlers=False, listen_notify=False)
    assert sql("SELECT status FROM procrastinate_jobs WHERE id = %s", job) == ("todo",)
