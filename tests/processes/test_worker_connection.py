"""The worker works on with one connection."""

import psycopg
import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection

from bpm_portal.celery import app, keep_connection


@pytest.fixture
def run():
    """Runs what is given as the worker runs a task."""
    fixup, task = DjangoWorkerFixup(app), app.tasks["processes.sweep"]

    def one(work):
        fixup.on_task_prerun(task)
        keep_connection()
        found = work()
        fixup.on_task_postrun(task)
        return found

    return one


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_tasks_share_a_connection_and_replace_one_that_has_died(run) -> None:
    first = run(backend)
    assert run(backend) == first
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert run(backend) != first
