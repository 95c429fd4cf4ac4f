"""How a turn locks an instance and writes what it has done: plain SQL, whatever the number of steps.

Rows travel as one JSON parameter, so that the text of a statement never depends on their number.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from bpm_portal.accounts.substitution import STANDING, Standing
from processes.engine.feel import decode, encode, plain
from processes.engine.state import Step

#: The event that says which variables a step has changed; nobody has to hear of it.
WRITES = "variables-written"
MOST_TEXT = 4000  # of one value in the journal; of a longer one its beginning

PERSON_SUBJECTS = ("activity", "record")


@dataclass(slots=True)
class LockedInstance:
    """The instance of a turn, read under the lock of its root row."""

    id: int
    process_id: int
    version_id: int
    status: str
    caption: str
    record_id: int | None
    record_caption: str
    starter_id: int | None
    starter: str
    variables: dict[str, Any]
    started_at: datetime
    ended_at: datetime | None
    root_id: int
    parent_step_id: int | None
    lane: str
    completions: int
    standing: Standing


@dataclass(slots=True)
class StepRow:
    """A live step with the columns that only the portal knows; `step` is the engine's view of it."""

    step: Step
    waits_on: str
    activity_id: int | None = None
    record_id: int | None = None
    assignee_id: int | None = None
    role_id: int | None = None
    record_caption: str = ""
    starts_at: datetime | None = None
    due_at: datetime | None = None
    claimed_until: datetime | None = None
    is_background: bool = False
    closed_by_id: int | None = None
    closed_for_id: int | None = None
    details: str = ""
    remind_at: datetime | None = None

    @property
    def is_human(self) -> bool:
        """It waits for a person."""
        return self.waits_on in PERSON_SUBJECTS


@dataclass(slots=True)
class Written:
    """All that a turn writes about one instance."""

    changed: dict[int, StepRow] = field(default_factory=dict)  # by the ids of their steps
    opened: list[StepRow] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


INSTANCE = """
    SELECT i.id, i.process_id, i.version_id, i.status, i.caption, i.record_id, i.record_caption, i.starter_id,
           coalesce(u.username, ''), i.variables, i.started_at, i.ended_at, coalesce(i.root_id, i.id),
           i.parent_step_id, i.lane, i.completions,
           {standing}, {target}
      FROM processes_processinstance i LEFT JOIN accounts_user u ON u.id = i.starter_id
"""
# A statement sees the rows as they were when it began: while it waits for the lock only the locked row itself is
# read again. So the root's columns, and what never changes, may come with the lock; all else is read after it.
OF_STEP = "(SELECT s.instance_id FROM processes_processstep s WHERE s.id = %(key)s)"
ROOT = (
    "WHERE i.id = (SELECT coalesce(x.root_id, x.id) FROM processes_processinstance x WHERE x.id = {target})"
)
_OF_USER = STANDING.format(user="%(user)s::bigint", now="%(now)s")
LOCK_BY_STEP = f"{INSTANCE} {ROOT} FOR UPDATE OF i".format(standing=_OF_USER, target=OF_STEP)
LOCK_BY_INSTANCE = f"{INSTANCE} {ROOT} FOR UPDATE OF i".format(standing=_OF_USER, target="%(key)s::bigint")
READ_BY_INSTANCE = f"{INSTANCE} WHERE i.id = %(key)s".format(standing=_OF_USER, target="%(key)s::bigint")

NEXT_IDS = "SELECT nextval('processes_processstep_id_seq') FROM generate_series(1, %s)"

