"""Tokens into a syntax tree (DMN 1.5, 10.3.1), by operator precedence."""

from __future__ import annotations

from . import forms
from .library import MULTI_WORD_NAMES
from .nodes import (
    And,
    Arithmetic,
    Between,
    Call,
    Comparator,
    Compare,
    Filter,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Name,
    Negate,
    Node,
    Or,
    Path,
    RangeOf,
)
from .numbers import read_number
from .stream import TokenStream
from .temporal_text import read_temporal

OR, AND, COMPARISON, SUM, PRODUCT, POWER, OPERAND = range(1, 8)
COMPARATORS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_RANKS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(COMPARATORS, COMPARISON),
    **dict.fromkeys(("between", "in"), COMPARISON),
    **dict.fromkeys("+-", SUM),
    **dict.fromkeys("*/", PRODUCT),
    "**": POWER,
}
_CONSTANTS = {"true": True, "false": False, "null": None}
_SPACED_PROPERTIES = {"time": "offset", "start": "included", "end": "included"}


def parse(source: str) -> Node:
    """The tree of one expression. Raises FeelSyntaxError, FeelSizeError."""
    parser = Parser(source)
    if parser.token.kind == "end":
        raise parser.problem("An expression is missing: the text is empty")
    node = parser.expression()
    if parser.token.kind != "end":
        raise parser.expected("an operator or the end of the text")
    return node


