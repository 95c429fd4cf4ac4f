"""The web server is killed while it completes a step: the step is done or it is not, and never half."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, work
from processes.tasks import sweep
from tests.faults.conftest import assert_ended_once, is_completed, pending
from tests.faults.rig import blocked_backends
from tests.patience import PATIENCE, until
from tests.web import WebServer, session_of

TOKEN = "t" * 32
Pause = Callable[[Any, ProcessStep], Any]


@pytest.fixture
def step(rig, deploy, bob, monkeypatch) -> ProcessStep:
    """The last step of an instance, which waits for bob; no worker runs."""
    monkeypatch.setenv("FAULTS_FOLDER", str(rig.folder))
    rig.open_gate()
    now = timezone.now()
    instance = instances.start_process(process=deploy("slow_service"), by=bob, now=now)
    assert work.run_service_step(now=now)
    return pending(instance, "check")


def answer(web: WebServer, cookies: dict[str, str], step: ProcessStep) -> httpx.Response:
    """Press a button of the step's card, as a browser does it."""
    cookies = cookies | {settings.CSRF_COOKIE_NAME: TOKEN}
    headers = {"X-CSRFToken": TOKEN, "HX-Request": "true"}
    with httpx.Client(cookies=cookies, headers=headers, timeout=PATIENCE) as client:
        return client.post(f"{web.url}/steps/{step.pk}/answer/", data={"result": "good"})


@contextmanager
def before_anything(rig: Any, step: ProcessStep) -> Iterator[Callable[[], Any]]:
    """Hold the instance: the turn cannot begin."""
    with transaction.atomic():
        ProcessInstance.objects.select_for_update().get(pk=step.instance_id)
        yield blocked_backends


@contextmanager
def between_activity_and_step(rig: Any, step: ProcessStep) -> Iterator[Callable[[], Any]]:
    """Hold the step's row: the activity is closed by then, and nothing else is."""
    with transaction.atomic():
        ProcessStep.objects.select_for_update().get(pk=step.pk)
        yield blocked_backends


@contextmanager
def after_the_commit(rig: Any, step: ProcessStep) -> Iterator[Callable[[], Any]]:
    """Freeze the broker: the answer waits until the worker is woken."""
    rig.freeze_broker()
    try:
        yield lambda: not ProcessStep.objects.pending().filter(pk=step.pk).exists()
    finally:
        rig.thaw_broker()


def is_gone(name: str) -> bool:
    """No session of that program is left in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name])
        return cursor.fetchone()[0] == 0


@pytest.mark.parametrize(
    ("moment", "done", "second_answer"),
    [(before_anything, False, 204), (between_activity_and_step, False, 204), (after_the_commit, True, 409)],
)
def test_a_step_whose_server_dies_is_done_or_not(rig, step, bob, moment, done, second_answer) -> None:
    web, cookies = rig.web(), session_of(bob)
    with ThreadPoolExecutor(1) as browser:
        with moment(rig, step) as has_come:
            response: Future[httpx.Response] = browser.submit(answer, web, cookies, step)
            until(has_come, "the server is at the moment at which it dies")
            web.stop(signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            response.result(PATIENCE)
    until(lambda: is_gone(web.application_name), "the database has noticed")
    step.refresh_from_db()
    assert step.activity.is_final is not step.is_pending
    assert (not step.is_pending) is done
    assert step.events.filter(kind="step-completed").count() == int(done)
    assert step.instance.events.filter(kind="instance-ended").count() == int(done)

    browser_again = Client(headers={"HX-Request": "true"})
    browser_again.force_login(bob)
    assert browser_again.post(f"/steps/{step.pk}/answer/", {"result": "good"}).status_code == second_answer
    until(lambda: [sweep(), is_completed(step.instance)][1], "the instance is completed")
    assert_ended_once(step.instance)
