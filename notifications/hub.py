"""The hub: one per web process; hears the bus and tells the open streams how much work waits.

However many streams are open, they share one subscription, one thread and at most one database connection, and
that only while something is being counted.
"""

import asyncio
import logging
import signal
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection
from django.utils import timezone

from notifications import bus
from notifications.visitors import Headers, Visitor, identify, recount

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

PAUSE = 0.1  # seconds between two counts: a burst of changes becomes one message
REMEMBERED = 50_000  # users whose last change is known


@dataclass(frozen=True, slots=True)
class Work:
    """What a stream tells: the number on the bell, and when the work last changed (milliseconds of the epoch)."""

    count: int
    changed: int


class Stream:
    """One open page. Holds the newest message that was not sent yet: a slow reader skips the older ones."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.ended = False
        self.told: Work | None = None
        self._waiting: Work | None = None
        self._wake = asyncio.Event()

    def tell(self, work: Work) -> None:
        """Send this next, unless the reader knows it."""
        if work != self.told:
            self.told = self._waiting = work
            self._wake.set()

    def end(self) -> None:
        """Close the stream."""
        self.ended = True
        self._wake.set()

    async def next(self, patience: float) -> Work | None:
        """The next message; None after `patience` seconds without one, or when the stream has ended."""
        try:
            await asyncio.wait_for(self._wake.wait(), patience)
        except TimeoutError:
            return None
        self._wake.clear()
        work, self._waiting = self._waiting, None
        return None if self.ended else work


class Hub:
    """Lives on one event loop and is used only there; the database is read in a thread of its own."""

    def __init__(self) -> None:
        self._streams: defaultdict[int, set[Stream]] = defaultdict(set)
        self._changed: OrderedDict[int, int] = OrderedDict()
        self._heard_since = 0  # changes before that moment are unknown
        self._hears = False
        self._to_count: set[Stream] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._bus: asyncio.Task[None] | None = None
        self._counting = False
        self._closing = False
        self._thread = ThreadPoolExecutor(1, "live")
        self._jobs = 0

    async def identify(self, headers: Headers) -> Visitor | None:
        """Who sends these headers. Raises DatabaseError."""
        return await self._in_thread(partial(identify, headers))

    @contextmanager
    def open(self, visitor: Visitor) -> Iterator[Stream]:
        """A stream that gets the present number at once and every change from then on."""
        if self._bus is None or self._bus.done():
            self._bus = self._start(
                bus.listen(on_ready=self._catch_up, on_lost=self._lose, on_change=self._note)
            )
        stream = Stream(visitor)
        self._streams[visitor.user_id].add(stream)
        if self._closing:
            stream.end()
        self.check(stream)
        try:
            yield stream
        finally:
            self._to_count.discard(stream)
            self._streams[visitor.user_id].discard(stream)
            if not self._streams[visitor.user_id]:
                del self._streams[visitor.user_id]

    def check(self, *streams: Stream) -> None:
        """Count again; a stream whose reader may no longer read ends."""
        self._to_count.update(streams)
        if self._to_count and not self._counting:
            self._counting = True
            self._start(self._count())

    def close(self) -> None:
        """End all streams, now and from now on: the server is about to stop."""
        self._closing = True
        for stream in self._all():
            stream.end()

    def _catch_up(self) -> None:
        """The bus is heard again; what was said before is unknown, so that everybody has a change."""
        self._hears = True
        self._heard_since = _milliseconds()
        self._changed.clear()
        self.check(*self._all())

    def _lose(self) -> None:
        self._hears = False

    def _note(self, users: list[int]) -> None:
        for user in users:
            self._changed[user] = max(_milliseconds(), self._changed.pop(user, 0) + 1)
            self.check(*self._streams.get(user, ()))
        while len(self._changed) > REMEMBERED:
            _user, self._heard_since = self._changed.popitem(last=False)

    def _changed_at(self, user: int) -> int:
        if not self._hears:  # anything may have changed: pages catch up with every heartbeat
            return _milliseconds()
        return max(self._changed.get(user, 0), self._heard_since)

    async def _count(self) -> None:
        """Count for all who wait, in one go; then for those who came in the meantime."""
        try:
            while self._to_count:
                streams, self._to_count = self._to_count, set()
                try:
                    await self._count_for(streams)
                except DatabaseError:
                    logger.exception("The work of %d open pages could not be counted", len(streams))
                await asyncio.sleep(PAUSE)
        finally:
            self._counting = False

    async def _count_for(self, streams: set[Stream]) -> None:
        # Read before counting: a change that comes in the meantime is counted again.
        changed = {stream: self._changed_at(stream.visitor.user_id) for stream in streams}
        visitors = {stream.visitor for stream in streams}
        counts = await self._in_thread(partial(recount, visitors, timezone.now()))
        for stream in streams:
            if stream.visitor in counts:
                stream.tell(Work(counts[stream.visitor], changed[stream]))
            else:
                stream.end()

    async def _in_thread(self, job: Callable[[], Result]) -> Result:
        """Run in the thread; its connection is given back as soon as nobody waits for another job.

        Jobs are counted by the loop alone: two threads would lose count, and a page that leaves before its job
        has begun would be counted for ever.
        """
        self._jobs += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, _closing_if_broken(job))
        finally:
            self._jobs -= 1
            if not self._jobs:
                self._thread.submit(_close_connection)

    def _all(self) -> list[Stream]:
        return [stream for streams in self._streams.values() for stream in streams]

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._tasks.discard)
        return task


def _close_connection() -> None:
    """Close that of the thread in which this runs."""
    connection.close()


def _closing_if_broken(job: Callable[[], Result]) -> Callable[[], Result]:
    """The job, which leaves no broken connection to the next one."""

    def run() -> Result:
        try:
            return job()
        except DatabaseError:
            connection.close()
            raise

    return run


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub_of_this_loop() -> Hub:
    """The hub of the running event loop; the first call makes it."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
        _close_with_server(loop, _hubs[loop])
    return _hubs[loop]


def _close_with_server(loop: asyncio.AbstractEventLoop, hub: Hub) -> None:
    """End the streams when the server is told to stop.

    A server that stops in order waits for open responses, and tells the application (by lifespan) only after
    them: streams would hold it for ever. So its signal is heard here first and then handed on.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)

        def stop(received: int, frame: FrameType | None, handler: Any = handler) -> None:
            loop.call_soon_threadsafe(hub.close)
            if callable(handler):
                handler(received, frame)

        if callable(handler):
            signal.signal(number, stop)


def _milliseconds() -> int:
    return int(timezone.now().timestamp() * 1000)
