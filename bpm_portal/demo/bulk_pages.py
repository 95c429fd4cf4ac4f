"""Which pages of a filled database are opened, for the benchmark and for the tests of volume."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.urls import reverse

from bpm_portal.accounts.models import User
from bpm_portal.demo.bulk import Company
from bpm_portal.demo.people import ADMINISTRATION
from processes.models import ProcessInstance, ProcessStep

CASE = "volume_0"  # key of a process, and code of the largest section


@dataclass(slots=True)
class Visit:
    """Who opens the pages, and what they open: a step that waits for the performer, with its instance."""

    company: Company
    people: dict[str, User] = field(default_factory=dict)
    step: int = 0
    instance: int = 0
    activity: int = 0
    record: int = 0


def visit(company: Company) -> Visit:
    """The performer is one of many; the others come in addition."""
    performer = company.people[0]
    pending = ProcessStep.objects.for_performer(performer).filter(assignee=performer).order_by("-id")
    approval = pending.filter(waits_on="record")[0]
    administrator = User.objects.create(username="process.administrator")
    administrator.user_permissions.add(*Permission.objects.filter(codename__in=ADMINISTRATION))
    people = {
        "performer": performer,
        "process admin": administrator,
        "superuser": User.objects.create(username="superuser", is_staff=True, is_superuser=True),
        "stranger": User.objects.create(username="stranger"),
    }
    return Visit(
        company,
        people,
        step=approval.pk,
        instance=approval.instance_id,
        activity=pending.filter(waits_on="activity").values_list("activity", flat=True)[0],
        record=ProcessInstance.objects.values_list("record", flat=True).get(pk=approval.instance_id),
    )


Address = Callable[[Visit], str]


def to(name: str, *args: str, **query: str) -> Address:
    """A page; an argument that is a field of the visit stands for its value."""

    def address(where: Visit) -> str:
        values = [getattr(where, arg, arg) for arg in args]
        return reverse(name, args=values, query=query)

    return address


PAGES: dict[str, Address] = {
    "my activities": to("activities:list"),
    "my activities by start": to("activities:list", sort="-start"),
    "all activities": to("activities:list", show="all"),
    "done activities": to("activities:list", show="all", status="final"),
    "activities of a process": to("activities:list", show="all", status="any", process="Volume 3: Claim 5"),
    "activities of a week": lambda where: to(
        "activities:list", show="all", status="any", since=f"{where.company.now - timedelta(days=7):%Y-%m-%d}"
    )(where),
    "activities with a word": to("activities:list", show="all", status="any", q="Invoice"),
    "activities with a rare word": to("activities:list", show="all", status="any", q="Invoice 12345"),
    "calendar month": to("activities:calendar", view="month"),
    "activity": to("activities:detail", "activity"),
    "records": to("records:list", CASE),
    "records with a rare word": to("records:list", CASE, q="Invoice 12345"),
    "records by amount": to("records:list", CASE, sort="-field-amount"),
    "records of a state": to("records:list", CASE, **{"field-state": "signed"}),
    "record": to("records:detail", "record"),
    "history of a record": to("records:history", "record"),
    "process menu of a record": to("records:process-menu", "record"),
    "step": to("processes:step", "step"),
    "panel": to("notifications:panel"),
    "notification centre": to("notifications:centre"),
    "bell": to("notifications:bell"),
    "process library": to("processes:library"),
    "process": to("processes:process", CASE),
    "process log": to("processes:log"),
    "process log, failed": to("processes:log", status="failed"),
    "process log, with a word": to("processes:log", q="Claim"),
    "process log, with a rare word": to("processes:log", q="Invoice 12345"),
    "instance": to("processes:instance", "instance"),
    "journal": to("processes:audit"),
    "journal of a person": lambda where: to(
        "processes:audit", person=str(where.people["performer"].pk), since=""
    )(where),
    "unassigned steps": to("processes:unassigned"),
    "statistics": to("processes:statistics"),
    "API: feed": to("feed"),
    "API: steps": to("step-list"),
    "API: my steps": to("step-list", mine="true", status="pending"),
    "API: instances": to("instance-list"),
    "API: activities": to("activity-list"),
    "API: records": to("record-list"),
}

ADMIN_PAGES: dict[str, Address] = {
    f"admin: {model}": to(f"admin:{model}_changelist")
    for model in (
        "accounts_user",
        "activities_activity",
        "processes_process",
        "processes_processevent",
        "processes_processinstance",
        "processes_processstep",
        "records_record",
    )
}
