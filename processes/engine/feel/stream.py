"""The tokens of one text with a place in them, and sentences about what was expected there."""

from __future__ import annotations

from collections.abc import Callable

from .errors import FeelSizeError, FeelSyntaxError
from .lexer import Token, tokenize
from .limits import MAX_DEPTH
from .nodes import Node


class TokenStream:
    """What every reading function shares: look, step, demand, complain."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.index = 0
        self.nesting = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def step(self) -> Token:
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def at(self, text: str) -> bool:
        """Whether the next token is this operator or keyword."""
        token = self.tokens[self.index]
        return token.text == text and token.kind in ("op", "keyword")

    def accept(self, text: str) -> bool:
        found = self.at(text)
        if found:
            self.index += 1
        return found

    def expect(self, text: str, purpose: str) -> Token:
        """Step over `text`, or say that it was expected `purpose` ("after the condition")."""
        if not self.at(text):
            raise self.expected(f"'{text}' {purpose}")
        return self.step()

    def expect_name(self, what: str) -> str:
        if self.token.kind != "name":
            raise self.expected(what)
        return self.step().text

    def expected(self, what: str) -> FeelSyntaxError:
        return self.problem(f"Expected {what}, but found {describe(self.token)}")

    def problem(self, sentence: str, position: int | None = None) -> FeelSyntaxError:
        return FeelSyntaxError(sentence, self.source, self.token.position if position is None else position)

    def deeper(self) -> None:
        """Count one level down; who calls this takes it back on return."""
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise self.too_deep(self.token.position)

    def made(self, node: Node) -> Node:
        """`node` itself, unless its tree has grown too high."""
        if node.depth > MAX_DEPTH:
            raise self.too_deep(node.position)
        return node

    def too_deep(self, position: int) -> FeelSizeError:
        return FeelSizeError(
            f"The expression is nested more than {MAX_DEPTH} levels deep", self.source, position
        )

    def separated(self, read: Callable[[], Node], end: str, purpose: str) -> tuple[Node, ...]:
        """One or more of what `read` reads, between commas, and the closing `end`."""
        found = [read()]
        while self.accept(","):
            found.append(read())
        if not self.at(end):
            raise self.expected(f"',' or '{end}' {purpose}")
        self.step()
        return tuple(found)


def describe(token: Token) -> str:
    """How a message names a token."""
    if token.kind == "end":
        return "the end of the text"
    if token.kind == "string":
        return f'the text "{shorten(token.text)}"'
    return f"'{shorten(token.text)}'"


def shorten(text: str, length: int = 30) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."
