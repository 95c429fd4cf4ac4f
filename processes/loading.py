"""How a turn reads the steps of its instance: those around one step, and what the engine finds lacking then."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from processes.engine.behaviours.loops import COUNTER, OUTPUT
from processes.engine.feel import decode
from processes.engine.needs import Beside, Inside, Need, Standing, Tokens, Undoable, Waiting
from processes.engine.state import Status, Step, WaitsOn
from processes.engine.undoing import COMPLETED_AS
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
STEPS = "processes_processstep s"
LIVE = "s.instance_id = %(instance)s AND s.status IN ('pending', 'failed')"
# Each is the predicate of a partial index, word for word.
TOKEN = f"{LIVE} AND s.waits_on = 'tokens'"
ATTENTIVE = f"""{LIVE}
     AND (s.waits_on IN ('condition', 'signal') OR s.element_type IN ('adHocSubProcess', 'subscription'))"""

ALL = f"SELECT {STEP} FROM {STEPS} WHERE {LIVE} ORDER BY s.id"  # noqa: S608 - built from the constants above only

# A look-up for each row found so far (OFFSET 0 keeps the planner from turning it into a join that reads all live
# steps of the instance): however many steps are live, only those that are wanted are read. And each goes through an
# array, since the planner takes a recursion for a hundred rows, and a hundred of a hundred for worth compiling. What
# is left out is asked for in the order of the index: where most steps are of one instance, the planner hopes to meet a
# live one at once and reads all that are done.
AROUND = """
    WITH RECURSIVE seeds AS ({seeds}), chain AS (
        SELECT * FROM seeds
        UNION
        SELECT o.* FROM chain c CROSS JOIN LATERAL (
               SELECT s.id, s.scope_id, s.host_id FROM {steps}
                WHERE s.id = ANY(ARRAY[c.scope_id, c.host_id]) AND s.status IN ('pending', 'failed') OFFSET 0) o
    ), found AS (
        SELECT id FROM chain UNION {found}
    ), loaded AS MATERIALIZED (
        SELECT id FROM found
        UNION
        SELECT o.id FROM unnest(ARRAY(SELECT id FROM found)) AS f(id) CROSS JOIN LATERAL (
               SELECT s.id FROM {steps} WHERE s.host_id = f.id AND s.status IN ('pending', 'failed') OFFSET 0) o
    )
    SELECT {columns},
           p.waits_on = 'children' AND (
               SELECT s.id FROM {steps} WHERE {live} AND s.scope_id = p.id
                  AND NOT s.id IN (SELECT n.id FROM loaded n) ORDER BY s.element_id LIMIT 1) IS NOT NULL,
           (SELECT s.id FROM {steps} WHERE {live} AND s.scope_id IS NULL
               AND NOT s.id IN (SELECT n.id FROM loaded n) ORDER BY s.scope_id, s.element_id LIMIT 1) IS NOT NULL
      FROM unnest(ARRAY(SELECT id FROM loaded)) AS l(id)
     CROSS JOIN LATERAL (SELECT * FROM processes_processstep x WHERE x.id = l.id OFFSET 0) p
     ORDER BY p.id
