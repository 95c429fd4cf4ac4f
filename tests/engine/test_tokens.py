"""Whatever the diagram and the order of moves: no token is lost or made, and every instance ends."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes.engine.effects import Complete, Deliver, Fail, FireTimer, Retry
from processes.engine.state import Status, Step, WaitsOn
from tests.engine.blocks import BLOCKS, diagram
from tests.engine.game import Game

MAX_MOVES = 3_000


def movable(game: Game) -> list[Step]:
    """Live steps that somebody or something can move."""
    stuck = (WaitsOn.TOKENS, WaitsOn.CHILDREN)
    return [step for step in game.live() if step.waits_on not in stuck]


def move(game: Game, step: Step, choice: int) -> None:
    if step.status is Status.FAILED:
        game.do(Retry(step.id))
    elif step.waits_on is WaitsOn.TIMER:
        game.now = max(game.now, step.due_at)  # type: ignore[type-var]
        game.do(FireTimer(step.id))
    elif step.waits_on is WaitsOn.MESSAGE:
        game.do(Deliver(step.id))
    elif step.waits_on is WaitsOn.WORKER and choice % 3 == 0 and step.attempts < 2:
        game.do(Fail(step.id, "It broke."))
    else:
        game.do(Complete(step.id, None, {"way": choice % 3}))


def play(tree: Any, choices: list[int], *, stored: bool, near: bool = False) -> Game:
    definition, _ = diagram(tree)
    game = Game(definition, stored=stored, near=near)
    game.start(way=0)
    for number in range(MAX_MOVES):
        able = movable(game)
        if not able:
            break
        choice = choices[number % len(choices)] + number // len(choices)
        move(game, able[choice % len(able)], choice)
    return game


def has(tree: Any, sort: str) -> bool:
    return not isinstance(tree, str) and (tree[0] == sort or any(has(part, sort) for part in tree[1]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=BLOCKS, choices=st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_tokens_are_neither_lost_nor_made(tree: Any, choices: list[int]) -> None:
    _, builder = diagram(tree)
    game = play(tree, choices, stored=False)
    assert game.waiting() == ""
    assert game.ended_at is not None
    assert game.passed("end") == 1
    if has(tree, "interrupted"):
        return  # a token may end in the middle of a block there
    for first, last, tokens in builder.balanced:
        if tokens:
            assert game.passed(last) == tokens * game.passed(first), (first, last)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=BLOCKS, choices=st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_storing_the_steps_between_moves_changes_nothing(tree: Any, choices: list[int]) -> None:
    in_one_go = play(tree, choices, stored=False)
    for near in (False, True):
        by_rows = play(tree, choices, stored=True, near=near)
        assert in_one_go.trace == by_rows.trace
        assert in_one_go.state.variables == by_rows.state.variables


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=BLOCKS, choices=st.lists(st.integers(0, 50), min_size=1, max_size=20), stop=st.integers(0, 10))
def test_cancelling_at_any_time_leaves_nothing_behind(tree: Any, choices: list[int], stop: int) -> None:
    definition, _ = diagram(tree)
    game = Game(definition)
    game.start(way=0)
    for choice in choices[:stop]:
        able = movable(game)
        if not able:
            return
        move(game, able[choice % len(able)], choice)
    if game.live():
        game.cancel()
        assert game.waiting() == ""
