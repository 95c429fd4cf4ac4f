"""The bus: workers say whose work changed, every web process hears it. Losing a message is harmless.

A message is `{"users": [ids]}`. What changed is never in it: a page asks for that itself, with its own rights.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Collection
from functools import cache

import redis
from django.conf import settings
from redis import asyncio as async_redis
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

TIMEOUT = 2.0  # seconds for a connect or an answer of the broker
SILENCE = 10.0  # seconds without a message after which the connection has to prove that it lives
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0  # seconds between attempts to reach the broker


def channel(url: str) -> str:
    """The name of the channel; channels ignore the database in the URL, so that it stands in the name."""
    database = url.rpartition("/")[2] or "0"
    return f"portal:{database}:work"


@cache
def _publisher(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
    )


def publish(user_ids: Collection[int]) -> None:
    """Say that the work of these users changed. Never raises: pages catch up by themselves."""
    if not user_ids:
        return
    url = settings.REDIS_URL
    try:
        _publisher(url).publish(channel(url), json.dumps({"users": sorted(user_ids)}))
    except (redis.RedisError, OSError) as error:
        logger.warning("The broker does not answer; open pages hear of the change later: %s", error)


async def listen(
    *, on_ready: Callable[[], None], on_lost: Callable[[], None], on_change: Callable[[list[int]], None]
) -> None:
    """Call `on_change` with the users of every message, for ever; cancel it to stop.

    `on_ready` is called whenever the subscription stands, at first and after every loss (`on_lost`): what was
    said in between is unknown then, so that every page has to catch up.
    """
    wait = FIRST_WAIT
    while True:
        try:
            async for users in _subscription(on_ready):
                wait = FIRST_WAIT
                if users:
                    on_change(users)
        except (redis.RedisError, OSError, TimeoutError) as error:
            logger.warning("No live updates for now; trying to reach the broker again: %s", error)
        on_lost()
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


async def _subscription(on_ready: Callable[[], None]) -> AsyncIterator[list[int]]:
    """Yield the users of each message, and an empty list whenever the connection has proved that it lives."""
    url = settings.REDIS_URL
    client = async_redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, retry=None)
    pubsub = client.pubsub()
    try:
        await pubsub.subscribe(channel(url))
        asked = False
        while True:
            message = await pubsub.get_message(timeout=SILENCE)
            if message is None:
                if asked:
                    raise TimeoutError("the broker has gone silent")
                await pubsub.ping()
                asked = True
                continue
            asked = False
            if message["type"] == "subscribe":
                on_ready()
            yield _users(message["data"]) if message["type"] == "message" else []
    finally:
        await pubsub.aclose()  # type: ignore[no-untyped-call]
        await client.aclose()


def _users(data: bytes) -> list[int]:
    """The ids in a message; whoever else uses the broker may write what he likes into the channel."""
    try:
        return [int(user) for user in json.loads(data)["users"]]
    except (ValueError, TypeError, KeyError):
        logger.warning("A message on the bus is not understood: %.200r", data)
        return []
