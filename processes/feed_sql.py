"""The SQL of the feed: one branch per performer, each leaping over the many steps of one element of one instance.

First comes what is overdue, by its deadline, then everything else, by its start. The index of a branch is ordered by
that moment, instance and element, so that the 10,000 steps of a multi-instance activity lie side by side: one probe
finds the first of them, the next probe what comes after the last. Nothing reads them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bpm_portal.accounts.substitution import Standing

#: The bell counts no further; it shows `99+`. Neither does a card that stands for several steps.
COUNT_CAP = 100

# The conditions are literals, word for word those of the indexes: nothing can be proved about parameters.
_HUMAN = "status = 'pending' AND waits_on IN ('activity', 'record')"
_MINE = f"assignee_id = %s AND {_HUMAN}"
_OF_ROLE = f"role_id = %s AND assignee_id IS NULL AND {_HUMAN}"
_COUNTED = "starts_at, instance_id, element_id, due_at, id"  # the order of the indexes by start

_COLUMNS = f"""
    s.id, s.kind, s.element_id, s.name,
    coalesce(nullif(s.settings->>'recommendation', ''), nullif(s.name, ''), s.element_id) AS text,
    s.instance_id, s.instance_caption, coalesce(s.record_id, a.record_id) AS record_id, s.record_caption,
    s.activity_id, s.assignee_id, s.role_id, coalesce(g.name, '') AS role_name,
    s.starts_at, s.due_at, s.settings, p.members,
    CASE WHEN p.members >= {COUNT_CAP} THEN (
        SELECT body.variables->>'nrOfActiveInstances' FROM processes_processstep body
         WHERE body.id = s.scope_id AND body.element_id = s.element_id
    ) END AS altogether
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader wants to see of his work: of one process, about one record, for one role; None: all."""

    process_id: int | None = None
    record_id: int | None = None
    role_id: int | None = None

    def __bool__(self) -> bool:
        return any(key is not None for key in (self.process_id, self.record_id, self.role_id))

    @property
    def sql(self) -> tuple[str, list[int]]:
        """Conditions on the step `s`; subqueries instead of joins, so that the order of the index is kept."""
        text, values = "", list[int]()
        if self.process_id is not None:
            text += (
                " AND (SELECT i.process_id FROM processes_processinstance i WHERE i.id = s.instance_id) = %s"
            )
            values.append(self.process_id)
        if self.record_id is not None:
            text += (
                " AND coalesce(s.record_id,"
                " (SELECT a.record_id FROM activities_activity a WHERE a.id = s.activity_id)) = %s"
            )
            values.append(self.record_id)
        if self.role_id is not None:
            text += " AND s.role_id = %s"
            values.append(self.role_id)
        return text, values


@dataclass(frozen=True, slots=True)
class Branch:
    """The steps of one performer: of a user, or those of a role that nobody has taken."""

    condition: str
    key: int

    @classmethod
    def of(cls, assignee_id: int | None, role_id: int | None) -> "Branch":
        """That of who took a step, or of the role where nobody has."""
        return cls(_MINE, assignee_id) if assignee_id is not None else cls(_OF_ROLE, role_id or 0)


@dataclass(frozen=True, slots=True)
class Position:
    """The last item of a page; the next page begins after it. `branch` is the place of its performer.

    `at` is the deadline of what is overdue, the start of everything else.
    """

    at: datetime
    instance_id: int
    element_id: str
    branch: int
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What is overdue, or the rest: the moment by which it is read, and which steps belong to it."""

    is_overdue: bool
    moment: str
    then: str
    condition: str
    values: tuple[datetime, ...]

    @classmethod
    def overdue(cls, now: datetime, tomorrow: datetime) -> "Part":
        """What is due before now, unless it starts after today."""
        return cls(True, "due_at", "starts_at", " AND due_at < %s AND starts_at < %s", (now, tomorrow))

    @classmethod
    def rest(cls, now: datetime, tomorrow: datetime, *, future: bool) -> "Part":
        """Everything else, with or without what starts after today."""
        if future:
            text = " AND (due_at IS NULL OR due_at >= %s OR starts_at >= %s)"
        else:
            text = " AND (due_at IS NULL OR due_at >= %s) AND starts_at < %s"
        return cls(False, "starts_at", "due_at", text, (now, tomorrow))

    @property
    def key(self) -> str:
        """What the steps of one card have in common."""
        return f"{self.moment}, instance_id, element_id"

    @property
    def order(self) -> str:
        """The order of its index."""
        return f"{self.key}, {self.then}, id"


Sql = tuple[str, list[Any]]


def branches_of(standing: Standing) -> list[Branch]:
    """Whose steps are a person's: his own and the unclaimed ones of his roles, and those of whom he stands in for."""
    people = (Branch(_MINE, person) for person in standing.person_ids)
    return [*people, *(Branch(_OF_ROLE, role) for role in standing.role_ids)]


def counting(branches: Sequence[Branch], before: datetime, filters: Filters) -> Sql:
    """How many steps start before that moment, at most COUNT_CAP: a limited branch of each index."""
    chosen, values = filters.sql
    parts = [
        f"(SELECT 1 FROM processes_processstep s WHERE {branch.condition} AND starts_at < %s{chosen}"  # noqa: S608
        f" ORDER BY {_COUNTED} LIMIT {COUNT_CAP})"
        for branch in branches
    ]
    parameters = [value for branch in branches for value in (branch.key, before, *values)]
    united = " UNION ALL ".join(parts)
    sql = f"SELECT count(*) AS n FROM (SELECT 1 FROM ({united}) b LIMIT {COUNT_CAP}) c"  # noqa: S608
    return sql, parameters


