"""Events that wait for a message, a signal, a moment or a condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.behaviours.event_gateways import flow_from
from processes.engine.settings import evaluate_settings
from processes.engine.state import Status, Step, WaitsOn
from processes.engine.timers import next_due

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element, EventDefinition

#: Where the settings of a step say which of several event definitions it waits for.
EVENT = "event"
#: Where they say which of several messages of that name is meant, and whether a condition holds.
CORRELATION, HOLDS = "correlation", "holds"


def event_of(step: Step, element: Element) -> EventDefinition:
    """The event definition that this step waits for."""
    number: int = step.settings.get(EVENT, 0)
    return element.events[number]


class Catch(Behaviour):
    """Waits for one event. An event with several definitions has a step for each (BPMN 2.0.2, 10.5.1)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if step.waits_on is WaitsOn.NOTHING and EVENT not in step.settings and len(element.events) > 1:
            self._share(run, step, element)
        if step.id in run.ledger.steps:  # else another definition has happened at once
            _AWAIT[event_of(step, element).type](run, step, element)

    def fire(self, run: Execution, step: Step, element: Element) -> None:
        run.ledger.tell("timer-fired", step)
        self.happened(run, step, element)

    def deliver(self, run: Execution, step: Step, element: Element, variables: Mapping[str, Any]) -> None:
        run.put(step, variables)
        run.ledger.tell(f"{step.waits_on.value}-received", step, name=step.topic)
        self.happened(run, step, element)

    def look(self, run: Execution, step: Step, element: Element) -> None:
        """It happens when the condition becomes true, and again only after it was false (10.5.5)."""
        condition = event_of(step, element).condition
        assert condition is not None
        what = f"The condition of “{run.caption(element)}”"
        holds = run.evaluate(condition, step.scope_id, what)[0] is True
        if holds is step.settings.get(HOLDS, False):
            return
        run.ledger.touch(step)
        step.settings = {**step.settings, HOLDS: holds}
        if holds:
            self.happened(run, step, element)

    def happened(self, run: Execution, step: Step, element: Element) -> None:
        """What it waits for has come."""
        raise NotImplementedError

    @staticmethod
    def _share(run: Execution, step: Step, element: Element) -> None:
        first, *others = [number for number, event in enumerate(element.events) if event.is_awaited]
        step.settings = {**step.settings, EVENT: first}
        for number in others:
            if step.id not in run.ledger.steps:
                return
            other = run.open(
                element,
                scope_id=step.scope_id,
                flow_id=step.flow_id,
                host_id=step.host_id,
                element_type=step.element_type,
            )
            other.settings = {EVENT: number}
            run.enter(other, element)


class IntermediateCatch(Catch):
    """A token waits here; with several definitions for any of them, or, parallel multiple, for all."""

    def happened(self, run: Execution, step: Step, element: Element) -> None:
        if settle(run, step, element):
            self._release(run, step, element)
            run.leave(step, element)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        for each in _one_of_each(run, step, element):
            run.close(each, Status.SKIPPED)
        self._release(run, step, element)
        run.leave(step, element)

    @staticmethod
    def _release(run: Execution, step: Step, element: Element) -> None:
        """The event-based gateway before it is over, with all other events behind that."""
        host = run.ledger.steps.get(step.host_id) if step.host_id is not None else None
        if host is not None:
            step.flow_id = flow_from(run, run.element_of(host), element)
            run.close(host)


