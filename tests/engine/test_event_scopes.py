"""Event sub-processes, conditions, links and terminate ends: what happens to the scope they stand in."""

import pytest

from tests.engine.drawing import (
    boundary,
    catch,
    conditional,
    draw,
    end,
    event_sub,
    node,
    par,
    script,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.game import Game
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = '<signal id="sig" name="alarm"/>'
SIGNAL = '<signalEventDefinition signalRef="sig"/>'


def link(name: str) -> str:
    return f'<linkEventDefinition name="{name}"/>'


SCOPES = [
    Scenario(
        "an interrupting event sub-process ends all else in its scope",
        draw(
            start(),
            sub(
                "s",
                start("s1"),
                par("f"),
                user("a"),
                sub("t", user("b")),
                event_sub("h", SIGNAL, "hs", user("c"), flows=["hs c"]),
                flows=["s1 f", "f a", "f t"],
            ),
            user("d"),
            flows=["start s", "s d"],
            roots=ROOTS,
        ),
        [("start", "a b hs s t"), ("deliver hs", "c h s"), ("complete c", "d"), ("complete d", "")],
    ),
    Scenario(
        "an event sub-process with several start events is begun by each of them",
        draw(
            start(),
            user("a"),
            event_sub(
                "h",
                SIGNAL,
                "h1",
                user("b"),
                user("c"),
                node("startEvent", "h2", timer("timeDuration", "PT1H"), isInterrupting="false"),
                flows=["h1 b", "h2 c"],
                interrupting=False,
            ),
            flows=["start a"],
            roots=ROOTS,
        ),
        [
            ("start", "a h1 h2"),
            ("fire h2", "a c h h1"),
            ("deliver h1", "a b c h h h1"),
            ("complete a", "b c h h h1"),
            ("complete b", "c h h1"),
            ("complete c", ""),
        ],
    ),
    Scenario(
        "the subscription ends with the scope",
        draw(
            start(),
            sub("s", user("a"), event_sub("h", SIGNAL, "hs", user("c"), flows=["hs c"])),
            user("d"),
            flows=["start s", "s d"],
            roots=ROOTS,
        ),
        [("start", "a hs s"), ("complete a", "d"), ("complete d", "")],
    ),
    Scenario(
        "a running event sub-process keeps its scope open",
        draw(
            start(),
            sub("s", user("a"), event_sub("h", SIGNAL, "hs", user("c"), interrupting=False, flows=["hs c"])),
            user("d"),
            flows=["start s", "s d"],
            roots=ROOTS,
        ),
        [
            ("start", "a hs s"),
            ("deliver hs", "a c h hs s"),
            ("complete a", "c h hs s"),
            ("deliver hs", "c c h h hs s"),
            ("complete c", "c h hs s"),
            ("complete c", "d"),
            ("complete d", ""),
        ],
    ),
    Scenario(
        "a timer of an event sub-process fires beside its scope as often as it says",
        draw(
            start(),
            user("a"),
            event_sub(
                "h",
                timer("timeCycle", "R2/PT1H"),
                "hs",
                script("count", "{n: n + 1}"),
                interrupting=False,
                flows=["hs count"],
            ),
            flows=["start a"],
        ),
        [
            (["start", {"n": 0}], "a hs"),
            ("later 60", "a hs"),
            ("later 60", "a"),
            ("complete a", ""),
        ],
        variables={"n": 2},
    ),
    Scenario(
        "an interrupting timer of the process itself",
        draw(
            start(),
            user("a"),
            event_sub("h", timer("timeDuration", "PT1H"), "hs", user("late"), flows=["hs late"]),
            flows=["start a"],
        ),
        [("start", "a hs"), ("later 60", "h late"), ("complete late", "")],
    ),
    Scenario(
        "event sub-processes nest",
        draw(
            start(),
            user("a"),
            event_sub(
                "h",
                SIGNAL,
                "hs",
                user("b"),
                event_sub("i", SIGNAL, "is", user("c"), flows=["is c"]),
                flows=["hs b"],
            ),
            flows=["start a"],
            roots=ROOTS,
        ),
        [("start", "a hs"), ("deliver hs", "b h is"), ("deliver is", "c h i"), ("complete c", "")],
    ),
    Scenario(
        "a terminate end inside ends its sub-process only, and that goes on",
        draw(
            start(),
            par("f"),
            user("out"),
            sub(
                "s",
                start("s1"),
                par("g"),
                user("a"),
                user("b"),
                end("stop", terminate=True),
                event_sub("h", SIGNAL, "hs", user("c"), flows=["hs c"]),
                flows=["s1 g", "g a", "g b", "a stop"],
            ),
            user("d"),
            flows=["start f", "f out", "f s", "s d"],
            roots=ROOTS,
        ),
        [
            ("start", "a b hs out s"),
            ("complete a", "d out"),
            ("complete d", "out"),
            ("complete out", ""),
        ],
    ),
    Scenario(
        "a terminate end inside an event sub-process leaves its scope alone",
        draw(
            start(),
            user("a"),
            event_sub(
                "h",
                SIGNAL,
                "hs",
                par("g"),
                user("b"),
                user("c"),
                end("stop", terminate=True),
                interrupting=False,
                flows=["hs g", "g b", "g c", "b stop"],
            ),
            flows=["start a"],
            roots=ROOTS,
        ),
        [("start", "a hs"), ("deliver hs", "a b c h hs"), ("complete b", "a hs"), ("complete a", "")],
    ),
    Scenario(
        "skipping an event sub-process lets its scope end",
        draw(
            start(),
            user("a"),
            event_sub("h", SIGNAL, "hs", user("b"), flows=["hs b"]),
            flows=["start a"],
            roots=ROOTS,
        ),
        [("start", "a hs"), ("deliver hs", "b h"), ("skip h", "")],
    ),
]

CONDITIONS = [
    Scenario(
        "a condition that holds from the beginning is passed",
        draw(start(), catch("c", conditional("n > 1")), user("a"), flows=["start c", "c a"]),
        [(["start", {"n": 2}], "a"), ("complete a", "")],
    ),
    Scenario(
        "a condition waits for a variable that another branch sets",
        draw(
            start(),
            par("f"),
            catch("c", conditional("n > 1")),
            user("a"),
            user("b"),
            flows=["start f", "f c", "f a", "c b"],
        ),
        [("start", "a c"), (["complete a", {"n": 2}], "b"), ("complete b", "")],
    ),
    Scenario(
        "a variable set from outside is seen too",
        draw(start(), catch("c", conditional("n > 1")), end(), flows=["start c", "c end"]),
        [("start", "c"), (["set", {"n": 1}], "c"), (["set", {"n": 2}], "")],
    ),
    Scenario(
        "a boundary condition that does not interrupt fires whenever it becomes true",
        draw(
            start(),
            user("a"),
            boundary("c", "a", conditional("n > 1"), interrupting=False),
            user("b"),
            flows=["start a", "c b"],
        ),
        [
            ("start", "a c"),
            (["set", {"n": 2}], "a b c"),
            (["set", {"n": 3}], "a b c"),
            (["set", {"n": 0}], "a b c"),
            (["set", {"n": 5}], "a b b c"),
            ("complete a", "b b"),
            ("complete b", "b"),
            ("complete b", ""),
        ],
    ),
    Scenario(
        "a script that fulfils the condition is seen before its scope ends",
        draw(
            start(),
            sub("s", start("s1"), script("set", "{n: 2}"), end("e"), flows=["s1 set", "set e"]),
            boundary("c", "s", conditional("n > 1"), interrupting=False),
            user("b"),
            user("d"),
            flows=["start s", "c b", "s d"],
        ),
        [("start", "b d"), ("complete b", "d"), ("complete d", "")],
    ),
    Scenario(
        "a condition interrupts from an event sub-process",
        draw(
            start(),
            user("a"),
            event_sub("h", conditional("n > 1"), "hs", user("b"), flows=["hs b"]),
            flows=["start a"],
        ),
        [("start", "a hs"), (["set", {"n": 2}], "b h"), ("complete b", "")],
    ),
    Scenario(
        "an interrupting condition that holds from the beginning drops the tokens of its scope",
        draw(
            start(),
            user("a"),
            event_sub("h", conditional("n > 1"), "hs", user("b"), flows=["hs b"]),
            flows=["start a"],
        ),
        [(["start", {"n": 2}], "b h"), ("complete b", "")],
    ),
]

LINKS = [
    Scenario(
        "several sources lead to the one target of a link",
        draw(
            start(),
            par("f"),
            throw("t", link("on")),
            user("a"),
            throw("u", link("on")),
            catch("l", link("on")),
            user("b"),
            flows=["start f", "f t", "f a", "a u", "l b"],
        ),
        [("start", "a b"), ("complete a", "b b"), ("complete b", "b"), ("complete b", "")],
    ),
    Scenario(
        "a link leads back",
        draw(
            start(),
            catch("l", link("again")),
            xor("m"),
            user("a"),
            xor("x", default="x-end"),
            throw("t", link("again")),
            end(),
            flows=["start m", "l m", "m a", "a x", "x t: again", "x end"],
        ),
        [("start", "a"), (["complete a", {"again": True}], "a"), (["complete a", {"again": False}], "")],
    ),
    Scenario(
        "the target of a link is no beginning of a sub-process without a start event",
        draw(
            start(),
            sub(
                "s",
                user("a"),
                throw("t", link("on")),
                catch("l", link("on")),
                user("b"),
                flows=["a t", "l b"],
            ),
            flows=["start s"],
        ),
        [("start", "a s"), ("complete a", "b s"), ("complete b", "")],
    ),
]


@pytest.mark.parametrize("scenario", [*SCOPES, *CONDITIONS, *LINKS], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def test_a_condition_that_cannot_be_evaluated_is_an_incident_once() -> None:
    text = "for i in 1..100000, j in 1..100000 return i"
    game = Game(draw(start(), catch("c", conditional(text)), end(), flows=["start c", "c end"]))
    game.start()
    assert game.waiting() == "c!"
    game.set(n=1)
    assert game.find("c").attempts == 1
    game.skip("c")
    assert game.ended_at is not None
