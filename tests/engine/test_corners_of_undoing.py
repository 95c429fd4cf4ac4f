"""Compensation and transactions where something else happens meanwhile: BPMN 2.0.2, 10.7 and 13.5.5."""

import pytest

from tests.engine.drawing import boundary, end, event_sub, node, par, sub, throw, user, xor
from tests.engine.probing import CANCEL, COMPENSATE, ERROR, MESSAGE, many, probe, undone
from tests.engine.scenarios import Scenario, play_both_ways

AT_ONCE = '<compensateEventDefinition waitForCompletion="false"/>'
OF_S = '<compensateEventDefinition activityRef="s"/>'


def inner(*nodes: str, flows: str) -> str:
    """A sub-process `s` that begins with `ss`."""
    return sub("s", node("startEvent", "ss"), *nodes, flows=[each.strip() for each in flows.split(";")])


def transaction(*nodes: str, flows: str) -> str:
    """A transaction `x` that begins with `xs` and leaves by `cb` when it is cancelled."""
    drawn = sub("x", node("startEvent", "xs"), *nodes, flows=[each.strip() for each in flows.split(";")])
    inside = drawn.removeprefix("<subProcess").removesuffix("</subProcess>")
    return f"<transaction{inside}</transaction>" + boundary("cb", "x", CANCEL)