COLUMNS = {
    "id": "bigint", "status": "text", "waits_on": "text", "topic": "text", "closed_at": "timestamptz",
    "closed_by_id": "bigint", "result": "jsonb", "variables": "jsonb", "settings": "jsonb", "error": "text",
    "attempts": "int", "activity_id": "bigint", "record_id": "bigint", "record_caption": "text",
    "assignee_id": "bigint", "role_id": "int", "starts_at": "timestamptz", "due_at": "timestamptz",
    "claimed_until": "timestamptz", "is_background": "bool", "details": "text", "flow_id": "text",
    "closed_for_id": "bigint", "items": "jsonb",
}  # fmt: skip
BIRTH_COLUMNS = {
    "element_id": "text", "element_type": "text", "name": "text", "scope_id": "bigint",
    "host_id": "bigint", "kind": "text", "opened_at": "timestamptz", "remind_at": "timestamptz",
}  # fmt: skip


def _columns(types: dict[str, str]) -> str:
    return ", ".join(f"{name} {type_}" for name, type_ in types.items())


# A collection stays as it was written, however often its row changes.
_KEPT = {"items": "coalesce(c.items, s.items)"}
_SETS = ", ".join(f"{name} = {_KEPT.get(name, f'c.{name}')}" for name in COLUMNS if name != "id")
_ALL = {**COLUMNS, **BIRTH_COLUMNS}
_NAMES = ", ".join(_ALL)

# Foreign keys are checked at the end of a statement, so steps and the events about them go in together. Steps are
# found by their ids, named apart, since the planner cannot tell from the JSON that they are few.
WRITE = f"""
    WITH changed AS (
        UPDATE processes_processstep s SET {_SETS}
          FROM jsonb_to_recordset(%(changed)s::jsonb) AS c({_columns(COLUMNS)})
         WHERE s.id = c.id AND s.id = ANY(%(ids)s) AND s.status IN ('pending', 'failed')
        RETURNING s.instance_id
    ), opened AS (
        INSERT INTO processes_processstep (instance_id, root_id, instance_caption, {_NAMES})
        SELECT %(instance)s, %(root)s, %(caption)s, {_NAMES}
          FROM jsonb_to_recordset(%(opened)s::jsonb) AS n({_columns(_ALL)}) RETURNING id
    ), moved AS (
        UPDATE processes_processinstance
           SET status = %(status)s, caption = %(caption)s, ended_at = %(ended_at)s,
               variables = coalesce(%(variables)s::jsonb, variables), completions = %(completions)s,
               cancelled_by_id = coalesce(%(cancelled_by)s, cancelled_by_id),
               cancel_reason = coalesce(%(cancel_reason)s, cancel_reason)
         WHERE id = %(instance)s RETURNING id
    ), told AS (
        INSERT INTO processes_processevent
               (instance_id, step_id, kind, data, command, at, by_id, on_behalf_of_id, published_at)
        SELECT %(instance)s, e.step_id, e.kind, e.data, e.command, %(now)s, %(by)s, %(on_behalf_of)s,
               CASE WHEN e.kind = %(unheard)s THEN %(now)s::timestamptz END
          FROM jsonb_to_recordset(%(events)s::jsonb)
               AS e(step_id bigint, kind text, data jsonb, command jsonb, ord int) ORDER BY e.ord
        RETURNING id
    )
    SELECT (SELECT count(*) FROM changed WHERE instance_id = %(instance)s),
           (SELECT count(*) FROM opened), (SELECT count(*) FROM moved)
"""  # noqa: S608 - built from the constants above only


class LostRows(AssertionError):
    """A row changed although the turn holds the lock: somebody wrote to it past the turn."""


def lock_by_step(step_id: int, user_id: int | None, now: datetime) -> LockedInstance | None:
    """Lock the root of the step's instance and read the instance; None if there is no such step."""
    return _lock(LOCK_BY_STEP, step_id, user_id, now)


def lock_by_instance(instance_id: int, user_id: int | None, now: datetime) -> LockedInstance | None:
    """Lock the root of the instance and read the instance; None if there is no such instance."""
    return _lock(LOCK_BY_INSTANCE, instance_id, user_id, now)


