"""The heartbeat: keeps proxies quiet, and heals what no message told."""

import asyncio
import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from notifications import stream
from notifications.hub import hub_of_this_loop
from tests.factories import HumanStepFactory
from tests.patience import PATIENCE
from tests.web import session_of

pytestmark = pytest.mark.django_db(transaction=True)


class Page:
    """Calls the stream as a server does.

    `on_beat` happens after the first heartbeat at which the broker is heard and all is counted; it leaves when
    `is_enough` says so of the counts that it was told from then on, and of the number of beats.
    """

    def __init__(self, cookies: dict[str, str], on_beat: Any, is_enough: Any) -> None:
        (pair,) = cookies.items()
        self.scope = {"type": "http", "method": "GET", "headers": [(b"cookie", "=".join(pair).encode())]}
        self.on_beat, self.is_enough = on_beat, is_enough
        self.beats = self.known = 0
        self.left = asyncio.Event()
        self.sent: list[bytes] = []

    async def receive(self) -> dict[str, str]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message.get("body", b""))
        hub = hub_of_this_loop()
        if message.get("body") == stream.BEAT and (self.beats or (hub._hears and not hub._counting)):
            self.beats += 1
            if self.beats == 1:
                self.known = len(self._counts())
                await asyncio.to_thread(self._act)
        if self.beats and self.is_enough(self.told(), self.beats):
            self.left.set()

    def _act(self) -> None:
        try:
            self.on_beat()
        finally:
            connection.close()

    def told(self) -> list[int]:
        return self._counts()[self.known :]

    def _counts(self) -> list[int]:
        lines = b"".join(self.sent).decode().splitlines()
        return [json.loads(line[6:])["count"] for line in lines if line.startswith('data: {"count"')]


def look(cookies: dict[str, str], on_beat: Any, is_enough: Any, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.4)

    async def visit() -> Page:
        page = Page(cookies, on_beat, is_enough)
        await asyncio.wait_for(stream.live_stream(page.scope, page.receive, page.send), PATIENCE)
        return page

    return asyncio.run(visit())


def test_new_number_is_told_with_the_heartbeat_although_nobody_said_so(bob, monkeypatch) -> None:
    """As at midnight, when what starts tomorrow becomes today's."""

    def midnight() -> None:
        HumanStepFactory(assignee=bob, starts_at=timezone.now())

    page = look(session_of(bob), midnight, lambda told, _beats: 1 in told, monkeypatch)
    assert page.told() in ([1], [0, 1])
    assert stream.BEAT.startswith(b":")


def test_heartbeat_without_a_change_tells_nothing(bob, monkeypatch) -> None:
    page = look(session_of(bob), lambda: None, lambda _told, beats: beats == 4, monkeypatch)
    assert page.told() in ([], [0])  # once more when that was not sent yet


def test_stream_ends_with_the_heartbeat_after_signing_out(bob, monkeypatch) -> None:
    page = look(session_of(bob), Session.objects.all().delete, lambda _told, _beats: False, monkeypatch)
    assert page.beats
    assert not page.left.is_set()


@pytest.mark.parametrize("opened", [0.0, 3.7, 24.0, 1000.1])
def test_pages_opened_at_any_moment_beat_together_so_that_one_look_is_for_all(opened: float) -> None:
    beat = opened + stream.until_beat(opened)
    assert beat % stream.HEARTBEAT == pytest.approx(0)
    assert 0 < beat - opened <= 1.1 * stream.HEARTBEAT


def test_a_beat_that_comes_a_little_early_is_not_followed_by_another_one() -> None:
    early = 2 * stream.HEARTBEAT - 0.001
    assert stream.until_beat(early) > stream.HEARTBEAT
