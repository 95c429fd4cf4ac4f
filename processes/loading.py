"""How a turn reads the steps of its instance: those around one step, and what the engine finds lacking then."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from processes.engine.behaviours.loops import COUNTER, OUTPUT
from processes.engine.feel import decode
from processes.engine.needs import Beside, Inside, Need, Waiting
from processes.engine.state import Status, Step, WaitsOn
from processes.engine.step_types import STANDING_FOR
from processes.store import PERSON_SUBJECTS, StepRow

ENGINE_COLUMNS = (
    "id", "element_id", "element_type", "name", "flow_id", "scope_id", "host_id", "kind", "topic",
    "opened_at", "closed_at", "error", "attempts",
)  # fmt: skip
PORTAL_COLUMNS = (
    "waits_on", "activity_id", "record_id", "assignee_id", "role_id", "record_caption", "starts_at", "due_at",
    "claimed_until", "is_background",
)  # fmt: skip
STEP = ", ".join(
    f"s.{name}"
    for name in dict.fromkeys((*ENGINE_COLUMNS, *PORTAL_COLUMNS, "status", "result", "variables", "settings"))
)
LIVE = "s.instance_id = %(instance)s AND s.status IN ('pending', 'failed')"
AT_REST = "(s.waits_on IN ('condition', 'signal', 'tokens') OR s.element_type = 'subscription')"

ALL = f"SELECT {STEP} FROM processes_processstep s WHERE {LIVE} ORDER BY s.id"  # noqa: S608 - built from the constants above only

# A look-up for each row found so far (OFFSET 0 keeps the planner from turning it into a join that reads all live
# steps of the instance): however many steps are live, only those that are wanted are read.
AROUND = f"""
    WITH RECURSIVE seeds AS (
        SELECT s.id, s.scope_id, s.host_id FROM processes_processstep s WHERE s.id = %(focus)s AND {LIVE}
        UNION ALL
        SELECT s.id, s.scope_id, s.host_id FROM processes_processstep s
          JOIN jsonb_to_recordset(%(waiting)s::jsonb) AS w(waits_on text, topic text)
            ON w.waits_on = s.waits_on AND w.topic = s.topic
         WHERE %(waiting)s::jsonb <> '[]' AND {LIVE} AND {AT_REST}
    ), chain AS (
        SELECT * FROM seeds
        UNION
        SELECT o.* FROM chain c CROSS JOIN LATERAL (
               SELECT s.id, s.scope_id, s.host_id FROM processes_processstep s
                WHERE s.id = ANY(ARRAY[c.scope_id, c.host_id]) AND {LIVE} OFFSET 0) o
    ), inside AS (
        SELECT s.id FROM processes_processstep s WHERE {LIVE} AND s.scope_id = ANY(%(inside)s)
        UNION ALL
        SELECT o.id FROM inside i CROSS JOIN LATERAL (
               SELECT s.id FROM processes_processstep s WHERE {LIVE} AND s.scope_id = i.id OFFSET 0) o
    ), found AS (
        SELECT id FROM chain
        UNION
        SELECT id FROM inside
        UNION
        SELECT s.id FROM processes_processstep s WHERE {LIVE} AND s.scope_id = ANY(%(beside)s)
        UNION
        SELECT s.id FROM processes_processstep s WHERE %(beside_root)s AND {LIVE} AND s.scope_id IS NULL
        UNION
        SELECT o.id FROM chain c CROSS JOIN LATERAL (
               SELECT s.id FROM processes_processstep s
                WHERE {LIVE} AND s.scope_id = c.id AND {AT_REST}
                  AND (s.element_type = 'subscription' OR s.waits_on = 'tokens') OFFSET 0) o
        UNION
        SELECT s.id FROM processes_processstep s
         WHERE {LIVE} AND s.scope_id IS NULL AND {AT_REST}
           AND (s.element_type = 'subscription' OR s.waits_on = 'tokens')
    ), loaded AS (
        SELECT id FROM found
        UNION
        SELECT o.id FROM found f CROSS JOIN LATERAL (
               SELECT s.id FROM processes_processstep s
                WHERE s.host_id = f.id AND s.status IN ('pending', 'failed') OFFSET 0) o
    )
    SELECT {STEP},
           p.waits_on = 'children' AND (
               SELECT s.id FROM processes_processstep s WHERE {LIVE} AND s.scope_id = p.id
                  AND NOT EXISTS (SELECT FROM loaded n WHERE n.id = s.id) LIMIT 1) IS NOT NULL,
           (SELECT s.id FROM processes_processstep s WHERE {LIVE} AND s.scope_id IS NULL
               AND NOT EXISTS (SELECT FROM loaded n WHERE n.id = s.id) LIMIT 1) IS NOT NULL
      FROM loaded l CROSS JOIN LATERAL (SELECT * FROM processes_processstep x WHERE x.id = l.id OFFSET 0) p
     ORDER BY p.id
