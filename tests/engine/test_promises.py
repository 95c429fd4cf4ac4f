"""What the engine promises of every diagram: it ends or waits for something that has words, and can be played again."""

import itertools
import json
import re
from typing import Any

from django.contrib.auth.models import Group
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings

from processes.engine.feel import encode
from processes.engine.replay import Playback, pack, unpack
from processes.engine.state import Step, WaitsOn
from processes.engine_words import in_words
from processes.models import ProcessStep
from processes.services.waiting import waiting_of, worth_telling
from processes.views.words import TYPES
from tests.engine.game import Game, through_json
from tests.engine.wild import CHOICES, WILD, diagram, play

LOOSE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
RUSSIAN: dict[object, str] = {}


def as_row(step: Step, rows: dict[int, ProcessStep]) -> ProcessStep:
    """The step as the page would read it, without a database."""
    by_person = step.waits_on is WaitsOn.PERSON
    row = ProcessStep(
        pk=step.id,
        element_id=step.element_id,
        element_type=step.element_type,
        name=step.name,
        status=step.status.value,
        waits_on="activity" if by_person else step.waits_on.value,
        role=Group(pk=1, name="Managers") if by_person else None,
        kind=step.kind,
        topic=step.topic,
        opened_at=step.opened_at,
        due_at=step.due_at,
        closed_at=step.closed_at,
        error=step.error,
        scope_id=step.scope_id,
        host=rows.get(step.host_id or 0),
    )
    rows[step.id] = row
    return row


def is_said_in_russian(row: ProcessStep, game: Game) -> bool:
    """Looked up once for each sort of step and incident."""
    sort = (row.waits_on, row.host_id is None, re.sub(r"\d+", "", row.error))
    if sort not in RUSSIAN:
        with translation.override("ru"):
            RUSSIAN[sort] = in_words(row.error) or waiting_of(row, (), game.now).sentence
    return bool(CYRILLIC.search(RUSSIAN[sort]))


def has_words_for_all(game: Game) -> None:
    """The instance has ended, or the page says what it waits for."""
    rows: dict[int, ProcessStep] = {}
    told = worth_telling([as_row(step, rows) for step in game.live()])
    waiting = [(row, waiting_of(row, (), game.now)) for row in told]
    assert (game.ended_at is not None) is (not waiting)
    assert not waiting or any(not each.is_side for _, each in waiting), game.waiting()
    for row, each in waiting:
        names = [str(row), row.topic] if row.topic else [str(row)]
        assert any(name in each.sentence for name in names), each.sentence
        assert row.status == "failed" or each.sentence != f"Waits at “{row}”"
        assert is_said_in_russian(row, game), row.error
    assert {step.element_type for step in game.history.values()} <= TYPES.keys()


@settings(LOOSE, max_examples=100)
@given(tree=WILD, choices=CHOICES)
def test_an_instance_always_ends_or_waits_for_something_that_can_be_named(
    tree: Any, choices: list[int]
) -> None:
    play(diagram(tree), choices, after_each=has_words_for_all)


#: What could still come to the join was the very step that the command ended, and others.
LEAVING = ("watched_condition_often", ["user", ("two_of_three", ["user", "user"])])


@settings(LOOSE, max_examples=100)
@example(tree=LEAVING, choices=[0, 0, 0, 0, 0, 0, 0, 0, 4, 1])
@given(tree=WILD, choices=CHOICES)
def test_rows_and_neighbourhoods_say_what_the_whole_says(tree: Any, choices: list[int]) -> None:
    definition = diagram(tree)
    in_one_go = play(definition, choices)
    for near in (False, True):
        by_rows = play(definition, choices, stored=True, near=near)
        assert in_one_go.trace == by_rows.trace
        assert in_one_go.state.variables == by_rows.state.variables


@settings(LOOSE, max_examples=100)
@given(tree=WILD, choices=CHOICES)
def test_playing_the_recorded_commands_again_gives_the_same_instance(tree: Any, choices: list[int]) -> None:
    definition = diagram(tree)
    game = play(definition, choices)
    again = Playback(definition, itertools.count(1))
    for move in game.moves:
        again.play(unpack(json.loads(json.dumps(pack(move))), move.at))
    assert again.history.keys() == game.history.keys()
    for step_id, step in game.history.items():
        assert through_json(again.history[step_id]) == through_json(step)
    assert encode(again.state.variables) == encode(game.state.variables)
    assert again.ended_at == game.ended_at
