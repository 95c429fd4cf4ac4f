"""`${...}` and `#{...}` of the Camunda family into FEEL, where FEEL says the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .builtins_conversion import quoted
from .errors import FeelSizeError, FeelSyntaxError
from .juel_lexer import JuelToken, juel_tokens
from .lexer import KEYWORDS
from .limits import MAX_DEPTH, MAX_SOURCE

_RANKS = {
    "||": 1, "or": 1, "&&": 2, "and": 2,
    "==": 3, "eq": 3, "!=": 3, "ne": 3,
    "<": 4, "lt": 4, ">": 4, "gt": 4, "<=": 4, "le": 4, ">=": 4, "ge": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "div": 6, "%": 6, "mod": 6,
}  # fmt: skip
_FEEL = {
    "||": "or", "&&": "and", "==": "=", "eq": "=", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "div": "/",
}  # fmt: skip
_CONSTANTS = frozenset(("true", "false", "null"))


@dataclass(frozen=True, slots=True)
class _Piece:
    """FEEL text with its rank: what ranks lower than its surroundings needs parentheses."""

    text: str
    rank: int


def translate_juel(text: str) -> str:
    """FEEL that gives what the text gives in the Camunda family.

    Text without `${` or `#{` is a text literal; text around expressions becomes a concatenation. Raises
    FeelSyntaxError for method calls, beans, assignments and whatever else FEEL cannot say.
    """
    if len(text) > MAX_SOURCE:
        raise FeelSizeError(f"An expression may have at most {MAX_SOURCE:,} characters", text, MAX_SOURCE)
    parts: list[str] = []
    at = 0
    while at < len(text):
        start = _next_opening(text, at)
        if start > at:
            parts.append(quoted(text[at:start]))
        if start == len(text):
            break
        reader = _Reader(text, start + 2)
        feel = reader.whole().text
        at = reader.end
        if start == 0 and at == len(text):
            return feel
        parts.append(f'get or else(string({feel}), "")')  # null shows as nothing
    return " + ".join(parts) if parts else '""'


def _next_opening(text: str, at: int) -> int:
    found = [place for place in (text.find("${", at), text.find("#{", at)) if place >= 0]
    return min(found, default=len(text))


class _Reader:
    """Reads one expression from after its opening brace and writes it down as FEEL."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.tokens = juel_tokens(text, start)
        self.index = 0
        self.nesting = 0
        self.end = start

    @property
    def token(self) -> JuelToken:
        return self.tokens[self.index]

    def step(self) -> JuelToken:
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def accept(self, *texts: str) -> bool:
        found = self.token.kind in ("op", "name") and self.token.text in texts
        if found:
            self.index += 1
        return found

    def refused(self, reason: str, position: int | None = None) -> FeelSyntaxError:
        place = self.token.position if position is None else position
        return FeelSyntaxError(f"This expression cannot be translated to FEEL: {reason}", self.text, place)

    def whole(self) -> _Piece:
        piece = self.choice()
        if self.token.kind == "op" and self.token.text == "=":
            raise self.refused("it assigns a value ('==' compares)")
        if self.token.kind != "close":
            raise self.refused(f"an operator or '}}' was expected, not '{self.token.text[:20]}'")
        self.end = self.token.position + 1
        return piece

    def choice(self) -> _Piece:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise FeelSizeError(
                f"The expression is nested more than {MAX_DEPTH} levels deep", self.text, self.token.position
            )
        piece = self.operators(1)
        if self.accept("?"):
            then = self.choice()
            if not self.accept(":"):
                raise self.refused("':' was expected in the choice 'a ? b : c'")
            otherwise = self.choice()
            piece = _Piece(f"if {piece.text} then {then.text} else {otherwise.text}", 0)
        self.nesting -= 1
        return piece

    def operators(self, lowest: int) -> _Piece:
        left = self.operand()
        while (rank := self.rank_here()) >= lowest:
            operator = self.step().text
            right = self.operators(rank + 1)
            left = _join(operator, rank, left, right)
        return left

    def rank_here(self) -> int:
        return _RANKS.get(self.token.text, 0) if self.token.kind in ("op", "name") else 0

    def operand(self) -> _Piece:
        before: list[str] = []
        while self.token.kind in ("op", "name") and self.token.text in _PREFIXES:
            before.append(self.step().text)
        piece = self.property_path(self.primary())
        for prefix in reversed(before):
            piece = _PREFIXES[prefix](piece)
        return piece

    def primary(self) -> _Piece:
        token = self.step()
        if token.kind == "number":
            return _Piece(token.text, 9)
        if token.kind == "string":
            return _Piece(quoted(token.text), 9)
        if token.kind == "name":
            if self.token.kind == "op" and self.token.text == "(":
                raise self.refused(f"'{token.text}(...)' calls a function", token.position)
            if token.text == "loopCounter":  # these engines count the instances from zero
                return _Piece("(loopCounter - 1)", 9)
            return _Piece(token.text if token.text in _CONSTANTS else _name(token.text), 9)
        if token.kind == "op" and token.text == "(":
            inner = self.choice()
            if not self.accept(")"):
                raise self.refused("')' was expected")
            return _Piece(f"({inner.text})", 9)
        what = f"'{token.text}'" if token.text else "the end"
        raise self.refused(f"a value was expected, not {what}", token.position)

    def property_path(self, piece: _Piece) -> _Piece:
        text = piece.text
        while self.token.kind == "op" and self.token.text in (".", "["):
            position = self.token.position
            if self.accept("."):
                if self.token.kind != "name":
                    raise self.refused("a name was expected after '.'")
                key = self.step().text
                if self.token.kind == "op" and self.token.text == "(":
                    raise self.refused(f"'.{key}(...)' calls a method", position)
                text += f".{_name(key)}"
            else:
                text += self.subscript()
        return _Piece(text, 9)

    def subscript(self) -> str:
        """`["key"]` is a path; `[0]` the first item, which FEEL counts from 1."""
        position = self.step().position
        token = self.step()
        if not self.accept("]"):
            raise self.refused("only a text or a whole number can stand in '[...]'", position)
        if token.kind == "string":
            return (
                f".{_name(token.text)}"
                if "`" not in token.text and "\n" not in token.text and token.text
                else self._no_key(position)
            )
        if token.kind == "number" and token.text.isdigit():
            return f"[{int(token.text) + 1}]"
        raise self.refused("only a text or a whole number can stand in '[...]'", position)

    def _no_key(self, position: int) -> str:
        raise self.refused("this key cannot be written in FEEL", position)