"""

SEED = f"SELECT s.id, s.scope_id, s.host_id FROM {STEPS} WHERE"  # noqa: S608 - likewise
FOCUS = f"{SEED} s.id = %(focus)s AND s.status IN ('pending', 'failed')"
WAITING = f"""
    {SEED} {ATTENTIVE} AND (s.waits_on, s.topic) IN (
        SELECT w.waits_on, w.topic FROM jsonb_to_recordset(%(waiting)s::jsonb) AS w(waits_on text, topic text))
    UNION ALL {SEED} %(all_tokens)s AND {TOKEN}"""  # noqa: S608

# Of each scope: who waits for its events, and the newest token at each of its joins.
LISTENING = f"SELECT s.id FROM {STEPS} WHERE {ATTENTIVE} AND s.element_type = 'subscription' AND s.scope_id"  # noqa: S608
_TOKENS = f"SELECT s.id, s.element_id FROM {STEPS} WHERE {TOKEN} AND s.scope_id"  # noqa: S608
_ORDER = "ORDER BY s.scope_id DESC, s.element_id DESC, s.id DESC LIMIT 1"
# From one join to the next, past all others that wait at the same.
NEWEST = f"""
    WITH RECURSIVE newest AS (
        ({_TOKENS} {{scope}} {_ORDER})
        UNION ALL
        SELECT o.* FROM newest n CROSS JOIN LATERAL (
               {_TOKENS} {{scope}} AND s.element_id < n.element_id {_ORDER}) o
    ) SELECT unnest(ARRAY(SELECT id FROM newest)) AS id"""  # noqa: S608

INSIDE = f"""
    SELECT id FROM (
        WITH RECURSIVE inside AS (
            SELECT s.id FROM {STEPS} WHERE {LIVE} AND s.scope_id = ANY(%(inside)s)
            UNION ALL
            SELECT o.id FROM inside i CROSS JOIN LATERAL (
                   SELECT s.id FROM {STEPS} WHERE {LIVE} AND s.scope_id = i.id OFFSET 0) o
        ) SELECT id FROM inside) i"""  # noqa: S608
# What the engine names of a scope: all its steps, the tokens at one join, one step that stands somewhere.
WANTED = f"""
    SELECT s.id FROM {STEPS} WHERE w.sort = 'beside' AND {LIVE} AND s.scope_id {{scope}}
    UNION ALL
    SELECT s.id FROM {STEPS}
     WHERE w.sort = 'tokens' AND {TOKEN} AND s.scope_id {{scope}} AND s.element_id = ANY(w.elements)
    UNION ALL
    (SELECT o.id FROM unnest(w.elements) AS e(id) CROSS JOIN LATERAL (
            SELECT s.id FROM {STEPS}
             WHERE {LIVE} AND s.scope_id {{scope}} AND s.element_id = e.id
               AND s.element_type <> 'subscription' AND NOT s.id = ANY(w.besides) AND NOT EXISTS (
                   SELECT FROM processes_processstep h WHERE h.id = s.host_id AND h.status IN ('pending', 'failed'))
             LIMIT 1) o
      WHERE w.sort = 'standing' LIMIT 1)"""  # noqa: S608
WANTS = """
    SELECT o.id FROM jsonb_to_recordset(%(wanted)s::jsonb) AS w(
           sort text, scope bigint, elements text[], besides bigint[])
     CROSS JOIN LATERAL"""


def _of_scopes(search: str) -> list[str]:
    """The search in the scopes around the step, and in the instance."""
    chain = "unnest(ARRAY(SELECT id FROM chain)) AS c(id)"
    return [
        f"SELECT o.id FROM {chain} CROSS JOIN LATERAL ({search.format(scope='= c.id')} OFFSET 0) o",  # noqa: S608
        f"SELECT o.id FROM ({search.format(scope='IS NULL')}) o",  # noqa: S608
    ]


def _around(seeds: Sequence[str], found: Sequence[str]) -> str:
    return AROUND.format(
        seeds=" UNION ALL ".join(seeds),
        found=" UNION ".join(found),
        steps=STEPS,
        live=LIVE,
        columns=STEP.replace("s.", "p."),
    )


_EVENTS = _of_scopes(LISTENING + " {scope}")
_JOINS = _of_scopes(NEWEST)
# To plan a statement costs more than to run it: what a diagram or a turn has no use for is left out.
AROUND_STEP = _around([FOCUS], _EVENTS)
AROUND_STEP_AND_JOINS = _around([FOCUS], [*_EVENTS, *_JOINS])
AROUND_WITH_NEEDS = _around(
    [FOCUS, WAITING],
    [
        *_EVENTS,
        *_JOINS,
        INSIDE,
        f"{WANTS} ({WANTED.format(scope='= w.scope')} OFFSET 0) o WHERE w.scope IS NOT NULL",
        f"{WANTS} ({WANTED.format(scope='IS NULL')} OFFSET 0) o WHERE w.scope IS NULL",
    ],
)

# The expression and the predicate of the index, word for word. Boundary events have their host as host, too; all others
# whose host has completed undo it (one look-up for each: the planner would join with all of them).
_PLACE = f"(s.settings ->> '{COMPLETED_AS}')::integer"
_LEFT = f"""
    s.instance_id = %(instance)s AND s.settings ? '{COMPLETED_AS}'
    AND (SELECT u.id FROM processes_processstep u
          WHERE u.host_id = s.id AND u.element_type <> 'boundaryEvent' LIMIT 1) IS NULL"""  # noqa: S608 - a constant
UNDOABLE = f"""
    WITH RECURSIVE last AS (
        SELECT s.id FROM {STEPS}
         WHERE {_LEFT} AND s.scope_id {{scope}} AND {_PLACE} < %(before)s
           AND (%(element)s = '' OR s.element_id = %(element)s)
         ORDER BY s.scope_id DESC, {_PLACE} DESC LIMIT %(number)s
    ), found AS (
        SELECT id FROM last
        UNION ALL
        SELECT o.id FROM found f CROSS JOIN LATERAL (
               SELECT s.id FROM {STEPS} WHERE {_LEFT} AND s.scope_id = f.id OFFSET 0) o
    )
    SELECT {STEP} FROM unnest(ARRAY(SELECT id FROM found)) AS f(id)
     CROSS JOIN LATERAL (SELECT * FROM processes_processstep x WHERE x.id = f.id OFFSET 0) s"""  # noqa: S608

OUTPUTS = f"""
    SELECT variables -> '{COUNTER}', variables -> '{OUTPUT}' FROM processes_processstep
     WHERE scope_id = %(body)s AND status IN ('completed', 'skipped') AND variables ? '{OUTPUT}'"""  # noqa: S608 - likewise

ITEM = "SELECT items -> %s FROM processes_processstep WHERE id = %s"

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


def read_around(instance_id: int, step_id: int | None, needs: Collection[Need], *, joins: bool) -> Loaded:
    """The live steps around one step (see `engine.state.State`), and what else is needed; only under the lock.

    Without `joins` the diagram has none at which tokens wait.
    """
    if Inside(None) in needs:
        return _read_all(instance_id)
    waiting = [need for need in needs if isinstance(need, Waiting)]
    params = {
        "instance": instance_id,
        "focus": step_id,
        "waiting": json.dumps([{"waits_on": need.waits_on.value, "topic": need.topic} for need in waiting]),
        "all_tokens": any(need.waits_on is WaitsOn.TOKENS for need in waiting),
        "inside": [need.scope_id for need in needs if isinstance(need, Inside)],
        "wanted": json.dumps([wanted for need in needs if (wanted := _as_wanted(need))]),
    }
    rows: dict[int, StepRow] = {}
    hidden: set[int | None] = set()
    statement = AROUND_WITH_NEEDS if needs else AROUND_STEP_AND_JOINS if joins else AROUND_STEP
    for row, hides, root_hides in _read(statement, params):
        rows[row.step.id] = row
        hidden |= {row.step.id} if hides else set()
        hidden |= {None} if root_hides else set()
    return Loaded(rows, frozenset(hidden))


def _as_wanted(need: Need) -> dict[str, Any] | None:
    match need:
        case Beside(scope_id):
            return {"sort": "beside", "scope": scope_id}
        case Tokens(element_id, scope_id):
            return {"sort": "tokens", "scope": scope_id, "elements": [element_id]}
        case Standing(scope_id, element_ids, besides):
            elements, known = sorted(element_ids), sorted(besides)
            return {"sort": "standing", "scope": scope_id, "elements": elements, "besides": known}
    return None


def read_undoable(instance_id: int, need: Undoable) -> list[Step]:
    """The completed steps that are needed, in no order."""
    statement = UNDOABLE.format(scope="IS NULL" if need.scope_id is None else "= %(scope)s")
    params = {
        "instance": instance_id,
        "scope": need.scope_id,
        "element": need.element_id,
        "before": need.before,
        "number": need.number,
    }
    return [row.step for row, *_ in _read(statement, params)]


def read_outputs(body_id: int) -> dict[int, Any]:
    """What the instances of a multi-instance activity have given so far, by their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(OUTPUTS, {"body": body_id})
        return {int(decode(json.loads(number))): decode(json.loads(value)) for number, value in cursor}


def read_item(body_id: int, number: int) -> Any:
    """One item of the collection of a multi-instance activity."""
    with connection.cursor() as cursor:
        cursor.execute(ITEM, [number - 1, body_id])
        [item] = cursor.fetchone()
        return decode(json.loads(item))


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
