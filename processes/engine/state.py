"""What a turn starts from: the live steps and the variables of one instance."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Where a step stands. PENDING and FAILED are live: their token is still in the diagram."""

    PENDING = "pending"  # -> any other
    COMPLETED = "completed"  # final
    CANCELLED = "cancelled"  # final
    FAILED = "failed"  # an open incident -> pending (retry), skipped, cancelled
    SKIPPED = "skipped"  # final


LIVE = frozenset({Status.PENDING, Status.FAILED})


class WaitsOn(StrEnum):
    """What must happen before a pending step moves on."""

    NOTHING = ""
    PERSON = "person"  # the store turns it into activity or record
    WORKER = "worker"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"
    EVENTS = "events"  # an event-based gateway: as long as none behind it has happened
    TOKENS = "tokens"  # a join: one step for each token that has arrived
    CHILDREN = "children"  # a sub-process: as long as a step inside is live


@dataclass(slots=True)
class Step:
    """One activation of one element: the token itself.

    `id` is that of the database row; steps born in the current turn have -1, -2, ...
    `scope_id` is the step of the enclosing sub-process, `host_id` the step that a boundary subscription or an
    event behind an event-based gateway is attached to. `topic` is the name of the service, message or signal.
    `items` is the collection of a sequential multi-instance activity; set once, on its body, and read one by one.
    `closed_at` is set exactly when the status is not PENDING. `attempts` counts failures, or the firings of a
    repeating timer.
    """

    id: int
    element_id: str
    element_type: str
    name: str = ""
    flow_id: str = ""
    scope_id: int | None = None
    host_id: int | None = None
    kind: str = ""
    status: Status = Status.PENDING
    waits_on: WaitsOn = WaitsOn.NOTHING
    topic: str = ""
    due_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    result: Any = None
    variables: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    attempts: int = 0
    items: list[Any] | None = None

    @property
    def place(self) -> int | None:
        """The step whose variables its expressions see first: itself if it has any, else its scope."""
        return self.id if self.variables else self.scope_id

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


@dataclass
class State:
    """The instance as the turn finds it.

    `variables` are FEEL values. `context` are read-only extras for expressions (`record`, `starter`),
    which win over variables of the same name. `steps` are the live ones by id.

    `hidden` are the scopes (None: the instance) in which it leaves out at least one live step that keeps them open.
    A command of one step needs no more than its neighbourhood: the step, the scopes around it and the host of each,
    what is attached to any of these, and of each scope the subscriptions and the tokens that wait at joins. Where
    that is not enough `execute` raises Lacking; a need that was met (see `needs`) stands in `met`. `outputs` has
    what instances of multi-instance activities have given, by body and number; nothing is lacking without it until
    such an activity ends. `items` has items of collections by body and number.

    `completions` says how many steps that can be undone were completed so far. `undoable` has such steps by needs;
    nothing is lacking without it until something is to be undone. A completed step is undone when it is the host of
    some step which is no boundary event.
    """

    variables: dict[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    steps: dict[int, Step] = field(default_factory=dict)
    completions: int = 0
    undoable: Mapping[Hashable, Sequence[Step]] = field(default_factory=dict)
    hidden: frozenset[int | None] = frozenset()
    met: frozenset[Hashable] = frozenset()
    outputs: Mapping[int, Mapping[int, Any]] = field(default_factory=dict)
    items: Mapping[tuple[int, int], Any] = field(default_factory=dict)
    started_at: datetime | None = None
