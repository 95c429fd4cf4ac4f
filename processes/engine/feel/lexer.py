"""Text into tokens (DMN 1.5, 10.3.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import FeelSizeError, FeelSyntaxError
from .limits import MAX_SOURCE

_FORMS = ("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "function", "external")
_OPERATORS = ("and", "or", "not", "between", "instance", "of")
_CONSTANTS = ("true", "false", "null")
KEYWORDS = frozenset(_FORMS + _OPERATORS + _CONSTANTS)

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
  | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d][\w\u0300-\u036f]*)
  | (?P<quoted>`[^`\n]+`)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<op>\*\*|\.\.|!=|<=|>=|->|/(?!\*)|[-+*<>=()\[\]{},:.?@])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_SIMPLE_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    '"': '"',
    "'": "'",
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
}
_PAIRS = (("/*", "comment", "*/"), ('"', "text", '"'), ("`", "name", "`"))
_HINTS = {
    "=": "equality is written with a single '='",
    "&": "write 'and'",
    "|": "write 'or'",
    "!": "write 'not(...)', or '!=' for inequality",
    "%": "write 'modulo(a, b)'",
    "'": "texts stand in double quotes",
    "$": "'${...}' is not FEEL",
    "#": "'#{...}' is not FEEL",
    ";": "one expression has no statements",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `kind` is number, string, name, keyword, op or end; `text` its meaning, not its spelling."""

    kind: str
    text: str
    position: int
    end: int


def tokenize(source: str) -> list[Token]:
    """Tokens of `source`, closed by one of kind `end`. Raises FeelSyntaxError, FeelSizeError."""
    if len(source) > MAX_SOURCE:
        raise FeelSizeError(
            f"An expression may have at most {MAX_SOURCE:,} characters; this one has {len(source):,}",
            source,
            MAX_SOURCE,
        )
    tokens: list[Token] = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise _unreadable(source, position)
        kind, text, end = match.lastgroup or "", match.group(), match.end()
        if kind == "word":
            tokens.append(Token("keyword" if text in KEYWORDS else "name", text, position, end))
        elif kind == "quoted":
            tokens.append(Token("name", text[1:-1], position, end))
        elif kind == "string":
            tokens.append(Token("string", _unescape(text[1:-1], source, position + 1), position, end))
        elif kind == "op":
            _refuse_double_equals(source, text, position)
            tokens.append(Token("op", text, position, end))
        elif kind == "number":
            tokens.append(Token("number", text, position, end))
        position = end
    tokens.append(Token("end", "", position, position))
    return tokens


def _refuse_double_equals(source: str, text: str, position: int) -> None:
    if text == "=" and source.startswith("=", position + 1):
        raise FeelSyntaxError("'==' is not FEEL: equality is written with a single '='", source, position)


def _unreadable(source: str, position: int) -> FeelSyntaxError:
    character = source[position]
    for opening, what, closing in _PAIRS:
        if source.startswith(opening, position):
            return FeelSyntaxError(
                f"The {what} that begins here is never closed by {closing}", source, position
            )
    hint = _HINTS.get(character)
    problem = f"The character {character!r} cannot stand here"
    return FeelSyntaxError(f"{problem}: {hint}" if hint else problem, source, position)


def _unescape(body: str, source: str, offset: int) -> str:
    if "\\" not in body:
        return body

    def meaning(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) > 1:
            number = int(code[1:], 16)
            if 0 < number <= 0x10FFFF:
                return chr(number)
        elif code in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[code]
        elif code not in "uU":
            return match.group()  # regular expressions such as "\d" are common inside texts
        raise FeelSyntaxError(
            f"The escape {match.group()!r} is not a character", source, offset + match.start()
        )

    text = _ESCAPE.sub(meaning, body)
    # "\ud83d\ude00" names one character by its two UTF-16 halves; half a character is no text.
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FeelSyntaxError("The text contains half of a surrogate pair", source, offset) from None
