"""The live stream as browsers and programs meet it: a real server, a real broker, a real database."""

import signal
import time
from contextlib import ExitStack

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from rest_framework.authtoken.models import Token

from notifications import bus
from notifications.hub import PAUSE
from tests.factories import HumanStepFactory
from tests.patience import until
from tests.web import Reader, WebServer, session_of

pytestmark = pytest.mark.django_db(transaction=True)


def open_step(**values) -> None:
    HumanStepFactory(starts_at=timezone.now(), **values)


def test_stream_begins_with_the_number_and_tells_every_change(server, bob) -> None:
    open_step(assignee=bob)
    with Reader(server, cookies=session_of(bob)) as reader:
        assert reader.response.status_code == 200
        assert reader.response.headers["content-type"].startswith("text/event-stream")
        assert "no-cache" in reader.response.headers["cache-control"]
        assert reader.response.headers["x-accel-buffering"] == "no"
        assert reader.block() == ["retry: 2000"]
        first = reader.work()
        assert first["count"] == 1
        open_step(assignee=bob)
        bus.publish([bob.pk])
        second = settle(reader, 2)
        assert second["changed"] > first["changed"]


def settle(reader: Reader, count: int) -> dict[str, int]:
    """The next message with this number; the subscription of a fresh server may tell the old one once more."""
    while True:
        work = reader.work()
        assert work is not None
        if work["count"] == count:
            return work


def test_change_that_leaves_the_number_the_same_is_told_too(server, bob) -> None:
    with Reader(server, cookies=session_of(bob)) as reader:
        first = reader.work()
        time.sleep(0.5)
        bus.publish([bob.pk])
        second = reader.work()
        assert (first["count"], second["count"]) == (0, 0)
        assert second["changed"] > first["changed"]


def test_changes_of_others_are_not_told(server, bob, carol) -> None:
    with (
        Reader(server, cookies=session_of(bob)) as his,
        Reader(server, cookies=session_of(carol)) as hers,
    ):
        open_step(assignee=bob)
        bus.publish([bob.pk])
        settle(his, 1)
        open_step(assignee=carol)
        bus.publish([carol.pk])
        settle(hers, 1)
        open_step(assignee=bob)
        bus.publish([bob.pk])
        assert his.work()["count"] == 2, "the next that he hears of is his own"


def test_burst_of_changes_becomes_few_messages(server, bob) -> None:
    with Reader(server, cookies=session_of(bob)) as reader:
        reader.work()
        begin = time.monotonic()
        for _ in range(100):
            bus.publish([bob.pk])
        open_step(assignee=bob)
        bus.publish([bob.pk])
        told = 1
        while reader.work()["count"] == 0:
            told += 1
        assert told <= 2 + (time.monotonic() - begin) / PAUSE


def test_token_opens_the_stream(server, bob) -> None:
    token = Token.objects.create(user=bob)
    with Reader(server, headers={"Authorization": f"Token {token.key}"}) as reader:
        assert reader.work()["count"] == 0


@pytest.mark.parametrize(
    "request_of_a_stranger",
    [
        {},
        {"cookies": {settings.SESSION_COOKIE_NAME: "x" * 32}},
        {"headers": {"Authorization": "Token " + "0" * 40}},
        {"headers": {"Authorization": "Token x y"}},
        {"headers": {"Authorization": "Basic Ym9iOmRlbW8="}},
        {"headers": {"Cookie": b"sessionid=\xff\xfe; ; =;"}},
    ],
)
def test_stranger_gets_401(server, db, request_of_a_stranger) -> None:
    answer = httpx.get(f"{server.url}/events/", **request_of_a_stranger)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_user_who_may_not_sign_in_gets_401(server, bob) -> None:
    cookies = session_of(bob)
    bob.is_active = False
    bob.save(update_fields=["is_active"])
    assert httpx.get(f"{server.url}/events/", cookies=cookies).status_code == 401


def test_only_get_is_allowed(server, db) -> None:
    answer = httpx.post(f"{server.url}/events/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_stream_ends_at_the_next_change_after_signing_out(server, bob, client) -> None:
    cookies = session_of(bob)
    with Reader(server, cookies=cookies) as reader:
        assert reader.work() is not None
        httpx.get(f"{server.url}/", cookies=cookies)
        client.cookies[settings.SESSION_COOKIE_NAME] = cookies[settings.SESSION_COOKIE_NAME]
        client.logout()
        bus.publish([bob.pk])
        assert until_end(reader)


def until_end(reader: Reader) -> bool:
    while reader.work() is not None:
        pass
    return True


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "md5$x$y"}])
def test_stream_ends_when_the_user_is_shut_out_or_changes_the_password(server, bob, change) -> None:
    with Reader(server, cookies=session_of(bob)) as reader:
        assert reader.work() is not None
        type(bob).objects.filter(pk=bob.pk).update(**change)
        bus.publish([bob.pk])
        assert until_end(reader)


def test_200_streams_hold_no_database_connection_and_all_hear_the_change(tmp_path, bob, carol) -> None:
    """On a server of its own: the thread of an ordinary page may keep its connection for a minute."""
    cookies = session_of(bob), session_of(carol)
    no_pool = {"DATABASE_POOL": "0"}
    with (
        WebServer("streams", settings.REDIS_URL, tmp_path / "web.log", no_pool) as server,
        ExitStack() as stack,
    ):
        readers = [stack.enter_context(Reader(server, cookies=cookies[n % 2])) for n in range(200)]
        assert all(reader.work() is not None for reader in readers)
        wait_until_no_connections(server)
        open_step(assignee=bob)
        open_step(assignee=carol)
        bus.publish([bob.pk, carol.pk])
        for reader in readers:
            settle(reader, 1)
        wait_until_no_connections(server)


def wait_until_no_connections(server: WebServer) -> None:
    until(lambda: not connections_of(server), "every connection is given back")


def connections_of(server: WebServer) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [server.application_name]
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_open_streams_do_not_hold_the_server_when_it_stops(tmp_path, bob, number) -> None:
    with WebServer("stopping", settings.REDIS_URL, tmp_path / "web.log") as web:
        with Reader(web, cookies=session_of(bob)) as reader:
            assert reader.work() is not None
            web.stop(number)
            assert until_end(reader)
        assert "Application shutdown complete" in web.log.read_text()
        assert "Traceback" not in web.log.read_text()
