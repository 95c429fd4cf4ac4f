"""Diagrams with many of something: instances, branches, levels, called processes."""

from itertools import pairwise

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:test">
 <process id="p" name="P" isExecutable="true" portal:roles="Sales managers"><startEvent id="s"/>{}
 <endEvent id="e"/></process>{}</definitions>"""
CALLED = """<process id="called" name="Called" isExecutable="true"><startEvent id="cs"/>
  <sequenceFlow id="c1" sourceRef="cs" targetRef="ask"/><userTask id="ask" portal:role="Sales managers"/>
  <sequenceFlow id="c2" sourceRef="ask" targetRef="ce"/><endEvent id="ce"/></process>"""
UNDOING = """<compensateEventDefinition/>"""
FLOW = '<sequenceFlow id="{0}-{1}" sourceRef="{0}" targetRef="{1}"/>'
TASK = '<userTask id="{}" portal:role="Sales managers">{}</userTask>'
MANY = """<multiInstanceLoopCharacteristics isSequential="{}" portal:collection="=for i in 1..count return i"
  portal:item="each"/>"""


def flows(*ways: str) -> str:
    return "".join(FLOW.format(*ends) for way in ways for ends in pairwise(way.split()))


def many(order: str = "false") -> str:
    return TASK.format("a", MANY.format(order)) + flows("s a e")


def calls() -> str:
    return f'<callActivity id="a" calledElement="called">{MANY.format("false")}</callActivity>' + flows(
        "s a e"
    )


def undone() -> str:
    """Many instances of `a`, each of which can be undone; then `b`; then all that is undone."""
    return (
        many().replace('"a-e"', '"a-b"').replace('targetRef="e"', 'targetRef="b"')
        + TASK.format("b", "")
        + TASK.format("undo", "").replace("<userTask", '<userTask isForCompensation="true"')
        + f'<boundaryEvent id="on" attachedToRef="a">{UNDOING}</boundaryEvent>'
        + f'<intermediateThrowEvent id="t">{UNDOING}</intermediateThrowEvent>'
        + '<association id="x" associationDirection="One" sourceRef="on" targetRef="undo"/>'
        + flows("b t e")
    )


def branches(number: int, join: str) -> str:
    tasks = [f"t{n:03}" for n in range(number)]
    nodes = ['<parallelGateway id="f"/>', f'<{join} id="j"/>', *(TASK.format(task, "") for task in tasks)]
    return "".join(nodes) + flows("s f", "j e", *(f"f {task} j" for task in tasks))


def nested(depth: int) -> str:
    inner = TASK.format("a", "")
    for level in range(depth):
        inner = f'<subProcess id="level{level}">{inner}</subProcess>'
    return inner + flows(f"s level{depth - 1} e")


def file(body: str) -> bytes:
    """A file of the process `p` with this between its start `s` and its end `e`, and of a process that it may call."""
    return FILE.format(body, CALLED).encode()
