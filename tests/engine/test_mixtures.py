"""Joins, scopes, repetition and undoing mixed with each other, in one line of moves each."""

import pytest

from tests.engine.drawing import (
    boundary,
    catch,
    event_sub,
    node,
    par,
    sub,
    throw,
    user,
    xor,
)
from tests.engine.probing import (
    CANCEL,
    COMPENSATE,
    ERROR,
    ESCALATION,
    HOUR,
    MESSAGE,
    SIGNAL,
    many,
    probe,
    undone,
)
from tests.engine.scenarios import Scenario, play_both_ways


def ior(node_id: str) -> str:
    return node("inclusiveGateway", node_id)


def transaction(node_id: str, *inside: str, flows: list[str]) -> str:
    drawn = sub(node_id, *inside, flows=flows)
    return f"<transaction{drawn.removeprefix('<subProcess').removesuffix('</subProcess>')}</transaction>"


PROBES = [
    probe(
        "an inclusive pair is passed again in a loop",
        ior("s"),
        user("a"),
        user("b"),
        ior("j"),
        user("c"),
        xor("k", default="k-z"),
        user("z"),
        flows="start s; s a: true; s b: true; a j; b j; j c; c k; k s: again > 0; k z",
        moves="start > a b | complete a > b j+ | complete b > c | complete c > a b | set again 0 > a b"
        " | complete b > a j+ | complete a > c | complete c > z",
        again=1,
    ),
    probe(
        "each run of an event sub-process joins its own tokens",
        user("w"),
        event_sub(
            "h",
            MESSAGE,
            "hs",
            par("s"),
            user("a"),
            user("b"),
            par("j"),
            user("z"),
            interrupting=False,
            flows=["hs s", "s a", "s b", "a j", "b j", "j z"],
        ),
        flows="start w",
        moves="start > hs w | deliver hs > a b h hs w | deliver hs > a a b b h h hs w | complete a > a b b h h hs j+ w"
        " | complete a > b b h h hs j+ j+ w | complete b > b h h hs j+ w z | complete b > h h hs w z z",
    ),
    probe(
        "an inclusive join goes on when the race behind a gateway has led elsewhere",
        par("f"),
        user("a"),
        node("eventBasedGateway", "g"),
        catch("m", MESSAGE),
        catch("t", HOUR),
        user("x"),
        ior("j"),
        user("z"),
        flows="start f; f a; f g; g m; g t; m j; t x; a j; j z",
        moves="start > a g m t | complete a > g j+ m t | later 60 > x z",
    ),
    probe(
        "a gateway that lets the first through is reset before it is used again",
        xor("m"),
        par("f"),
        user("a"),
        user("b"),
        node("complexGateway", "j", "<activationCondition>activationCount &gt;= 1</activationCondition>"),
        user("k"),
        xor("l", default="l-z"),
        user("z"),
        flows="start m; m f; f a; f b; a j; b j; j k; k l; l m: again > 0; l z",
        moves="start > a b | complete a > b j+ k | complete b > k | complete k > a b | set again 0 > a b"
        " | complete b > a j+ k | complete a > k | complete k > z",
        again=1,
    ),
    probe(
        "instances of a sub-process race for themselves",
        sub(
            "sp",
            many(2),
            node("eventBasedGateway", "g"),
            catch("m", MESSAGE),
            catch("t", HOUR),
            user("x"),
            flows=["g m", "g t", "m x", "t x"],
        ),
        user("z"),
        flows="start sp; sp z",
        moves="start > g g m m sp sp sp* t t | deliver m > g m sp sp sp* t x | later 60 > sp sp sp* x x"
        " | complete x > sp sp* x | complete x > z",
    ),
    probe(
        "an error ends all instances with the handlers that run beside them",
        sub(
            "sp",
            many(2),
            user("a"),
            node("endEvent", "ee", ERROR),
            event_sub("h", MESSAGE, "hs", user("x"), interrupting=False, flows=["hs x"]),
            flows=["a ee"],
        ),
        boundary("b", "sp", ERROR),
        user("z"),
        flows="start sp; b z",
        moves="start > a a hs hs sp sp sp* | deliver hs > a a h hs hs sp sp sp* x | complete a > z",
    ),
    probe(
        "a handler beside its scope escalates out of it",
        sub(
            "sp",
            user("a"),
            event_sub(
                "h",
                MESSAGE,
                "hs",
                user("x"),
                node("endEvent", "ee", ESCALATION),
                interrupting=False,
                flows=["hs x", "x ee"],
            ),
        ),
        boundary("b", "sp", ESCALATION, interrupting=False),
        user("z"),
        user("y"),
        flows="start sp; sp y; b z",
        moves="start > a hs sp | deliver hs > a h hs sp x | complete x > a hs sp z | complete a > y z",
    ),
    probe(
        "one signal reaches everybody who waits for it, each in his way",
        par("f"),
        catch("c1", SIGNAL),
        user("a"),
        boundary("b1", "a", SIGNAL),
        user("bb"),
        boundary("b2", "bb", SIGNAL, interrupting=False),
        node("eventBasedGateway", "g"),
        catch("gs", SIGNAL),
        catch("gt", HOUR),
        user("w"),
        throw("t", SIGNAL),
        *map(user, ("x1", "x2", "x3", "x4")),
        flows="start f; f c1; f a; f bb; f g; f w; g gs; g gt; c1 x1; b1 x2; b2 x3; gs x4; w t",
        moves="start > a b1 b2 bb c1 g gs gt w | complete w > b2 bb x1 x2 x3 x4",
    ),
    probe(
        "a cancelled inner transaction undoes its own, the outer one later only what is its own",
        transaction(
            "o",
            user("w"),
            undone("w"),
            transaction("i", user("a"), undone("a"), node("endEvent", "ci", CANCEL), flows=["a ci"]),
            boundary("bi", "i", CANCEL),
            user("q"),
            node("endEvent", "co", CANCEL),
            flows=["w i", "bi q", "q co"],
        ),
        boundary("bo", "o", CANCEL),
        user("z"),
        flows="start o; bo z",
        moves="start > o w | complete w > a i o | complete a > ci i o ua | complete ua > o q | complete q > co o uw"
        " | complete uw > z",
    ),
    probe(
        "what a committed inner transaction has done is undone with the outer one",
        transaction(
            "o",
            transaction("i", user("a"), undone("a"), flows=[]),
            user("q"),
            node("endEvent", "co", CANCEL),
            flows=["i q", "q co"],
        ),
        boundary("bo", "o", CANCEL),
        user("z"),
        flows="start o; bo z",
        moves="start > a i o | complete a > o q | complete q > co i o ua | complete ua > z",
    ),
    probe(
        "a handler inside undoes one, and what it leaves is not undone",
        sub(
            "k",
            user("a"),
            undone("a"),
            user("b"),
            undone("b"),
            event_sub(
                "h",
                COMPENSATE,
                "hs",
                throw("c", '<compensateEventDefinition activityRef="a"/>'),
                user("w"),
                flows=["hs c", "c w"],
            ),
            flows=["a b"],
        ),
        throw("ct", COMPENSATE),
        user("z"),
        flows="start k; k ct; ct z",
        moves="start > a k | complete a > b k | complete b > c ct h k ua | complete ua > ct h k w | complete w > z",
    ),
    probe(
        "a call is undone by its handler",
        node("callActivity", "c", calledElement="q"),
        undone("c"),
        throw("ct", COMPENSATE),
        user("z"),
        flows="start c; c ct; ct z",
        moves="start > c | come_back c > ct uc | complete uc > z",
    ),
]


@pytest.mark.parametrize("scenario", PROBES)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)
