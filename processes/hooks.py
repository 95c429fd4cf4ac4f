"""What processes offer to the apps below: they complete activities, fill record pages, and widen what people see."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.lifecycle import Finished
from activities.models import Activity
from bpm_portal.accounts.substitution import absent_behind
from bpm_portal.common.actions import Action, Panel
from bpm_portal.common.errors import NotFound
from bpm_portal.common.keyset import found_first
from bpm_portal.common.navigation import Entry
from bpm_portal.common.ways import Through, Way, branches
from processes import kinds, outbox
from processes.models import Process, ProcessInstance, ProcessStep
from processes.openings import MANAGER
from processes.querysets import connected_steps, is_process_admin
from processes.services import handing, letting_go, steps
from processes.services.answers import result_in_words
from processes.services.deliveries import note_change
from processes.services.guards import may_open, may_reassign
from processes.services.steps import step_url
from records.lifecycle import Change

CONTINUE, START = _("Continue process"), _("Start process")
DECISIONS = 20  # the latest
NEXT_STEPS = 5  # on the page of a record; the others are in its Process menu
RUN_BY_RECORD = _("Run process by record")


class StepManager:
    """Completes and moves the activities that steps wait on: the instance is locked first, then the activity."""

    def complete(self, *, activity_id: int, result: str, details: str, by: Any, now: datetime) -> Finished:
        """Finish the step; the turn closes the activity by compare-and-set."""
        done = steps.complete_step(
            step_id=step_of(activity_id), by=by, now=now, result=result or None, details=details
        )
        return Finished(done.next_url, done.count)

    def postpone(self, *, activity_id: int, until: datetime, by: Any, now: datetime) -> None:
        """Ask for the step later."""
        handing.postpone_step(step_id=step_of(activity_id), until=until, by=by, now=now)

    def reschedule(
        self, *, activity_id: int, starts_at: datetime, due_at: datetime | None, by: Any, now: datetime
    ) -> None:
        """Give the step these times."""
        handing.reschedule_step(
            step_id=step_of(activity_id), starts_at=starts_at, due_at=due_at, by=by, now=now
        )

    def reassign(self, *, activity_id: int, assignee: Any, role: Any, by: Any, now: datetime) -> None:
        """Give the step to another performer."""
        handing.reassign_step(step_id=step_of(activity_id), assignee=assignee, role=role, by=by, now=now)

    def take(self, *, activity_id: int, by: Any, now: datetime) -> None:
        """Take the step out of the role's queue."""
        handing.take_step(step_id=step_of(activity_id), by=by, now=now)

    def give_back(self, *, activity_id: int, by: Any, now: datetime) -> None:
        """Give the step back to its role."""
        handing.give_back_step(step_id=step_of(activity_id), by=by, now=now)

    def special_page(self, *, activity: Any, user: Any) -> str:
        """The step's own page while it can be answered, for kinds that have one."""
        step = open_step(activity)
        return step_url(step.pk) if step and kinds.get(step.kind).template else ""

    def process_mode(self, *, activity: Any, user: Any) -> dict[str, Any]:
        """The step, its instance and its buttons, for the standard page."""
        step = open_step(activity)
        if step is None:
            return {}
        return {
            "step": step,
            "kind": kinds.get(step.kind),
            "may_perform": may_open(step, user),
            "absent": absent_behind(user, step.assignee_id, step.role_id),
            "may_reassign": may_reassign(step, user),
        }


def step_of(activity_id: int) -> int:
    """The step that waits on the activity. Raises NotFound."""
    found = ProcessStep.objects.filter(activity=activity_id).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    return int(found)


def open_step(activity: Any) -> ProcessStep | None:
    """The step that waits on the activity: pending, or answered in vain; read once for a page."""
    if not hasattr(activity, "_open_step"):
        steps_ = ProcessStep.objects.filter(activity=activity.pk, status__in=ProcessStep.LIVE)
        activity._open_step = steps_.select_related("assignee", "role", "activity__record").first()
    found: ProcessStep | None = activity._open_step
    return found


def still_waiting(user: Any, step_ids: Sequence[int]) -> list[int]:
    """Those of these steps that wait for this user's answer: see `common.walks`."""
    waiting = ProcessStep.objects.for_performer(user).filter(pk__in=step_ids, topic="")
    return list(waiting.values_list("pk", flat=True))


