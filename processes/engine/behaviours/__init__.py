"""Which constructs of BPMN the engine runs: one table."""

from collections.abc import Mapping

from processes.engine.behaviours.base import Behaviour
from processes.engine.behaviours.calls import CallActivity
from processes.engine.behaviours.events import PassThrough, TerminateEnd, TimerBoundary, TimerCatch
from processes.engine.behaviours.gateways import ExclusiveGateway, ImplicitSplit, ParallelGateway
from processes.engine.behaviours.scopes import SubProcess
from processes.engine.behaviours.tasks import ScriptTask, ServiceTask, UserTask
from processes.engine.execution import IMPLICIT_SPLIT

#: By `Element.construct`; what is not here is refused at deploy, by name.
BEHAVIOURS: Mapping[str, Behaviour] = {
    "task": PassThrough(),
    "manualTask": PassThrough(),
    "userTask": UserTask(),
    "serviceTask": ServiceTask(),
    "scriptTask": ScriptTask(),
    "subProcess": SubProcess(),
    "callActivity": CallActivity(),
    "exclusiveGateway": ExclusiveGateway(),
    "parallelGateway": ParallelGateway(),
    "startEvent": PassThrough(),
    "startEvent:message": PassThrough(),
    "endEvent": PassThrough(),
    "endEvent:terminate": TerminateEnd(),
    "intermediateThrowEvent": PassThrough(),
    "intermediateCatchEvent:timer": TimerCatch(),
    "boundaryEvent:timer": TimerBoundary(),
    IMPLICIT_SPLIT: ImplicitSplit(),
}
