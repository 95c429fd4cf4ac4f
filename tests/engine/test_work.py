"""What a turn looks at: counted, not timed."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from processes.engine.effects import Complete, Start
from processes.engine.execute import execute
from processes.engine.model import Definition
from processes.engine.state import State
from tests.engine.drawing import boundary_timer, draw, end, node, par, script, start, sub, throw, user
from tests.engine.game import MORNING, Game
from tests.engine.repeating import multi
from tests.engine.undoing import UNDO, noted


class Counting(Mapping[str, Any]):
    """A mapping that counts what is looked up, and forbids walking over all of it."""

    def __init__(self, inner: Mapping[str, Any]) -> None:
        self.inner = inner
        self.looked_up = 0

    def __getitem__(self, key: str) -> Any:
        self.looked_up += 1
        return self.inner[key]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("a turn walks over the whole diagram")

    def __len__(self) -> int:
        return len(self.inner)


def counted(definition: Definition) -> Definition:
    """The definition after its indexes are built, counting what turns look up."""
    indexes = (
        "children",
        "boundaries",
        "starts",
        "entries",
        "event_starts",
        "compensable",
        "has_conditions",
        "has_ad_hoc_conditions",
        "looks_at_rest",
    )
    for index in (getattr(definition, name) for name in indexes):
        assert index is not None
    object.__setattr__(definition, "elements", Counting(definition.elements))
    object.__setattr__(definition, "flows", Counting(definition.flows))
    return definition


def looked_up(definition: Definition) -> int:
    return definition.elements.looked_up + definition.flows.looked_up  # type: ignore[attr-defined]


def chain_of(length: int) -> Definition:
    names = [f"u{number}" for number in range(length)]
    flows = [f"{one} {other}" for one, other in zip(["start", *names], [*names, "end"], strict=True)]
    return draw(start(), *(user(name) for name in names), end(), flows=flows)


def test_a_step_costs_the_same_in_a_large_diagram() -> None:
    costs = []
    for length in (5, 500):
        definition = counted(chain_of(length))
        game = Game(definition)
        game.start()
        before = looked_up(definition)
        game.complete("u0")
        costs.append(looked_up(definition) - before)
    assert costs[0] == costs[1] <= 10


def calls_of(definition: Definition, state: State, command: Any) -> int:
    """Calls of Python functions within the engine: a measure of work that does not depend on the machine."""
    calls = 0

    def count(frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call" and "engine" in frame.f_code.co_filename

    sys.setprofile(count)
    try:
        execute(definition, state, command, MORNING)
    finally:
        sys.setprofile(None)
    return calls


def fork_and_join(branches: int, tag: str = "userTask") -> Definition:
    names = [f"u{number}" for number in range(branches)]
    return draw(
        start(),
        par("fork"),
        *(node(tag, name) for name in names),
        par("join"),
        end(),
        flows=[
            "start fork",
            *(f"fork {name}" for name in names),
            *(f"{name} join" for name in names),
            "join end",
        ],
    )


def test_a_join_of_a_hundred_branches_costs_ten_times_one_of_ten() -> None:
    few, many = (calls_of(fork_and_join(size, "task"), State(), Start()) for size in (10, 100))
    assert many <= 10 * few


def test_a_join_of_a_hundred_branches_waits_for_the_last() -> None:
    game = Game(fork_and_join(100))
    game.start()
    for number in range(99):
        game.complete(f"u{number}")
    assert game.passed("join") == 0
    game.complete("u99")
    assert game.passed("join") == 100
    assert (game.passed("end"), game.waiting()) == (1, "")


@pytest.mark.parametrize("make", [fork_and_join, chain_of], ids=["fork", "chain"])
def test_starting_costs_no_more_than_what_is_opened(make: Any) -> None:
    small, large = (calls_of(make(size), State(), Start()) for size in (10, 200))
    assert large <= 21 * small


def nested(levels: int) -> Definition:
    inside = node("userTask", "innermost")
    for level in range(levels):
        inside = sub(
            f"s{level}",
            inside,
            boundary_timer(f"t{level}", f"s{level - 1}", "PT1H") if level else "",
            end(f"e{level}"),
            flows=[f"t{level} e{level}"] if level else [],
        )
    return draw(start(), inside, end(), flows=[f"start s{levels - 1}", f"s{levels - 1} end"])


def test_nesting_costs_in_proportion_to_its_depth_and_no_recursion() -> None:
    def complete(levels: int) -> tuple[int, int]:
        game = Game(nested(levels))
        opening = calls_of(game.definition, game.state, Start())
        game.start()
        closing = calls_of(game.definition, game.state, Complete(game.find("innermost").id))
        game.complete("innermost")
        assert game.ended_at is not None
        return opening, closing

    few, many = complete(20), complete(200)
    assert many[0] <= 11 * few[0]
    assert many[1] <= 11 * few[1]


def test_cancelling_deep_nesting_needs_no_recursion() -> None:
    game = Game(nested(200))
    game.start()
    game.fire("t199")
    assert game.waiting() == ""
    # the task, 199 sub-processes and 198 timers inside, the timer that fired, the sub-process around
    assert len(game.last.closed) == 1 + 199 + 198 + 1 + 1


def test_undoing_costs_in_proportion_to_what_is_undone() -> None:
    few, many = (calls_to_undo(number) for number in (40, 400))
    assert many < few * 12


def calls_to_undo(number: int) -> int:
    """How much of the engine runs while as many instances of a sub-process are undone by themselves."""
    inside = sub("a", multi(number=number), script("s", "{done: true}"), noted("s", "{undone: true}"))
    game = Game(draw(start(), inside, user("b"), throw("t", UNDO), flows=["start a", "a b", "b t"]))
    game.start()
    counted = 0

    def count(frame: Any, event: str, _arg: Any) -> None:
        nonlocal counted
        counted += event == "call" and "processes/engine" in frame.f_code.co_filename

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        game.complete("b")
    finally:
        sys.setprofile(before)
    assert game.passed("undo_s") == number
    assert game.ended_at is not None
    return counted
