"""A job whose worker died is taken up again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from linxia_xueji.jobs import take_up_stalled
from tests.databases import renamed

ROOT = Path(__file__).resolve().parents[2]


def sql(statement: str, *values) -> tuple:
    """Run one statement and return its first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_job_of_a_dead_worker_is_taken_up_again():
    worker = sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id")[
        0
    ]
    job = sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, worker_id, attempts)"
        " VALUES ('elsewhere', 'admissions.check', 0, '{\"upload_id\": 0}', 'doing', %s, 1) RETURNING id",
        worker,
    )[0]
    take_up_stalled.configure(queue="jobs").defer(timestamp=0)
    # A process of its own, as in service: a worker brings an event loop and connections that this one could not close.
    subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--queues", "jobs", "--one-shot"],
        env={**os.environ, "DATABASE_URL": renamed("DATABASE_URL", connection.settings_dict["NAME"])},
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    assert sql("SELECT status FROM procrastinate_jobs WHERE id = %s", job) == ("todo",)
