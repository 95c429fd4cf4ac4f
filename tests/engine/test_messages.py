"""Messages and signals: who waits, who throws, and what they carry."""

import pytest

from processes.engine.feel import decode
from tests.engine.drawing import (
    boundary,
    catch,
    draw,
    end,
    event_sub,
    extended,
    node,
    par,
    script,
    service,
    start,
    sub,
    throw,
    user,
)
from tests.engine.game import Game
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = '<message id="m" name="paid"/><message id="m2" name="sent"/><signal id="sig" name="alarm"/>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'
SENT = '<messageEventDefinition messageRef="m2"/>'
SIGNAL = '<signalEventDefinition signalRef="sig"/>'

SCENARIOS = [
    Scenario(
        "a catch event waits for its message and puts what it carries into variables",
        draw(start(), catch("c", MESSAGE), user("a"), flows=["start c", "c a"], roots=ROOTS),
        [("start", "c"), (["deliver c", {"amount": 5}], "a"), ("complete a", "")],
        variables={"amount": 5},
    ),
    Scenario(
        "a receive task waits, and a boundary message interrupts it",
        draw(
            start(),
            node("receiveTask", "r", messageRef="m2"),
            boundary("b", "r", MESSAGE),
            user("late"),
            end(),
            flows=["start r", "r end", "b late"],
            roots=ROOTS,
        ),
        [("start", "b r"), ("deliver b", "late"), ("complete late", "")],
    ),
    Scenario(
        "a receive task that gets its message takes its boundary events along",
        draw(
            start(),
            node("receiveTask", "r", messageRef="m2"),
            boundary("b", "r", MESSAGE),
            end(),
            flows=["start r", "r end", "b end"],
            roots=ROOTS,
        ),
        [("start", "b r"), ("deliver r", "")],
    ),
    Scenario(
        "a non-interrupting boundary message may come again and again",
        draw(
            start(),
            user("a"),
            boundary("b", "a", MESSAGE, interrupting=False),
            user("note"),
            flows=["start a", "b note"],
            roots=ROOTS,
        ),
        [
            ("start", "a b"),
            ("deliver b", "a b note"),
            ("deliver b", "a b note note"),
            ("complete a", "note note"),
            ("complete note", "note"),
            ("complete note", ""),
        ],
    ),
    Scenario(
        "a signal thrown in an instance reaches at once those who wait there",
        draw(
            start(),
            par("f"),
            catch("c1", SIGNAL),
            catch("c2", SIGNAL),
            user("a"),
            throw("t", SIGNAL),
            user("b"),
            flows=["start f", "f c1", "f c2", "f a", "a t", "t b"],
            roots=ROOTS,
        ),
        [("start", "a c1 c2"), ("complete a", "b"), ("complete b", "")],
    ),
    Scenario(
        "a signal does not reach those who begin to wait after it",
        draw(
            start(),
            throw("t", SIGNAL),
            catch("c", SIGNAL),
            end(),
            flows=["start t", "t c", "c end"],
            roots=ROOTS,
        ),
        [("start", "c"), ("deliver c", "")],
    ),
    Scenario(
        "a signal is thrown when nothing else moves, so that another branch may begin to wait first",
        draw(
            start(),
            par("f"),
            throw("t", SIGNAL),
            node("task", "x"),
            node("task", "y"),
            catch("c", SIGNAL),
            end(),
            flows=["start f", "f t", "f x", "x y", "y c", "c end", "t end"],
            roots=ROOTS,
        ),
        [("start", "")],
    ),
    Scenario(
        "an end event that throws a signal and terminates does both",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            node("endEvent", "e", SIGNAL + "<terminateEventDefinition/>"),
            event_sub("h", SIGNAL, "hs", user("c"), interrupting=False, flows=["hs c"]),
            flows=["start f", "f a", "f b", "a e"],
            roots=ROOTS,
        ),
        [("start", "a b hs"), ("complete a", "")],
    ),
    Scenario(
        "what a signal interrupts takes the token of its thrower along",
        draw(
            start(),
            sub("s", start("s1"), throw("t", SIGNAL), user("never"), flows=["s1 t", "t never"]),
            boundary("b", "s", SIGNAL),
            user("after"),
            flows=["start s", "b after"],
            roots=ROOTS,
        ),
        [("start", "after"), ("complete after", "")],
    ),
    Scenario(
        "a start event with a message begins the instance when it is named",
        draw(
            start(),
            node("startEvent", "by_message", MESSAGE),
            user("a"),
            user("b"),
            flows=["start a", "by_message b"],
            roots=ROOTS,
        ),
        [("start by_message", "b"), ("complete b", "")],
    ),
    Scenario(
        "any of several events is enough, and the others are gone",
        draw(start(), catch("c", MESSAGE, SIGNAL), user("a"), flows=["start c", "c a"], roots=ROOTS),
        [("start", "c c"), ("deliver c", "a"), ("complete a", "")],
    ),
    Scenario(
        "a parallel multiple event needs all of them, in any order",
        draw(
            start(),
            catch("c", MESSAGE, SIGNAL, SENT, parallelMultiple="true"),
            user("a"),
            flows=["start c", "c a"],
            roots=ROOTS,
        ),
        [
            ("start", "c c c"),
            ("deliver c", "c c"),
            ("deliver c", "c"),
            ("deliver c", "a"),
            ("complete a", ""),
        ],
    ),
    Scenario(
        "two tokens at a parallel multiple event need each event twice",
        draw(
            start(),
            par("f"),
            node("task", "x"),
            node("task", "y"),
            catch("c", MESSAGE, SIGNAL, parallelMultiple="true"),
            user("a"),
            flows=["start f", "f x", "f y", "x c", "y c", "c a"],
            roots=ROOTS,
        ),
        [
            ("start", "c c c c"),
            ("deliver c", "c c c"),
            ("deliver c", "a c c"),
            ("deliver c", "a c"),
            ("deliver c", "a a"),
            ("complete a", "a"),
            ("complete a", ""),
        ],
    ),
    Scenario(
        "a boundary event with several definitions is interrupted by any",
        draw(
            start(),
            user("a"),
            boundary("b", "a", MESSAGE, SIGNAL),
            user("after"),
            flows=["start a", "b after"],
            roots=ROOTS,
        ),
        [("start", "a b b"), ("deliver b", "after"), ("complete after", "")],
    ),
    Scenario(
        "a non-interrupting parallel multiple boundary event begins to wait anew",
        draw(
            start(),
            user("a"),
            boundary("b", "a", MESSAGE, SIGNAL, interrupting=False, parallelMultiple="true"),
            user("n"),
            flows=["start a", "b n"],
            roots=ROOTS,
        ),
        [
            ("start", "a b b"),
            ("deliver b", "a b"),
            ("deliver b", "a b b n"),
            ("complete a", "n"),
            ("complete n", ""),
        ],
    ),
    Scenario(
        "several events are thrown at one place",
        draw(
            start(),
            par("f"),
            catch("c", SIGNAL),
            user("a"),
            throw("t", MESSAGE, SIGNAL),
            end(),
            flows=["start f", "f c", "f a", "a t", "t end"],
            roots=ROOTS,
        ),
        [("start", "a c"), ("complete a", "")],
    ),
    Scenario(
        "skipping an event that waits for several things leaves by one token",
        draw(start(), catch("c", MESSAGE, SIGNAL), user("a"), flows=["start c", "c a"], roots=ROOTS),
        [("start", "c c"), ("skip c", "a"), ("complete a", "")],
    ),
    Scenario(
        "a send task with a service is done by a worker",
        draw(start(), node("sendTask", "t", portal_service="post"), end(), flows=["start t", "t end"]),
        [("start", "t"), ("complete t", "")],
    ),
    Scenario(
        "a message interrupts from an event sub-process, another runs beside",
        draw(
            start(),
            user("a"),
            event_sub("n", SENT, "ns", user("note"), interrupting=False, flows=["ns note"]),
            event_sub("h", MESSAGE, "hs", user("rescue"), flows=["hs rescue"]),
            end(),
            flows=["start a", "a end"],
            roots=ROOTS,
        ),
        [
            ("start", "a hs ns"),
            ("deliver ns", "a hs n note ns"),
            ("deliver ns", "a hs n n note note ns"),
            ("deliver hs", "h rescue"),
            ("complete rescue", ""),
        ],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def thrown(game: Game, kind: str) -> list[dict[str, object]]:
    return [
        {key: value for key, value in event.data.items() if key != "element"}
        for event in game.last.events
        if event.kind == kind
    ]


@pytest.mark.parametrize(
    "thrower",
    [
        throw(
            "t",
            extended('<portal:in source="amount * 2" target="double"/>'),
            MESSAGE,
            portal_correlation="=order",
        ),
        node(
            "sendTask",
            "t",
            extended('<portal:in source="amount * 2" target="double"/>'),
            messageRef="m",
            portal_correlation="=order",
        ),
    ],
)
def test_a_thrown_message_tells_its_name_its_key_and_what_it_carries(thrower: str) -> None:
    game = Game(draw(start(), thrower, end(), flows=["start t", "t end"], roots=ROOTS))
    game.start(amount=4, order="A7", secret=1)
    (letter,) = thrown(game, "message-thrown")
    assert decode(letter.pop("variables")) == {"double": 8}
    assert letter == {"name": "paid", "correlation": "A7"}
    assert game.ended_at is not None


def test_an_end_event_throws_its_signal() -> None:
    game = Game(draw(start(), node("endEvent", "e", SIGNAL), flows=["start e"], roots=ROOTS))
    game.start()
    assert thrown(game, "signal-thrown") == [{"name": "alarm", "correlation": "", "variables": {}}]


@pytest.mark.parametrize(
    ("roots", "attributes"),
    [
        (ROOTS, {"portal_correlation": "=order"}),
        (
            node("message", "m", extended('<zeebe:subscription correlationKey="=order"/>'), name="paid"),
            {},
        ),
    ],
)
def test_a_catcher_tells_name_and_key_of_its_message(roots: str, attributes: dict[str, str]) -> None:
    definition = draw(
        start(),
        node("receiveTask", "r", messageRef="m", **attributes),
        catch("c", MESSAGE, **attributes),
        flows=["start r", "r c"],
        roots=roots,
    )
    game = Game(definition)
    game.start(order="A7")
    assert (game.find("r").topic, game.find("r").settings["correlation"]) == ("paid", "A7")
    game.deliver("r", order="B8")
    assert (game.find("c").topic, game.find("c").settings["correlation"]) == ("paid", "B8")


def test_the_name_of_a_message_may_be_an_expression() -> None:
    game = Game(
        draw(
            start(),
            catch("c", MESSAGE),
            flows=["start c"],
            roots='<message id="m" name="= &quot;paid &quot; + order"/>',
        )
    )
    game.start(order="A7")
    assert game.find("c").topic == "paid A7"


def test_a_message_interrupts_a_failed_service() -> None:
    game = Game(
        draw(
            start(),
            service("s"),
            boundary("b", "s", MESSAGE),
            script("note", "{seen: reason}"),
            end(),
            flows=["start s", "b note", "note end"],
            roots=ROOTS,
        )
    )
    game.start()
    game.fail("s")
    game.deliver("b", reason="too late")
    assert game.state.variables == {"reason": "too late", "seen": "too late"}
    assert game.ended_at is not None
