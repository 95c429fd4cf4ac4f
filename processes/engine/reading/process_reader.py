"""One `process` element -> one definition."""

from collections.abc import Mapping

from lxml import etree

from processes.engine.constructs import describe
from processes.engine.decisions import Decision
from processes.engine.feel import Expression
from processes.engine.model import ACTIVITIES, NODES, SCOPES, Definition, Element, Flow
from processes.engine.problems import problem
from processes.engine.reading.calls import read_called, read_transfers
from processes.engine.reading.decisions import read_decision
from processes.engine.reading.draft import BPMN, Draft, child, children, line_of, reference, split, text_of
from processes.engine.reading.event_definitions import Catalogue, read_events, read_task_message
from processes.engine.reading.expressions import Compiler
from processes.engine.reading.loops import read_condition, read_loop
from processes.engine.reading.portal import read_portal
from processes.engine.reading.vendors import read_vendors

#: Parts of a process without effect on its execution.
_SILENT = frozenset(
    {
        "documentation",
        "extensionElements",
        "auditing",
        "monitoring",
        "incoming",
        "outgoing",
        # artifacts and data
        "group",
        "textAnnotation",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "property",
        "ioSpecification",
        "ioBinding",
        "dataInputAssociation",
        "dataOutputAssociation",
        # people and conversations, read elsewhere or not needed
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "correlationSubscription",
        "supports",
        # parts of activities
        "completionCondition",
        "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics",
    }
)
#: Tokens that an activity may take or give at a time.
MAX_TOKENS = 1000
#: Where the one condition of an element stands.
_CONDITIONS = {"complexGateway": "activationCondition", "adHocSubProcess": "completionCondition"}
_CHOREOGRAPHY = ("choreographyTask", "subChoreography", "callChoreography")
#: What hands variables on: to a called process, with a message or a signal.
_GIVING = frozenset({"callActivity", "sendTask", "intermediateThrowEvent", "endEvent"})


