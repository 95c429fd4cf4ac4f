"""Reads what PostgreSQL did for the statements of a page: rows that it read, and tables that it walked."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

BIG = {
    "activities_activity",
    "processes_processevent",
    "processes_processinstance",
    "processes_processstep",
    "records_record",
}


FEW = 2_000  # rows from the beginning of a table are no walk


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement: the rows that its scans have read, and the big tables that it walked from end to end."""

    sql: str
    rows: int
    walked: frozenset[str]


class Statements:
    """Explains every SELECT that runs while it is installed by `connection.execute_wrapper`."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.plans: list[Plan] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.texts.append(sql)
        if sql.lstrip().upper().startswith(("SELECT", "WITH", "(SELECT")):
            with context["connection"].cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
                found = cursor.cursor.fetchone()[0]
            self.plans.append(
                plan_of(sql, (json.loads(found) if isinstance(found, str) else found)[0]["Plan"])
            )
        return execute(sql, params, many, context)


def plan_of(sql: str, plan: dict[str, Any]) -> Plan:
    """The sum over all nodes that read a table or an index, those that a filter threw away included."""
    rows, walked = 0, set()
    for node in nodes(plan):
        if "Scan" in node["Node Type"] and ("Relation Name" in node or "Index Name" in node):
            rows += rows_of(node)
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG and rows_of(node) > FEW:
                walked.add(node["Relation Name"])
    return Plan(sql, rows, frozenset(walked))


def rows_of(node: dict[str, Any]) -> int:
    """What one node has read, those that a filter threw away included."""
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round((node["Actual Rows"] + thrown) * node["Actual Loops"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan and all plans below it."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def watch(act: Callable[[], Any]) -> tuple[Any, Statements]:
    """What `act` returns, and its statements."""
    statements = Statements()
    with connection.execute_wrapper(statements):
        answer = act()
    return answer, statements
