"""Small diagrams that break no rule of the standard, although they come near to it."""

from tests.engine.drawing import BPMN, end, node, par, script, start, user, xml
from tests.engine.standard_cases import (
    ABOUT_M,
    FLOWS,
    OPERATION,
    REPEATED,
    after_gateway,
    catch,
    in_xpath,
    input_set,
    looped,
    pools,
    specification,
    task,
)

GOOD = [
    xml(start(), user("a"), end(), flows=["start a", "a end"]),
    pools("send take", "send other", "other take"),
    after_gateway(catch("b"), catch("c", ABOUT_M), flows=FLOWS),
    task(
        specification('<dataInput id="d" itemSubjectRef="text"/>', inputs=input_set("d")),
        tag="serviceTask",
        operationRef="o",
        roots=OPERATION,
    ),
    xml(
        start(),
        par("f"),
        par("j"),
        user("a"),
        user("b"),
        end(),
        flows=["start f", "f a", "f b", "a j", "b j", "j end"],
    ),
    xml(start(), script("s", "1"), end(), flows=["start s", "s end"]),
    task(looped("not done")),
    *(in_xpath(task(looped(text))) for text in ("${count &lt; 3}", "=count &lt; 3", "true")),
    in_xpath(task(node(REPEATED, "l", "<loopCardinality>5</loopCardinality>"))),
    *(
        task(f"<completionCondition>{text}</completionCondition>", tag="adHocSubProcess")
        for text in ("${done}", "=done")
    ),
    f"<x:definitions xmlns:x='{BPMN}'/>".encode(),
]
