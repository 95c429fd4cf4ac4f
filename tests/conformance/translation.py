"""Models of cases in the dialect of the portal: FEEL, a service for scripts, people where the case waits."""

import ast
from collections.abc import Collection, Iterator, Mapping

from lxml import etree

from tests.conformance.neutral import to_feel

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
PORTAL = "urn:bpm-portal:bpmn:1"
SCRIPT_SERVICE = "conformance-script"
#: Settings of a script's step.
SCRIPT_TEXT = "caseScript"

_EXPRESSIONS = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
    "activationCondition",
)
_TIMERS = ("timeDate", "timeDuration", "timeCycle")
TASKS = ("task", "userTask", "manualTask", "scriptTask", "sendTask", "serviceTask", "businessRuleTask")


def parse(source: bytes) -> etree._Element | None:
    """The root of a model; None for what is no XML or defines entities, which the portal itself must refuse."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        return None
    return None if root.getroottree().docinfo.doctype else root


def to_bytes(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def bpmn(name: str) -> str:
    """`task` -> the tag as lxml knows it."""
    return f"{{{BPMN}}}{name}"


def portal(name: str) -> str:
    return f"{{{PORTAL}}}{name}"


def sort_of(node: etree._Element) -> str:
    """The local name of a BPMN element; "" for others."""
    return str(node.tag).removeprefix(f"{{{BPMN}}}") if str(node.tag).startswith(f"{{{BPMN}}}") else ""


def elements(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """All BPMN elements of these names (all, where none is given), safe to change on the way."""
    yield from list(root.iter(*(bpmn(name) for name in names or ("*",))))


def translate(root: etree._Element, *, expressions: Mapping[str, str], work_items: Collection[str]) -> None:
    """Rewrite a model in place; what is not named by the case stays as it is."""
    known = {source.strip(): neutral for source, neutral in expressions.items()}
    _translate_expressions(root, known)
    _call_scripts(root)
    _name_receivers(root)
    for node in elements(root, *TASKS):
        if sort_of(node) in work_items:
            wait_for_person(node)
        elif sort_of(node) in ("userTask", "businessRuleTask"):
            node.tag = bpmn("task")
        elif sort_of(node) == "serviceTask" and not node.get(portal("service")):
            _call(node, "")  # there is nothing of the model's that we could call


def wait_for_person(node: etree._Element) -> None:
    """Make it a step that is done when somebody says so."""
    node.tag = bpmn("userTask")
    node.set(portal("kind"), "perform-task")


def _translate_expressions(root: etree._Element, known: Mapping[str, str]) -> None:
    for node in elements(root, *_EXPRESSIONS):
        neutral = known.get("".join(node.itertext()).strip())
        if neutral is not None:
            _say(node, f"={to_feel(neutral)}")
    for node in elements(root, *_TIMERS):
        neutral = known.get("".join(node.itertext()).strip())
        if neutral is not None:
            _say(node, f"={to_feel(neutral)}")


def _say(node: etree._Element, text: str) -> None:
    for child in list(node):
        node.remove(child)
    node.text = text
    node.attrib.pop("language", None)
    node.attrib.pop("evaluatesToTypeRef", None)


def _call_scripts(root: etree._Element) -> None:
    """A script task becomes a call of a service of the adapter, which plays the script of the case."""
    for node in elements(root, "globalScriptTask"):
        _make_process(node)
    for node in elements(root, "scriptTask"):
        script = node.find(bpmn("script"))
        if script is None or not (node.get("scriptFormat") or _is_script(script.text or "")):
            continue  # a sentence in no language is for the portal to refuse
        node.remove(script)
        node.attrib.pop("scriptFormat", None)
        node.tag = bpmn("serviceTask")
        _call(node, (script.text or "").strip())


def _is_script(text: str) -> bool:
    """Scripts of cases that name no language are written in Python, or are names of what the case does."""
    try:
        ast.parse(text.strip())
    except (SyntaxError, ValueError):
        return False
    return True


def _call(node: etree._Element, script: str) -> None:
    node.set(portal("service"), SCRIPT_SERVICE)
    node.set(portal(SCRIPT_TEXT), script)


def _name_receivers(root: etree._Element) -> None:
    """A receive task that names no message waits for one of its own, which only the case can send."""
    for node in elements(root, "receiveTask"):
        if not node.get("messageRef"):
            key = f"message-{node.get('id')}"
            root.insert(0, etree.Element(bpmn("message"), id=key, name=key))
            node.set("messageRef", key)


def _make_process(node: etree._Element) -> None:
    """A global task is called as a process of that one task would be (BPMN 2.0.2, 10.3.6)."""
    key = node.get("id", "")
    script = node.find(bpmn("script"))
    node.tag = bpmn("process")
    node.attrib.pop("scriptLanguage", None)
    node.set("isExecutable", "true")
    task = etree.SubElement(node, bpmn("scriptTask"), id=f"{key}-task")
    if script is not None:
        task.append(script)
    ends = {"startEvent": f"{key}-start", "endEvent": f"{key}-end"}
    for name, element_id in ends.items():
        etree.SubElement(node, bpmn(name), id=element_id)
    for number, (source, target) in enumerate(
        ((f"{key}-start", f"{key}-task"), (f"{key}-task", f"{key}-end"))
    ):
        etree.SubElement(
            node, bpmn("sequenceFlow"), id=f"{key}-flow{number}", sourceRef=source, targetRef=target
        )
