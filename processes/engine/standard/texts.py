"""Expressions and other texts: what a machine cannot make sense of (BPMN 2.0.2, 8.4.7, 8.4.8)."""

import re
from collections.abc import Iterator

from processes.engine.problems import Problem
from processes.engine.reading.draft import text_of
from processes.engine.standard.sheet import Sheet, found, holder_of, is_formal, sort_of

_LITERAL = re.compile(r"""\s*=?\s*(-?\d+(\.\d+)?|"[^"]*"|'[^']*')\s*""")
_FORMAL_BY_FORM = re.compile(r"\s*([=$#]|true\b|false\b|[\d.]+\s*$)")
_MIME = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")
_CONDITIONS = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "completionCondition",
    "activationCondition",
)
_FORMAL = (
    "messagePath",
    "dataPath",
    "condition",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
    "activationCondition",
    "transformation",
)


def informal(sheet: Sheet) -> Iterator[Problem]:
    """Natural language where only a formal expression says what to do.

    Conditions and timers are left out: most files write formal ones without the mark there. Loops have a rule below.
    What has a form that no sentence has needs no mark, either.
    """
    for node in sheet.all("completionCondition", "activationCondition", "from", "to"):
        is_needed = sort_of(holder_of(node)) in ("adHocSubProcess", "complexGateway", "assignment")
        if is_needed and not is_formal(node) and not _FORMAL_BY_FORM.match(text_of(node) or ""):
            yield found("expression_informal", node, what=sort_of(node))


def repeated_in_words(sheet: Sheet) -> Iterator[Problem]:
    """Natural language that says how often to repeat, in a file that names the language of its formal expressions.

    Such a file tells the two apart by the mark (8.4.8), if not by a form that no sentence has. Other files do not.
    """
    if not sheet.root.get("expressionLanguage"):
        return
    for node in sheet.all("loopCondition", "loopCardinality", "completionCondition"):
        is_repeated = sort_of(holder_of(node)) in (
            "standardLoopCharacteristics",
            "multiInstanceLoopCharacteristics",
        )
        text = text_of(node)
        if is_repeated and text and not is_formal(node) and not _FORMAL_BY_FORM.match(text):
            yield found("expression_informal", node, what=sort_of(node))


def conditions(sheet: Sheet) -> Iterator[Problem]:
    """A condition is true or false; a number or a text is neither."""
    for node in sheet.all(*_CONDITIONS):
        if text_of(node) and _LITERAL.fullmatch(text_of(node)):
            yield found("condition_value", node, text=text_of(node)[:80])


def empty(sheet: Sheet) -> Iterator[Problem]:
    """Formal expressions without a text (conditions of flows and events are checked where they are read)."""
    for node in sheet.all(*_FORMAL):
        is_read = sort_of(holder_of(node)) == "conditionalEventDefinition"
        if not text_of(node) and not is_read:
            yield found("expression_empty", node, what=sort_of(node))


def annotations(sheet: Sheet) -> Iterator[Problem]:
    """The format of a note, or of a documentation, is a MIME type (8.2.1, table 8.17)."""
    for node in sheet.all("textAnnotation", "documentation"):
        written = node.get("textFormat", "text/plain")
        if not _MIME.fullmatch(written.strip()):
            yield found("text_format", node, value=written)


RULES = (informal, repeated_in_words, conditions, empty, annotations)
