"""Regular expressions of XPath into a small tree; what needs backtracking (back references, lookaround) is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from .errors import FeelError
from .limits import MAX_PATTERN

Predicate = Callable[[str], bool]
MAX_GROUPS_DEEP = 50
MAX_REPEAT = 1_000


class PatternError(FeelError):
    """The pattern cannot be read, or asks for what this language does not have."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character of the text; `literal` is set when it can only be that one."""

    accepts: Predicate
    literal: str | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`inner` from `low` to `high` times (None: without end), as often or as seldom as possible."""

    inner: Tree
    low: int
    high: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    number: int
    inner: Tree


@dataclass(frozen=True, slots=True)
class Anchor:
    """A condition on the place: holds(text, position)."""

    holds: Callable[[str, int], bool]


Tree = Character | Sequence | Choice | Repeat | Group | Anchor
_NAMED = {
    "d": lambda c: c.isdecimal(),
    "s": lambda c: c in " \t\n\r",
    "w": lambda c: unicodedata.category(c)[0] not in "PZC",
    "i": lambda c: c.isalpha() or c in "_:",
    "c": lambda c: c.isalnum() or c in "_:.-\u00b7",
}
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def _single(character: str) -> Character:
    return Character(lambda c: c == character, character)


def _inverse(accepts: Predicate) -> Predicate:
    return lambda c: not accepts(c)


def _any_case(accepts: Predicate) -> Predicate:
    return lambda c: accepts(c) or accepts(c.lower()) or accepts(c.upper())


class PatternReader:
    """Reads one pattern.

    Flags: s (the dot takes line ends), m (anchors at lines), i (any case), x (spaces do not count), q (all literal).
    """

    def __init__(self, pattern: str, flags: str) -> None:
        if len(pattern) > MAX_PATTERN:
            raise PatternError(f"it has more than {MAX_PATTERN:,} characters")
        if set(flags) - set("smixq"):
            raise PatternError(f"the flags '{flags[:10]}' are not among s, m, i, x, q")
        self.pattern = "".join(pattern.split()) if "x" in flags and "q" not in flags else pattern
        self.flags = flags
        self.index = 0
        self.groups = 0
        self.depth = 0

    def read(self) -> Tree:
        if "q" in self.flags:
            return Sequence(tuple(self._cased(_single(c)) for c in self.pattern))
        tree = self.choice()
        if self.index < len(self.pattern):
            raise PatternError("a ')' has no '('")
        return tree

    def peek(self) -> str:
        return self.pattern[self.index : self.index + 1]

    def take(self) -> str:
        if self.index >= len(self.pattern):
            raise PatternError("it ends too early")
        self.index += 1
        return self.pattern[self.index - 1]

    def accept(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.index)
        if found:
            self.index += len(text)
        return found

    def choice(self) -> Tree:
        options = [self.sequence()]
        while self.accept("|"):
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Tree:
        parts: list[Tree] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeats(self.atom()))
        return Sequence(tuple(parts))

    def repeats(self, inner: Tree) -> Tree:
        bounds = self.bounds()
        if bounds is None:
            return inner
        if isinstance(inner, Anchor):
            raise PatternError("an anchor cannot be repeated")
        tree = Repeat(inner, *bounds, greedy=not self.accept("?"))
        if self.peek() in ("*", "+", "?"):
            raise PatternError("one repeat follows another")
        return tree

    def bounds(self) -> tuple[int, int | None] | None:
        if self.accept("*"):
            return 0, None
        if self.accept("+"):
            return 1, None
        if self.accept("?"):
            return 0, 1
        if not self.accept("{"):
            return None
        text = ""
        while self.peek() != "}":
            text += self.take()
        self.take()
        low, comma, high = text.partition(",")
        if not _count(low) or not (_count(high) or high == ""):
            raise PatternError(f"'{{{text[:10]}}}' is not a number of repeats")
        least, most = int(low), (int(high) if high else None) if comma else int(low)
        if least > MAX_REPEAT or (most is not None and not least <= most <= MAX_REPEAT):
            raise PatternError(f"'{{{text[:10]}}}' repeats too often")
        return least, most

    def atom(self) -> Tree:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return self._cased(Character(self.char_class()))
        if character == ".":
            return Character((lambda c: True) if "s" in self.flags else (lambda c: c not in "\n\r"))
        if character == "^":
            return Anchor(_line_start if "m" in self.flags else (lambda text, at: at == 0))
        if character == "$":
            return Anchor(_line_end if "m" in self.flags else (lambda text, at: at == len(text)))
        if character == "\\":
            return self._cased(self.escape())
        if character in "*+?{":
            raise PatternError(f"there is nothing to repeat before '{character}'")
        return self._cased(_single(character))

    def _cased(self, one: Character) -> Character:
        return Character(_any_case(one.accepts)) if "i" in self.flags else one

    def group(self) -> Tree:
        self.depth += 1
        if self.depth > MAX_GROUPS_DEEP:
            raise PatternError("its groups are nested too deeply")
        number = 0
        if self.accept("?"):
            if not self.accept(":"):
                raise PatternError("lookaround and named groups are not available")
        else:
            self.groups += 1
            number = self.groups
        inner = self.choice()
        if not self.accept(")"):
            raise PatternError("a '(' is not closed")
        self.depth -= 1
        return Group(number, inner) if number else inner

    def escape(self) -> Character:
        """What follows a backslash, outside or inside of a class."""
        letter = self.take()
        if letter in _CONTROL:
            return _single(_CONTROL[letter])
        if letter in _NAMED:
            return Character(_NAMED[letter])
        if letter.lower() in _NAMED:
            return Character(_inverse(_NAMED[letter.lower()]))
        if letter in "pP":
            inside = self.category()
            return Character(inside if letter == "p" else _inverse(inside))
        if letter.isalnum():
            raise PatternError(f"'\\{letter}' is not available")
        return _single(letter)

    def category(self) -> Predicate:
        if not self.accept("{"):
            raise PatternError("'\\p' needs a category such as {L}")
        name = ""
        while self.peek() != "}":
            name += self.take()
        self.take()
        if not name or len(name) > 2 or name[0] not in "LMNPZSC":
            raise PatternError(f"there is no character category '{name[:20]}'")
        return lambda c: unicodedata.category(c).startswith(name)

    def char_class(self) -> Predicate:
        """The inside of `[...]` with ranges, escapes, `^` and subtraction `-[...]`."""
        self.depth += 1
        if self.depth > MAX_GROUPS_DEEP:
            raise PatternError("its classes are nested too deeply")
        negative = self.accept("^")
        members: list[Predicate] = []
        removed: Predicate | None = None
        while not self.accept("]"):
            if members and self.accept("-["):
                removed = self.char_class()
                if not self.accept("]"):
                    raise PatternError("a subtraction ends its class")
                break
            members.append(self.member())
        if not members:
            raise PatternError("a class is empty")
        self.depth -= 1
        return _class_of(tuple(members), negative, removed)

    def member(self) -> Predicate:
        first = self.class_character()
        if (
            first.literal is None
            or self.peek() != "-"
            or self.pattern[self.index + 1 : self.index + 2] in ("]", "[", "")
        ):
            return first.accepts
        self.take()
        last = self.class_character()
        if last.literal is None or last.literal < first.literal:
            raise PatternError("a range of characters runs backwards")
        low, high = first.literal, last.literal
        return lambda c: low <= c <= high

    def class_character(self) -> Character:
        character = self.take()
        if character == "\\":
            return self.escape()
        return _single(character)


def _class_of(members: tuple[Predicate, ...], negative: bool, removed: Predicate | None) -> Predicate:
    def accepts(c: str) -> bool:
        return any(member(c) for member in members) is not negative and not (
            removed is not None and removed(c)
        )

    return accepts


def _count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _line_start(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def _line_end(text: str, at: int) -> bool:
    return at == len(text) or text[at] == "\n"