class ProcessReader:
    """Reads first every node as it stands, then who is connected with whom; `problems` fills on the way."""

    def __init__(self, catalogue: Catalogue, decisions: Mapping[str, Decision]) -> None:
        self.catalogue = catalogue
        self.decisions = decisions
        self.compiler = Compiler()
        self.problems = self.compiler.problems
        self.flows: dict[str, Flow] = {}
        self.nodes: dict[str, tuple[etree._Element, str | None]] = {}
        self.lanes: dict[str, str] = {}
        self.lane_of: dict[str, str] = {}
        self.lane_references: list[tuple[str, etree._Element]] = []
        self.associations: list[tuple[str, str]] = []

    def process(self, node: etree._Element, name: str = "") -> Definition:
        """`name` is used where the process has none."""
        process_id = (node.get("id") or "").strip()
        if not process_id:
            self.problems.append(problem("process_id", line=line_of(node)))
        draft = self._draft(node, process_id)
        self._walk(node)
        self._check_lanes()
        incoming: dict[str, list[str]] = {}
        outgoing: dict[str, list[str]] = {}
        for flow in self.flows.values():
            incoming.setdefault(flow.target, []).append(flow.id)
            outgoing.setdefault(flow.source, []).append(flow.id)
        elements: dict[str, Element] = {}
        for element_id, (element_node, scope) in self.nodes.items():
            elements[element_id] = self._element(
                element_node,
                element_id,
                scope=scope,
                lane=self.lane_of.get(element_id) or (elements[scope].lane if scope else ""),
                incoming=tuple(incoming.get(element_id, ())),
                outgoing=tuple(outgoing.get(element_id, ())),
            )
        return Definition(
            id=process_id,
            name=(node.get("name") or "").strip() or name or process_id,
            elements=elements,
            flows=self.flows,
            portal=draft.portal,
            lanes=self.lanes,
            compensators=self._compensators(elements),
            executable=node.get("isExecutable", "true").strip() in ("true", "1"),
            names=frozenset(self.compiler.names),
            documentation=_documentation(node),
            line=line_of(node),
        )

    def _walk(self, process: etree._Element) -> None:
        """Collect nodes, flows and lanes of the process and its sub-processes, the outer ones first."""
        todo: list[tuple[etree._Element, str | None]] = [(process, None)]
        for holder, scope in todo:
            for node in holder.iterchildren(f"{{{BPMN}}}*"):
                local = split(str(node.tag))[1]
                if local in NODES:
                    node_id = self._node_id(node, local)
                    if node_id not in self.nodes:
                        self.nodes[node_id] = (node, scope)
                        if local in SCOPES:
                            todo.append((node, node_id))
                elif local == "sequenceFlow":
                    self._flow(node)
                elif local == "association":
                    self.associations.append(
                        (reference(node.get("sourceRef")), reference(node.get("targetRef")))
                    )
                elif local == "laneSet":
                    self._lanes(node)
                elif local in _CHOREOGRAPHY:
                    self.problems.append(
                        problem(
                            "not_executable",
                            element=node.get("id", ""),
                            line=line_of(node),
                            construct=describe(local),
                            name=node.get("name") or node.get("id", ""),
                        )
                    )
                elif local not in _SILENT and not local.endswith("EventDefinition"):
                    node_id = node.get("id", "")
                    self.problems.append(
                        problem("element_ignored", element=node_id, line=line_of(node), type=local)
                    )

    def _node_id(self, node: etree._Element, sort: str) -> str:
        """Ids are optional (BPMN 2.0.2, table 8.5); what no flow refers to may do without."""
        node_id = (node.get("id") or "").strip()
        if not node_id:
            node_id = f"{sort}-{len(self.nodes) + 1}"
            self.problems.append(problem("missing_id", element=node_id, line=line_of(node), type=sort))
        return node_id

    def _flow(self, node: etree._Element) -> None:
        source, target = reference(node.get("sourceRef")), reference(node.get("targetRef"))
        # Flows may do without an id (BPMN 2.0.2, table 8.5); steps need a name for the way they came.
        flow_id = (node.get("id") or "").strip() or f"{source}-{target}-{len(self.flows)}"
        if flow_id in self.flows:
            return
        self.flows[flow_id] = Flow(
            id=flow_id,
            name=(node.get("name") or "").strip(),
            source=source,
            target=target,
            condition=self._condition(node, flow_id),
            is_conditional=child(node, "conditionExpression") is not None,
            line=line_of(node),
        )

    def _condition(self, node: etree._Element, flow_id: str) -> Expression | None:
        condition = child(node, "conditionExpression")
        if condition is None:
            return None
        line = line_of(condition)
        if not text_of(condition):
            self.problems.append(problem("condition_empty", element=flow_id, line=line))
            return None
        what = "The condition"
        language = condition.get("language", "")
        if not self.compiler.understands(language, what=what, element=flow_id, line=line):
            return None
        return self.compiler.expression(text_of(condition), what=what, element=flow_id, line=line)

    def _lanes(self, lane_set: etree._Element) -> None:
        """Outer lanes before inner ones, so that the innermost lane of a node is the one that stays."""
        todo = [lane_set]
        for lanes in todo:
            for lane in children(lanes, "lane"):
                lane_id = lane.get("id") or ""
                self.lanes[lane_id] = (lane.get("name") or "").strip()
                for member in children(lane, "flowNodeRef"):
                    self.lane_of[reference(member.text)] = self.lanes[lane_id]
                    self.lane_references.append((lane_id, member))
                todo.extend(children(lane, "childLaneSet"))

    def _check_lanes(self) -> None:
        for lane_id, member in self.lane_references:
            node_id = reference(member.text)
            if node_id not in self.nodes:
                self.problems.append(
                    problem("lane_unknown", element=lane_id, line=line_of(member), reference=node_id)
                )

    def _compensators(self, elements: Mapping[str, Element]) -> dict[str, str]:
        """An association leads from a compensation boundary event to what undoes its activity (10.5.6)."""
        found = {}
        for ends in self.associations:
            for source, target in (ends, ends[::-1]):
                boundary, handler = elements.get(source), elements.get(target)
                if boundary is None or handler is None or not handler.for_compensation:
                    continue
                if (
                    boundary.event
                    and boundary.event.type == "compensate"
                    and boundary.attached_to in elements
                ):
                    found[boundary.attached_to] = handler.id
        return found

    def _draft(self, node: etree._Element, element_id: str) -> Draft:
        sort = split(str(node.tag))[1]
        draft = Draft(element_id, sort, line_of(node), self.compiler, self.problems)
        read_portal(node, draft)
        read_vendors(node, draft)
        return draft

    def _element(
        self,
        node: etree._Element,
        element_id: str,
        *,
        scope: str | None,
        lane: str,
        incoming: tuple[str, ...],
        outgoing: tuple[str, ...],
    ) -> Element:
        draft = self._draft(node, element_id)
        _report_unread_data(node, draft)
        script_format = node.get("scriptFormat", "")
        self._script(node, script_format, draft)
        return Element(
            id=element_id,
            type=draft.type,
            name=(node.get("name") or "").strip(),
            scope=scope,
            incoming=incoming,
            outgoing=outgoing,
            default=reference(node.get("default")),
            instantiates=_flag(node, "instantiate", False),
            parallel=node.get("eventGatewayType") == "Parallel",
            lane=lane,
            attached_to=reference(node.get("attachedToRef")) if draft.type == "boundaryEvent" else "",
            interrupting=_flag(
                node, "isInterrupting" if draft.type == "startEvent" else "cancelActivity", True
            ),
            parallel_multiple=_flag(node, "parallelMultiple", False),
            events=read_task_message(node, draft, self.catalogue)
            if draft.type in ("sendTask", "receiveTask")
            else read_events(node, draft, self.catalogue),
            portal=draft.portal,
            extras=tuple(draft.extras),
            sequential=node.get("ordering") == "Sequential",
            cancels_remaining=_flag(node, "cancelRemainingInstances", True),
            condition=read_condition(node, draft, _CONDITIONS.get(draft.type, "")),
            decision=read_decision(node, draft, self.decisions) if draft.type == "businessRuleTask" else None,
            script=draft.script,
            has_script=draft.script is not None or child(node, "script") is not None,
            script_format=script_format,
            result_variable=draft.result_variable,
            service=draft.service,
            called=read_called(node, draft) if draft.type == "callActivity" else "",
            inputs=read_transfers(node, draft, "in") if draft.type in _GIVING else (),
            outputs=read_transfers(node, draft, "out") if draft.type == "callActivity" else (),
            kind=draft.kind or ("perform-task" if draft.type == "userTask" else ""),
            loop=read_loop(node, draft, self.catalogue) if draft.type in ACTIVITIES else None,
            triggered_by_event=_flag(node, "triggeredByEvent", False),
            for_compensation=_flag(node, "isForCompensation", False),
            start_quantity=_quantity(node, "startQuantity", draft),
            completion_quantity=_quantity(node, "completionQuantity", draft),
            documentation=_documentation(node),
            line=line_of(node),
        )

    def _script(self, node: etree._Element, script_format: str, draft: Draft) -> None:
        script = child(node, "script") if draft.type == "scriptTask" else None
        if script is None or not text_of(script):
            return
        what = "The script" if script_format else "The script without a scriptFormat"
        if self.compiler.understands(script_format, what=what, element=draft.id, line=draft.line):
            draft.script = self.compiler.expression(
                text_of(script), what=what, element=draft.id, line=line_of(script)
            )


