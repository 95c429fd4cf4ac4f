"""Scenarios as tables: a diagram, moves, and what is live after each move."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from processes.engine.model import Definition
from tests.engine.game import Game


@dataclass(frozen=True)
class Scenario:
    """`moves` are pairs of a move and what is live afterwards (see `Game.waiting`).

    A move is written like `complete a yes`, `fire t`, `later 60` (minutes), `start`, or as a list when
    it has variables: `["complete a", {"amount": 5}]`.
    """

    name: str
    diagram: Definition
    moves: Sequence[tuple[Any, str]]
    ends: bool = True
    variables: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


def play(scenario: Scenario, *, stored: bool, near: bool = False) -> Game:
    """Play all moves and compare."""
    game = Game(scenario.diagram, stored=stored, near=near, context=scenario.context)
    for number, (move, expected) in enumerate(scenario.moves, 1):
        make(game, move)
        assert game.waiting() == expected, f"after move {number}: {move}"
    assert (game.ended_at is not None) is scenario.ends
    for name, value in scenario.variables.items():
        assert game.state.variables[name] == value, name
    return game


def play_both_ways(scenario: Scenario) -> None:
    """In one go; with all live steps stored as rows between the moves; with no more of these loaded than is needed.

    Nothing may differ.
    """
    in_one_go = play(scenario, stored=False)
    for near in (False, True):
        by_rows = play(scenario, stored=True, near=near)
        assert in_one_go.trace == by_rows.trace
        assert in_one_go.events == by_rows.events
        assert in_one_go.state.variables == by_rows.state.variables


def make(game: Game, move: Any) -> None:
    words, variables = (move, {}) if isinstance(move, str) else move
    verb, *arguments = words.split()
    if verb == "later":
        game.later(minutes=int(arguments[0]))
    else:
        getattr(game, verb)(*arguments, **variables)
