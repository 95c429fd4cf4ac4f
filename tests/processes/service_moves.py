"""Random work done through the services, as people do it; what a service refuses changes nothing."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from bpm_portal.common.errors import BusinessError
from processes.models import Process, ProcessStep
from processes.services import handing, steps
from processes.services.instances import cancel_instance, start_process
from tests.factories import NOW


class ServiceMoves:
    """The moves of `tests.processes.work_moves.Moves` on instances of the diagram `one_task`."""

    def __init__(self, process: Process, administrator: Any) -> None:
        self.process, self.administrator = process, administrator

    def open(self, *, assignee: Any, role: Any, starts_at: datetime, due_at: datetime | None) -> None:
        length = max(int((due_at - starts_at).total_seconds()), 0) if due_at else None
        variables = {
            "who": assignee.username if assignee else "",
            "team": role.name if role else "",
            "length": f"PT{length}S" if length is not None else "",
        }
        start_process(process=self.process, by=self.administrator, now=starts_at, variables=variables)

    def close(self, *, step: ProcessStep, status: str) -> None:
        with suppress(BusinessError):
            if status == "cancelled":
                cancel_instance(
                    instance_id=step.instance_id, reason="tried", by=self.administrator, now=_later(step)
                )
            else:
                by = step.assignee or self.administrator
                steps.complete_step(step_id=step.pk, by=by, now=_later(step))

    def take(self, *, step: ProcessStep, by: Any) -> None:
        with suppress(BusinessError):
            handing.take_step(step_id=step.pk, by=by, now=NOW)

    def give_back(self, *, step: ProcessStep) -> None:
        with suppress(BusinessError):
            handing.give_back_step(step_id=step.pk, by=step.assignee or self.administrator, now=NOW)

    def reassign(self, *, step: ProcessStep, assignee: Any, role: Any) -> None:
        with suppress(BusinessError):
            handing.reassign_step(
                step_id=step.pk, assignee=assignee, role=role, by=self.administrator, now=NOW
            )

    def postpone(self, *, step: ProcessStep, until: datetime) -> None:
        with suppress(BusinessError):
            handing.postpone_step(
                step_id=step.pk, until=until, by=step.assignee or self.administrator, now=NOW
            )


def _later(step: ProcessStep) -> datetime:
    """A moment at which the step is open: an instance cannot end before it began."""
    return max(NOW, step.opened_at)