def _report_unread_data(node: etree._Element, draft: Draft) -> None:
    """Data is not copied between its objects, since all expressions see all variables; what would change it is."""
    for sort in ("dataInputAssociation", "dataOutputAssociation"):
        for association in children(node, sort):
            for part in (*children(association, "transformation"), *children(association, "assignment")):
                local = split(str(part.tag))[1]
                draft.problems.append(
                    problem("element_ignored", element=draft.id, line=line_of(part), type=local)
                )


def _documentation(node: etree._Element) -> str:
    documentation = child(node, "documentation")
    return "" if documentation is None else text_of(documentation)


def _flag(node: etree._Element, attribute: str, default: bool) -> bool:
    text = node.get(attribute)
    return default if text is None else text.strip() in ("true", "1")


def _quantity(node: etree._Element, attribute: str, draft: Draft) -> int:
    """A whole number above zero; what is none is refused by the rules for whole files."""
    text = node.get(attribute, "1").strip().removeprefix("+")
    if not (text.isascii() and text.isdecimal()):
        return 1
    if len(text) > len(str(MAX_TOKENS)) or int(text) > MAX_TOKENS:
        draft.problems.append(
            problem(
                "quantity_large", element=draft.id, line=draft.line, attribute=attribute, limit=MAX_TOKENS
            )
        )
        return 1
    return max(int(text), 1)
