"""The rows of one case, a clock that only the case moves, and everything that workers would do, done at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.db import connection, transaction

from bpm_portal.accounts.models import User
from bpm_portal.common.errors import BusinessError
from processes import outbox, service_calls
from processes.models import ProcessEvent, ProcessInstance, ProcessStart, ProcessStep
from processes.service_calls import ServiceCall
from processes.services import deliveries, instances, timers, work
from tests.conformance.translation import SCRIPT_SERVICE
from tests.conformance.words import EngineError

START = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)  # a Monday morning
#: Moves of one step of a case; more is taken for an endless loop.
MAX_ROUNDS = 2_000
UNCAUGHT = "error-uncaught"


@dataclass(frozen=True)
class InHand:
    """A call that a worker is busy with until `until`."""

    until: datetime
    step: ProcessStep
    command: Any


class World:
    """One case. All its rows live in a transaction that is rolled back when the next case begins."""

    current: ClassVar["World | None"] = None

    def __init__(self, script: Callable[[ServiceCall, Callable[[], float]], tuple[Any, float]]) -> None:
        """`script(call, clock)` plays a script of the case: its result, and the seconds that it takes."""
        if World.current is not None:
            World.current.close()
        World.current = self
        self._script = script
        self._lengths: dict[str, float] = {}
        self._in_hand: list[InHand] = []
        self._incidents: set[int] = set()
        self.now = START
        self._rows = transaction.atomic()
        self._rows.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing is ever committed: check at once
        service_calls.service(SCRIPT_SERVICE)(self._play)
        self.by = User.objects.create(username="conformance", is_superuser=True, is_staff=True)

    def close(self) -> None:
        """Forget the case."""
        service_calls.unregister(SCRIPT_SERVICE)
        transaction.set_rollback(True)
        self._rows.__exit__(None, None, None)
        World.current = None

    @contextmanager
    def move(self) -> Iterator[None]:
        """One step of a case, with all work that follows. Raises EngineError for refusals and new incidents."""
        try:
            yield
            self.work()
        except BusinessError as problem:
            raise EngineError(problem.message) from problem
        self._raise_incidents()

    def advance(self, seconds: float) -> None:
        """Let time pass: each timer and each call in hand at its moment, with all work that follows."""
        until = self.now + timedelta(seconds=seconds)
        with self.move():
            self.work()
            for _ in range(MAX_ROUNDS):
                moment = self._next_moment(until)
                if moment is None:
                    break
                self.now = max(self.now, moment)
                self._settle_calls()
                self._fire_timers()
                self.work()
            else:
                raise EngineError(f"Timers still fire after {MAX_ROUNDS} rounds.")
            self.now = until

    def work(self) -> None:
        """What the workers do at this moment, until nothing is left to do."""
        for _ in range(MAX_ROUNDS):
            done = [self._publish(), self._hand_over(), self._run_services(), self._finish()]
            if not any(done):
                return
        raise EngineError(f"The workers are still busy after {MAX_ROUNDS} rounds.")

    def fire(self, timer: ProcessStep | ProcessStart) -> bool:
        """Fire one timer at its own time, whatever else is due by then."""
        assert timer.due_at is not None
        self.now = max(self.now, timer.due_at)
        if isinstance(timer, ProcessStart):
            return timers.fire_start(start_id=timer.pk, now=self.now)
        return timers.fire_timer(step_id=timer.pk, now=self.now)

    def live_steps(self, **filters: Any) -> Any:
        """Pending steps of instances that have not ended, oldest first."""
        return (
            ProcessStep.objects.pending()
            .filter(instance__status__in=ProcessInstance.LIVE, **filters)
            .order_by("id")
        )

    def uncaught_errors(self) -> list[str]:
        """Codes of BPMN errors that nothing caught."""
        return [event.data["code"] for event in ProcessEvent.objects.filter(kind=UNCAUGHT).order_by("id")]

    # -- the work

    def _publish(self) -> int:
        return outbox.publish(now=self.now)

    def _hand_over(self) -> int:
        return deliveries.hand_over_waiting(now=self.now)

    def _finish(self) -> int:
        ended = ProcessInstance.objects.to_finish().order_by("id").values_list("pk", flat=True)
        return sum(instances.finish_instance(instance_id=key, now=self.now) for key in list(ended))

    def _run_services(self) -> int:
        """Claim all that is queued before anything is settled, as so many workers would."""
        claimed = []
        while (step := work.claim_service_step(now=self.now)) is not None:
            claimed.append(step)
        for step in claimed:
            command = work.call_service(step)
            length = self._lengths.pop(f"step-{step.pk}", 0)
            self._in_hand.append(InHand(self.now + timedelta(seconds=length), step, command))
        self._settle_calls()
        return len(claimed)

    def _settle_calls(self) -> None:
        done = [call for call in self._in_hand if call.until <= self.now]
        self._in_hand = [call for call in self._in_hand if call.until > self.now]
        for call in done:
            work.settle_service_step(step=call.step, command=call.command, now=self.now)

    def _fire_timers(self) -> None:
        timers.fire_due_starts(now=self.now)
        for step_id in timers.claim_timers(self.now):
            timers.fire_timer(step_id=step_id, now=self.now)

    def _next_moment(self, until: datetime) -> datetime | None:
        moments = [call.until for call in self._in_hand if call.until <= until]
        for timed in (ProcessStep.objects.pending(), ProcessStart.objects.all()):
            due = timed.filter(waits_on="timer", due_at__lte=until).order_by("due_at")
            moments += due.values_list("due_at", flat=True)[:1]
        return min(moments, default=None)

    def _play(self, call: ServiceCall) -> Any:
        result, self._lengths[call.key] = self._script(call, self._seconds)
        return result

    def _seconds(self) -> float:
        return (self.now - START).total_seconds()

    def _raise_incidents(self) -> None:
        """Each incident is told once; an error that nothing catches is no incident to a case."""
        uncaught = ProcessEvent.objects.filter(kind=UNCAUGHT).values("step_id")
        failed = ProcessStep.objects.filter(status="failed").exclude(pk__in=uncaught)
        new = [step for step in failed.order_by("id") if step.pk not in self._incidents]
        self._incidents.update(step.pk for step in new)
        if new:
            raise EngineError("; ".join(f"{step.element_id}: {step.error}" for step in new))
