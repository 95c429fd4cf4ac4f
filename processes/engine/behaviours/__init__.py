"""Which constructs of BPMN the engine runs: one table."""

from collections.abc import Mapping

from processes.engine.behaviours.ad_hoc import AdHocSubProcess
from processes.engine.behaviours.base import Behaviour
from processes.engine.behaviours.calls import CallActivity
from processes.engine.behaviours.catching import Boundary, IntermediateCatch, ReceiveTask
from processes.engine.behaviours.compensation import CancelEnd, Compensation, CompensationThrow, Rollback
from processes.engine.behaviours.complex import ComplexGateway
from processes.engine.behaviours.errors import ErrorEnd
from processes.engine.behaviours.event_gateways import EventBasedGateway
from processes.engine.behaviours.event_scopes import EventSubProcess, Subscription
from processes.engine.behaviours.events import LinkThrow, PassThrough, TerminateEnd
from processes.engine.behaviours.gateways import ExclusiveGateway, ImplicitSplit, ParallelGateway
from processes.engine.behaviours.gathering import Gathering
from processes.engine.behaviours.inclusive import InclusiveGateway
from processes.engine.behaviours.loops import MultiInstance, StandardLoop
from processes.engine.behaviours.scopes import SubProcess
from processes.engine.behaviours.tasks import BusinessRuleTask, ScriptTask, ServiceTask, UserTask
from processes.engine.behaviours.throwing import MultipleThrow, SendTask, Throw
from processes.engine.step_types import COMPENSATION, GATHERING, IMPLICIT_SPLIT, ROLLBACK, SUBSCRIPTION

_LAST: Mapping[str, Behaviour] = {
    "terminate": TerminateEnd(),
    "error": ErrorEnd(),
    "cancel": CancelEnd(),
    "compensate": CompensationThrow(),
    "link": LinkThrow(),
}
#: Caught by `nearest_catcher`, by the compensation or by the end of a transaction: no step waits for them.
_SOUGHT = PassThrough()

#: By `Element.construct`; what is not here is refused at deploy, by name.
BEHAVIOURS: Mapping[str, Behaviour] = {
    "task": PassThrough(),
    "manualTask": PassThrough(),
    "userTask": UserTask(),
    "serviceTask": ServiceTask(),
    "scriptTask": ScriptTask(),
    "businessRuleTask": BusinessRuleTask(),
    "sendTask": SendTask(),
    "receiveTask": ReceiveTask(),
    "subProcess": SubProcess(),
    "subProcess:event": EventSubProcess(),
    "transaction": SubProcess(),
    "adHocSubProcess": AdHocSubProcess(),
    "callActivity": CallActivity(),
    "exclusiveGateway": ExclusiveGateway(),
    "inclusiveGateway": InclusiveGateway(),
    "eventBasedGateway": EventBasedGateway(),
    "complexGateway": ComplexGateway(),
    "parallelGateway": ParallelGateway(),
    "startEvent": PassThrough(),
    "startEvent:message": PassThrough(),
    "startEvent:signal": PassThrough(),
    "startEvent:timer": PassThrough(),
    "startEvent:conditional": PassThrough(),
    "startEvent:error": PassThrough(),
    "startEvent:escalation": PassThrough(),
    "startEvent:compensate": PassThrough(),
    "startEvent:multiple": PassThrough(),
    "endEvent": PassThrough(),
    "endEvent:message": Throw(),
    "endEvent:signal": Throw(),
    "endEvent:escalation": Throw(),
    "endEvent:error": _LAST["error"],
    "endEvent:cancel": _LAST["cancel"],
    "endEvent:compensate": _LAST["compensate"],
    "endEvent:terminate": _LAST["terminate"],
    "endEvent:multiple": MultipleThrow(_LAST),
    "intermediateThrowEvent": PassThrough(),
    "intermediateThrowEvent:message": Throw(),
    "intermediateThrowEvent:signal": Throw(),
    "intermediateThrowEvent:escalation": Throw(),
    "intermediateThrowEvent:compensate": _LAST["compensate"],
    "intermediateThrowEvent:link": _LAST["link"],
    "intermediateThrowEvent:multiple": MultipleThrow(_LAST),
    "intermediateCatchEvent:message": IntermediateCatch(),
    "intermediateCatchEvent:signal": IntermediateCatch(),
    "intermediateCatchEvent:timer": IntermediateCatch(),
    "intermediateCatchEvent:conditional": IntermediateCatch(),
    "intermediateCatchEvent:link": PassThrough(),
    "intermediateCatchEvent:multiple": IntermediateCatch(),
    "boundaryEvent:message": Boundary(),
    "boundaryEvent:signal": Boundary(),
    "boundaryEvent:timer": Boundary(),
    "boundaryEvent:conditional": Boundary(),
    "boundaryEvent:multiple": Boundary(),
    "boundaryEvent:error": _SOUGHT,
    "boundaryEvent:escalation": _SOUGHT,
    "boundaryEvent:cancel": _SOUGHT,
    "boundaryEvent:compensate": _SOUGHT,
    "standardLoopCharacteristics": StandardLoop(),
    "multiInstanceLoopCharacteristics": MultiInstance(),
    IMPLICIT_SPLIT: ImplicitSplit(),
    SUBSCRIPTION: Subscription(),
    COMPENSATION: Compensation(),
    ROLLBACK: Rollback(),
    GATHERING: Gathering(),
}
