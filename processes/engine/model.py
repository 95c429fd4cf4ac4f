"""The frozen graph of one process: what the reader builds once and every turn reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from processes.engine.feel import Expression

#: A portal attribute or event parameter: plain text, or an expression evaluated when the step opens.
Value = str | Expression

#: Elements that do work between two tokens; only these may carry boundary events (BPMN 2.0.2, 10.3).
ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    }
)
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway"}
)
EVENTS = frozenset(
    {"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}
)
NODES = ACTIVITIES | GATEWAYS | EVENTS


@dataclass(frozen=True, slots=True)
class Extra:
    """One child of `extensionElements`: `option`, `field`, `button`, `result`, `completeWhen`, `connect`...

    `attributes` holds the text of the element, if it has any, under `text`.
    """

    tag: str
    attributes: Mapping[str, Value]
    line: int = 0


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws (BPMN 2.0.2, 10.5.5).

    `type` is the local name without `EventDefinition`: timer, message, signal, terminate, error...
    `name` is the resolved name of the message or signal, `code` that of an error or escalation.
    `timer` is `timeDate`, `timeDuration` or `timeCycle`; `value` its text or expression.
    """

    type: str
    reference: str = ""
    name: Value = ""
    code: str = ""
    timer: str = ""
    value: Value = ""
    condition: Expression | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is None for one that is always taken.

    `is_conditional` also holds for a condition that could not be understood.
    """

    id: str
    name: str
    source: str
    target: str
    condition: Expression | None = None
    is_conditional: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Transfer:
    """One value on its way into or out of a called process; a `source` of None stands for every variable."""

    target: str
    source: Expression | None


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram.

    `incoming` and `outgoing` are ids of sequence flows in the order of the document.
    `lane` is the name of the innermost lane, inherited from the enclosing sub-process.
    `portal` are the own attributes of the element without `kind`, those of other vendors translated.
    """

    id: str
    type: str
    name: str = ""
    scope: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str = ""
    lane: str = ""
    attached_to: str = ""
    interrupting: bool = True
    events: tuple[EventDefinition, ...] = ()
    portal: Mapping[str, Value] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    script: Expression | None = None
    has_script: bool = False
    script_format: str = ""
    result_variable: str = ""
    service: str = ""
    called: Value = ""
    inputs: tuple[Transfer, ...] = ()
    outputs: tuple[Transfer, ...] = ()
    kind: str = ""
    loop: str = ""
    triggered_by_event: bool = False
    for_compensation: bool = False
    start_quantity: str = "1"
    completion_quantity: str = "1"
    documentation: str = ""
    line: int = 0

    @property
    def event(self) -> EventDefinition | None:
        """The first event definition, None for a none event or another sort of element."""
        return self.events[0] if self.events else None

    @property
    def begins_by_itself(self) -> bool:
        """No flow, event or compensation brings the token here."""
        return not (
            self.incoming
            or self.type in ("startEvent", "boundaryEvent")
            or self.triggered_by_event
            or self.for_compensation
        )

    @property
    def construct(self) -> str:
        """The name under which the behaviour is found: `userTask`, `boundaryEvent:timer`,
        `subProcess:event`, `startEvent:multiple`..."""
        if len(self.events) > 1:
            return f"{self.type}:multiple"
        if self.events:
            return f"{self.type}:{self.events[0].type}"
        return f"{self.type}:event" if self.triggered_by_event else self.type


@dataclass(frozen=True)
class Definition:
    """One process of a file, indexed for execution: no turn ever walks over all elements.

    `id` is the id of the BPMN process. `portal` has `caption`, `section`, `roles` where given.
    `lanes` maps lane ids to names. `names` are the free variables of all expressions, so that the
    caller knows what to put into `State.context`.
    """

    id: str
    name: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    portal: Mapping[str, Value] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)
    executable: bool = True
    names: frozenset[str] = frozenset()
    documentation: str = ""
    line: int = 0

    @cached_property
    def children(self) -> Mapping[str | None, tuple[Element, ...]]:
        """Elements by the id of their sub-process; None for those of the process itself."""
        groups: dict[str | None, list[Element]] = {}
        for element in self.elements.values():
            groups.setdefault(element.scope, []).append(element)
        return {scope: tuple(group) for scope, group in groups.items()}

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[Element, ...]]:
        """Boundary events by the id of the activity they are attached to."""
        groups: dict[str, list[Element]] = {}
        for element in self.elements.values():
            if element.attached_to:
                groups.setdefault(element.attached_to, []).append(element)
        return {host: tuple(group) for host, group in groups.items()}

    @cached_property
    def starts(self) -> Mapping[str | None, tuple[Element, ...]]:
        """Start events by the id of their sub-process; None for those of the process itself."""
        return {
            scope: tuple(element for element in inside if element.type == "startEvent")
            for scope, inside in self.children.items()
        }

    @cached_property
    def entries(self) -> Mapping[str | None, tuple[Element, ...]]:
        """Where a sub-process begins: its none start event, else every node without incoming flows."""
        return {
            scope: tuple(start for start in self.starts.get(scope, ()) if start.event is None)
            or tuple(element for element in inside if element.begins_by_itself)
            for scope, inside in self.children.items()
        }
