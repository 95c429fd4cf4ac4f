"""The forms that begin with a word or a brace: if, for, some, every, function, contexts, types, arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .nodes import ContextOf, Every, FeelType, For, FunctionOf, If, Iteration, Node, Some

if TYPE_CHECKING:
    from .parser import Parser

TYPE_NAMES = frozenset(
    (
        "Any",
        "Null",
        "boolean",
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "function",
        "range",
    )
)


def read_if(parser: Parser) -> Node:
    position = parser.step().position
    condition = parser.expression()
    parser.expect("then", "after the condition")
    then = parser.expression()
    parser.expect("else", "after the first alternative")
    return If(position, condition, then, parser.expression())


def read_for(parser: Parser) -> Node:
    position = parser.step().position
    iterations = _read_iterations(parser)
    parser.expect("return", "after the lists of 'for'")
    return For(position, iterations, parser.expression())


def read_some(parser: Parser) -> Node:
    position = parser.step().position
    iterations = _read_iterations(parser)
    parser.expect("satisfies", "after the lists of 'some'")
    return Some(position, iterations, parser.expression())


def read_every(parser: Parser) -> Node:
    position = parser.step().position
    iterations = _read_iterations(parser)
    parser.expect("satisfies", "after the lists of 'every'")
    return Every(position, iterations, parser.expression())


def _read_iterations(parser: Parser) -> tuple[Iteration, ...]:
    found = []
    while True:
        position = parser.token.position
        name = parser.expect_name("the name of a variable")
        parser.expect("in", "after the name of the variable")
        source = parser.expression()
        end = parser.expression() if parser.accept("..") else None
        found.append(Iteration(position, name, source, end))
        if not parser.accept(","):
            return tuple(found)


def read_function(parser: Parser) -> Node:
    position = parser.step().position
    parser.expect("(", "after 'function'")
    names: list[str] = []
    while not parser.at(")"):
        names.append(parser.expect_name("the name of a parameter"))
        if parser.accept(":"):
            read_type(parser)
        if not parser.accept(","):
            break
    parser.expect(")", "after the parameters")
    if parser.at("external"):
        raise parser.problem("External functions are not allowed: an expression stays inside FEEL")
    return FunctionOf(position, tuple(names), parser.expression())


def read_context(parser: Parser) -> Node:
    position = parser.step().position
    entries: list[tuple[str, Node]] = []
    seen: set[str] = set()
    while not parser.at("}"):
        place = parser.token.position
        key = _read_key(parser)
        if key in seen:
            raise parser.problem(f"The entry '{key}' stands twice in one context", place)
        seen.add(key)
        parser.expect(":", f"after the entry name '{key}'")
        entries.append((key, parser.expression()))
        if not parser.accept(","):
            break
    parser.expect("}", "after the entries of the context")
    return ContextOf(position, tuple(entries))


def _read_key(parser: Parser) -> str:
    if parser.token.kind == "string":
        return parser.step().text
    words = _read_words(parser)
    if not words:
        raise parser.expected("the name of an entry")
    return words


def _read_words(parser: Parser) -> str:
    """Names may have several words where a ':' ends them."""
    words: list[str] = []
    while parser.token.kind in ("name", "keyword") or (words and parser.token.kind == "number"):
        words.append(parser.step().text)
    return " ".join(words)


def read_arguments(parser: Parser) -> tuple[tuple[str, ...] | None, tuple[Node, ...]]:
    """After '(': the arguments up to ')', and their names when they are given by name."""
    if parser.accept(")"):
        return None, ()
    if not _name_follows(parser):
        return None, parser.separated(parser.expression, ")", "after the argument")
    names: list[str] = []
    arguments: list[Node] = []
    while True:
        name = _read_words(parser)
        if not name:
            raise parser.expected("the name of an argument")
        if name in names:
            raise parser.problem(f"The argument '{name}' is given twice")
        parser.expect(":", f"after the argument name '{name}'")
        names.append(name)
        arguments.append(parser.expression())
        if not parser.accept(","):
            parser.expect(")", "after the arguments")
            return tuple(names), tuple(arguments)


def _name_follows(parser: Parser) -> bool:
    count = 0
    while parser.ahead(count).kind in ("name", "keyword"):
        count += 1
    return count > 0 and parser.ahead(count).text == ":" and parser.ahead(count).kind == "op"


def read_type(parser: Parser) -> FeelType:
    """A type name with its inner types. Raises FeelSyntaxError for a name that is no type."""
    position = parser.token.position
    words = [parser.step().text] if parser.token.kind in ("name", "keyword") else []
    while words and _longer_type_follows([*words, parser.token.text]):
        words.append(parser.step().text)
    name = " ".join(words)
    if name not in TYPE_NAMES:
        raise parser.problem(f"'{name or parser.token.text}' is not a type", position)
    parser.deeper()
    found = _INNER.get(name, _no_inner)(parser, name)
    parser.nesting -= 1
    return found


def _longer_type_follows(words: list[str]) -> bool:
    return any(known.split()[: len(words)] == words for known in TYPE_NAMES)


def _no_inner(parser: Parser, name: str) -> FeelType:
    return FeelType(name)


def _one_inner(parser: Parser, name: str) -> FeelType:
    if not parser.accept("<"):
        return FeelType(name)
    inner = read_type(parser)
    parser.expect(">", "after the inner type")
    return FeelType(name, (inner,))


def _context_inner(parser: Parser, name: str) -> FeelType:
    if not parser.accept("<"):
        return FeelType(name)
    keys: list[str] = []
    inner: list[FeelType] = []
    while True:
        keys.append(_read_key(parser))
        parser.expect(":", "after the entry name")
        inner.append(read_type(parser))
        if not parser.accept(","):
            break
    parser.expect(">", "after the inner types")
    return FeelType(name, tuple(inner), tuple(keys))


def _function_inner(parser: Parser, name: str) -> FeelType:
    if not parser.accept("<"):
        return FeelType(name)
    inner: list[FeelType] = []
    while not parser.at(">"):
        inner.append(read_type(parser))
        if not parser.accept(","):
            break
    parser.expect(">", "after the parameter types")
    parser.expect("->", "before the type of the result")
    inner.append(read_type(parser))
    return FeelType(name, tuple(inner))


_INNER: dict[str, Callable[[Parser, str], FeelType]] = {
    "list": _one_inner,
    "range": _one_inner,
    "context": _context_inner,
    "function": _function_inner,
}
FORMS: dict[str, Callable[[Parser], Node]] = {
    "if": read_if,
    "for": read_for,
    "some": read_some,
    "every": read_every,
    "function": read_function,
}