def first_of_tree(branches: Sequence[Branch], root_id: int, now: datetime) -> Sql:
    """The first step of a tree of instances that has started and is not in the background, branch by branch.

    A range of keys, not one root: only in the index of the tree do they lie in this order, so that no other is tried.
    """
    first = "AND NOT is_background AND (root_id, starts_at) >= (%s, '-infinity') AND (root_id, starts_at) <= (%s, %s)"
    parts = [
        f"(SELECT id, {number} AS branch FROM processes_processstep WHERE {branch.condition} {first}"  # noqa: S608
        " ORDER BY root_id, starts_at, id LIMIT 1)"
        for number, branch in enumerate(branches)
    ]
    parameters = [value for branch in branches for value in (branch.key, root_id, root_id, now)]
    return f"SELECT id FROM ({' UNION ALL '.join(parts)}) n ORDER BY branch LIMIT 1", parameters  # noqa: S608


def page(
    branches: Sequence[Branch],
    filters: Filters,
    parts: Sequence[Part],
    *,
    after: Position | None,
    limit: int,
) -> Sql:
    """The first `limit` cards after a position: the most urgent step of each, and how many it stands for.

    OFFSET 0 has the steps looked up by id; the planner, who expects more cards than there are, would read them all.
    """
    texts, parameters = [], list[Any]()
    for part in parts:
        if after is not None and part.is_overdue and not after.is_overdue:
            continue  # all of it was before
        for number, branch in enumerate(branches):
            text, values = _leaps(branch, number, filters, part, after=after, limit=limit)
            texts.append(text)
            parameters += values
    sql = f"""
        SELECT p.is_overdue, p.at, p.branch, {_COLUMNS}
          FROM (SELECT * FROM ({" UNION ALL ".join(texts)}) b
                 ORDER BY is_overdue DESC, at, instance_id, element_id, branch LIMIT %s) p
          CROSS JOIN LATERAL (SELECT * FROM processes_processstep WHERE id = p.id OFFSET 0) s
          LEFT JOIN activities_activity a ON a.id = s.activity_id
          LEFT JOIN auth_group g ON g.id = s.role_id
    """  # noqa: S608 - built from the constants above; every value is a parameter
    return sql, [*parameters, limit]


def members(
    branch: Branch,
    instance_id: int,
    element_id: str,
    filters: Filters,
    *,
    tomorrow: datetime,
    later: bool,
    limit: int,
) -> Sql:
    """The steps that a card stands for, the most urgent first; `later` are those that start after today."""
    chosen, values = filters.sql
    sql = f"""
        SELECT {_COLUMNS}
          FROM processes_processstep s CROSS JOIN (VALUES (1)) p(members)
          LEFT JOIN activities_activity a ON a.id = s.activity_id
          LEFT JOIN auth_group g ON g.id = s.role_id
         WHERE s.{branch.condition.replace(" AND ", " AND s.")} AND s.instance_id = %s AND s.element_id = %s
           AND (s.starts_at >= %s) = %s{chosen}
         ORDER BY s.due_at, s.starts_at, s.id LIMIT %s
    """  # noqa: S608 - built from the constants above; every value is a parameter
    return sql, [branch.key, instance_id, element_id, tomorrow, later, *values, limit]


def _leaps(
    branch: Branch,
    number: int,
    filters: Filters,
    part: Part,
    *,
    after: Position | None,
    limit: int,
) -> Sql:
    """The cards of one performer, each found by one probe of the index."""
    chosen, values = filters.sql
    where = f"{branch.condition}{part.condition}{chosen}"
    parameters = [branch.key, *part.values, *values]
    begin, at = "", list[Any]()
    if (
        after is not None and after.is_overdue == part.is_overdue
    ):  # equal keys of later performers are to come
        begin = f" AND ({part.key}) {'>=' if number > after.branch else '>'} (%s, %s, %s)"
        at = [after.at, after.instance_id, after.element_id]
    probe = f"SELECT {part.key}, id FROM processes_processstep s WHERE {where}"  # noqa: S608
    leap = f"leap.{part.moment}, leap.instance_id, leap.element_id"
    card = f"l.{part.moment}, l.instance_id, l.element_id"
    sql = f"""(
        WITH RECURSIVE leap AS (
            ({probe}{begin} ORDER BY {part.order} LIMIT 1)
            UNION ALL
            SELECT f.* FROM leap CROSS JOIN LATERAL (
                {probe} AND ({part.key}) > ({leap}) ORDER BY {part.order} LIMIT 1
            ) f
        )
        SELECT l.{part.moment} AS at, l.instance_id, l.element_id, l.id,
               {part.is_overdue} AS is_overdue, {number} AS branch, (SELECT count(*) FROM (
            SELECT 1 FROM processes_processstep s WHERE {where}
               AND ({part.key}) >= ({card}) AND ({part.key}) <= ({card})
             ORDER BY {part.order} LIMIT {COUNT_CAP}) m) AS members
          FROM (SELECT * FROM leap LIMIT %s) l)
    """  # noqa: S608 - see above
    return sql, [*parameters, *at, *parameters, *parameters, limit]