"""  # noqa: S608 - built from the constants above only
AROUND = AROUND.replace(f"SELECT {STEP},", f"SELECT {STEP.replace('s.', 'p.')},")

# Boundary events have their host as host, too; all others whose host has completed undo it.
COMPLETED = f"""
    SELECT {STEP}, s.id IN (
           SELECT u.host_id FROM processes_processstep u
            WHERE u.instance_id = %(instance)s AND u.host_id IS NOT NULL AND u.element_type <> 'boundaryEvent')
      FROM processes_processstep s
     WHERE s.instance_id = %(instance)s AND s.status = 'completed'
       AND s.element_id = ANY(%(elements)s) AND s.element_type <> ALL(%(others)s)
     ORDER BY s.id"""  # noqa: S608 - built from the constants above only

OUTPUTS = f"""
    SELECT variables -> '{COUNTER}', variables -> '{OUTPUT}' FROM processes_processstep
     WHERE scope_id = %(body)s AND variables ? '{OUTPUT}'"""  # noqa: S608 - likewise

HAS_FAILED = """
    SELECT EXISTS (SELECT FROM processes_processstep
                    WHERE instance_id = %s AND status = 'failed' AND id <> ALL(%s))"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Live steps by id, oldest first, and the scopes (None: the instance) in which others were left out."""

    rows: dict[int, StepRow]
    hidden: frozenset[int | None] = frozenset()


def _read_all(instance_id: int) -> Loaded:
    return Loaded({row.step.id: row for row, *_ in _read(ALL, {"instance": instance_id})})


def read_around(instance_id: int, step_id: int | None, needs: Collection[Need]) -> Loaded:
    """The live steps around one step (see `engine.state.State`), and what else is needed; only under the lock."""
    if Inside(None) in needs:
        return _read_all(instance_id)
    waiting = [
        {"waits_on": need.waits_on.value, "topic": need.topic} for need in needs if isinstance(need, Waiting)
    ]
    beside = [need.scope_id for need in needs if isinstance(need, Beside)]
    params = {
        "instance": instance_id,
        "focus": step_id,
        "waiting": json.dumps(waiting),
        "inside": [need.scope_id for need in needs if isinstance(need, Inside)],
        "beside": [scope_id for scope_id in beside if scope_id is not None],
        "beside_root": None in beside,
    }
    rows: dict[int, StepRow] = {}
    hidden: set[int | None] = set()
    for row, hides, root_hides in _read(AROUND, params):
        rows[row.step.id] = row
        hidden |= {row.step.id} if hides else set()
        hidden |= {None} if root_hides else set()
    return Loaded(rows, frozenset(hidden))


def read_completed(instance_id: int, element_ids: Iterable[str]) -> tuple[list[Step], frozenset[int]]:
    """The completed steps of these elements, and the ids of those that something undoes or has undone."""
    params = {"instance": instance_id, "elements": list(element_ids), "others": list(STANDING_FOR)}
    found = [(row.step, is_undone) for row, is_undone in _read(COMPLETED, params)]
    return [step for step, _ in found], frozenset(step.id for step, is_undone in found if is_undone)


def read_outputs(body_id: int) -> dict[int, Any]:
    """What the instances of a multi-instance activity have given so far, by their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(OUTPUTS, {"body": body_id})
        return {int(decode(json.loads(number))): decode(json.loads(value)) for number, value in cursor}


def has_failed(instance_id: int, *, besides: Iterable[int]) -> bool:
    """Whether the instance has a failed step that is none of these."""
    with connection.cursor() as cursor:
        cursor.execute(HAS_FAILED, [instance_id, list(besides)])
        [found] = cursor.fetchone()
        return bool(found)


def _read(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Each row as a step, and the columns that come after those of a step."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        names = [column.name for column in cursor.description][:_WIDTH]
        return [
            (_step_row(dict(zip(names, values[:_WIDTH], strict=True))), *values[_WIDTH:]) for values in cursor
        ]


_WIDTH = STEP.count(",") + 1


def _step_row(row: dict[str, Any]) -> StepRow:
    is_human = row["waits_on"] in PERSON_SUBJECTS
    step = Step(
        **{name: row[name] for name in ENGINE_COLUMNS},
        status=Status(row["status"]),
        waits_on=WaitsOn.PERSON if is_human else WaitsOn(row["waits_on"]),
        due_at=None if is_human else row["due_at"],
        result=decode(json.loads(row["result"])) if row["result"] else None,
        variables=decode(json.loads(row["variables"])),
        settings=json.loads(row["settings"]),
    )
    return StepRow(step=step, **{name: row[name] for name in PORTAL_COLUMNS})
