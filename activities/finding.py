"""What the filters of the list find, and how much of it there is for several of them at once."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from activities.forms import ListForm, day_start
from activities.models import Activity
from activities.querysets import ActivityQuerySet

CAP = 99  # a count goes no further: more is shown as `99+`


def find(user: Any, chosen: Mapping[str, Any]) -> ActivityQuerySet:
    """What the filters ask for; nothing that the user may not see."""
    activities = Activity.objects.all()
    scopes = {"mine": activities.mine, "roles": activities.of_my_roles, "all": activities.visible_to}
    found: ActivityQuerySet = scopes.get(chosen.get("show", ""), activities.for_performer)(user)
    status = chosen.get("status", "open")
    found = found.with_status("" if status == "any" else status)
    if "category" in chosen:
        found = found.of_category(chosen["category"])
    if "process" in chosen:
        found = found.of_process(chosen["process"])
    since = day_start(chosen["since"]) if "since" in chosen else None
    until = day_start(_next_day(chosen["until"])) if "until" in chosen else None
    return found.between(since, until).search(chosen.get("q", ""))


def count_each(user: Any, queries: Sequence[Mapping[str, str]]) -> list[int]:
    """How much each filter finds for this user, up to CAP + 1; one statement for all of them."""
    counts = [0] * len(queries)
    parts, params = [], []
    for at, query in enumerate(queries):
        found = find(user, ListForm(dict(query)).chosen()).order_by().values("pk")[: CAP + 1]
        try:
            sql, its_params = found.query.sql_with_params()
        except EmptyResultSet:  # a filter on roles, of somebody without any
            continue
        parts.append(f"SELECT {at}, count(*) FROM ({sql}) AS found")  # noqa: S608 - compiled by the ORM
        params += its_params
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for at, count in cursor.fetchall():
                counts[at] = count
    return counts


def _next_day(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