def _lock(statement: str, key: int, user_id: int | None, now: datetime) -> LockedInstance | None:
    row = _fetch_one(statement, {"key": key, "user": user_id, "now": now})
    if row is not None and row[-1] != row[0]:
        row = _fetch_one(READ_BY_INSTANCE, {"key": row[-1], "user": user_id, "now": now})
    if row is None:
        return None
    *columns, standing, _target = row
    columns[9] = decode(json.loads(columns[9]))
    return LockedInstance(*columns, *[Standing.read(user_id, standing)])


def _fetch_one(statement: str, params: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def next_step_ids(number: int) -> list[int]:
    """Ids for steps that are about to be born."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_IDS, [number])
        return [row[0] for row in cursor.fetchall()]


def write(
    instance: LockedInstance,
    written: Written,
    *,
    by_id: int | None,
    on_behalf_of_id: int | None,
    now: datetime,
    **facts: Any,
) -> None:
    """Write everything of a turn in one statement.

    `facts` may hold `variables`, `cancelled_by` and `cancel_reason`; the rest is taken from `instance`.
    Raises LostRows when a live step was changed past the turn.
    """
    variables = facts.get("variables")
    params = {
        "instance": instance.id,
        "root": instance.root_id,
        "caption": instance.caption,
        "status": instance.status,
        "ended_at": instance.ended_at,
        "completions": instance.completions,
        "variables": None if variables is None else _json(encode(variables)),
        "cancelled_by": facts.get("cancelled_by"),
        "cancel_reason": facts.get("cancel_reason"),
        "ids": list(written.changed),
        "changed": _json([_changed(row) for row in written.changed.values()]),
        "opened": _json([{**_changed(row), **_birth(row)} for row in written.opened]),
        "events": _json([{**event, "ord": ord_} for ord_, event in enumerate(written.events)]),
        "now": now,
        "unheard": WRITES,
        "by": by_id,
        "on_behalf_of": on_behalf_of_id,
    }
    found = _fetch_one(WRITE, params)
    if found != (len(written.changed), len(written.opened), 1):
        raise LostRows(f"instance {instance.id}: wrote {found}")


def written_values(values: dict[str, Any]) -> dict[str, Any]:
    """Variables as the journal keeps them: `values`, and under `cut` the beginnings of long ones."""
    kept: dict[str, Any] = {"values": {}}
    for name, value in values.items():
        stored = encode(value)
        text = _json(stored)
        if len(text) <= MOST_TEXT:
            kept["values"][name] = stored
        else:
            kept.setdefault("cut", {})[name] = text[:MOST_TEXT]
    return kept


def _changed(row: StepRow) -> dict[str, Any]:
    step = row.step
    return {
        "id": step.id,
        "status": step.status.value,
        "waits_on": row.waits_on,
        "topic": step.topic,
        "closed_at": step.closed_at,
        "closed_by_id": row.closed_by_id,
        "closed_for_id": row.closed_for_id,
        "result": encode(step.result),
        "variables": encode(step.variables),
        "settings": plain(step.settings),
        "error": step.error,
        "attempts": step.attempts,
        "activity_id": row.activity_id,
        "record_id": row.record_id,
        "record_caption": row.record_caption,
        "assignee_id": row.assignee_id,
        "role_id": row.role_id,
        "starts_at": row.starts_at,
        "due_at": row.due_at if row.is_human else step.due_at,
        "claimed_until": row.claimed_until,
        "is_background": row.is_background,
        "details": row.details,
        "flow_id": step.flow_id,
        "items": encode(step.items),
    }


def _birth(row: StepRow) -> dict[str, Any]:
    step = row.step
    return {
        "element_id": step.element_id,
        "element_type": step.element_type,
        "name": step.name[:250],
        "scope_id": step.scope_id,
        "host_id": step.host_id,
        "kind": step.kind,
        "opened_at": step.opened_at,
        "remind_at": row.remind_at,
    }


def _json(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored")
