"""Errors and escalations: where they are caught, and what becomes of those that are not."""

import pytest

from processes.engine.effects import Escalate
from processes.engine.state import Status
from tests.engine.drawing import (
    boundary,
    draw,
    end,
    event_sub,
    node,
    par,
    script,
    service,
    start,
    sub,
    throw,
    user,
    xor,
)
from tests.engine.game import Game
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = (
    '<error id="e1" errorCode="E1"/><error id="e2" errorCode="E2"/><error id="any"/>'
    '<escalation id="x1" escalationCode="X1"/><escalation id="x2" escalationCode="X2"/>'
)


def error(ref: str = "") -> str:
    return f'<errorEventDefinition errorRef="{ref}"/>' if ref else "<errorEventDefinition/>"


def escalation(ref: str = "") -> str:
    return f'<escalationEventDefinition escalationRef="{ref}"/>' if ref else "<escalationEventDefinition/>"


def failing(inner: str = "e1", *more: str) -> str:
    """A sub-process `s` with a task `a`, after which it throws, and a task `b` beside."""
    return sub(
        "s",
        start("s1"),
        par("f"),
        user("a"),
        user("b"),
        node("endEvent", "boom", error(inner)),
        *more,
        flows=["s1 f", "f a", "f b", "a boom"],
    )