def count_pending(user: Any, record_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Pending steps per record that this user may see; one statement for the whole page."""
    counts: dict[int, int] = {}
    for _step, record_id in connected_steps(user, record_ids):
        counts[record_id] = counts.get(record_id, 0) + 1
    return counts


def offer_actions(user: Any, record: Any, now: datetime) -> Iterable[Action]:
    """The Process menu: pending steps (mine first), and what can be started here."""
    pending = pending_on(user, record)
    mine = {step.pk for step in pending if may_open(step, user)}
    for step in sorted(pending, key=lambda s: (s.pk not in mine, s.pk)):
        yield Action(
            label=step.name,
            url=step_url(step.pk),
            group=CONTINUE,
            icon=kinds.get(step.kind).icon,
            hint=f"{step.instance_caption} · {step.assignee or step.role or ''}",
            mine=step.pk in mine,
        )
    for process in startable_on(user, record):
        yield Action(
            label=process.name,
            url=reverse("processes:start", args=[process.pk]) + f"?record={record.pk}",
            group=START if process.record_type_id else RUN_BY_RECORD,
            icon="player-play",
            method="post",
        )


def startable_on(user: Any, record: Any) -> list[Process]:
    """What this user may start on the record; whoever may start something has the processes in his main menu."""
    startable = Process.objects.startable_by(user).enabled(True)
    found = list(startable.filter(Q(record_type=record.record_type_id) | Q(record_type=None)))
    if found:
        user._may_start = True
    return found


def may_start_something(user: Any) -> bool:
    """Whether there are processes that this user may start; asked once per request."""
    if not hasattr(user, "_may_start"):
        user._may_start = Process.objects.startable_by(user).exists()
    return bool(user._may_start)


def offer_panels(user: Any, record: Any, now: datetime) -> Iterable[Panel]:
    """The next steps above all tabs; the Processes tab: what runs or ran on this record, what was decided about it."""
    yield Panel(
        "next-steps", _("Next steps"), "processes/_next_steps.html", next_steps(user, record), is_first=True
    )
    instances = ProcessInstance.objects.visible_to(user).filter(record=record.pk).order_by("-id")[:20]
    context = {"instances": instances, "decisions": decisions_on(record, user)}
    yield Panel("processes", _("Processes"), "processes/_record_instances.html", context)


def steps_on(user: Any, record: Any) -> list[ProcessStep]:
    """What waits on the record and this user may see, by start, and the latest that was finished; read once a page.

    `may_open`: the reader may open the page of the step.
    """
    known: tuple[int, list[ProcessStep]] | None = getattr(record, "_steps", None)
    if known is None or known[0] != user.pk:
        seen = ProcessStep.objects.visible_to(user).filter(pk=OuterRef("pk"))
        done = found_first(ProcessStep.objects.done_on(record.pk).values("pk")[:DECISIONS])
        steps_ = ProcessStep.objects.connected_to(user, [record.pk]) | ProcessStep.objects.filter(done)
        rows = steps_.annotate(may_open=Exists(seen)).select_related(
            "assignee", "role", "closed_by", "closed_for"
        )
        known = record._steps = user.pk, list(rows.order_by("starts_at", "id"))
    return known[1]


def pending_on(user: Any, record: Any) -> list[ProcessStep]:
    """Pending steps on the record that this user may see, by start."""
    return [step for step in steps_on(user, record) if step.is_pending]


def next_steps(user: Any, record: Any) -> dict[str, Any]:
    """Context of the steps that wait on this record and that the user may see, his own first."""
    entries = []
    for step in pending_on(user, record):
        mine = may_open(step, user)
        known = kinds.all_kinds().get(step.kind)
        template = known.inline(step.settings) if known and mine and not step.is_in_work else ""
        entries.append(
            {
                "step": step,
                "kind": known,
                "mine": mine,
                "template": template,
                "choices": known.choices(step.settings) if known and template else (),
            }
        )
    entries.sort(key=lambda entry: not entry["mine"])
    record_url = reverse("records:detail", args=[record.pk])
    return {
        "record_id": record.pk,
        "record_url": record_url,
        "origin": f"?{urlencode({'next': record_url})}",
        "entries": entries[:NEXT_STEPS],
        "more": len(entries) > NEXT_STEPS,
    }


def decisions_on(record: Any, user: Any) -> list[dict[str, Any]]:
    """Finished steps about this record with kind and result in words; `open`: the reader may open their page."""
    done = [step for step in steps_on(user, record) if not step.is_pending]
    known = kinds.all_kinds()
    return [
        {
            "step": step,
            "kind": known[step.kind],
            "result": result_in_words(step),
            "open": step.may_open,
        }
        for step in sorted(done, key=lambda step: (step.closed_at, step.pk), reverse=True)
        if step.kind in known
    ]


def records_within_reach(user: Any) -> list[Way]:
    """Records that the steps of this user, and of whom he stands in for, are about; and those of his own instances.

    Who starts a process on a record could see it then, and goes on to read what his process works on.
    """
    own = branches(
        ProcessStep.objects.filter(waits_on="record"), ProcessStep.objects.ways_of_performers(user)
    )
    managed = Activity.objects.filter(managed_by=MANAGER).exclude(record=None)
    activities = branches(managed, Activity.objects.ways_of_performers(user))
    started = ProcessInstance.objects.started_by(user).exclude(record=None)
    return [Through(rows, "record") for rows in (*own, *activities, started)]


def activities_within_reach(user: Any) -> list[Way]:
    """Activities of the instances that this user started; all managed ones for process administrators."""
    if is_process_admin(user):
        return [Q(managed_by=MANAGER)]
    return [Through(ProcessStep.objects.filter(instance__starter=user, waits_on="activity"), "activity")]


def menu(user: Any) -> list[Entry]:
    """Library, log and statistics for those who have something to see there."""
    entries = []
    if is_process_admin(user) or may_start_something(user):
        entries = [
            Entry(_("Process library"), reverse("processes:library"), "sitemap", 60, _("Processes")),
            Entry(_("Process log"), reverse("processes:log"), "history", 70, _("Processes")),
            Entry(_("Statistics"), reverse("processes:statistics"), "chart-bar", 80, _("Processes")),
        ]
    return entries


def hold_instances(record_id: int) -> None:
    """Before a record that is to be deleted is locked: lock the instances on it."""
    letting_go.hold_instances(record_id=record_id)


def let_go_of_record(record: Any, by: Any, now: datetime) -> None:
    """Before a record is deleted: refuse while tasks wait on it, and keep what was finished."""
    letting_go.let_go_of_record(record=record, by=by, now=now)


def hear_of_record(change: Change) -> None:
    """Note the change of a record for those who wait for it; the worker wakes and starts them."""
    if note_change(change):
        outbox.wake()
