"""What a case understands when something goes wrong: the runner's own exceptions where it has loaded us."""

import sys
from typing import Any

_runner: Any = sys.modules.get("runner")


class _Refused(Exception):
    """The engine will not take the model."""


class _EngineError(Exception):
    """The engine reports an error, or has opened an incident."""


class _BpmnErrorCode(Exception):
    """A script throws a BPMN error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Refused = getattr(_runner, "Refused", _Refused)
EngineError = getattr(_runner, "EngineError", _EngineError)
BpmnErrorCode = getattr(_runner, "BpmnErrorCode", _BpmnErrorCode)
