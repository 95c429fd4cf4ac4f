"""What the statistics read: cells of the daily summary, and the instances that are not in it yet, in one statement.

One statement sees one moment: what the builder counts while it runs is either in the cells or among the rows.
"""

# ruff: noqa: S608 - built from the constants of this module alone
from typing import Any

from django.db import connection

# Of a zone that is not ready there are no cells, and its second half are all rows.
_CELLS = "zone_id = (SELECT id FROM zone) AND day BETWEEN %(first)s AND %(last)s"
_ENDED = """status IN ('completed', 'cancelled')
               AND ended_at >= (%(first)s::date)::timestamp AT TIME ZONE %(tz)s
               AND ended_at < (%(last)s::date + 1)::timestamp AT TIME ZONE %(tz)s"""
_ZONE = "WITH zone AS MATERIALIZED (SELECT id FROM processes_summaryzone WHERE name = %(tz)s AND is_ready)"
_CHOSEN = "process_id = ANY(%(processes)s) AND (%(version)s::bigint IS NULL OR version_id = %(version)s)"
_OPEN = f"""SELECT * FROM processes_processinstance WHERE {_ENDED} AND {_CHOSEN} AND NOT is_counted
             UNION ALL
            SELECT * FROM processes_processinstance
             WHERE {_ENDED} AND {_CHOSEN} AND is_counted AND NOT EXISTS (SELECT FROM zone)"""
_ALL = f"SELECT * FROM processes_processinstance WHERE {_ENDED} AND {_CHOSEN}"

#: Microseconds of completed instances, as an array.
DURATIONS = """coalesce(array_agg((extract(epoch FROM duration) * 1000000)::bigint)
                    FILTER (WHERE status = 'completed'), '{}')"""
# Who answers at once, from a card say, has begun when he was done: all of it was waiting.
_BEGAN = "coalesce(s.taken_at, CASE WHEN s.waits_on IN ('activity', 'record') THEN s.closed_at END)"
#: Of completed steps `s`: those of people, microseconds until they began, from then on, and of each as an array.
STEP_TIMES = f"""count({_BEGAN}),
           coalesce(sum((extract(epoch FROM {_BEGAN} - s.opened_at) * 1000000)::bigint), 0)::bigint,
           coalesce(sum((extract(epoch FROM s.closed_at - {_BEGAN}) * 1000000)::bigint), 0)::bigint,
           array_agg((extract(epoch FROM s.closed_at - s.opened_at) * 1000000)::bigint)"""

_ROWS = """
    SELECT process_id, (ended_at AT TIME ZONE %(tz)s)::date,
           count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE status = 'cancelled'),
           0::bigint, NULL::jsonb, NULL::float, NULL::float,
           {durations}
      FROM ({instances}) finished GROUP BY 1, 2
"""
FINISHED = f"""{_ZONE}
    SELECT process_id, day, completed, cancelled, total, histogram, median, p90, NULL::bigint[]
      FROM processes_dailysummary WHERE {_CELLS} AND {_CHOSEN}
     UNION ALL {_ROWS.format(durations=DURATIONS, instances=_OPEN)}
"""
FINISHED_ROWS = _ROWS.format(durations=DURATIONS, instances=_ALL)

_STEPS = """
    SELECT i.process_id, s.element_id, {times}, NULL::jsonb
      FROM ({instances}) i JOIN processes_processstep s ON s.instance_id = i.id
     WHERE i.status = 'completed' AND s.status = 'completed' GROUP BY 1, 2
"""
WORKED = f"""{_ZONE}
    SELECT process_id, '', 0, 0::bigint, 0::bigint, NULL::bigint[], elements
      FROM processes_dailysummary WHERE {_CELLS} AND {_CHOSEN}
     UNION ALL {_STEPS.format(times=STEP_TIMES, instances=_OPEN)}
"""
WORKED_ROWS = _STEPS.format(times=STEP_TIMES, instances=_ALL)

NOW_OPEN = f"""
    SELECT process_id, count(*) FILTER (WHERE status = 'running'), count(*) FILTER (WHERE status = 'failed')
      FROM processes_processinstance WHERE status IN ('running', 'failed') AND {_CHOSEN}
     GROUP BY process_id
"""
# Of steps that stand failed: when, by instance.
FAILED = f"""
    SELECT i.process_id, (max(s.closed_at) AT TIME ZONE %(tz)s)::date
      FROM (SELECT id, process_id FROM processes_processinstance WHERE status = 'failed' AND {_CHOSEN}) i
      JOIN processes_processstep s ON s.instance_id = i.id AND s.status = 'failed'
     GROUP BY i.id, i.process_id
"""
# Where tokens stand at this moment.
WAITING = f"""
    SELECT i.process_id, s.element_id, count(*)
      FROM (SELECT id, process_id FROM processes_processinstance
             WHERE status IN ('running', 'failed') AND {_CHOSEN}) i
      JOIN processes_processstep s ON s.instance_id = i.id AND s.status IN ('pending', 'failed')
     GROUP BY 1, 2
"""


def rows(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All that it finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
