"""The sentences of the engine in the reader's language: it writes them in English, once, wherever it runs.

A stored incident is a sentence with names and values in it. It is recognised by its pattern, what stands at the
placeholders is taken out (and said in the reader's language itself where it is a sentence or a word of the engine),
and the translation of the pattern is filled with it. What nobody recognises, such as the text of a Python exception,
stays as it is.
"""

import re
from collections.abc import Mapping
from functools import cache

from django.utils.translation import get_language, gettext

from processes.engine.problems import SENTENCES, Problem
from processes.engine_words import feel, incidents, xml

#: Placeholders that hold a sentence or a word of the engine; all others hold names and values of people.
OWN = frozenset(
    {"what", "reason", "error", "notes", "told", "problem", "expected", "found", "purpose", "hint", "given"}
    | {"left", "right", "kind", "event", "pattern", "construct", "place", "type"}
)
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
#: Between the flows that a split has refused, and between notes.
SEPARATORS = (re.compile(r"; (?=“|\.\.\.$)"), re.compile(r"(?<=[.?]) (?=['A-Z“])"))
CUT = "..."


def in_words(text: str) -> str:
    """A sentence that the engine has stored, in the active language; unknown ones unchanged."""
    if not text or (get_language() or "en").startswith("en"):
        return text
    return _said(text) or text


def sentence_of(problem: Problem) -> str:
    """The sentence of a problem of a diagram in the active language."""
    pattern = SENTENCES.get(problem.code)
    if pattern is None:
        return problem.message
    params = {name: _param(name, value) for name, value in problem.params.items()}
    return gettext(pattern).format(**params)


def _param(name: str, value: object) -> object:
    return in_words(value) if name in OWN and isinstance(value, str) else value


def _said(text: str) -> str:
    """The translation, or "" where not every part of the text is known."""
    for separator in SEPARATORS:
        parts = separator.split(text)
        said = [part if part == CUT else _said(part) for part in parts] if len(parts) > 1 else []
        if said and all(said):
            between = separator.findall(text)
            return "".join(map("".join, zip(said, [*between, ""], strict=True)))
    return _one(text) or _after_its_part(text)


def _after_its_part(text: str) -> str:
    """`The script of “Count”: Division by zero.`, whatever stands behind the colon."""
    at = text.find(": ")
    while at > 0:
        part = next((pattern for pattern in _parts() if pattern[0].fullmatch(text[:at])), None)
        if part is not None:
            return f"{_one(text[:at])}: {in_words(text[at + 2 :])}"
        at = text.find(": ", at + 2)
    return ""


def _one(text: str) -> str:
    """The translation by the pattern that fits best; "" where none fits."""
    for expression, pattern in _patterns():
        match = expression.fullmatch(text)
        if match:
            return _filled(pattern, match.groupdict())
    if text[:1].isupper():  # a kind of value at the beginning of a sentence
        said = _one(text[:1].lower() + text[1:])
        return said[:1].upper() + said[1:]
    return ""


def _filled(pattern: str, found: Mapping[str, str]) -> str:
    return gettext(pattern).format(**{name: _param(name, value) for name, value in found.items()})


Known = tuple[tuple[re.Pattern[str], str], ...]


@cache
def _patterns() -> Known:
    """Every pattern as an expression; those with more words of their own come first."""
    known = {
        *feel.SENTENCES,
        *incidents.INCIDENTS,
        *incidents.PARTS,
        *incidents.CONSTRUCTS,
        *incidents.EVENTS,
        *xml.REASONS,
    }
    ordered = sorted(known, key=lambda pattern: (-len(PLACEHOLDER.sub("", pattern)), pattern))
    return tuple((_expression(pattern), pattern) for pattern in ordered)


@cache
def _parts() -> Known:
    return tuple((_expression(pattern), pattern) for pattern in incidents.PARTS)


def _expression(pattern: str) -> re.Pattern[str]:
    parts = PLACEHOLDER.split(pattern)
    literal = [re.escape(part.replace("{{", "{").replace("}}", "}")) for part in parts[::2]]
    groups = [f"(?P<{name}>.+?)" for name in parts[1::2]]
    pieces = [piece for pair in zip(literal, [*groups, ""], strict=True) for piece in pair]
    return re.compile("".join(pieces), re.DOTALL)
