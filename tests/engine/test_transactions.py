"""Transactions that are cancelled: what is undone, and how they are left."""

import pytest

from tests.engine.drawing import boundary, draw, node, par, start, user
from tests.engine.scenarios import Scenario, play_both_ways
from tests.engine.undoing import undone

BOOKING = "".join(
    [
        start("x1"),
        par("f"),
        user("a"),
        user("b"),
        user("c"),
        node("endEvent", "stop", "<cancelEventDefinition/>"),
        undone("a"),
        *(
            node("sequenceFlow", f"{one}-{other}", sourceRef=one, targetRef=other)
            for one, other in (("x1", "f"), ("f", "a"), ("f", "b"), ("a", "c"), ("c", "stop"))
        ),
    ]
)

TRANSACTIONS = [
    Scenario(
        "a cancelled transaction ends all inside, undoes what was done, and leaves by its cancel event",
        draw(
            start(),
            node(
                "transaction",
                "x",
                BOOKING,
            ),
            boundary("cancelled", "x", "<cancelEventDefinition/>"),
            user("after"),
            user("wrong"),
            flows=["start x", "x wrong", "cancelled after"],
        ),
        [
            ("start", "a b x"),
            ("complete a", "b c x"),
            ("complete c", "stop undo_a x"),
            ("complete undo_a", "after"),
            ("complete after", ""),
        ],
    ),
    Scenario(
        "a transaction without a cancel event ends with its token",
        draw(start(), node("transaction", "x", BOOKING), user("wrong"), flows=["start x", "x wrong"]),
        [
            ("start", "a b x"),
            ("complete a", "b c x"),
            ("complete c", "stop undo_a x"),
            ("complete undo_a", ""),
        ],
    ),
    Scenario(
        "a rollback that hangs may be skipped",
        draw(
            start(),
            node("transaction", "x", BOOKING),
            boundary("cancelled", "x", "<cancelEventDefinition/>"),
            user("after"),
            flows=["start x", "cancelled after"],
        ),
        [
            ("start", "a b x"),
            ("complete a", "b c x"),
            ("complete c", "stop undo_a x"),
            ("skip stop", "after"),
            ("complete after", ""),
        ],
    ),
]


@pytest.mark.parametrize("scenario", TRANSACTIONS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)
