"""Complex gateways: activated by a condition, reset when nothing more can come (BPMN 2.0.2, 13.4.5)."""

import pytest

from processes.engine.model import Definition
from tests.engine.drawing import draw, end, node, par, start, user, xor
from tests.engine.scenarios import Scenario, play_both_ways


def complex_gateway(node_id: str, condition: str = "") -> str:
    said = f"<activationCondition>{condition}</activationCondition>" if condition else ""
    return node("complexGateway", node_id, said)


def three(condition: str, *, out: str = "j z") -> Definition:
    """Three branches that meet."""
    return draw(
        start(),
        par("f"),
        user("a"),
        user("b"),
        user("c"),
        complex_gateway("j", condition),
        user("z"),
        flows=["start f", "f a", "f b", "f c", "a j", "b j", "c j", out],
    )


SCENARIOS = [
    Scenario(
        "two of three: the third is swallowed, and with it the gateway is reset",
        three("activationCount &gt;= 2"),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            ("complete c", "b j+ z"),
            ("complete z", "b j+"),
            ("complete b", ""),
        ],
    ),
    Scenario(
        "the condition may ask for variables, too, and is asked again when these change",
        three("activationCount = 3 or enough"),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            (["complete b", {"enough": True}], "c j+ z"),
            ("complete c", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "a change of variables alone activates it",
        three("enough"),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            (["set", {"enough": True}], "b c j+ z"),
            ("complete b", "c j+ j+ z"),
            ("complete c", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "where no more tokens can come the unfulfilled condition is an incident, which ends with the condition",
        three("activationCount &gt; 3 or enough"),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            ("complete b", "c j+ j+"),
            ("complete c", "j! j+ j+"),
            ("retry j", "j! j+ j+"),
            (["set", {"enough": True}], "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "without a condition it joins like an inclusive gateway",
        three(""),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            ("complete b", "c j+ j+"),
            ("complete c", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "a token that can come no more is not waited for at the reset",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            xor("x", default="x-out"),
            end("out"),
            complex_gateway("j", "activationCount &gt;= 1"),
            user("z"),
            flows=["start f", "f a", "f b", "a j", "b x", "x j: n = 1", "x out", "j z"],
        ),
        [("start", "a b"), ("complete a", "b j+ z"), (["complete b", {"n": 0}], "z"), ("complete z", "")],
    ),
    Scenario(
        "a second token of the first round begins the next one",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            user("c"),
            xor("m"),
            complex_gateway("j", "activationCount &gt;= 1"),
            user("z"),
            flows=["start f", "f a", "f b", "f c", "a m", "b m", "m j", "c j", "j z"],
        ),
        [
            ("start", "a b c"),
            ("complete a", "b c j+ z"),
            ("complete b", "c j+ j+ z"),
            ("complete c", "z z"),
            ("complete z", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "a flow that asks for waitingForStart is taken at the reset",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            complex_gateway("j", "activationCount &gt;= 1"),
            user("z"),
            user("late"),
            flows=["start f", "f a", "f b", "a j", "b j", "j z", "j late: waitingForStart = false"],
        ),
        [
            ("start", "a b"),
            ("complete a", "b j+ z"),
            ("complete b", "late z"),
            ("complete z", "late"),
            ("complete late", ""),
        ],
    ),
    Scenario(
        "what waits for the reset can be skipped",
        three("activationCount &gt;= 1"),
        [
            ("start", "a b c"),
            ("complete a", "b c j+ z"),
            ("skip j", "b c z"),
            ("complete z", "b c"),
            ("complete b", "c j+ z"),
            ("complete z", "c j+"),
            ("complete c", ""),
        ],
    ),
    Scenario(
        "a condition without a value is no activation",
        three("activationCount &gt; limit"),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            (["complete b", {"limit": 1}], "c j+ z"),
            ("cancel", ""),
        ],
    ),
    Scenario(
        "it splits like an inclusive gateway",
        draw(
            start(),
            complex_gateway("s"),
            user("a"),
            user("b"),
            user("c"),
            flows=["start s", "s a: n > 0", "s b: n > 1", "s c: n > 2"],
        ),
        [(["start", {"n": 2}], "a b"), ("complete a", "b"), ("complete b", "")],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)
