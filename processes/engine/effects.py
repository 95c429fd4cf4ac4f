"""What is asked of the engine, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.engine.state import Step


@dataclass(frozen=True)
class Start:
    """Begin the instance, at its none start event or at the start event named."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    element_id: str | None = None


@dataclass(frozen=True)
class Complete:
    """A person or a worker is done with the step."""

    step_id: int
    result: Any = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fail:
    """A worker could not do its step, or not carry out a person's answer; `error` is a sentence."""

    step_id: int
    error: str


@dataclass(frozen=True)
class Throw:
    """A worker, or the process that a call activity has called, throws a BPMN error from the step."""

    step_id: int
    code: str
    message: str = ""


@dataclass(frozen=True)
class Escalate:
    """The process that a call activity has called throws an escalation that nothing in it has caught."""

    step_id: int
    code: str


@dataclass(frozen=True)
class Begin:
    """Somebody begins an activity of an ad-hoc sub-process."""

    step_id: int
    element_id: str


@dataclass(frozen=True)
class Retry:
    """Run a failed step again."""

    step_id: int


@dataclass(frozen=True)
class Skip:
    """Leave a step by its outgoing flows as if it had been done.

    For a gateway that found no way out `result` is the id of the flow to take.
    """

    step_id: int
    result: Any = None


@dataclass(frozen=True)
class FireTimer:
    """The time of a step that waits on a timer has come."""

    step_id: int


@dataclass(frozen=True)
class Return:
    """The process that a call activity has called has ended, with these variables."""

    step_id: int
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Deliver:
    """A message or signal is taken by the step that waits for it."""

    step_id: int
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SetVariables:
    """Somebody sets variables of the instance from outside."""

    variables: Mapping[str, Any]


@dataclass(frozen=True)
class CancelAll:
    """Cancel every live step."""


Command = (
    Start
    | Complete
    | Fail
    | Throw
    | Escalate
    | Begin
    | Retry
    | Skip
    | FireTimer
    | Return
    | Deliver
    | SetVariables
    | CancelAll
)


@dataclass(frozen=True)
class Event:
    """A fact of the turn: `step-opened`, `step-completed`, `step-cancelled`, `step-failed`,
    `step-skipped`, `step-retried`, `timer-fired`, `message-received`, `signal-received`, `error-uncaught`,
    `instance-ended`; and what others are to be told: `message-thrown` and `signal-thrown` with `name`,
    `correlation` and `variables` (encoded). A signal has reached those who wait in this instance already.

    Steps that are passed in one go leave a row but no event.
    """

    kind: str
    step_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A call activity asks for an instance of the process `called`; it waits until that has ended."""

    step_id: int
    called: str
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Write:
    """Variables that a step has changed, or nobody's step (a start, somebody by hand): in a scope or the instance."""

    step_id: int | None
    scope_id: int | None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What changed. A step is in one list only.

    `opened`: born in this turn, in order; some of them are closed again.
    `closed`: live before, and now completed, cancelled, skipped or (newly) failed.
    `changed`: live before and still as live, with other columns changed: retried, re-armed, variables.
    `variables`: the new variables of the instance, None if they are the same.
    `writes`: which of them changed, and those of sub-processes, by the steps that changed them.
    `completions`: how many steps that can be undone were completed so far.
    `calls`: child instances to start, once the steps of this turn are written.
    `ended_at`: set when no live step is left.
    `escalated`: codes of escalations that nothing in the instance has caught; likewise.
    `uncaught`: the code of an error that nothing in the instance catches; its thrower has failed. If the
    instance was called, throw it at the call activity.
    """

    opened: list[Step] = field(default_factory=list)
    closed: list[Step] = field(default_factory=list)
    changed: list[Step] = field(default_factory=list)
    variables: dict[str, Any] | None = None
    writes: list[Write] = field(default_factory=list)
    completions: int = 0
    ended_at: datetime | None = None
    events: list[Event] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    escalated: list[str] = field(default_factory=list)
    uncaught: str | None = None
