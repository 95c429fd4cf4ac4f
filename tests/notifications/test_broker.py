"""The broker goes away: publishing never fails anybody, streams stay open and catch up when it is back."""

import time

import pytest

from bpm_portal.embedded import Servers
from notifications import bus
from tests.infrastructure.conftest import open_folder
from tests.web import Reader, WebServer, session_of


@pytest.fixture(scope="module")
def broker():
    """A broker of this module's own, to be killed."""
    with open_folder() as folder, Servers(folder, {"DATABASE_URL": "given"}, durable=False) as servers:
        yield servers


def kill(broker: Servers) -> None:
    (valkey,) = broker.started
    assert valkey.process is not None
    valkey.process.kill()
    valkey.process.wait()


def test_publishing_to_a_dead_broker_is_logged_and_quick(settings, caplog) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    begin = time.monotonic()
    bus.publish([1, 2])
    assert time.monotonic() - begin < 30
    assert "The broker does not answer" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_stream_outlives_the_broker_and_catches_up(broker, bob, settings, tmp_path, django_db_setup) -> None:
    settings.REDIS_URL = broker.urls["REDIS_URL"]
    with WebServer("broker-test", settings.REDIS_URL, tmp_path / "web.log") as web:
        with Reader(web, cookies=session_of(bob)) as reader:
            first = reader.work()
            kill(broker)
            bus.publish([bob.pk])
            assert broker.revive() == ["valkey"]
            caught_up = reader.work()
            assert caught_up["changed"] > first["changed"]
            time.sleep(0.3)
            bus.publish([bob.pk])
            assert reader.work()["changed"] > caught_up["changed"]
        assert "Traceback" not in web.log.read_text()


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_streams_still_begin_with_the_number(bob, tmp_path, django_db_setup) -> None:
    with (
        WebServer("no-broker", "redis://127.0.0.1:1/0", tmp_path / "web.log") as web,
        Reader(web, cookies=session_of(bob)) as reader,
    ):
        assert reader.work()["count"] == 0


def test_what_is_no_message_is_ignored(caplog) -> None:
    assert bus._users(b'{"users": [3, "4"]}') == [3, 4]
    for rubbish in (b"", b"{}", b"[]", b'{"users": 7}', b'{"users": ["x"]}', b"\xff"):
        assert bus._users(rubbish) == []
    assert "is not understood" in caplog.text


@pytest.mark.parametrize(
    ("url", "name"),
    [("redis://:secret@127.0.0.1:6379/3", "portal:3:work"), ("redis://127.0.0.1:6379/", "portal:0:work")],
)
def test_databases_of_one_broker_do_not_hear_each_other(url, name) -> None:
    assert bus.channel(url) == name
