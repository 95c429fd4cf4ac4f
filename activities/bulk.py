"""Closes and opens the activities of a turn in one statement; only for managers that hold their lock."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from activities.models import Activity

#: The columns of a new activity with their types and what stands there when nothing is said.
COLUMNS: Mapping[str, tuple[str, Any]] = {
    "title": ("text", ""),
    "details": ("text", ""),
    "category": ("text", Activity.Category.TASK.value),
    "status": ("text", Activity.Status.NOT_STARTED.value),
    "priority": ("int", Activity.Priority.MEDIUM.value),
    "owner_id": ("bigint", None),
    "role_id": ("int", None),
    "author_id": ("bigint", None),
    "starts_at": ("timestamptz", None),
    "due_at": ("timestamptz", None),
    "remind_owner_at": ("timestamptz", None),
    "remind_author_at": ("timestamptz", None),
    "in_calendar": ("bool", True),
    "result": ("text", ""),
    "result_details": ("text", ""),
    "allowed_results": ("jsonb", []),
    "record_id": ("bigint", None),
    "record_caption": ("text", ""),
    "process_caption": ("text", ""),
    "managed_by": ("text", ""),
}

_NAMES = ", ".join(COLUMNS)
_TYPES = ", ".join(f"{name} {type_}" for name, (type_, _) in COLUMNS.items())

# By their ids, named apart, since the planner cannot tell from the JSON that they are few. An activity that is final
# already keeps its result: the compare-and-set passes it by. An unclaimed one becomes the property of whoever closed
# it, or of him in whose name that was done.
APPLY = f"""
    WITH closed AS (
        UPDATE activities_activity a
           SET status = c.status, result = c.result, result_details = c.details, closed_at = %(now)s,
               closed_by_id = c.closed_by_id, closed_for_id = c.closed_for_id,
               owner_id = coalesce(a.owner_id, c.closed_for_id, c.closed_by_id)
          FROM jsonb_to_recordset(%(closings)s::jsonb)
               AS c(id bigint, status text, result text, details text, closed_by_id bigint, closed_for_id bigint)
         WHERE a.id = c.id AND a.id = ANY(%(ids)s) AND a.closed_at IS NULL RETURNING a.id
    ), born AS MATERIALIZED (
        SELECT nextval('activities_activity_id_seq') AS id, n.*
          FROM jsonb_to_recordset(%(openings)s::jsonb) AS n(ord int, connections jsonb, {_TYPES})
    ), opened AS (
        INSERT INTO activities_activity (id, created_at, {_NAMES}) SELECT id, %(now)s, {_NAMES} FROM born
    ), connected AS (
        INSERT INTO activities_activityconnection (activity_id, record_id)
        SELECT DISTINCT born.id, r.id FROM born, jsonb_array_elements_text(born.connections) AS e(record)
          JOIN records_record r ON r.id = e.record::bigint WHERE r.id IS DISTINCT FROM born.record_id
    )
    SELECT coalesce(jsonb_agg(id ORDER BY ord), '[]') FROM born
"""  # noqa: S608 - built from the constants above only


@dataclass(frozen=True, slots=True)
class Closing:
    """An activity that ends: `status` is completed or cancelled."""

    id: int
    status: str
    result: str = ""
    details: str = ""
    closed_by_id: int | None = None
    closed_for_id: int | None = None


def apply(*, closings: Sequence[Closing], openings: Sequence[Mapping[str, Any]], now: datetime) -> list[int]:
    """Close and open activities; returns the ids of the opened ones in their order.

    `openings` map column names of `COLUMNS` to values, and `connections` to ids of further records.
    """
    if not closings and not openings:
        return []
    params = {
        "now": now,
        "ids": [closing.id for closing in closings],
        "closings": _json(
            [
                {
                    "id": closing.id,
                    "status": closing.status,
                    "result": closing.result[:100],
                    "details": closing.details,
                    "closed_by_id": closing.closed_by_id,
                    "closed_for_id": closing.closed_for_id,
                }
                for closing in closings
            ]
        ),
        "openings": _json(
            [
                {"ord": ord_, "connections": opening.get("connections", []), **_filled(opening)}
                for ord_, opening in enumerate(openings)
            ]
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(APPLY, params)
        ids: list[int] = json.loads(cursor.fetchone()[0])
    return ids


def _filled(opening: Mapping[str, Any]) -> dict[str, Any]:
    return {name: opening.get(name, default) for name, (_, default) in COLUMNS.items()}


def _json(value: Any) -> str:
    return json.dumps(value, default=datetime.isoformat, ensure_ascii=False)
