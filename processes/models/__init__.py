"""The relational model of processes: definitions, instances, steps and their events."""

from processes.models.changes import ProcessChange
from processes.models.definitions import Process, ProcessVersion, ProcessVersionFile
from processes.models.deliveries import ProcessDelivery
from processes.models.events import ProcessEvent
from processes.models.instances import ProcessInstance
from processes.models.jobs import CancelItem, CancelJob
from processes.models.starts import ProcessStart
from processes.models.steps import ProcessStep
from processes.models.summaries import DailySummary, SummaryZone

__all__ = [
    "CancelItem",
    "CancelJob",
    "DailySummary",
    "Process",
    "ProcessChange",
    "ProcessDelivery",
    "ProcessEvent",
    "ProcessInstance",
    "ProcessStart",
    "ProcessStep",
    "ProcessVersion",
    "ProcessVersionFile",
    "SummaryZone",
]
