"""The door of the engine: what it refuses, what it tells, what it never touches."""

from datetime import timedelta

import pytest

from processes.engine.effects import CancelAll, Complete, Fail, FireTimer, Retry, Skip, Start
from processes.engine.errors import NotPossible
from processes.engine.execute import execute
from processes.engine.execution import MAX_ACTIVATIONS
from processes.engine.state import State, Status, Step, WaitsOn
from tests.engine.drawing import (
    boundary_timer,
    draw,
    end,
    node,
    par,
    service,
    start,
    sub,
    user,
    xor,
)
from tests.engine.game import MORNING, Game

ONE_TASK = draw(start(), user("a"), end(), flows=["start a", "a end"])


def refusal(game: Game, command: object) -> str:
    with pytest.raises(NotPossible) as caught:
        game.do(command)  # type: ignore[arg-type]
    assert str(caught.value).endswith(".")
    return caught.value.code


def test_a_step_that_is_not_live_is_refused() -> None:
    game = Game(ONE_TASK)
    game.start()
    for command in (Complete(99), Fail(99, "x"), Retry(99), Skip(99), FireTimer(99)):
        assert refusal(game, command) == "step_not_live"
    done = game.find("a").id
    game.complete("a")
    assert refusal(game, Complete(done)) == "step_not_live"


def test_a_command_for_another_sort_of_step_is_refused() -> None:
    game = Game(
        draw(
            start(),
            par("f"),
            user("a"),
            service("s"),
            sub("sp", user("b")),
            flows=["start f", "f a", "f s", "f sp"],
        )
    )
    game.start()
    assert refusal(game, FireTimer(game.find("a").id)) == "step_not_waiting"
    assert refusal(game, Fail(game.find("sp").id, "x")) == "step_not_waiting"
    assert refusal(game, Complete(game.find("sp").id)) == "step_not_waiting"
    assert refusal(game, Retry(game.find("s").id)) == "step_not_failed"


def test_a_failed_step_must_be_retried_before_it_is_completed() -> None:
    game = Game(draw(start(), service("s"), flows=["start s"]))
    game.start()
    game.fail("s")
    assert refusal(game, Complete(game.find("s").id)) == "step_not_waiting"


def test_a_command_that_the_engine_does_not_know_is_refused() -> None:
    game = Game(ONE_TASK)
    game.start()
    assert refusal(game, object()) == "not_executable"


def test_a_second_start_is_refused() -> None:
    game = Game(ONE_TASK)
    game.start()
    assert refusal(game, Start()) == "already_started"


def test_start_needs_a_start_event_of_that_name() -> None:
    definition = draw(
        node("startEvent", "by_message", '<messageEventDefinition messageRef="m"/>'),
        user("a"),
        flows=["by_message a"],
        roots='<message id="m" name="order"/>',
    )
    assert refusal(Game(definition), Start()) == "no_start_event"
    assert refusal(Game(definition), Start(element_id="a")) == "no_start_event"
    game = Game(definition)
    game.start("by_message", order=7)
    assert (game.waiting(), game.state.variables) == ("a", {"order": 7})


def test_a_step_of_another_diagram_is_refused() -> None:
    stranger = Step(1, "gone", "userTask", waits_on=WaitsOn.PERSON)
    with pytest.raises(NotPossible) as caught:
        execute(ONE_TASK, State(steps={1: stranger}), Complete(1), MORNING)
    assert caught.value.code == "unknown_element"


def test_an_instance_without_live_steps_can_be_cancelled() -> None:
    outcome = execute(ONE_TASK, State(), CancelAll(), MORNING)
    assert outcome.ended_at == MORNING


def test_a_gateway_that_failed_is_skipped_only_by_a_flow_of_its_own() -> None:
    game = Game(draw(start(), xor("x"), end("e"), end("f"), flows=["start x", "x e: n = 1", "x f: n = 2"]))
    game.start()
    failed = game.find("x").id
    assert refusal(game, Skip(failed)) == "flow_not_named"
    assert refusal(game, Skip(failed, "start-x")) == "flow_not_named"
    game.skip("x", "x-f")
    assert game.passed("f") == 1


