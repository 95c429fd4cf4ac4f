"""What happens when a human step opens: its kind, its subject and its performer.

A record that the diagram names by an expression becomes readable for the performer, so it is asked whose word it was:
it must be one that the starter of the instance may see, or that whoever moves it now may see, or that a step of the
instance is about already. An instance that a timer, a message or a signal has started has no starter: what its
diagram names is trusted as the diagram is, by whoever deployed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from bpm_portal.accounts.models import User
from bpm_portal.common.errors import Invalid
from bpm_portal.common.typed import id_of
from processes import kinds, performers
from processes.cards import card_of
from processes.engine.effects import Outcome
from processes.engine.state import Status, WaitsOn
from processes.models import ProcessStep
from processes.performers import Directory, Request
from processes.store import StepRow
from records.models import Record

if TYPE_CHECKING:
    from processes.turn import Turn

STORED = "en"  # what is written down is said in the reader's language when it is shown
MANAGER = "processes"  # `managed_by` of the activities that steps wait on


@dataclass(slots=True)
class OpenedActivity:
    """An activity to insert, and the step that waits on it."""

    row: StepRow
    values: dict[str, Any]


def needs_subject(row: StepRow) -> bool:
    """A pending human step that has neither an activity nor a record yet."""
    return row.step.status is Status.PENDING and row.step.waits_on is WaitsOn.PERSON and row.waits_on == ""


def open_steps(turn: "Turn", asking: Sequence[StepRow], born: Sequence[StepRow]) -> list[OpenedActivity]:
    """Give the asking steps performer and subject, and all new steps their ids; returns activities to insert.

    A step that cannot open (its kind is gone, a date is no date, a record does not exist) becomes an incident.
    """
    requests = [_request(turn, row) for row in asking]
    directory = performers.look_up(requests, new_steps=len(born))
    hidden = _hidden_from_all(turn, {key for request in requests for key in request.record_ids})
    _number(born, directory.step_ids)
    opened: list[OpenedActivity] = []
    for row, request in zip(asking, requests, strict=True):
        try:
            with override(STORED):
                values = _open(turn, row, request, directory, hidden)
        except (ValueError, TypeError, OverflowError, Invalid) as problem:
            row.step.status, row.step.closed_at = Status.FAILED, turn.now
            row.step.error = f"“{row.step.name or row.step.element_id}” could not open: {problem}"
            row.waits_on = ""
            continue
        if values is not None:
            opened.append(OpenedActivity(row, values))
    return opened


def _request(turn: "Turn", row: StepRow) -> Request:
    settings = row.step.settings
    lane = turn.definition.elements[row.step.element_id].lane or turn.instance.lane
    records = [settings.get("record"), *(c.get("record") for c in settings.get("connect", ()))]
    return Request.of(settings, lane, (_record_id(r) for r in records if r not in (None, "")))


def _record_id(value: Any) -> int:
    """The id in a value that names a record: its id, or a context with `id` as lookups have.

    An id that cannot be one matches nothing; the opening then says so.
    """
    if isinstance(value, dict):
        value = value.get("id")
    return id_of(value) or 0


def _hidden_from_all(turn: "Turn", record_ids: set[int]) -> set[int]:
    """Those of the records that nobody vouches for; no statement where only the record of the instance is named."""
    instance = turn.instance
    named = record_ids - {instance.record_id, 0}
    if not named or instance.starter_id is None:
        return set()
    vouching = [key for key in (instance.starter_id, turn.by_id) if key is not None]
    for user in User.objects.filter(pk__in=vouching):
        if named:
            named -= set(Record.objects.visible_to(user).filter(pk__in=named).values_list("pk", flat=True))
    return named - ProcessStep.objects.of_instance(instance.id).record_ids() if named else named


def _open(
    turn: "Turn", row: StepRow, request: Request, directory: Directory, hidden: set[int]
) -> dict[str, Any] | None:
    settings, instance = row.step.settings, turn.instance
    kind = kinds.get(row.step.kind)
    missing = [id_ for id_ in request.record_ids if id_ not in directory.records]
    if missing:
        raise ValueError(f"the record {missing[0] or '?'} that it names does not exist.")
    if named := [id_ for id_ in request.record_ids if id_ in hidden]:
        raise ValueError(f"whoever started the process may not see the record {named[0]} that it names.")
    on_activity = kind.waits_on_activity(settings)
    record_id, record_caption = _record(turn, settings, directory)
    if record_id is None and not on_activity:
        record_id, record_caption = card_of(instance, now=turn.now)
    opening = kinds.Opening(row.step.name or row.step.element_id, settings, turn.now, record_id)
    performer = directory.performer(request)
    row.assignee_id, row.role_id = performer.assignee_id, performer.role_id
    row.starts_at, row.due_at = opening.starts_at, opening.due_at
    row.is_background = str(settings.get("background", "")).lower() == "true"
    row.step.name = str(settings.get("recommendation") or row.step.name or row.step.element_id)[:250]
    row.step.settings = {**settings, **kind.open(opening)}
    if not on_activity:
        row.waits_on, row.record_id, row.record_caption = "record", record_id, record_caption
        row.remind_at = opening.remind_at
        return None
    row.waits_on, row.record_caption = "activity", record_caption
    return {
        **kind.activity_values(opening),
        "owner_id": row.assignee_id,
        "role_id": row.role_id,
        "author_id": instance.starter_id,
        "record_id": record_id,
        "record_caption": record_caption,
        "connections": [_record_id(c.get("record")) for c in settings.get("connect", ())],
        "process_caption": instance.caption,
        "managed_by": MANAGER,
    }


def _record(turn: "Turn", settings: dict[str, Any], directory: Directory) -> tuple[int | None, str]:
    own = settings.get("record")
    if own in (None, ""):
        return turn.instance.record_id, turn.instance.record_caption
    record_id = _record_id(own)
    return record_id, directory.records[record_id]


def _number(born: Sequence[StepRow], ids: Sequence[int]) -> None:
    """Replace the engine's negative ids, also where new steps refer to each other."""
    real = {row.step.id: id_ for row, id_ in zip(born, ids, strict=True)}
    for row in born:
        step = row.step
        step.id = real[step.id]
        step.scope_id = real.get(step.scope_id, step.scope_id) if step.scope_id is not None else None
        step.host_id = real.get(step.host_id, step.host_id) if step.host_id is not None else None


def real_id(step_id: int | None, outcome: Outcome) -> int | None:
    """The database id of a step that the engine's events call -1, -2, ... (in the order of their birth)."""
    if step_id is None or step_id > 0:
        return step_id
    return outcome.opened[-step_id - 1].id
