"""Diagrams made for Camunda 7, Flowable, Activiti and Zeebe: what can be understood of them."""

from collections.abc import Callable, Iterator

from lxml import etree

from processes.engine.iso import read_duration
from processes.engine.model import Extra, Value
from processes.engine.reading.draft import Draft, child, children, extensions, line_of, split, text_of

FAMILY = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://flowable.org/bpmn": "flowable",
    "http://activiti.org/bpmn": "activiti",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
}

_FIELD_TYPES = {
    "string": "text",
    "long": "number",
    "int": "number",
    "integer": "number",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "enum": "choice",
}


def read_vendors(node: etree._Element, draft: Draft) -> None:
    """Add to the draft what the portal's own attributes do not say; a warning for all the rest."""
    for prefix, name, text, line in _attributes(node):
        reader = _ATTRIBUTES.get((draft.type, name))
        if reader is None or not reader(draft, text):
            draft.ignored(f"{prefix}:{name}", line)
    for extension in extensions(node):
        namespace, local = split(str(extension.tag))
        if namespace in FAMILY:
            read_child = _CHILDREN.get((draft.type, local))
            if read_child is None or not read_child(draft, extension):
                draft.ignored(f"{FAMILY[namespace]}:{local}", line_of(extension))
    _read_resources(node, draft)


def _attributes(node: etree._Element) -> Iterator[tuple[str, str, str, int]]:
    for name, text in node.attrib.items():
        namespace, local = split(str(name))
        if namespace in FAMILY:
            yield FAMILY[namespace], local, str(text), line_of(node)


# -- people


def _assignee(draft: Draft, text: str) -> bool:
    draft.offer("assignee", text)
    return True


def _groups(draft: Draft, text: str) -> bool:
    """A step has one role; of several groups the first is taken and the rest reported."""
    first, *others = _members(text)
    draft.offer("role", first)
    return not others


def _users(draft: Draft, text: str) -> bool:
    """A single candidate is the assignee; a choice of several people needs a role."""
    first, *others = _members(text)
    if others or "assignee" in draft.portal or "role" in draft.portal:
        return False
    draft.offer("assignee", first)
    return True


def _members(text: str) -> list[str]:
    """`a, b` -> two members; an expression is one."""
    if text.lstrip().startswith("=") or "${" in text or "#{" in text:
        return [text]
    return [part.strip() for part in text.split(",") if part.strip()] or [""]


def _due_date(draft: Draft, text: str) -> bool:
    draft.offer("duration" if read_duration(text) is not None else "dueDate", text)
    return True


def _read_resources(node: etree._Element, draft: Draft) -> None:
    """Standard BPMN: `humanPerformer` and `performer` name a person, `potentialOwner` people or groups."""
    for local in ("humanPerformer", "performer", "potentialOwner"):
        for resource in children(node, local):
            assignment = child(resource, "resourceAssignmentExpression")
            if assignment is None:
                draft.ignored(f"bpmn:{local}", line_of(resource))
                continue
            text = text_of(assignment)
            for function, member in _owners(text) if local == "potentialOwner" else [("user", text)]:
                read = _users if function == "user" else _groups
                if not read(draft, member):
                    draft.ignored(f"bpmn:{local} {member}", line_of(resource))


def _owners(text: str) -> Iterator[tuple[str, str]]:
    """`user(boris), group(managers)`; a bare name is a group."""
    for member in _members(text):
        for function in ("user", "group"):
            if member.startswith(f"{function}(") and member.endswith(")"):
                yield function, member[len(function) + 1 : -1].strip()
                break
        else:
            yield "group", member


# -- forms


def _form(draft: Draft, node: etree._Element) -> bool:
    for field in node.iterchildren("*"):
        if split(str(field.tag))[1] == "formField":
            _add_field(draft, field, "label", "defaultValue")
    return _finish_form(draft)


def _form_property(draft: Draft, node: etree._Element) -> bool:
    _add_field(draft, node, "name", "default")
    return _finish_form(draft)