ERRORS = [
    Scenario(
        "an error ends the sub-process and is caught at its border",
        draw(
            start(),
            failing(),
            boundary("c", "s", error("e1")),
            user("after"),
            flows=["start s", "c after"],
            roots=ROOTS,
        ),
        [("start", "a b s"), ("complete a", "after"), ("complete after", "")],
    ),
    Scenario(
        "the catcher that names the code wins over the one that catches all",
        draw(
            start(),
            failing("e2"),
            boundary("all", "s", error()),
            boundary("one", "s", error("e1")),
            boundary("two", "s", error("e2")),
            user("x"),
            user("y"),
            user("z"),
            flows=["start s", "all x", "one y", "two z"],
            roots=ROOTS,
        ),
        [("start", "a b s"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "an error of a file that names no code catches all",
        draw(
            start(),
            failing("e2"),
            boundary("all", "s", error("any")),
            boundary("one", "s", error("e1")),
            user("x"),
            user("y"),
            flows=["start s", "all x", "one y"],
            roots=ROOTS,
        ),
        [("start", "a b s"), ("complete a", "x"), ("complete x", "")],
    ),
    Scenario(
        "an error passes the scopes that do not catch it",
        draw(
            start(),
            sub("outer", failing(), boundary("no", "s", error("e2")), end("oe"), flows=["no oe"]),
            boundary("c", "outer", error("e1")),
            user("after"),
            flows=["start outer", "c after"],
            roots=ROOTS,
        ),
        [("start", "a b outer s"), ("complete a", "after"), ("complete after", "")],
    ),
    Scenario(
        "an event sub-process catches before the border does, and the sub-process goes on regularly",
        draw(
            start(),
            failing("e1", event_sub("h", error("e1"), "hs", user("repair"), flows=["hs repair"])),
            boundary("c", "s", error("e1")),
            user("wrong"),
            user("after"),
            flows=["start s", "s after", "c wrong"],
            roots=ROOTS,
        ),
        [
            ("start", "a b s"),
            ("complete a", "h repair s"),
            ("complete repair", "after"),
            ("complete after", ""),
        ],
    ),
    Scenario(
        "an error thrown by its own handler goes further out",
        draw(
            start(),
            failing(
                "e1",
                event_sub("h", error(), "hs", node("endEvent", "again", error("e2")), flows=["hs again"]),
            ),
            boundary("c", "s", error("e2")),
            user("after"),
            flows=["start s", "c after"],
            roots=ROOTS,
        ),
        [("start", "a b s"), ("complete a", "after"), ("complete after", "")],
    ),
    Scenario(
        "an end event may escalate and then throw an error",
        draw(
            start(),
            sub(
                "s",
                start("s1"),
                user("a"),
                node("endEvent", "e", error("e1") + escalation("x1")),
                flows=["s1 a", "a e"],
            ),
            boundary("c", "s", error("e1")),
            boundary("d", "s", escalation("x1"), interrupting=False),
            user("after"),
            user("boss"),
            flows=["start s", "c after", "d boss"],
            roots=ROOTS,
        ),
        [("start", "a s"), ("complete a", "after boss"), ("complete boss", "after"), ("complete after", "")],
    ),
    Scenario(
        "a worker throws an error from its step",
        draw(
            start(),
            service("w"),
            boundary("c", "w", error("e1")),
            user("after"),
            end(),
            flows=["start w", "w end", "c after"],
            roots=ROOTS,
        ),
        [("start", "w"), ("throw w E1", "after"), ("complete after", "")],
    ),
    Scenario(
        "an error thrown by a worker that nothing catches is an incident, to be retried or skipped",
        draw(
            start(),
            service("w"),
            boundary("c", "w", error("e1")),
            end(),
            flows=["start w", "w end", "c end"],
            roots=ROOTS,
        ),
        [("start", "w"), ("throw w E7", "w!"), ("retry w", "w"), ("throw w E7", "w!"), ("skip w", "")],
    ),
    Scenario(
        "an event sub-process of the process itself catches what all leave",
        draw(
            start(),
            failing(),
            event_sub("h", error("e1"), "hs", user("repair"), flows=["hs repair"]),
            end(),
            flows=["start s", "s end"],
            roots=ROOTS,
        ),
        [("start", "a b s"), ("complete a", "h repair"), ("complete repair", "")],
    ),
]

ESCALATIONS = [
    Scenario(
        "an escalation that does not interrupt leaves the thrower alone",
        draw(
            start(),
            sub("s", start("s1"), throw("t", escalation("x1")), user("a"), flows=["s1 t", "t a"]),
            boundary("c", "s", escalation("x1"), interrupting=False),
            user("boss"),
            flows=["start s", "c boss"],
            roots=ROOTS,
        ),
        [("start", "a boss s"), ("complete a", "boss"), ("complete boss", "")],
    ),
    Scenario(
        "an interrupting one ends the scope with the token of the thrower",
        draw(
            start(),
            sub("s", start("s1"), throw("t", escalation("x1")), user("a"), flows=["s1 t", "t a"]),
            boundary("c", "s", escalation()),
            user("boss"),
            flows=["start s", "c boss"],
            roots=ROOTS,
        ),
        [("start", "boss"), ("complete boss", "")],
    ),
    Scenario(
        "only the nearest catcher hears it",
        draw(
            start(),
            sub(
                "outer",
                sub("s", start("s1"), throw("t", escalation("x1")), user("a"), flows=["s1 t", "t a"]),
                boundary("near", "s", escalation(), interrupting=False),
                user("chief"),
                flows=["near chief"],
            ),
            boundary("far", "outer", escalation("x1"), interrupting=False),
            user("boss"),
            flows=["start outer", "far boss"],
            roots=ROOTS,
        ),
        [("start", "a chief outer s"), ("complete a", "chief outer"), ("complete chief", "")],
    ),
    Scenario(
        "an escalation that nothing catches is ignored",
        draw(
            start(),
            sub("s", start("s1"), throw("t", escalation("x1")), user("a"), flows=["s1 t", "t a"]),
            boundary("c", "s", escalation("x2")),
            node("endEvent", "e", escalation("x1")),
            end(),
            flows=["start s", "s e", "c end"],
            roots=ROOTS,
        ),
        [("start", "a s"), ("complete a", "")],
    ),
    Scenario(
        "an end event escalates, and the sub-process goes on when that was heard",
        draw(
            start(),
            sub("s", start("s1"), user("a"), node("endEvent", "t", escalation("x1")), flows=["s1 a", "a t"]),
            boundary("c", "s", escalation(), interrupting=False),
            user("boss"),
            user("b"),
            flows=["start s", "c boss", "s b"],
            roots=ROOTS,
        ),
        [("start", "a s"), ("complete a", "b boss"), ("complete b", "boss"), ("complete boss", "")],
    ),
    Scenario(
        "event sub-processes hear escalations beside the scope, as often as they come",
        draw(
            start(),
            par("f"),
            user("a"),
            throw("t", escalation("x1")),
            user("b"),
            throw("u", escalation("x1")),
            event_sub("h", escalation("x1"), "hs", user("boss"), interrupting=False, flows=["hs boss"]),
            end(),
            flows=["start f", "f a", "f b", "a t", "b u", "t end", "u end"],
            roots=ROOTS,
        ),
        [
            ("start", "a b"),
            ("complete a", "b boss h"),
            ("complete b", "boss boss h h"),
            ("complete boss", "boss h"),
            ("complete boss", ""),
        ],
    ),
    Scenario(
        "of two branches the one that escalates interrupts the other",
        draw(
            start(),
            sub(
                "s",
                start("s1"),
                par("f"),
                user("a"),
                user("b"),
                xor("x", default="x-e"),
                end("e"),
                throw("t", escalation("x1")),
                event_sub("h", escalation("x1"), "hs", user("boss"), flows=["hs boss"]),
                flows=["s1 f", "f a", "f b", "b x", "x e", "x t: b = 1", "t e"],
            ),
            user("c"),
            flows=["start s", "s c"],
            roots=ROOTS,
        ),
        [
            ("start", "a b s"),
            (["complete b", {"b": 1}], "boss h s"),
            ("complete boss", "c"),
            ("complete c", ""),
        ],
    ),
]


@pytest.mark.parametrize("scenario", [*ERRORS, *ESCALATIONS], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def test_an_error_that_nothing_catches_is_told_with_its_code() -> None:
    game = Game(
        draw(
            start(),
            user("a"),
            node("endEvent", "x", error("e1"), name="No"),
            flows=["start a", "a x"],
            roots=ROOTS,
        )
    )
    game.start()
    game.complete("a")
    step = game.find("x")
    assert step.status is Status.FAILED
    assert step.error == "Nothing catches the error “E1” that “No” has thrown."
    assert game.last.uncaught == "E1"
    assert "error-uncaught" in game.events


CALLER = draw(
    start(),
    node("callActivity", "k", calledElement="other"),
    boundary("b", "k", error("e1")),
    boundary("c", "k", escalation("x1"), interrupting=False),
    user("repair"),
    user("boss"),
    end(),
    flows=["start k", "k end", "b repair", "c boss"],
    roots=ROOTS,
)


def test_a_call_activity_catches_what_the_called_process_throws() -> None:
    game = Game(CALLER)
    game.start()
    game.do(Escalate(game.find("k").id, "X1"))
    assert game.waiting() == "boss k"
    game.throw("k", "E1")
    assert game.waiting() == "boss repair"


def test_what_a_call_activity_does_not_catch_goes_on_to_the_next_caller() -> None:
    game = Game(CALLER)
    game.start()
    game.do(Escalate(game.find("k").id, "X2"))
    assert (game.waiting(), game.last.escalated) == ("k", ["X2"])
    game.throw("k", "E2")
    assert (game.waiting(), game.last.uncaught) == ("k", "E2")


def test_what_a_worker_says_with_its_error_is_kept() -> None:
    definition = draw(
        start(),
        service("w"),
        boundary("c", "w", error(), portal_resultVariable="problem"),
        script("note", "{said: problem.code + problem.message}"),
        end(),
        flows=["start w", "c note", "note end", "w end"],
    )
    game = Game(definition)
    game.start()
    game.throw("w", "E9", "out of paper")
    assert game.state.variables["said"] == "E9out of paper"
    assert game.last.uncaught is None
