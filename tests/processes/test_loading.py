"""What the statements of a turn load is what the program says that they should: of random diagrams, in any state."""

import itertools
from collections.abc import Mapping

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from processes import loading
from processes.engine.feel import plain
from processes.engine.needs import Beside, Inside, Need, Standing, Tokens, Undoable, Waiting
from processes.engine.replay import undoable_of
from processes.engine.state import Status, Step, WaitsOn
from processes.models import ProcessInstance, ProcessStep
from tests.engine.drawing import draw, start, sub, throw, user
from tests.engine.game import Game
from tests.engine.nearby import is_token, nearby, stands
from tests.engine.repeating import multi
from tests.engine.undoing import UNDO, undone
from tests.engine.wild import CHOICES, WILD, diagram, play
from tests.factories import NOW, ProcessInstanceFactory

LOOSE = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
    database=None,
)


def as_row(step: Step, instance: ProcessInstance) -> ProcessStep:
    """A worker stands for the person, who would need an activity."""
    waits_on = WaitsOn.WORKER if step.waits_on is WaitsOn.PERSON else step.waits_on
    return ProcessStep(
        pk=step.id,
        instance=instance,
        element_id=step.element_id,
        element_type=step.element_type,
        scope_id=step.scope_id,
        host_id=step.host_id,
        waits_on=waits_on.value,
        topic=step.topic,
        status=step.status.value,
        settings=plain(step.settings),
        opened_at=NOW,
        closed_at=None if step.status is Status.PENDING else NOW,
    )


def richest(definition, choices: list[int]) -> Mapping[int, Step]:
    """All steps at the moment with the most live ones."""
    found: list[dict[int, Step]] = [{}]

    def look(game: Game) -> None:
        if len(game.live()) > sum(step.is_live for step in found[0].values()):
            found[0] = {step_id: _copy(step) for step_id, step in game.history.items()}

    play(definition, choices, after_each=look)
    return found[0]


def _copy(step: Step) -> Step:
    return Step(**{name: getattr(step, name) for name in Step.__slots__})


def needs_of(live: Mapping[int, Step]) -> list[Need]:
    """All that the engine may lack, but for one of several that stand somewhere."""
    inner = sorted({step.scope_id for step in live.values() if step.scope_id is not None})
    found: list[Need] = [
        Waiting(WaitsOn.CONDITION),
        Waiting(WaitsOn.SIGNAL, "alarm"),
        Waiting(WaitsOn.TOKENS),
    ]
    found += [
        Waiting(WaitsOn.CHILDREN),
        *map(Inside, inner),
        *map(Beside, (None, *inner)),
    ]
    return found + [Tokens(step.element_id, step.scope_id) for step in live.values() if is_token(step)]


@pytest.mark.django_db
@settings(LOOSE, max_examples=10)
@given(tree=WILD, choices=CHOICES, picks=st.lists(st.integers(0, 50), min_size=8, max_size=8))
@example(tree=("parallel", [("free", ["user", "user"]), "user"]), choices=[0], picks=[4] * 8)
@example(tree=("parallel", ["user", ("inclusive", ["user", "user"])]), choices=[0, 1, 0], picks=[3, 0] * 4)
def test_statements_load_what_the_model_says(tree, choices, picks) -> None:
    definition = diagram(tree)
    steps = richest(definition, choices)
    live = {step_id: step for step_id, step in steps.items() if step.is_live}
    assume(len(live) > 2)
    possible = [None, *needs_of(live)]
    with transaction.atomic():
        instance = ProcessInstanceFactory()
        ProcessStep.objects.bulk_create([as_row(step, instance) for step in steps.values()])
        for number, focus in enumerate(sorted(live)[:: len(live) // 3]):
            chosen = (possible[pick % len(possible)] for pick in picks[number * 2 : number * 2 + 2])
            lacking = {need for need in chosen if need is not None}
            expected, hidden = nearby(live, focus, lacking)
            found = loading.read_around(instance.pk, focus, lacking, joins=definition.has_joins)
            assert found.rows.keys() == expected.keys(), (focus, lacking)
            assert found.hidden == hidden, (focus, lacking)
            assert_finds_one_that_stands(instance, live, focus)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("moves", [0, 1, 2, 3])
def test_statements_load_what_is_left_to_be_undone(moves: int) -> None:
    """After so many handlers have run."""
    lines = sub("s", user("a"), undone("a"), user("c"), undone("c"), multi(number=3), flows=["a c"])
    drawn = draw(start(), lines, user("b"), undone("b"), throw("t", UNDO), flows=["start s", "s b", "b t"])
    game = Game(drawn)
    game.start()
    for element_id in ["a", "c"] * 3 + ["b"] + ["undo_b", "undo_c", "undo_a"][:moves]:
        game.complete(element_id)
    scopes = {None, *(step.scope_id for step in game.history.values())}
    places = range(1, game.state.completions + 2)
    with transaction.atomic():
        instance = ProcessInstanceFactory()
        ProcessStep.objects.bulk_create([as_row(step, instance) for step in game.history.values()])
        for need in itertools.starmap(Undoable, itertools.product(scopes, ["", "a", "s"], places, [1, 10])):
            expected = undoable_of(list(game.history.values()), need)
            assert {step.id for step in loading.read_undoable(instance.pk, need)} == {
                step.id for step in expected
            }, need
        transaction.set_rollback(True)


def assert_finds_one_that_stands(instance: ProcessInstance, live: Mapping[int, Step], focus: int) -> None:
    """Of all the steps in a scope one is enough, unless there is none."""
    for scope_id in {step.scope_id for step in live.values()}:
        need = Standing(scope_id, frozenset(step.element_id for step in live.values()))
        near, _ = nearby(live, focus, ())
        found = loading.read_around(instance.pk, focus, [need], joins=True).rows.keys()
        standing = {step.id for step in live.values() if stands(step, live, need)}
        more = found - near.keys()
        assert near.keys() <= found
        assert bool(standing) is bool(found & standing)
        assert len(more & standing) <= 1
        assert all(live[each].host_id in found for each in more - standing)
