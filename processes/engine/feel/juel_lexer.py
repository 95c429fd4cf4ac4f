"""The tokens of an expression of the Camunda family (JUEL), up to the brace that closes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import FeelSyntaxError

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<name>[^\W\d][\w$]*)
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<op>==|!=|<=|>=|&&|\|\||[-+*/%<>=!?:.,()\[\]])
  | (?P<close>\})
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class JuelToken:
    """`kind` is number, name, string, op, close or end."""

    kind: str
    text: str
    position: int


def juel_tokens(text: str, start: int) -> list[JuelToken]:
    """Tokens from `start` to the closing brace. Raises FeelSyntaxError when there is none."""
    tokens: list[JuelToken] = []
    at = start
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FeelSyntaxError(
                f"This expression cannot be translated to FEEL: the character {text[at]!r} has no meaning in it",
                text,
                at,
            )
        kind, found = match.lastgroup or "", match.group()
        if kind == "string":
            found = re.sub(r"\\(.)", r"\1", found[1:-1], flags=re.DOTALL)
        if kind != "space":
            tokens.append(JuelToken(kind, found, at))
        if kind == "close":
            return tokens
        at = match.end()
    raise FeelSyntaxError("This expression cannot be translated to FEEL: its '}' is missing", text, start - 2)