class Parser(TokenStream):
    """Reads nodes from the stream; the forms that begin with a word are in `forms`."""

    def expression(self) -> Node:
        return self.operators_after(self.operand(), OR)

    def operators(self, lowest: int) -> Node:
        """An operand, and all operators after it that rank at least `lowest`."""
        return self.operators_after(self.operand(), lowest)

    def operators_after(self, left: Node, lowest: int) -> Node:
        while (rank := self.rank_here()) >= lowest:
            left = self.made(self.comparison(left) if rank == COMPARISON else self.run(left, rank))
        return left

    def rank_here(self) -> int:
        token = self.token
        return _RANKS.get(token.text, 0) if token.kind in ("op", "keyword") else 0

    def run(self, first: Node, rank: int) -> Node:
        """All operators of one rank that follow `first`, as one node: long sums must not make high trees."""
        rest: list[tuple[str, Node]] = []
        while self.rank_here() == rank:
            operator = self.step().text
            rest.append((operator, self.operators(rank + 1)))
        if rank in (OR, AND):
            terms = (first, *(node for _, node in rest))
            return Or(first.position, terms) if rank == OR else And(first.position, terms)
        return Arithmetic(first.position, first, tuple(rest))

    def comparison(self, left: Node) -> Node:
        operator = self.step().text
        if operator == "between":
            low = self.operators(SUM)
            self.expect("and", "between the two bounds")
            return Between(left.position, left, low, self.operators(SUM))
        if operator == "in":
            return In(left.position, left, self.tests_after_in())
        return Compare(left.position, operator, left, self.operators(SUM))

    def tests_after_in(self) -> tuple[Node, ...]:
        """`> 5`, an expression, or several tests in parentheses."""
        if not self.at("("):
            return (self.test(SUM),)
        position = self.step().position
        first = self.test(OR)
        if self.at(".."):
            first = self.range_from(position, first, False)
        elif self.at(","):
            found = [first]
            while self.accept(","):
                found.append(self.test(OR))
            self.expect(")", "after the tests")
            return tuple(found)
        else:
            self.expect(")", "after the tests")
        # What looked like a list of tests may go on: x in (a + b) * 2, x in (list)[1].
        return (self.operators_after(self.postfixes(first), SUM),)

    def test(self, lowest: int) -> Node:
        """One positive unary test: a comparator with its operand, or an expression."""
        token = self.token
        if token.kind == "op" and token.text in COMPARATORS:
            self.step()
            return Comparator(token.position, token.text, self.operators(SUM))
        return self.operators_after(self.operand(), lowest)

    def operand(self) -> Node:
        """A primary with what follows it, and the minus signs before it (they bind tighter than `**`).

        Every way down goes through here, so here the levels are counted: too many are refused before Python's
        own stack is at risk.
        """
        self.deeper()
        minus: list[int] = []
        while self.at("-"):
            minus.append(self.step().position)
        node = self.postfixes(self.primary())
        for position in reversed(minus):
            node = self.made(Negate(position, node))
        self.nesting -= 1
        return node

    def postfixes(self, node: Node) -> Node:
        """Paths, filters, calls and `instance of` after a primary."""
        while True:
            text = self.token.text if self.token.kind in ("op", "keyword") else ""
            if text == ".":
                node = self.path(node)
            elif text == "(":
                node = self.call(node)
            elif text == "[" and self.filter_follows():
                node = self.filter(node)
            elif text == "instance":
                self.step()
                self.expect("of", "after 'instance'")
                node = InstanceOf(node.position, node, forms.read_type(self))
            else:
                return node
            self.made(node)

    def filter_follows(self) -> bool:
        """A '[' opens a filter, except as the open end of a range such as ]1..3[."""
        following = self.ahead()
        if following.kind in ("end", "keyword"):
            return following.text not in (
                "",
                "and",
                "or",
                "then",
                "else",
                "return",
                "satisfies",
                "in",
                "between",
            )
        return following.kind != "op" or following.text in ("(", "[", "{", "-", "@", "?", "]")

    def path(self, base: Node) -> Node:
        self.step()
        if self.token.kind not in ("name", "keyword"):
            raise self.expected("a name after '.'")
        name = self.step().text
        second = _SPACED_PROPERTIES.get(name)
        if second is not None and self.token.kind == "name" and self.token.text == second:
            name = f"{name} {self.step().text}"
        return Path(base.position, base, name)

    def filter(self, base: Node) -> Node:
        self.step()
        if self.at("]"):
            raise self.expected("a condition or a position inside '[...]'")
        test = self.expression()
        self.expect("]", "after the filter")
        return Filter(base.position, base, test)

    def call(self, target: Node) -> Node:
        position = self.step().position
        if isinstance(target, Literal):
            raise self.problem("Only functions can be called", position)
        names, arguments = forms.read_arguments(self)
        return Call(target.position, target, arguments, names)

    def primary(self) -> Node:
        token = self.token
        if token.kind in ("name", "keyword"):
            return self.word()
        if token.kind == "number":
            self.step()
            return Literal(token.position, read_number(token.text))
        if token.kind == "string":
            self.step()
            return Literal(token.position, token.text)
        if token.kind == "op" and token.text in _OPENERS:
            return _OPENERS[token.text](self)
        raise self.expected("an expression")

    def word(self) -> Node:
        """A name, a constant, or a form that begins with a keyword."""
        token = self.token
        spaced = self.spaced_name()
        if spaced is not None:
            return Name(token.position, spaced)
        if token.kind == "name":
            self.step()
            return Name(token.position, token.text)
        if token.text in _CONSTANTS:
            self.step()
            return Literal(token.position, _CONSTANTS[token.text])
        read = forms.FORMS.get(token.text)
        if read is not None:
            return self.made(read(self))
        if token.text == "not":
            if self.ahead().text != "(":
                raise self.problem("A negation is written with parentheses: not(...)")
            self.step()
            return Name(token.position, "not")
        raise self.expected("an expression")

    def spaced_name(self) -> str | None:
        """The name of a built-in function of several words, when it is being called here."""
        for words in MULTI_WORD_NAMES.get(self.token.text, ()):
            last = len(words)
            if self.ahead(last).text == "(" and all(
                self.ahead(n).text == word and self.ahead(n).kind in ("name", "keyword")
                for n, word in enumerate(words)
            ):
                self.index += last
                return " ".join(words)
        return None

    def parenthesis(self) -> Node:
        position = self.step().position
        first = self.test(OR)
        if self.at(".."):
            return self.range_from(position, first, False)
        self.expect(")", "after the expression")
        return first

    def bracket(self) -> Node:
        position = self.step().position
        if self.accept("]"):
            return ListOf(position, ())
        first = self.expression()
        if self.at(".."):
            return self.range_from(position, first, True)
        items = [first]
        while self.accept(","):
            items.append(self.expression())
        if not self.at("]"):
            raise self.expected("',' or ']' in the list")
        self.step()
        return self.made(ListOf(position, tuple(items)))

    def open_range(self) -> Node:
        position = self.step().position
        return self.range_from(position, self.operators(SUM), False)

    def range_from(self, position: int, start: Node, start_included: bool) -> Node:
        self.expect("..", "between the ends of the range")
        end = self.operators(SUM)
        if not (self.at("]") or self.at(")") or self.at("[")):
            raise self.expected("']', ')' or '[' after the range")
        included = self.step().text == "]"
        return self.made(RangeOf(position, start, end, start_included, included))

    def temporal(self) -> Node:
        position = self.step().position
        if self.token.kind != "string":
            raise self.expected("a text with a date, time or duration after '@'")
        text = self.step().text
        value = read_temporal(text)
        if value is None:
            raise self.problem(f'"{text}" is not a date, a time or a duration', position)
        return Literal(position, value)

    def input_value(self) -> Node:
        """`?`: the value under test, in unary tests."""
        return Name(self.step().position, "?")

    def context(self) -> Node:
        return self.made(forms.read_context(self))


_OPENERS = {
    "(": Parser.parenthesis,
    "[": Parser.bracket,
    "]": Parser.open_range,
    "{": Parser.context,
    "@": Parser.temporal,
    "?": Parser.input_value,
}
