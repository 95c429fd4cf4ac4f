"""Search with all alternatives side by side (Thompson, Pike): time grows with text times program, never faster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .regex_parse import Anchor
from .regex_program import Fork, Jump, Program, Save, Take
from .runtime import Run

Places = tuple[int, ...]
Thread = tuple[int, Places]
_STEPS_PER_OPERATION = 4


@dataclass(frozen=True, slots=True)
class Match:
    """One match; `places` holds start and end of every group, -1 where it took no part."""

    start: int
    end: int
    places: Places

    def group(self, number: int, text: str) -> str:
        if number == 0:
            return text[self.start : self.end]
        start, end = self.places[2 * number], self.places[2 * number + 1]
        return text[start:end] if start >= 0 and end >= 0 else ""


def search(run: Run, program: Program, text: str, start: int) -> Match | None:
    """The first match at or after `start`, by the preferences of the pattern."""
    if program.literal is not None:
        run.spend_text(len(text) - start)
        found = text.find(program.literal, start)
        return None if found < 0 else Match(found, found + len(program.literal), (-1, -1))
    empty: Places = (-1,) * (2 * program.groups + 2)
    threads: list[Thread] = []
    seen: set[int] = set()
    best: Match | None = None
    for at in range(start, len(text) + 1):
        if best is None:
            _follow(program, threads, seen, 0, (at, *empty[1:]), text, at)
        if not threads:
            if best is not None:
                break
            run.spend(1)
            seen = set()
            continue
        run.spend(1 + len(seen) // _STEPS_PER_OPERATION)
        following: list[Thread] = []
        seen = set()
        for place, places in threads:
            instruction = program.instructions[place]
            if not isinstance(instruction, Take):
                best = Match(places[0], at, places)
                break  # threads after this one are less preferred
            if at < len(text) and instruction.accepts(text[at]):
                _follow(program, following, seen, place + 1, places, text, at + 1)
        threads = following
    return best


def _follow(
    program: Program, threads: list[Thread], seen: set[int], place: int, places: Places, text: str, at: int
) -> None:
    """Add to `threads` every place that is reached without taking a character, in order of preference."""
    waiting: list[Thread] = [(place, places)]
    while waiting:
        place, places = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        instruction = program.instructions[place]
        if isinstance(instruction, Fork):
            waiting += ((instruction.second, places), (instruction.first, places))
        elif isinstance(instruction, Jump):
            waiting.append((instruction.target, places))
        elif isinstance(instruction, Save):
            slot = instruction.slot
            waiting.append((place + 1, (*places[:slot], at, *places[slot + 1 :])))
        elif isinstance(instruction, Anchor):
            if instruction.holds(text, at):
                waiting.append((place + 1, places))
        else:
            threads.append((place, places))


def matches(run: Run, program: Program, text: str) -> Iterator[Match]:
    """All matches from left to right, none reaching into another."""
    at = 0
    while at <= len(text):
        match = search(run, program, text, at)
        if match is None:
            return
        yield match
        at = match.end if match.end > match.start else match.end + 1


def fill(run: Run, replacement: str, text: str, match: Match) -> str:
    """The replacement with `$1`, `$2`... filled in; `\\$` is a dollar sign."""
    if "$" not in replacement and "\\" not in replacement:
        return replacement
    pieces: list[str] = []
    length = at = 0
    while at < len(replacement):
        character = replacement[at]
        following = replacement[at + 1 : at + 2]
        at += 1
        if character == "\\" and following in ("\\", "$") and following:
            pieces.append(following)
            at += 1
        elif character == "$" and following.isascii() and following.isdigit():
            number = int(following)
            at += 1
            groups = len(match.places) // 2 - 1
            while replacement[at : at + 1].isascii() and replacement[at : at + 1].isdigit():
                longer = number * 10 + int(replacement[at])
                if longer > groups:
                    break
                number = longer
                at += 1
            pieces.append(match.group(number, text) if number <= groups else "")
            length += len(pieces[-1])
            run.spend_text(length)
        else:
            pieces.append(character)
    return "".join(pieces)
