"""The portal's own attributes and elements: namespace `urn:bpm-portal:bpmn:1`."""

from lxml import etree

from processes.engine.model import Extra, Value
from processes.engine.problems import problem
from processes.engine.reading.draft import PORTAL, Draft, extensions, line_of, split, text_of
from processes.engine.settings import LATE

#: What an installation knows out of the box; kinds of its own may bring more attributes.
KNOWN = (
    "kind",
    "assignee",
    "role",
    "managerOf",
    "record",
    "recommendation",
    "hint",
    "startIn",
    "duration",
    "remindBefore",
    "createActivity",
    "background",
    "category",
    "service",
    "resultVariable",
    "caption",
    "section",
    "roles",
    "page",
    "answer",
    "required",
    "recordType",
    "fieldCode",
    "dueDate",
    "correlation",
    "decision",
    "begin",
    "commentRequired",
    "delegable",
    "subject",
    "body",
)


def read_portal(node: etree._Element, draft: Draft) -> None:
    """Fill the draft from attributes with the prefix and from children of `extensionElements`."""
    for name, text in node.attrib.items():
        namespace, local = split(str(name))
        if namespace == PORTAL:
            _read_attribute(local, str(text), draft)
    for extension in extensions(node):
        namespace, local = split(str(extension.tag))
        if namespace == PORTAL and local != "decision":  # read by reading/decisions.py
            draft.extras.append(_read_extra(local, extension, draft))


def _read_attribute(name: str, text: str, draft: Draft) -> None:
    if name == "kind":
        draft.kind = text.strip()
    elif name == "service":
        draft.service = text.strip()
    elif name == "resultVariable":
        draft.result_variable = text.strip()
    elif name == "decision":
        draft.decision = text.strip()
    else:
        draft.portal[name] = draft.compiler.value(text, what=f"“{name}”", element=draft.id, line=draft.line)
        if name not in KNOWN:
            _suggest(name, draft)


def _suggest(name: str, draft: Draft) -> None:
    known = next((_ONE_OFF[form] for form in _forms(name) if form in _ONE_OFF), None)
    if known:
        draft.problems.append(
            problem("portal_misspelt", element=draft.id, line=draft.line, name=name, known=known)
        )


def _forms(name: str) -> list[str]:
    """The name in small letters, and with any one letter left out: two names that share a form look alike."""
    small = name[:40].lower()
    return [small, *(small[:at] + small[at + 1 :] for at in range(len(small)))]


_ONE_OFF = {form: name for name in KNOWN for form in _forms(name)}


def _read_extra(tag: str, node: etree._Element, draft: Draft) -> Extra:
    line = line_of(node)
    texts = {split(str(name))[1]: str(text) for name, text in node.attrib.items()}
    inside = text_of(node)
    if inside:
        texts["text"] = inside
    attributes: dict[str, Value] = {}
    for name, text in texts.items():
        what = f"“{name}” of a {tag}"
        if tag in LATE and name in ("text", "condition"):
            compiled = draft.compiler.expression(text, what=what, element=draft.id, line=line)
            attributes[name] = compiled or ""
        else:
            attributes[name] = draft.compiler.value(text, what=what, element=draft.id, line=line)
    return Extra(tag, attributes, line)
