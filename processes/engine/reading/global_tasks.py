"""Global tasks: called like a process that consists of that one task (BPMN 2.0.2, 10.3.5, 10.3.6)."""

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from processes.engine.reading.draft import BPMN, children, line_of

#: What stands in the place of each where it is called.
_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}


def global_tasks(root: etree._Element) -> Iterator[etree._Element]:
    """Each global task of a file as a `process` element of a start, the task and an end."""
    for sort, task in _TASKS.items():
        for node in children(root, sort):
            yield _as_process(node, task)


def _as_process(node: etree._Element, sort: str) -> etree._Element:
    key, line = (node.get("id") or "").strip(), line_of(node)
    process = etree.Element(_tag("process"), id=key, name=node.get("name") or "", isExecutable="true")
    task = deepcopy(node)
    task.tag = _tag(sort)
    if language := task.get("scriptLanguage"):
        task.set("scriptFormat", language)
    first, last = f"{key}-start", f"{key}-end"
    process.append(etree.Element(_tag("startEvent"), id=first))
    process.append(task)
    process.append(etree.Element(_tag("endEvent"), id=last))
    for source, target in ((first, key), (key, last)):
        flow = {"id": f"{source}-{target}", "sourceRef": source, "targetRef": target}
        process.append(etree.Element(_tag("sequenceFlow"), flow))
    for each in (process, *process):
        each.sourceline = line
    return process


def _tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"
