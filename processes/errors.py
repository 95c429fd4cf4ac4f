"""What can go wrong with processes and steps, in sentences.

BusinessError
|-- Invalid
|   `-- DeployRefused        every problem of the file at once
`-- Conflict
    |-- StepAlreadyClosed    somebody else was faster: who and when
    |-- StepTaken            a colleague has taken it
    |-- StepInWork           it is answered, and a worker carries the answer out
    |-- InstanceEnded        the instance is finished or cancelled
    |-- ProcessDisabled
    `-- EngineRefused        the engine says that the command does not fit
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bpm_portal.common.errors import Conflict, Invalid
from processes.engine.problems import Problem
from processes.engine_words import in_words


class DeployRefused(Invalid):
    """The diagram has problems; nothing of it was stored."""

    code = "diagram_refused"
    sentence = _("The diagram has problems; nothing of it was stored.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(problems=[problem_as_dict(problem) for problem in problems])


def problem_as_dict(problem: Problem) -> dict[str, Any]:
    """The shape of a problem in the API and in `bpmn check --json`; `file` where several were given together."""
    return {
        **({"file": problem.file} if problem.file else {}),
        "severity": problem.severity,
        "code": problem.code,
        "element": problem.element,
        "line": problem.line,
        "message": problem.message,
    }


class StepAlreadyClosed(Conflict):
    """Another user has completed this task; `detail` has `by`, `at` and `status`."""

    code = "step_already_closed"
    sentence = _("Another user has completed this task.")

    @property
    def message(self) -> str:
        by, at, status = (self.detail.get(key) for key in ("by", "at", "status"))
        sentences = {
            "completed": _("%(by)s has already completed this task (%(at)s). What you typed was not sent."),
            "skipped": _("%(by)s has skipped this task (%(at)s). What you typed was not sent."),
        }
        cancelled = _("This task was cancelled (%(at)s). What you typed was not sent.")
        text = (
            sentences.get(status, cancelled) if by else cancelled if status == "cancelled" else self.sentence
        )
        return str(text) % {"by": by, "at": at}


class StepTaken(Conflict):
    """A colleague has taken this task."""

    code = "step_taken"
    sentence = _("%(by)s has taken this task. Ask for it to be given back, or let it be reassigned.")


class StepInWork(Conflict):
    """The step is answered already."""

    code = "step_in_work"
    sentence = _("This task is answered already and is being carried out; wait a moment.")


class InstanceEnded(Conflict):
    """The process has ended."""

    code = "instance_ended"
    sentence = _("This process has already ended.")


class ProcessDisabled(Conflict):
    """The process is disabled and cannot be started."""

    code = "process_disabled"
    sentence = _(
        "The process “%(process)s” is disabled and cannot be started. Ask a process administrator to enable it."
    )


class EngineRefused(Conflict):
    """The command does not fit the state of the instance; the sentence is the engine's."""

    code = "not_possible"

    @property
    def message(self) -> str:
        return in_words(super().message)
