"""Processes in the administration: to look at, and with buttons and actions that call the services."""

from processes.admin.definitions import ProcessAdmin, ProcessVersionAdmin
from processes.admin.instances import ProcessEventAdmin, ProcessInstanceAdmin, ProcessStepAdmin

__all__ = [
    "ProcessAdmin",
    "ProcessEventAdmin",
    "ProcessInstanceAdmin",
    "ProcessStepAdmin",
    "ProcessVersionAdmin",
]