def _name(text: str) -> str:
    """A name as FEEL writes it: in backquotes where the plain word means something else."""
    return text if text.isidentifier() and text not in KEYWORDS else f"`{text}`"


def _join(operator: str, rank: int, left: _Piece, right: _Piece) -> _Piece:
    if operator in ("%", "mod"):
        return _Piece(f"modulo({left.text}, {right.text})", 9)
    # FEEL has one rank for = and <, so a comparison inside a comparison is put in parentheses.
    limit = 5 if rank in (3, 4) else rank
    return _Piece(
        f"{_wrapped(left, limit)} {_FEEL.get(operator, operator)} {_wrapped(right, rank + 1)}", rank
    )


def _wrapped(piece: _Piece, lowest: int) -> str:
    return piece.text if piece.rank >= lowest else f"({piece.text})"


def _not(piece: _Piece) -> _Piece:
    return _Piece(f"not({piece.text})", 9)


def _minus(piece: _Piece) -> _Piece:
    return _Piece(f"-{_wrapped(piece, 8)}", 8)


def _empty(piece: _Piece) -> _Piece:
    return _Piece(f"is empty({piece.text})", 9)


_PREFIXES: dict[str, Callable[[_Piece], _Piece]] = {"!": _not, "not": _not, "-": _minus, "empty": _empty}
