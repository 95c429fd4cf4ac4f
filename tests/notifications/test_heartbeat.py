"""The heartbeat: keeps proxies quiet, and heals what no message told."""

import asyncio
import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from notifications import stream
from tests.factories import HumanStepFactory
from tests.web import session_of

pytestmark = pytest.mark.django_db(transaction=True)


class Page:
    """Calls the stream as a server does; `on_beat` happens after the first heartbeat, then it leaves."""

    def __init__(self, cookies: dict[str, str], on_beat: Any, leave_after: int = 3) -> None:
        (pair,) = cookies.items()
        self.scope = {"type": "http", "method": "GET", "headers": [(b"cookie", "=".join(pair).encode())]}
        self.on_beat, self.beats, self.leave_after = on_beat, 0, leave_after
        self.left = asyncio.Event()
        self.sent: list[bytes] = []

    async def receive(self) -> dict[str, str]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message.get("body", b""))
        if message.get("body") == stream.BEAT:
            self.beats += 1
            if self.beats == 1:
                await asyncio.to_thread(self._act)
            if self.beats == self.leave_after:
                self.left.set()

    def _act(self) -> None:
        try:
            self.on_beat()
        finally:
            connection.close()

    def counts(self) -> list[int]:
        lines = b"".join(self.sent).decode().splitlines()
        return [json.loads(line[6:])["count"] for line in lines if line.startswith('data: {"count"')]


def look(cookies: dict[str, str], on_beat: Any, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.4)

    async def visit() -> Page:
        page = Page(cookies, on_beat)
        await asyncio.wait_for(stream.live_stream(page.scope, page.receive, page.send), 20)
        return page

    return asyncio.run(visit())


def test_new_number_is_told_with_the_heartbeat_although_nobody_said_so(bob, monkeypatch) -> None:
    """As at midnight, when what starts tomorrow becomes today's."""

    def midnight() -> None:
        HumanStepFactory(assignee=bob, starts_at=timezone.now())

    page = look(session_of(bob), midnight, monkeypatch)
    assert page.counts()[0] == 0
    assert page.counts()[-1] == 1
    assert page.beats == 3
    assert stream.BEAT.startswith(b":")


def test_heartbeat_without_a_change_tells_nothing(bob, monkeypatch) -> None:
    page = look(session_of(bob), lambda: None, monkeypatch)
    assert page.counts() in ([0], [0, 0])  # once more when the subscription came to stand after the first


def test_stream_ends_with_the_heartbeat_after_signing_out(bob, monkeypatch) -> None:
    page = look(session_of(bob), Session.objects.all().delete, monkeypatch)
    assert page.beats < 3
    assert not page.left.is_set()


@pytest.mark.parametrize("opened", [0.0, 3.7, 24.0, 1000.1])
def test_pages_opened_at_any_moment_beat_together_so_that_one_look_is_for_all(opened: float) -> None:
    beat = opened + stream.until_beat(opened)
    assert beat % stream.HEARTBEAT == pytest.approx(0)
    assert 0 < beat - opened <= 1.1 * stream.HEARTBEAT


def test_a_beat_that_comes_a_little_early_is_not_followed_by_another_one() -> None:
    early = 2 * stream.HEARTBEAT - 0.001
    assert stream.until_beat(early) > stream.HEARTBEAT
