"""The live stream, `GET /events/`: server-sent events, a coroutine of a few kilobytes per open page."""

import asyncio
import json
from typing import Any

from django.db import DatabaseError

from notifications.hub import Work, hub_of_this_loop

HEARTBEAT = 25.0  # seconds; proxies close what is silent for a minute
RETRY = b"retry: 2000\n\n"  # milliseconds after which a browser comes back
BEAT = b": beat\nevent: beat\ndata: {}\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-accel-buffering", b"no"),
]
REFUSALS = {
    401: ("not_authenticated", "Authentication credentials were not provided."),
    405: ("method_not_allowed", "Only GET is allowed here."),
    503: ("unavailable", "The database does not answer. Try again in a moment."),
}


async def live_stream(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Tell one page how much work waits, whenever that changes; ends when its reader signs out.

    `event: work`, `data: {"count": 3, "changed": 1767225600000}`: `changed` grows with every change of my work,
    also where the number stays the same. 401 without a valid session or token.
    """
    if scope["method"] != "GET":
        return await _refuse(send, 405)
    hub = hub_of_this_loop()
    try:
        visitor = await hub.identify(scope["headers"])
    except DatabaseError:
        return await _refuse(send, 503)
    if visitor is None:
        return await _refuse(send, 401)
    loop = asyncio.get_running_loop()
    with hub.open(visitor) as stream:
        gone = loop.create_task(_until_disconnected(receive))
        gone.add_done_callback(lambda _task: stream.end())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _send(send, RETRY)
            while not stream.ended:
                work = await stream.next(until_beat(loop.time()))
                if work is not None:
                    await _send(send, _event(work))
                elif not stream.ended:
                    await _send(send, BEAT)
                    hub.check(stream)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()


def until_beat(now: float) -> float:
    """Seconds until the next beat. All streams beat together, so that the hub looks after all of them at once."""
    left = HEARTBEAT - now % HEARTBEAT
    return left if left > HEARTBEAT / 10 else left + HEARTBEAT  # a timer may come a little early


async def _until_disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Any, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


def _event(work: Work) -> bytes:
    return b"event: work\ndata: %b\n\n" % json.dumps({"count": work.count, "changed": work.changed}).encode()


async def _refuse(send: Any, status: int) -> None:
    code, message = REFUSALS[status]
    body = json.dumps({"code": code, "message": message, "detail": {}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
