"""Play the journal of an instance again, from the diagram of its version, and compare it with the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from django.utils.translation import gettext_lazy as _

from bpm_portal.common.errors import Conflict
from processes.compiled import definition_of
from processes.engine.effects import CancelAll, Start
from processes.engine.errors import NotPossible
from processes.engine.feel import encode, plain
from processes.engine.replay import Move, Playback, unpack
from processes.engine.state import Status, Step, WaitsOn
from processes.models import ProcessInstance, ProcessStep

#: Columns that an engine without a portal around it gives every step.
SAME = (
    "element_id",
    "element_type",
    "flow_id",
    "scope_id",
    "host_id",
    "error",
    "attempts",
    "opened_at",
    "closed_at",
)


class NotRecorded(Conflict):
    """The journal of the instance does not say what it was asked from the beginning."""

    code = "not_recorded"
    sentence = _(
        "The journal of this instance is older than the record of commands; it cannot be played again."
    )


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it; `refused` is the sentence of a command that did not fit any more."""

    playback: Playback
    moves: list[Move]
    refused: str = ""


def replay_instance(instance: ProcessInstance) -> Replay:
    """Nothing is written, and no row is read but the journal and, as names for new steps, their ids.

    Raises NotRecorded.
    """
    moves = [unpack(event.command, event.at) for event in instance.events.commands()]
    if not moves or not isinstance(moves[0].command, Start):
        raise NotRecorded
    ids = ProcessStep.objects.filter(instance=instance).order_by("id").values_list("pk", flat=True)
    playback = Playback(
        definition_of(instance.version_id), chain(ids, count(-1, -1)), started_at=instance.started_at
    )
    for number, move in enumerate(moves, 1):
        try:
            playback.play(move)
        except NotPossible as refusal:
            return Replay(playback, moves, f"command {number} ({type(move.command).__name__}): {refusal}")
    return Replay(playback, moves)


def differences(instance: ProcessInstance) -> list[str]:
    """What is otherwise in the rows than the journal says, in lines; empty where they agree. Raises NotRecorded."""
    replay = replay_instance(instance)
    found = [replay.refused] if replay.refused else []
    rows = {row.pk: row for row in ProcessStep.objects.filter(instance=instance).order_by("id")}
    for step_id, step in replay.playback.history.items():
        if step_id in rows:
            found += [f"step {step_id} ({step.element_id}): {each}" for each in _of_step(rows[step_id], step)]
        else:
            found.append(f"step {step_id} ({step.element_id}): there is no such row")
    found += [
        f"step {step_id} ({row.element_id}): the journal knows of no such step"
        for step_id, row in rows.items()
        if step_id not in replay.playback.history
    ]
    return found + list(_of_instance(instance, replay))


def _of_instance(instance: ProcessInstance, replay: Replay) -> Iterator[str]:
    playback = replay.playback
    variables = encode(playback.state.variables)
    if instance.variables != variables:
        yield f"variables: {instance.variables!r}, by the journal {variables!r}"
    if instance.ended_at != playback.ended_at:
        yield f"ended_at: {instance.ended_at}, by the journal {playback.ended_at}"
    possible = _statuses(replay)
    if instance.status not in possible:
        yield f"status: {instance.status}, by the journal {' or '.join(sorted(possible))}"


def _statuses(replay: Replay) -> set[str]:
    """An instance that has ended is completed by a worker, a little later."""
    if isinstance(replay.moves[-1].command, CancelAll):
        return {"cancelled"}
    if replay.playback.ended_at is not None:
        return {"running", "completed"}
    has_failed = any(step.status is Status.FAILED for step in replay.playback.state.steps.values())
    return {"failed"} if has_failed else {"running"}


def _of_step(row: ProcessStep, step: Step) -> Iterator[str]:
    given: dict[str, Any] = {name: getattr(row, name) for name in SAME}
    expected: dict[str, Any] = {name: getattr(step, name) for name in SAME}
    given |= {"status": row.status, "result": row.result, "variables": row.variables}
    expected |= {
        "status": step.status.value,
        "result": encode(step.result),
        "variables": encode(step.variables),
    }
    if step.waits_on is WaitsOn.PERSON:  # subject, dates and answers in work are the portal's
        given["waits_on"], expected["waits_on"] = row.is_human, True
    else:
        given |= {
            "waits_on": row.waits_on, "topic": row.topic, "due_at": row.due_at, "settings": row.settings,
        }  # fmt: skip
        expected |= {
            "waits_on": step.waits_on.value, "topic": step.topic, "due_at": step.due_at,
            "settings": plain(step.settings),
        }  # fmt: skip
    for name, value in given.items():
        if value != expected[name]:
            yield f"{name}: {value!r}, by the journal {expected[name]!r}"