PROBES = [
    probe(
        "of many instances those are undone that were completed before the condition ended the rest",
        user("a", many(3, "<completionCondition>nrOfCompletedInstances &gt;= 2</completionCondition>")),
        undone("a"),
        user("m"),
        throw("c", COMPENSATE),
        user("z"),
        flows="start a; a m; m c; c z",
        moves="start > a a a a* | complete a > a a a* | complete a > m | complete m > a c ua | complete ua > a c ua"
        " | complete ua > z",
    ),
    probe(
        "a throw inside an instance undoes what this instance did",
        sub(
            "s",
            node("startEvent", "ss"),
            user("a"),
            undone("a"),
            user("b"),
            throw("c", COMPENSATE),
            user("d"),
            many(2),
            flows=["ss a", "a b", "b c", "c d"],
        ),
        user("z"),
        flows="start s; s z",
        moves="start > a a s s s* | complete a > a b s s s* | complete a > b b s s s* | complete b > b c s s s* ua"
        " | complete ua > b d s s s*",
    ),
    probe(
        "a sub-process that still runs is not undone by its name",
        par("f"),
        inner(user("a"), undone("a"), user("b"), flows="ss a; a b"),
        user("g"),
        throw("c", OF_S),
        user("z"),
        flows="start f; f s; f g; g c; c z",
        moves="start > a g s | complete a > b g s | complete g > b s z",
    ),
    probe(
        "a sub-process that was interrupted is not undone, nor what was done in it",
        inner(user("a"), undone("a"), user("b"), flows="ss a; a b"),
        boundary("m", "s", MESSAGE),
        user("g"),
        throw("c", COMPENSATE),
        user("z"),
        flows="start s; m g; g c; c z; s z",
        moves="start > a m s | complete a > b m s | deliver m > g | complete g > z",
    ),
    probe(
        "what its own sub-process has undone is not undone again from outside",
        inner(user("a"), undone("a"), throw("c", COMPENSATE), flows="ss a; a c"),
        user("y"),
        throw("d", COMPENSATE),
        user("z"),
        flows="start s; s y; y d; d z",
        moves="start > a s | complete a > c s ua | complete ua > y | complete y > z",
    ),
    probe(
        "what is done anew after it was undone can be undone anew",
        xor("l"),
        user("a"),
        undone("a"),
        throw("c", COMPENSATE),
        xor("k", default="k-z"),
        user("z"),
        flows="start l; l a; a c; c k; k l: n < 1; k z",
        moves="start > a | complete a > c ua | complete ua > a | set n 1 > a | complete a > c ua | complete ua > z",
        n=0,
    ),
    probe(
        "an undoing that nobody waits for keeps the instance open",
        user("a"),
        undone("a"),
        throw("c", AT_ONCE),
        user("z"),
        flows="start a; a c; c z",
        moves="start > a | complete a > c ua z | complete z > c ua | complete ua >",
        ends=True,
    ),
    probe(
        "an undoing that the end of a sub-process does not wait for keeps the sub-process open",
        inner(user("a"), undone("a"), node("endEvent", "ce", AT_ONCE), flows="ss a; a ce"),
        user("z"),
        flows="start s; s z",
        moves="start > a s | complete a > ce s ua | complete ua > z",
    ),
    probe(
        "a terminate event ends an undoing, too",
        user("a"),
        undone("a"),
        par("f"),
        throw("c", COMPENSATE),
        user("k"),
        end("t", terminate=True),
        flows="start a; a f; f c; f k; k t",
        moves="start > a | complete a > c k ua | complete k >",
        ends=True,
    ),
    probe(
        "an event at the border interrupts an undoing inside",
        inner(user("a"), undone("a"), throw("c", COMPENSATE), flows="ss a; a c"),
        boundary("m", "s", MESSAGE),
        user("y"),
        user("z"),
        flows="start s; s z; m y",
        moves="start > a m s | complete a > c m s ua | deliver m > y",
    ),
    probe(
        "an error of a handler ends the undoing with the scope of its thrower",
        inner(user("a"), undone("a"), throw("c", COMPENSATE), user("b"), flows="ss a; a c; c b"),
        boundary("e", "s", ERROR),
        user("y"),
        flows="start s; e y",
        moves="start > a s | complete a > c s ua | throw ua E > y",
    ),
    probe(
        "a handler of errors undoes its scope and throws the error on",
        inner(
            user("a"),
            undone("a"),
            user("b"),
            event_sub(
                "h",
                ERROR,
                "hs",
                throw("c", COMPENSATE),
                node("endEvent", "he", ERROR),
                flows=["hs c", "c he"],
            ),
            flows="ss a; a b",
        ),
        boundary("e", "s", ERROR),
        user("y"),
        flows="start s; e y",
        moves="start > a s | complete a > b s | throw b E > c h s ua | complete ua > y",
    ),
    probe(
        "what was skipped is not undone",
        user("a"),
        undone("a"),
        user("b"),
        throw("c", COMPENSATE),
        user("z"),
        flows="start a; a b; b c; c z",
        moves="start > a | skip a > b | complete b > z",
    ),
    probe(
        "a handler that is skipped lets the next one follow",
        user("a"),
        undone("a"),
        user("b"),
        undone("b"),
        throw("c", COMPENSATE),
        user("z"),
        flows="start a; a b; b c; c z",
        moves="start > a | complete a > b | complete b > c ub | skip ub > c ua | skip ua > z",
    ),
    probe(
        "a cancelled transaction undoes its branches in the reverse order of their completion",
        transaction(
            par("f"),
            user("a"),
            undone("a"),
            user("b"),
            undone("b"),
            user("k"),
            node("endEvent", "ke", CANCEL),
            flows="xs f; f a; f b; f k; k ke",
        ),
        user("y"),
        user("z"),
        flows="start x; x z; cb y",
        moves="start > a b k x | complete b > a k x | complete a > k x | complete k > ke ua x"
        " | complete ua > ke ub x | complete ub > y",
    ),
    probe(
        "a cancelled transaction ends the handlers that run beside it",
        transaction(
            user("a"),
            undone("a"),
            user("k"),
            node("endEvent", "ke", CANCEL),
            event_sub("h", MESSAGE, "hs", user("w"), interrupting=False, flows=["hs w"]),
            flows="xs a; a k; k ke",
        ),
        user("y"),
        user("z"),
        flows="start x; x z; cb y",
        moves="start > a hs x | deliver hs > a h hs w x | complete a > h hs k w x | complete k > ke ua x"
        " | complete ua > y",
    ),
    probe(
        "a handler inside a transaction may cancel it",
        transaction(
            user("a"),
            undone("a"),
            user("k"),
            event_sub("h", ERROR, "hs", user("w"), node("endEvent", "ke", CANCEL), flows=["hs w", "w ke"]),
            flows="xs a; a k",
        ),
        user("y"),
        flows="start x; cb y",
        moves="start > a x | complete a > k x | throw k E > h w x | complete w > ke ua x | complete ua > y",
    ),
]


@pytest.mark.parametrize("scenario", PROBES)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)
