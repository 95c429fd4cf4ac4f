"""Constructs in each other's company: what independent cases would try, in one line of moves each."""

from typing import Any

import pytest

from tests.engine.drawing import (
    boundary,
    catch,
    conditional,
    end,
    event_sub,
    node,
    par,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.probing import (
    CANCEL,
    COMPENSATE,
    ERROR,
    ERROR2,
    ESCALATION,
    HOUR,
    LINK,
    MESSAGE,
    SIGNAL,
    many,
    probe,
    undone,
)
from tests.engine.scenarios import Scenario, play_both_ways

RACE = (
    node("eventBasedGateway", "g"),
    catch("m", MESSAGE),
    catch("s", SIGNAL),
    catch("t", HOUR),
    catch("c", conditional("go > 0")),
    user("x"),
)
RACE_FLOWS = "start g; g m; g s; g t; g c; m x; s x; t x; c x"
NESTED = (
    sub("o", sub("i", user("a")), boundary("bi", "i", ERROR), user("h"), flows=["bi h"]),
    boundary("bo", "o", ERROR2),
    user("z"),
)
TRANSACTION = (
    sub("t", user("a"), undone("a"), user("b"), node("endEvent", "c", CANCEL), flows=["a b", "b c"])
    .replace("<subProcess", "<transaction")
    .replace("</subProcess", "</transaction"),
    boundary("bc", "t", CANCEL),
    boundary("be", "t", ERROR),
    user("x"),
    user("y"),
)
TRANSACTION_FLOWS = "start t; bc x; be y"
SIMPLE_LOOP = "<loopCondition>n &lt; 2</loopCondition>"


def looped(**attributes: Any) -> tuple[str, ...]:
    return user("a", node("standardLoopCharacteristics", "l", SIMPLE_LOOP, **attributes)), user("z")


PROBES = [
    probe("race: a condition", *RACE, flows=RACE_FLOWS, moves="start > c g m s t | set go 1 > x", go=0),
    probe("race: a timer", *RACE, flows=RACE_FLOWS, moves="start > c g m s t | later 60 > x", go=0),
    probe("race: a signal", *RACE, flows=RACE_FLOWS, moves="start > c g m s t | deliver s > x", go=0),
    probe(
        "race: around again",
        xor("e"),
        node("eventBasedGateway", "g"),
        catch("m", MESSAGE),
        catch("t", HOUR),
        end(),
        flows="start e; e g; g m; g t; m e; t end",
        moves="start > g m t | deliver m > g m t | later 60 > ",
        ends=True,
    ),
    probe("nested borders: inside", *NESTED, flows="start o; bo z", moves="start > a i o | throw a E > h o"),
    probe("nested borders: outside", *NESTED, flows="start o; bo z", moves="start > a i o | throw a F > z"),
    probe(
        "nested borders: a handler throws on",
        *NESTED,
        flows="start o; bo z",
        moves="start > a i o | throw a E > h o | throw h F > z",
    ),
    probe(
        "a handler beside repeats with a cycle, and goes on when its scope is done",
        sub(
            "sp",
            user("a"),
            event_sub(
                "h", timer("timeCycle", "R2/PT1H"), "hs", user("x"), interrupting=False, flows=["hs x"]
            ),
        ),
        flows="start sp",
        moves="start > a hs sp | later 60 > a h hs sp x | later 60 > a h h sp x x | complete a > h h sp x x",
    ),
    probe(
        "an escalation crosses a sub-process and is caught beside all",
        sub("sp", start("ps"), throw("t", ESCALATION), user("u"), flows=["ps t", "t u"]),
        event_sub("h", ESCALATION, "hs", user("x"), interrupting=False, flows=["hs x"]),
        flows="start sp",
        moves="start > h sp u x | complete u > h x | complete x > ",
        ends=True,
    ),
    probe(
        "an escalation ends what threw it",
        sub("sp", start("ps"), throw("t", ESCALATION), user("u"), flows=["ps t", "t u"]),
        boundary("b", "sp", ESCALATION),
        user("x"),
        flows="start sp; b x",
        moves="start > x",
    ),
    probe(
        "escalations of a call: again and again, and one that nobody knows",
        node("callActivity", "c", calledElement="q"),
        boundary("b", "c", ESCALATION, interrupting=False),
        user("x"),
        flows="start c; b x",
        moves="start > c | escalate c U > c x | escalate c U > c x x | escalate c V > c x x",
    ),
    probe(
        "an error of one instance ends all of them",
        user("a", many(3)),
        boundary("b", "a", ERROR),
        user("x"),
        flows="start a; b x",
        moves="start > a a a a* | throw a E > x",
    ),
    probe(
        "undoing goes backwards through a nested scope",
        sub("sp", user("a"), undone("a"), user("b"), undone("b"), flows=["a b"]),
        user("c"),
        undone("c"),
        throw("t", COMPENSATE),
        flows="start sp; sp c; c t",
        moves="start > a sp | complete a > b sp | complete b > c | complete c > t uc | complete uc > sp t ub"
        " | complete ub > sp t ua | complete ua > ",
        ends=True,
    ),
    probe(
        "what was done twice in a loop is undone twice",
        xor("e"),
        user("a"),
        undone("a"),
        xor("l", default="l-t"),
        throw("t", COMPENSATE),
        user("z"),
        flows="start e; e a; a l; l e: n < 2; l t; t z",
        moves="start > a | set n 1 > a | complete a > a | set n 2 > a | complete a > t ua | complete ua > t ua"
        " | complete ua > z",
        n=0,
    ),
    probe(
        "what is undone once is not undone again",
        user("a"),
        undone("a"),
        throw("t", '<compensateEventDefinition activityRef="a"/>'),
        throw("t2", '<compensateEventDefinition activityRef="a"/>'),
        user("z"),
        flows="start a; a t; t t2; t2 z",
        moves="start > a | complete a > t ua | complete ua > z",
    ),
    probe(
        "a handler inside a sub-process undoes it, then what is in it",
        sub(
            "sp",
            user("a"),
            undone("a"),
            event_sub("h", COMPENSATE, "hs", user("x"), throw("ct", COMPENSATE), flows=["hs x", "x ct"]),
        ),
        throw("t", COMPENSATE),
        user("z"),
        flows="start sp; sp t; t z",
        moves="start > a sp | complete a > h sp t x | complete x > ct h sp t ua | complete ua > z",
    ),
    probe(
        "a cancelled transaction undoes before it leaves",
        *TRANSACTION,
        flows=TRANSACTION_FLOWS,
        moves="start > a t | complete a > b t | complete b > c t ua | complete ua > x",
    ),
    probe(
        "a hazard leaves a transaction without undoing",
        *TRANSACTION,
        flows=TRANSACTION_FLOWS,
        moves="start > a t | complete a > b t | throw b E > y",
    ),
    probe(
        "an error while a transaction undoes is a hazard",
        *TRANSACTION,
        flows=TRANSACTION_FLOWS,
        moves="start > a t | complete a > b t | complete b > c t ua | throw ua E > y",
    ),
    probe(
        "a terminate event ends one instance of a sub-process, not the others",
        node(
            "subProcess",
            "sp",
            par("g")
            + user("a")
            + user("b")
            + end("e", terminate=True)
            + "".join(
                node("sequenceFlow", f"{one}-{other}", sourceRef=one, targetRef=other)
                for one, other in ("ga", "gb", "ae")
            )
            + many(2),
        ),
        user("z"),
        flows="start sp; sp z",
        moves="start > a a b b sp sp sp* | complete a > a b sp sp* | complete a > z",
    ),
    probe(
        "a throw of several ends all after it has told",
        par("f"),
        user("a"),
        user("b"),
        node("endEvent", "e", MESSAGE + "<terminateEventDefinition/>"),
        flows="start f; f a; f b; a e",
        moves="start > a b | complete a > ",
        ends=True,
    ),
    probe(
        "two sources of one link",
        par("f"),
        user("a"),
        throw("l1", LINK),
        throw("l2", LINK),
        catch("on", LINK),
        user("b"),
        flows="start f; f a; f l2; a l1; on b",
        moves="start > a b | complete a > b b",
    ),
    probe(
        "two of three, the third is swallowed",
        par("f"),
        user("a"),
        user("b"),
        user("c"),
        node("complexGateway", "j", "<activationCondition>activationCount &gt;= 2</activationCondition>"),
        user("z"),
        flows="start f; f a; f b; f c; a j; b j; c j; j z",
        moves="start > a b c | complete a > b c j+ | complete b > c j+ z | complete c > z",
    ),
    probe(
        "two tokens make one step, which makes three",
        par("f"),
        user("a"),
        user("b"),
        user("z", startQuantity=2, completionQuantity=3),
        user("y"),
        flows="start f; f a; f b; a z; b z; z y",
        moves="start > a b | complete a > b z+ | complete b > z | complete z > y y y",
    ),
    probe(
        "an inclusive join does not wait for a branch that has come already, but for one that goes round",
        node("inclusiveGateway", "s"),
        user("a"),
        user("b"),
        xor("k", default="k-j"),
        node("inclusiveGateway", "j"),
        user("z"),
        flows="start s; s a: true; s b: true; a k; k a: again > 0; k j; b j; j z",
        moves="start > a b | complete b > a j+ | complete a > a j+ | set again 0 > a j+ | complete a > z",
        again=1,
    ),
    probe(
        "two of four, one after the other",
        user(
            "a",
            many(
                4,
                "<completionCondition>numberOfCompletedInstances &gt;= 2</completionCondition>",
                isSequential="true",
            ),
        ),
        user("z"),
        flows="start a; a z",
        moves="start > a a* | complete a > a a* | complete a > z",
    ),
    probe(
        "a cycle at the border of many",
        user("a", many(2)),
        boundary("b", "a", timer("timeCycle", "R2/PT1H"), interrupting=False),
        user("x"),
        flows="start a; b x",
        moves="start > a a a* b | later 60 > a a a* b x | complete a > a a* b x | later 180 > a a* x x",
    ),
    probe("a loop that asks first", *looped(testBefore="true"), flows="start a; a z", moves="start > z", n=5),
    probe(
        "a loop that asks afterwards",
        *looped(testBefore="false"),
        flows="start a; a z",
        moves="start > a a* | complete a > z",
        n=5,
    ),
    probe(
        "an interrupting handler ends the others that listen",
        user("a"),
        event_sub("h", MESSAGE, "hs", user("x"), flows=["hs x"]),
        event_sub("i", SIGNAL, "is", user("y"), interrupting=False, flows=["is y"]),
        flows="start a",
        moves="start > a hs is | deliver is > a hs i is y | deliver hs > h x",
    ),
    probe(
        "a condition counts each time it becomes true",
        user("a"),
        event_sub("h", conditional("n > 3"), "hs", user("x"), interrupting=False, flows=["hs x"]),
        flows="start a",
        moves="start > a hs | set n 4 > a h hs x | set n 5 > a h hs x | set n 1 > a h hs x | set n 9 > a h h hs x x",
        n=0,
    ),
    probe(
        "a signal interrupts one branch and wakes another",
        par("f"),
        user("a"),
        boundary("b", "a", SIGNAL),
        user("x"),
        catch("c", SIGNAL),
        user("y"),
        user("w"),
        throw("t", SIGNAL),
        flows="start f; f a; f c; f w; w t; b x; c y",
        moves="start > a b c w | complete w > x y",
    ),
]


@pytest.mark.parametrize("scenario", PROBES)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)