def _add_field(draft: Draft, node: etree._Element, label: str, default: str) -> None:
    code = node.get("id", "")
    sort = _FIELD_TYPES.get(node.get("type", "string"), "text")
    attributes: dict[str, Value] = {"code": code, "label": node.get(label) or code, "type": sort}
    if node.get(default):
        attributes["default"] = draft.compiler.vendor_value(
            node.get(default, ""),
            what=f"“{default}” of the field “{code}”",
            element=draft.id,
            line=line_of(node),
        )
    if node.get("required") == "true" or any(
        constraint.get("name") == "required" for constraint in node.iterfind(".//{*}constraint")
    ):
        attributes["required"] = "true"
    choices = [
        (value.get("id") or "", value.get("name") or value.get("id") or "")
        for value in node.iterfind("{*}value")
    ]
    if choices:
        listed = ", ".join(f"{{code: {_quoted(code)}, label: {_quoted(name)}}}" for code, name in choices)
        attributes["choices"] = (
            draft.compiler.expression(f"[{listed}]", what="“choices”", element=draft.id, line=line_of(node))
            or ""
        )
    draft.extras.append(Extra("field", attributes, line_of(node)))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _finish_form(draft: Draft) -> bool:
    """These engines complete a form with one button that needs no definition."""
    draft.kind = draft.kind or "form"
    if draft.kind == "form" and not draft.has("button"):
        draft.extras.append(
            Extra("button", {"code": "complete", "label": "OK", "validates": "true"}, draft.line)
        )
    return True


# -- machines


def _service(draft: Draft, text: str) -> bool:
    draft.service = draft.service or text.strip()
    return True


def _result_variable(draft: Draft, text: str) -> bool:
    draft.result_variable = draft.result_variable or text.strip()
    return True


def _decision(draft: Draft, text: str) -> bool:
    draft.decision = draft.decision or text.strip()
    return True


def _mapped_as_here(draft: Draft, text: str) -> bool:
    return text in ("singleEntry", "singleResult", "collectEntries")


def _external(draft: Draft, text: str) -> bool:
    return text == "external"  # the topic beside it says which


def _starters(draft: Draft, text: str) -> bool:
    draft.offer("roles", text)
    return True


# -- Zeebe says everything in children


def _assignment(draft: Draft, node: etree._Element) -> bool:
    readers = {"assignee": _assignee, "candidateGroups": _groups, "candidateUsers": _users}
    understood = [read(draft, node.get(name, "")) for name, read in readers.items() if node.get(name)]
    return all(understood)


def _schedule(draft: Draft, node: etree._Element) -> bool:
    return bool(node.get("dueDate")) and _due_date(draft, node.get("dueDate", ""))


def _task_definition(draft: Draft, node: etree._Element) -> bool:
    return _service(draft, node.get("type", ""))


def _zeebe_script(draft: Draft, node: etree._Element) -> bool:
    draft.script = draft.compiler.expression(
        node.get("expression", ""), what="The script", element=draft.id, line=line_of(node)
    )
    return _result_variable(draft, node.get("resultVariable", ""))


def _called_decision(draft: Draft, node: etree._Element) -> bool:
    return _decision(draft, node.get("decisionId", "")) and _result_variable(
        draft, node.get("resultVariable", "")
    )


def _marker(draft: Draft, node: etree._Element) -> bool:
    return True  # read elsewhere, or saying only that the engine itself manages the task


_ATTRIBUTES: dict[tuple[str, str], Callable[[Draft, str], bool]] = {
    ("userTask", "assignee"): _assignee,
    ("userTask", "candidateGroups"): _groups,
    ("userTask", "candidateUsers"): _users,
    ("userTask", "dueDate"): _due_date,
    ("serviceTask", "topic"): _service,
    ("serviceTask", "type"): _external,
    ("sendTask", "topic"): _service,
    ("sendTask", "type"): _external,
    ("serviceTask", "resultVariable"): _result_variable,
    ("serviceTask", "resultVariableName"): _result_variable,
    ("scriptTask", "resultVariable"): _result_variable,
    ("businessRuleTask", "decisionRef"): _decision,
    ("businessRuleTask", "resultVariable"): _result_variable,
    ("businessRuleTask", "mapDecisionResult"): _mapped_as_here,
    ("process", "candidateStarterGroups"): _starters,
}
_CHILDREN: dict[tuple[str, str], Callable[[Draft, etree._Element], bool]] = {
    # read by reading/calls.py
    ("callActivity", "in"): _marker,
    ("callActivity", "out"): _marker,
    ("callActivity", "ioMapping"): _marker,
    ("callActivity", "calledElement"): _marker,
    ("userTask", "formData"): _form,
    ("userTask", "formProperty"): _form_property,
    ("userTask", "assignmentDefinition"): _assignment,
    ("userTask", "taskSchedule"): _schedule,
    ("userTask", "userTask"): _marker,
    ("serviceTask", "taskDefinition"): _task_definition,
    ("sendTask", "taskDefinition"): _task_definition,
    ("scriptTask", "script"): _zeebe_script,
    ("businessRuleTask", "calledDecision"): _called_decision,
}