def test_an_incident_names_each_condition_and_its_value() -> None:
    game = Game(
        draw(
            start(),
            xor("x", name="Large?"),
            end("e"),
            end("f"),
            flows=["start x", "x e: amount > 5", "x f: c"],
        )
    )
    game.start(amount=3, c="maybe")
    error = game.find("x").error
    assert "“Large?”" in error
    assert "“x-e” (amount > 5) is false" in error
    assert '“x-f” (c) is "maybe"' in error


def test_an_incident_says_why_a_condition_has_no_value() -> None:
    game = Game(draw(start(), xor("x"), end("e"), flows=["start x", "x e: amout > 5"]))
    game.start(amount=7)
    assert "is null" in game.find("x").error
    assert "amout" in game.find("x").error.split("is null")[1]


def test_an_endless_automatic_loop_becomes_an_incident() -> None:
    game = Game(draw(start(), xor("x"), node("task", "t"), flows=["start x", "x t", "t x"]))
    game.start()
    (stuck,) = game.live()
    assert stuck.status is Status.FAILED
    assert "10,000" in stuck.error
    assert len(game.last.opened) == MAX_ACTIVATIONS + 1
    game.retry(stuck.element_id)  # the next turn goes on, and stops again
    assert len(game.live()) == 1


def test_an_endless_loop_harms_no_other_branch() -> None:
    game = Game(draw(start(), par("f"), user("a"), node("task", "t"), flows=["start f", "f a", "f t", "t t"]))
    game.start()
    assert game.waiting() == "a t!"


def test_the_turn_that_fails_leaves_the_state_of_the_caller_alone() -> None:
    game = Game(ONE_TASK)
    game.start(amount=1)
    before = str(game.state)
    refusal(game, FireTimer(game.find("a").id))
    assert str(game.state) == before


def test_variables_are_reported_only_when_written() -> None:
    game = Game(draw(start(), service("s"), end(), flows=["start s", "s end"]))
    game.start()
    assert game.last.variables is None
    assert game.complete("s").variables is None


def test_events_tell_of_steps_that_outlive_a_moment() -> None:
    game = Game(draw(start(), node("task", "t"), service("s"), end(), flows=["start t", "t s", "s end"]))
    game.start()
    assert game.events == ["step-opened"]
    game.fail("s", "No answer.")
    assert game.last.events[0].data == {"element": "s", "error": "No answer."}
    game.retry("s")
    game.complete("s")
    assert game.events == ["step-opened", "step-failed", "step-retried", "step-completed", "instance-ended"]


def test_attempts_count_failures() -> None:
    game = Game(draw(start(), service("s"), flows=["start s"]))
    game.start()
    game.fail("s")
    game.retry("s")
    game.fail("s")
    assert game.find("s").attempts == 2


def test_a_retried_step_is_reported_as_changed() -> None:
    game = Game(draw(start(), service("s"), flows=["start s"]))
    game.start()
    assert [step.status for step in game.fail("s").closed] == [Status.FAILED]
    outcome = game.retry("s")
    assert ([step.status for step in outcome.changed], outcome.closed) == ([Status.PENDING], [])


def test_a_retry_in_vain_is_reported_as_changed() -> None:
    game = Game(draw(start(), xor("x"), end("e"), flows=["start x", "x e: n = 1"]))
    game.start()
    outcome = game.retry("x")
    assert ([step.status for step in outcome.changed], outcome.closed) == ([Status.FAILED], [])
    assert game.find("x").attempts == 2


def test_a_join_takes_the_oldest_token_of_each_flow() -> None:
    game = Game(
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            xor("x"),
            user("c"),
            par("j"),
            end(),
            flows=["start f", "f a", "f b", "f c", "a x", "b x", "x j", "c j", "j end"],
        )
    )
    game.start()
    game.complete("a")
    game.now += timedelta(hours=1)
    game.complete("b")
    game.complete("c")
    assert game.find("j").opened_at == game.now


def test_children_are_cancelled_before_their_scope() -> None:
    game = Game(
        draw(
            start(),
            sub("s", sub("i", user("a"))),
            boundary_timer("t", "s", "PT1H"),
            end(),
            flows=["start s", "t end"],
        )
    )
    game.start()
    outcome = game.fire("t")
    cancelled = [step.element_id for step in outcome.closed if step.status is Status.CANCELLED]
    assert cancelled == ["a", "i", "s"]


def test_the_arrival_of_a_step_is_known() -> None:
    game = Game(ONE_TASK)
    game.start()
    assert game.find("a").flow_id == "start-a"
