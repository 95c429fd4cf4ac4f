"""Diagrams with events that are in the wrong place or say too little, by the code of their problem."""

from tests.engine.drawing import (
    association,
    boundary,
    catch,
    end,
    event_sub,
    node,
    start,
    sub,
    throw,
    user,
    xml,
)
from tests.engine.repeating import multi

ROOTS = '<signal id="s" name="go"/><message id="m" name="hello"/><error id="e" errorCode="E"/>'
SIGNAL = '<signalEventDefinition signalRef="s"/>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'
ERROR = '<errorEventDefinition errorRef="e"/>'


def beside(*nodes: str) -> bytes:
    """A good process with these nodes beside its one flow."""
    return xml(start(), *nodes, end(), flows=["start end"], roots=ROOTS)


def on_task(*nodes: str, flows: tuple[str, ...] = ()) -> bytes:
    """A good process with a task `a` and these nodes."""
    return xml(start(), user("a"), *nodes, end(), flows=["start a", "a end", *flows], roots=ROOTS)


def telling(event: str) -> bytes:
    """Instances that throw the event when they are through."""
    return xml(
        start(),
        user("a", multi(number=2, behavior="None", noneBehaviorEventRef="told")),
        end(),
        flows=["start a", "a end"],
        roots=ROOTS + event,
    )


EVENT_CASES: dict[str, list[bytes]] = {
    "event_place": [
        telling('<timerEventDefinition id="told"><timeDuration>PT1H</timeDuration></timerEventDefinition>'),
        xml(start(), catch("x", ERROR), end(), flows=["start x", "x end"], roots=ROOTS),
        xml(start(), catch("x", "<terminateEventDefinition/>"), end(), flows=["start x", "x end"]),
        xml(
            start(),
            throw(
                "x", '<timerEventDefinition id="t"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
            ),
            end(),
            flows=["start x", "x end"],
        ),
        xml(
            start(), node("startEvent", "x", ERROR), end(), end("f"), flows=["start end", "x f"], roots=ROOTS
        ),
        on_task(boundary("b", "a", "<terminateEventDefinition/>"), flows=("b end",)),
        xml(start(), node("endEvent", "x", '<linkEventDefinition name="l"/>'), flows=["start x"]),
    ],
    "event_code": [
        telling('<errorEventDefinition id="told"/>'),
        xml(start(), node("endEvent", "x", "<escalationEventDefinition/>"), flows=["start x"]),
        xml(start(), node("endEvent", "x", "<errorEventDefinition/>"), flows=["start x"]),
        xml(start(), throw("x", "<escalationEventDefinition/>"), end(), flows=["start x", "x end"]),
    ],
    "event_interrupts": [
        on_task(boundary("b", "a", ERROR, interrupting=False), flows=("b end",)),
        beside(event_sub("h", ERROR, "hs", interrupting=False)),
        beside(event_sub("h", "<compensateEventDefinition/>", "hs", interrupting=False)),
    ],
    "cancel_place": [
        xml(start(), node("endEvent", "x", "<cancelEventDefinition/>"), flows=["start x"]),
        on_task(boundary("b", "a", "<cancelEventDefinition/>"), flows=("b end",)),
    ],
    "parallel_events": [
        on_task(boundary("b", "a", SIGNAL + ERROR, parallelMultiple="true"), flows=("b end",)),
    ],
    "parallel_start": [
        xml(
            node("startEvent", "x", SIGNAL + MESSAGE, parallelMultiple="true"),
            end(),
            flows=["x end"],
            roots=ROOTS,
        ),
    ],
    "event_sub_process_flow": [
        xml(
            start(),
            event_sub("h", SIGNAL, "hs"),
            end(),
            end("f"),
            flows=["start end", "h f"],
            roots=ROOTS,
        ),
    ],
    "event_sub_process_start": [
        beside(sub("h", triggeredByEvent="true")),
        beside(sub("h", start("hs"), end("he"), flows=["hs he"], triggeredByEvent="true")),
        beside(
            sub(
                "h",
                node("startEvent", "h1", SIGNAL),
                start("h2"),
                end("he"),
                flows=["h1 he", "h2 he"],
                triggeredByEvent="true",
            )
        ),
    ],
    "event_sub_process_boundary": [
        xml(
            start(),
            event_sub("h", SIGNAL, "hs"),
            boundary("b", "h", SIGNAL),
            end(),
            end("f"),
            flows=["start end", "b f"],
            roots=ROOTS,
        ),
    ],
    "link_name": [
        xml(
            start(),
            throw("x", "<linkEventDefinition/>"),
            catch("y", "<linkEventDefinition/>"),
            end(),
            flows=["start x", "y end"],
        ),
    ],
    "link_twice": [
        xml(
            start(),
            throw("x", '<linkEventDefinition name="l"/>'),
            catch("y", '<linkEventDefinition name="l"/>'),
            catch("z", '<linkEventDefinition name="l"/>'),
            end(),
            flows=["start x", "y end", "z end"],
        ),
    ],
    "link_alone": [
        xml(start(), throw("x", '<linkEventDefinition name="l"/>'), flows=["start x"]),
    ],
    "link_unused": [
        xml(
            start(),
            throw("x", '<linkEventDefinition name="k"/>'),
            catch("k", '<linkEventDefinition name="k"/>'),
            catch("y", '<linkEventDefinition name="l"/>'),
            end(),
            flows=["start x", "k end", "y end"],
        ),
    ],
    "link_no_source": [
        xml(
            start(),
            catch("y", '<linkEventDefinition name="l"/>'),
            end(),
            end("f"),
            flows=["start end", "y f"],
        ),
    ],
    "link_flow": [
        xml(
            start(),
            throw("x", '<linkEventDefinition name="l"/>'),
            catch("y", '<linkEventDefinition name="l"/>'),
            end(),
            flows=["start x", "x end", "y end"],
        ),
    ],
    "compensation_handler": [
        on_task(boundary("b", "a", "<compensateEventDefinition/>")),
    ],
    "compensation_flow": [
        on_task(
            boundary("b", "a", "<compensateEventDefinition/>"),
            user("u", isForCompensation="true"),
            association("b", "u"),
            flows=("u end",),
        ),
    ],
    "compensation_unbound": [beside(user("u", isForCompensation="true"))],
    "compensation_reference": [
        xml(
            start(),
            node("endEvent", "x", '<compensateEventDefinition activityRef="gone"/>'),
            flows=["start x"],
        ),
    ],
}
