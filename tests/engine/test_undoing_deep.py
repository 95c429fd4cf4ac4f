"""Compensation and transactions in scopes, loops and handlers (BPMN 2.0.2, 10.7, 13.5.5, 13.5.6)."""

import pytest

from tests.engine.drawing import boundary, draw, end, event_sub, node, par, start, sub, throw, user
from tests.engine.repeating import multi
from tests.engine.scenarios import Scenario, play_both_ways
from tests.engine.undoing import ERROR, ROOTS, UNDO, noted, undo, undone

CANCEL = "<cancelEventDefinition/>"
SIGNAL = '<signalEventDefinition signalRef="sig"/>'


def transaction(key: str, *inside: str, flows: list[str]) -> str:
    links = "".join(
        node("sequenceFlow", f.replace(" ", "-"), sourceRef=f.split()[0], targetRef=f.split()[1])
        for f in flows
    )
    return node("transaction", key, "".join(inside) + links)


SCENARIOS = [
    Scenario(
        "a completed sub-process is undone by undoing what is inside",
        draw(
            start(),
            sub("s", user("a"), user("b"), undone("a"), undone("b"), flows=["a b"]),
            throw("t", undo("s")),
            user("z"),
            flows=["start s", "s t", "t z"],
        ),
        [
            ("start", "a s"),
            ("complete a", "b s"),
            ("complete b", "s t undo_b"),
            ("complete undo_b", "s t undo_a"),
            ("complete undo_a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "a handler of the whole sub-process is used instead of those inside",
        draw(
            start(),
            sub("s", user("a"), undone("a")),
            undone("s"),
            throw("t", undo("s")),
            user("z"),
            flows=["start s", "s t", "t z"],
        ),
        [("start", "a s"), ("complete a", "t undo_s"), ("complete undo_s", "z"), ("complete z", "")],
    ),
    Scenario(
        "what is not completed is not undone",
        draw(
            start(),
            par("f"),
            user("a"),
            undone("a"),
            user("b"),
            throw("t", UNDO),
            user("z"),
            flows=["start f", "f a", "f b", "b t", "t z"],
        ),
        [("start", "a b"), ("complete b", "a z"), ("cancel", "")],
    ),
    Scenario(
        "nothing is undone twice",
        draw(
            start(),
            user("a"),
            undone("a"),
            throw("t", UNDO),
            throw("u", undo("a")),
            user("z"),
            flows=["start a", "a t", "t u", "u z"],
        ),
        [("start", "a"), ("complete a", "t undo_a"), ("complete undo_a", "z"), ("complete z", "")],
    ),
    Scenario(
        "an activity done twice is undone twice, the last first",
        draw(
            start(),
            node("exclusiveGateway", "m"),
            user("a"),
            noted("a"),
            node("exclusiveGateway", "x", default="x-t"),
            throw("t", UNDO),
            user("z"),
            flows=["start m", "m a", "a x", "x m: again = true", "x t", "t z"],
        ),
        [
            (["start", {"log": []}], "a"),
            (["complete a", {"again": True}], "a"),
            (["complete a", {"again": False}], "z"),
            ("complete z", ""),
        ],
        variables={"log": ["a", "a"]},
    ),
    Scenario(
        "an end event undoes what its sub-process has done before this is left",
        draw(
            start(),
            sub("s", user("a"), undone("a"), node("endEvent", "e", UNDO), flows=["a e"]),
            user("z"),
            flows=["start s", "s z"],
        ),
        [("start", "a s"), ("complete a", "e s undo_a"), ("complete undo_a", "z"), ("complete z", "")],
    ),
    Scenario(
        "a handler of errors undoes what its scope has done",
        draw(
            start(),
            sub(
                "s",
                user("a"),
                undone("a"),
                node("endEvent", "wrong", ERROR),
                event_sub("h", ERROR, "hs", node("endEvent", "he", UNDO), flows=["hs he"]),
                flows=["a wrong"],
            ),
            user("z"),
            flows=["start s", "s z"],
            roots=ROOTS,
        ),
        [("start", "a s"), ("complete a", "h he s undo_a"), ("complete undo_a", "z"), ("complete z", "")],
    ),
    Scenario(
        "a handler may be a sub-process, with steps of its own",
        draw(
            start(),
            user("a"),
            undone("a", sub("undo_a", user("b"), user("c"), flows=["b c"], isForCompensation="true")),
            throw("t", UNDO),
            user("z"),
            flows=["start a", "a t", "t z"],
        ),
        [
            ("start", "a"),
            ("complete a", "b t undo_a"),
            ("complete b", "c t undo_a"),
            ("complete c", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "the handler of a repeated activity sees the item of the instance that it undoes",
        draw(
            start(),
            user("b", multi(portal_collection='=["x", "y"]', portal_item="one")),
            noted("b", "{log: append(log, one)}"),
            throw("t", UNDO),
            user("z"),
            flows=["start b", "b t", "t z"],
        ),
        [
            (["start", {"log": []}], "b b b*"),
            ("complete b", "b b*"),
            ("complete b", "z"),
            ("complete z", ""),
        ],
        variables={"log": ["y", "x"]},
    ),
    Scenario(
        "the handler inside a repeated sub-process sees the item of its instance",
        draw(
            start(),
            sub(
                "s",
                multi(portal_collection='=["x", "y"]', portal_item="one"),
                user("b"),
                noted("b", "{log: append(log, one)}"),
            ),
            throw("t", UNDO),
            user("z"),
            flows=["start s", "s t", "t z"],
        ),
        [
            (["start", {"log": []}], "b b s s s*"),
            ("complete b", "b s s*"),
            ("complete b", "z"),
            ("complete z", ""),
        ],
        variables={"log": ["y", "x"]},
    ),
    Scenario(
        "a cancel event deep inside cancels the transaction around",
        draw(
            start(),
            transaction(
                "x",
                user("a"),
                undone("a"),
                sub("s", user("b"), node("endEvent", "no", CANCEL), flows=["b no"]),
                flows=["a s"],
            ),
            boundary("c", "x", CANCEL),
            user("z"),
            flows=["start x", "c z"],
        ),
        [
            ("start", "a x"),
            ("complete a", "b s x"),
            ("complete b", "no undo_a x"),
            ("complete undo_a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "an error that leaves a transaction undoes nothing",
        draw(
            start(),
            transaction("x", user("a"), undone("a"), node("endEvent", "wrong", ERROR), flows=["a wrong"]),
            boundary("c", "x", ERROR),
            boundary("d", "x", CANCEL),
            user("z"),
            user("y"),
            flows=["start x", "c z", "d y"],
            roots=ROOTS,
        ),
        [("start", "a x"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "an inner transaction that is cancelled leaves the outer one alone",
        draw(
            start(),
            transaction(
                "x",
                transaction("y", user("a"), undone("a"), node("endEvent", "no", CANCEL), flows=["a no"]),
                boundary("c", "y", CANCEL),
                user("b"),
                flows=["c b"],
            ),
            boundary("d", "x", CANCEL),
            user("z"),
            user("w"),
            flows=["start x", "d z", "x w"],
        ),
        [
            ("start", "a x y"),
            ("complete a", "no undo_a x y"),
            ("complete undo_a", "b x"),
            ("complete b", "w"),
            ("complete w", ""),
        ],
    ),
    Scenario(
        "a committed transaction can still be undone from outside",
        draw(
            start(),
            transaction("x", user("a"), undone("a"), end("e"), flows=["a e"]),
            throw("t", undo("x")),
            user("z"),
            flows=["start x", "x t", "t z"],
        ),
        [("start", "a x"), ("complete a", "t undo_a x"), ("complete undo_a", "z"), ("complete z", "")],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)
