"""Joins, quantities, repetition and ad-hoc work where tokens meet in unusual ways: BPMN 2.0.2, 13.3 and 13.4."""

import pytest

from tests.engine.drawing import boundary, catch, end, event_sub, node, par, sub, throw, user, xor
from tests.engine.probing import ERROR, HOUR, LINK, MESSAGE, SIGNAL, many, probe
from tests.engine.scenarios import Scenario, play_both_ways


def ior(node_id: str) -> str:
    return node("inclusiveGateway", node_id)


def ad_hoc(*nodes: str, condition: str = "", **attributes: str) -> str:
    """An ad-hoc sub-process `h`."""
    inside = sub("h", *nodes, **attributes).removeprefix("<subProcess").removesuffix("</subProcess>")
    ends = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    return f"<adHocSubProcess{inside}{ends}</adHocSubProcess>"


def loop(condition: str, **attributes: object) -> str:
    inside = f"<loopCondition>{condition}</loopCondition>"
    return node("standardLoopCharacteristics", "loop", inside, **attributes)


def inner(*nodes: str, flows: str) -> str:
    """A sub-process `s` that begins with `ss`."""
    return sub("s", node("startEvent", "ss"), *nodes, flows=[each.strip() for each in flows.split(";")])


PROBES = [
    probe(
        "an inclusive join takes one token of each flow and goes on again with the surplus",
        par("f"),
        user("a"),
        user("b"),
        user("c"),
        xor("x"),
        ior("j"),
        user("z"),
        flows="start f; f a; f b; f c; a x; b x; x j; c j; j z",
        moves="start > a b c | complete a > b c j+ | complete b > c j+ j+ | complete c > z z | complete z > z"
        " | complete z >",
        ends=True,
    ),
    probe(
        "an inclusive join waits for the activity whose border has sent tokens ahead",
        user("a"),
        boundary("b", "a", SIGNAL, interrupting=False),
        ior("j"),
        user("z"),
        flows="start a; a j; b j; j z",
        moves="start > a b | deliver b > a b j+ | deliver b > a b j+ j+ | complete a > z z",
    ),
    probe(
        "an inclusive join waits for a token that waits at a parallel join",
        par("f"),
        user("a"),
        user("b"),
        user("c"),
        par("pj"),
        ior("j"),
        user("z"),
        flows="start f; f a; f b; f c; a pj; b pj; pj j; c j; j z",
        moves="start > a b c | complete c > a b j+ | complete a > b j+ pj+ | complete b > z",
    ),
    probe(
        "an inclusive join in each of many instances waits for its own tokens",
        sub(
            "s",
            node("startEvent", "ss"),
            ior("g"),
            user("a"),
            user("b"),
            ior("j"),
            user("y"),
            many(2),
            flows=["ss g", "g a: true", "g b: loopCounter = 1", "a j", "b j", "j y"],
        ),
        flows="start s",
        moves="start > a a b s s s* | complete b > a a j+ s s s* | complete a > a s s s* y | complete a > s s s* y y",
    ),
    probe(
        "an inclusive join does not wait for a handler beside it",
        inner(
            ior("f"),
            user("a"),
            user("b"),
            ior("j"),
            user("y"),
            event_sub("h", MESSAGE, "hs", user("w"), interrupting=False, flows=["hs w"]),
            flows="ss f; f a: true; f b: true; a j; b j; j y",
        ),
        flows="start s",
        moves="start > a b hs s | deliver hs > a b h hs s w | complete a > b h hs j+ s w | complete b > h hs s w y",
    ),
    probe(
        "a complex gateway that one token activates swallows the other and is gone",
        par("f"),
        user("a"),
        user("b"),
        node("complexGateway", "c", "<activationCondition>activationCount &gt;= 1</activationCondition>"),
        user("z"),
        flows="start f; f a; f b; a c; b c; c z",
        moves="start > a b | complete a > b c+ z | complete b > z | complete z >",
        ends=True,
    ),
    probe(
        "several tokens of one completion go through an inclusive join one by one",
        user("a", completionQuantity=2),
        user("b"),
        par("f"),
        ior("j"),
        user("z"),
        flows="start f; f a; f b; a j; b j; j z",
        moves="start > a b | complete a > b j+ j+ | complete b > z z",
    ),
    probe(
        "a sub-process ends with the last of several tokens of one completion",
        inner(user("a", completionQuantity=3), user("b"), flows="ss a; a b"),
        user("z"),
        flows="start s; s z",
        moves="start > a s | complete a > b b b s | complete b > b b s | complete b > b s | complete b > z",
    ),
    probe(
        "an activity that needs two tokens may be done many times with them",
        par("f"),
        user("a"),
        user("b"),
        user("t", many(2), startQuantity=2),
        user("z"),
        flows="start f; f a; f b; a t; b t; t z",
        moves="start > a b | complete a > b t+ | complete b > t t t* | complete t > t t* | complete t > z",
    ),
    probe(
        "an event at the border of the inner many ends it in one instance of the outer",
        sub(
            "s",
            node("startEvent", "ss"),
            user("a", many(2).replace('id="many"', 'id="inner"')),
            boundary("m", "a", MESSAGE),
            user("y"),
            many(2, isSequential="true"),
            flows=["ss a", "m y"],
        ),
        user("z"),
        flows="start s; s z",
        moves="start > a a a* m s s* | deliver m > s s* y | complete y > a a a* m s s* | complete a > a a* m s s*"
        " | complete a > z",
    ),
    probe(
        "a sequence that is complete after its first instance ends there",
        user(
            "a",
            many(
                5,
                "<completionCondition>nrOfCompletedInstances = 1</completionCondition>",
                isSequential="true",
            ),
        ),
        user("z"),
        flows="start a; a z",
        moves="start > a a* | complete a > z",
    ),
    probe(
        "no instance of a sub-process in a sequence passes at once",
        sub("s", node("startEvent", "ss"), user("a"), many(0, isSequential="true"), flows=["ss a"]),
        user("z"),
        flows="start s; s z",
        moves="start > z",
    ),
    probe(
        "a loop that tests first stops at its maximum",
        user("a", loop("true", testBefore="true", loopMaximum=2)),
        user("z"),
        flows="start a; a z",
        moves="start > a a* | complete a > a a* | complete a > z",
    ),
    probe(
        "a border that does not interrupt a loop stays there for all rounds",
        sub("s", node("startEvent", "ss"), user("a"), loop("n &lt; 2", loopMaximum=3), flows=["ss a"]),
        boundary("m", "s", MESSAGE, interrupting=False),
        user("y"),
        user("z"),
        flows="start s; s z; m y",
        moves="start > a m s s* | deliver m > a m s s* y | complete a > a m s s* y | deliver m > a m s s* y y"
        " | complete a > a m s s* y y | complete a > y y z",
        n=0,
    ),
    probe(
        "ad-hoc work in a loop begins anew in each round",
        ad_hoc(user("a"), loop("n &lt; 1")),
        user("z"),
        flows="start h; h z",
        moves="start > a h h* | complete a > a h h* | set n 1 > a h h* | complete a > z",
        n=0,
    ),
    probe(
        "a sequence of ad-hoc work waits for all instances of one before the next",
        ad_hoc(user("a", many(2)), user("b"), ordering="Sequential"),
        user("z"),
        flows="start h; h z",
        moves="start > a a a* h | complete a > a a* h | complete a > b h | complete b > z",
    ),
    probe(
        "ad-hoc work that is complete lets the rest finish where it says so",
        ad_hoc(user("a"), user("b"), user("c"), condition="n &gt; 0", cancelRemainingInstances="false"),
        user("z"),
        flows="start h; h z",
        moves="start > a b c h | complete a > b c h | set n 1 > b c h | complete b > c h | complete c > z",
        n=0,
    ),
    probe(
        "an error ends ad-hoc work",
        ad_hoc(user("a"), user("b")),
        boundary("e", "h", ERROR),
        user("y"),
        flows="start h; e y",
        moves="start > a b h | throw a E > y",
    ),
    probe(
        "a race behind a gateway is run again in each round",
        xor("l"),
        node("eventBasedGateway", "g"),
        catch("m", MESSAGE),
        catch("t", HOUR),
        user("z"),
        flows="start l; l g; g m; g t; m l; t z",
        moves="start > g m t | deliver m > g m t | deliver m > g m t | fire t > z",
    ),
    probe(
        "the time at the border of a receive task begins anew in each round",
        xor("l"),
        node("receiveTask", "r", messageRef="m1"),
        boundary("t", "r", HOUR),
        user("z"),
        flows="start l; l r; r l; t z",
        moves="start > r t | later 59 > r t | deliver r > r t | later 59 > r t | later 1 > z",
    ),
    probe(
        "several sources of one link lead round and on",
        xor("k", default="k-t1"),
        throw("t1", LINK),
        throw("t2", LINK),
        catch("l", LINK),
        user("a"),
        xor("m", default="m-z"),
        user("z"),
        flows="start k; k t1; k t2: n = 1; l a; a m; m k: n < 2; m z",
        moves="start > a | set n 1 > a | complete a > a | set n 2 > a | complete a > z",
        n=0,
    ),
    probe(
        "an event at the border of one activation leaves another one alone",
        par("f"),
        user("a"),
        user("b"),
        xor("x"),
        inner(user("u"), flows="ss u"),
        boundary("m", "s", MESSAGE),
        user("y"),
        user("z"),
        flows="start f; f a; f b; a x; b x; x s; s z; m y",
        moves="start > a b | complete a > b m s u | complete b > m m s s u u | deliver m > m s u y | complete u > y z",
    ),
    probe(
        "a terminate event in one run of a handler leaves the other runs alone",
        user("w"),
        event_sub(
            "h", MESSAGE, "hs", user("a"), end("t", terminate=True), interrupting=False, flows=["hs a", "a t"]
        ),
        flows="start w",
        moves="start > hs w | deliver hs > a h hs w | deliver hs > a a h h hs w | complete a > a h hs w"
        " | complete w > a h hs | complete a >",
        ends=True,
    ),
]


@pytest.mark.parametrize("scenario", PROBES)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)