class ReceiveTask(IntermediateCatch):
    """An activity that waits for a message; it may have boundary events (BPMN 2.0.2, 10.3.3)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        is_first = step.waits_on is WaitsOn.NOTHING
        step.settings = evaluate_settings(run, step, element)
        super().enter(run, step, element)
        if is_first:
            run.attend(step, element)


class Watch(Catch):
    """Waits beside something else: interrupts it, or goes on waiting after each event."""

    def happened(self, run: Execution, step: Step, element: Element) -> None:
        if element.interrupting:
            if settle(run, step, element):
                self.interrupt(run, step, element)
        elif element.parallel_multiple and len(element.events) > 1:
            if settle(run, step, element):
                self.go_beside(run, step, element)
                self._watch_again(run, step, element)
        else:
            self.go_beside(run, step, element)
            _rearm(run, step, element)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        run.close(step, Status.SKIPPED)

    def interrupt(self, run: Execution, step: Step, element: Element) -> None:
        """End what it watches; `step` is closed already."""
        raise NotImplementedError

    def go_beside(self, run: Execution, step: Step, element: Element) -> None:
        """Begin something beside what it watches."""
        raise NotImplementedError

    @staticmethod
    def _watch_again(run: Execution, step: Step, element: Element) -> None:
        again = run.open(
            element, scope_id=step.scope_id, host_id=step.host_id, element_type=step.element_type
        )
        run.enter(again, element)


class Boundary(Watch):
    """Attached to an activity: cancels it, or sends a token beside it (BPMN 2.0.2, 13.5.3)."""

    def interrupt(self, run: Execution, step: Step, element: Element) -> None:
        assert step.host_id is not None
        run.close(run.ledger.steps[step.host_id], Status.CANCELLED)
        run.leave(step, element)

    def go_beside(self, run: Execution, step: Step, element: Element) -> None:
        run.leave(step, element)


def settle(run: Execution, step: Step, element: Element) -> bool:
    """Close the step of an event that has happened; whether a token may go on now.

    Tokens that wait at one event cannot be told apart, so none is kept track of: with parallel multiple
    definitions one goes on when fewer steps are left of the definition that most of them wait for.
    """
    if len(element.events) > 1 and element.parallel_multiple:
        waiting = Counter(each.settings[EVENT] for each in run.ledger.here(step))
        most = max(waiting.values())
        run.close(step)
        waiting[step.settings[EVENT]] -= 1
        return max(waiting.values()) < most
    _, *others = _one_of_each(run, step, element)
    run.close(step)
    for other in others:
        run.close(other, Status.CANCELLED)
    return True


def _one_of_each(run: Execution, step: Step, element: Element) -> list[Step]:
    """The step, and the oldest that waits for each other definition of its event."""
    found = {step.settings.get(EVENT): step}
    if len(element.events) > 1:
        for each in run.ledger.here(step):
            found.setdefault(each.settings.get(EVENT), each)
    return list(found.values())


def _rearm(run: Execution, step: Step, element: Element) -> None:
    """Go on waiting; a timer for the next moment of its cycle, if there is one."""
    run.ledger.touch(step)
    step.attempts += 1
    event = event_of(step, element)
    if event.type != "timer":
        return
    due_at = next_due(run, step, element, event)
    if due_at is None:
        run.close(step)
    else:
        run.wait(step, WaitsOn.TIMER, due_at=due_at)


def _await_timer(run: Execution, step: Step, element: Element) -> None:
    if step.waits_on is WaitsOn.NOTHING:
        step.attempts = 0  # from here on it counts firings
    run.wait(step, WaitsOn.TIMER, due_at=next_due(run, step, element, event_of(step, element)))


def _await_message(run: Execution, step: Step, element: Element) -> None:
    event, caption = event_of(step, element), run.caption(element)
    key = element.portal.get(CORRELATION) or event.correlation
    if key:
        value = run.resolve(key, step.place, f"The correlation key of “{caption}”")
        step.settings = {**step.settings, CORRELATION: "" if value is None else str(value)}
    name = run.resolve(event.name, step.place, f"The message of “{caption}”")
    run.wait(step, WaitsOn.MESSAGE, topic=str(name or ""))


def _await_signal(run: Execution, step: Step, element: Element) -> None:
    name = run.resolve(event_of(step, element).name, step.scope_id, f"The signal of “{run.caption(element)}”")
    run.wait(step, WaitsOn.SIGNAL, topic=str(name or ""))


def _await_condition(run: Execution, step: Step, element: Element) -> None:
    run.wait(step, WaitsOn.CONDITION)
    run.behaviour_of(step, element).look(run, step, element)  # it may hold from the beginning


_AWAIT: Mapping[str, Callable[[Execution, Step, Element], None]] = {
    "timer": _await_timer,
    "message": _await_message,
    "signal": _await_signal,
    "conditional": _await_condition,
}
