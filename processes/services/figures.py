"""What a diagram says of each element in numbers: how many are done, waiting or failed, and how long they took."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

# Times are those of completed steps: what was cancelled or skipped says nothing about the work. The step around the
# rounds of one element is none of them.
OF_INSTANCE = """
    SELECT element_id, status, count(*), max(name), min(element_type), sum(closed_at - opened_at),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - opened_at)
      FROM processes_processstep step
     WHERE instance_id = %s AND NOT EXISTS (
           SELECT 1 FROM processes_processstep round
            WHERE round.instance_id = step.instance_id AND round.scope_id = step.id
              AND round.element_id = step.element_id)
     GROUP BY element_id, status ORDER BY min(id)
"""


@dataclass(slots=True)
class ElementFigures:
    """One element of an instance: number of steps by status; median and total time of those completed."""

    element_id: str
    name: str
    element_type: str
    counts: dict[str, int] = field(default_factory=dict)
    median: timedelta | None = None
    total: timedelta | None = None


def figures_of(instance_id: int) -> list[ElementFigures]:
    """Every element that the instance has reached, in the order of the first time; one statement."""
    found: dict[str, ElementFigures] = {}
    with connection.cursor() as cursor:
        cursor.execute(OF_INSTANCE, [instance_id])
        for element_id, status, number, name, element_type, total, median in cursor.fetchall():
            one = found.setdefault(element_id, ElementFigures(element_id, name or element_id, element_type))
            one.counts[status] = number
            if status == "completed":
                one.total, one.median = total, median
    return list(found.values())
