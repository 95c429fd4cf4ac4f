"""The frozen graph of one process: what the reader builds once and every turn reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from processes.engine.decisions import Decision
from processes.engine.feel import Expression
from processes.engine.reach import Reach

#: A portal attribute or event parameter: plain text, or an expression evaluated when the step opens.
Value = str | Expression

#: Characters of an id, and of the name of a message, a signal, a lane or a called process.
MAX_NAME = 200

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


#: Joins for which it matters what else can still come.
LOOKING_AT_REST = frozenset({"inclusiveGateway", "complexGateway"})
JOINING = LOOKING_AT_REST | {"parallelGateway"}
#: Events that others in the same instance catch or suffer from.
REACHING_OUT = frozenset({"signal", "escalation", "error", "cancel", "compensate"})
#: Events that come from outside, so that somebody must wait for them.
AWAITED = frozenset({"message", "signal", "timer", "conditional"})


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
    `correlation` tells several that wait for one message apart. `reference` of a compensation is the id of
    the activity to undo, "" for all of the scope; `waits` whether the thrower waits until that is done.
    """

    type: str
    reference: str = ""
    name: Value = ""
    code: str = ""
    timer: str = ""
    value: Value = ""
    condition: Expression | None = None
    correlation: Value = ""
    waits: bool = True
    line: int = 0

    @property
    def is_awaited(self) -> bool:
        """Whether a step waits for it; errors, escalations and the like look for their catcher instead."""
        return self.type in AWAITED


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
class ThrownByInstance:
    """What a multi-instance activity throws when an instance is through: the first one only, or each for which
    the condition holds (table 10.30)."""

    event: EventDefinition
    condition: Expression | None = None
    first_only: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """How an activity is done several times (BPMN 2.0.2, 10.3.8).

    `type` is `standardLoopCharacteristics` or `multiInstanceLoopCharacteristics`. `condition` says of a loop that
    it goes on, of a multi-instance activity that it is complete. `item` and `output` name variables.
    """

    type: str
    condition: Expression | None = None
    tests_before: bool = False
    maximum: int | None = None
    sequential: bool = False
    cardinality: Expression | None = None
    collection: Expression | None = None
    item: str = ""
    output: str = ""
    output_item: Expression | None = None
    thrown: tuple[ThrownByInstance, ...] = ()
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
    `instantiates` and `parallel` are about event-based gateways and receive tasks that begin an instance.
    `lane` is the name of the innermost lane, inherited from the enclosing sub-process.
    `condition` is the activation condition of a complex gateway, or the completion condition of an ad-hoc
    sub-process, which `sequential` and `cancels_remaining` are about.
    `portal` are the own attributes of the element without `kind`, those of other vendors translated.
    """

    id: str
    type: str
    name: str = ""
    scope: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str = ""
    instantiates: bool = False
    parallel: bool = False
    sequential: bool = False
    cancels_remaining: bool = True
    lane: str = ""
    attached_to: str = ""
    interrupting: bool = True
    parallel_multiple: bool = False
    events: tuple[EventDefinition, ...] = ()
    portal: Mapping[str, Value] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    condition: Expression | None = None
    decision: Decision | None = None
    script: Expression | None = None
    has_script: bool = False
    script_format: str = ""
    result_variable: str = ""
    service: str = ""
    called: Value = ""
    inputs: tuple[Transfer, ...] = ()
    outputs: tuple[Transfer, ...] = ()
    kind: str = ""
    loop: Loop | None = None
    triggered_by_event: bool = False
    for_compensation: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    documentation: str = ""
    line: int = 0

    @property
    def event(self) -> EventDefinition | None:
        """The first event definition, None for a none event; of a send or receive task its message."""
        return self.events[0] if self.events else None

    @property
    def begins_by_itself(self) -> bool:
        """No flow, event or compensation brings the token here."""
        return not (
            self.incoming
            or self.type in ("startEvent", "boundaryEvent")
            or self.triggered_by_event
            or self.for_compensation
            or (
                self.event is not None and self.event.type == "link" and self.type == "intermediateCatchEvent"
            )
        )

    @property
    def reaches_out(self) -> bool:
        """It throws something that others in the instance may hear or that ends them."""
        throws = self.type in ("intermediateThrowEvent", "endEvent")
        return throws and any(event.type in REACHING_OUT for event in self.events)

    @property
    def construct(self) -> str:
        """The name under which the behaviour is found: `userTask`, `boundaryEvent:timer`,
        `subProcess:event`, `startEvent:multiple`..."""
        if self.type in EVENTS and len(self.events) > 1:
            return f"{self.type}:multiple"
        if self.type in EVENTS and self.events:
            return f"{self.type}:{self.events[0].type}"
        return f"{self.type}:event" if self.triggered_by_event else self.type


@dataclass(frozen=True)
class Definition:
    """One process of a file, indexed for execution: no turn ever walks over all elements.

    `id` is the id of the BPMN process. `portal` has `caption`, `section`, `roles` where given.
    `lanes` maps lane ids to names. `compensators` maps ids of activities to ids of the activities that undo
    them. `names` are the free variables of all expressions, so that the
    caller knows what to put into `State.context`.
    """

    id: str
    name: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    portal: Mapping[str, Value] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)
    compensators: Mapping[str, str] = field(default_factory=dict)
    executable: bool = True
    names: frozenset[str] = frozenset()
    documentation: str = ""
    line: int = 0

    @property
    def section(self) -> str:
        """Code of the section whose records it works on; "" for none."""
        given = self.portal.get("section", "")
        return given if isinstance(given, str) else ""

    @property
    def decision_files(self) -> frozenset[str]:
        """The names of the DMN files that its business rule tasks decide by."""
        found = (each.decision.files for each in self.elements.values() if each.decision is not None)
        return frozenset[str]().union(*found)

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
    def triggers(self) -> tuple[Element, ...]:
        """What an event can begin an instance at: the start events of the process, receive tasks, and events
        behind a gateway that instantiate (BPMN 2.0.2, 10.5.2 and 10.6.6)."""
        begins = list(self.starts.get(None, ()))
        for element in self.children.get(None, ()):
            if element.instantiates and element.type == "eventBasedGateway":
                begins += [self.elements[self.flows[flow_id].target] for flow_id in element.outgoing]
            elif element.instantiates and element.type == "receiveTask":
                begins.append(element)
        return tuple(begins)

    @cached_property
    def entries(self) -> Mapping[str | None, tuple[Element, ...]]:
        """Where a sub-process begins: its none start event, else every node without incoming flows."""
        return {
            scope: tuple(start for start in self.starts.get(scope, ()) if start.event is None)
            or tuple(element for element in inside if element.begins_by_itself)
            for scope, inside in self.children.items()
        }

    @cached_property
    def event_starts(self) -> Mapping[str | None, tuple[Element, ...]]:
        """Start events of event sub-processes, by the id of the scope that these stand in."""
        groups: dict[str | None, list[Element]] = {}
        for element in self.elements.values():
            holder = self.elements.get(element.scope or "")
            if element.type == "startEvent" and holder is not None and holder.triggered_by_event:
                groups.setdefault(holder.scope, []).append(element)
        return {scope: tuple(group) for scope, group in groups.items()}

    @cached_property
    def links(self) -> Mapping[tuple[str | None, Value], Element]:
        """Where a link goes on, by scope and name of the link (BPMN 2.0.2, 10.5.5)."""
        return {
            (element.scope, event.name): element
            for element in self.elements.values()
            for event in element.events
            if element.type == "intermediateCatchEvent" and event.type == "link"
        }

    @cached_property
    def reach(self) -> Reach:
        """From where a token can get to a join."""
        return Reach(self)

    @cached_property
    def looks_at_rest(self) -> bool:
        """Whether some join must look when nothing moves by itself."""
        return any(each.type in LOOKING_AT_REST for each in self.elements.values())

    @cached_property
    def has_joins(self) -> bool:
        """Whether tokens may wait for others somewhere."""
        return any(
            each.start_quantity > 1 or (len(each.incoming) > 1 and each.type in JOINING)
            for each in self.elements.values()
        )

    @cached_property
    def joins_by_condition(self) -> bool:
        """Whether a join may go on because variables were written elsewhere."""
        return any(
            each.type == "complexGateway" and each.condition is not None for each in self.elements.values()
        )

    @cached_property
    def compensable(self) -> frozenset[str]:
        """Ids of activities that something can undo once they are completed: a handler of their own, an event
        sub-process inside, or what is compensable inside."""
        found: set[str] = set()
        seeds = set(self.compensators)
        for scope, starts in self.event_starts.items():
            if scope and any(event.type == "compensate" for start in starts for event in start.events):
                seeds.add(scope)
        for seed in seeds:
            each: str | None = seed
            while each and each not in found:
                if not self.elements[each].triggered_by_event:
                    found.add(each)
                each = self.elements[each].scope
        return frozenset(found)

    @cached_property
    def has_ad_hoc_conditions(self) -> bool:
        """Whether variables may complete some ad-hoc sub-process."""
        return any(each.type == "adHocSubProcess" and each.condition for each in self.elements.values())

    @cached_property
    def has_conditions(self) -> bool:
        """Whether some event of an instance waits for a condition; what starts one is over by then."""
        waiting = (each for each in self.elements.values() if each.type != "startEvent" or each.scope)
        return any(event.type == "conditional" for each in waiting for event in each.events)
