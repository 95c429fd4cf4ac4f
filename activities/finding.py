"""What the filters of the list find."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.urls import reverse

from activities.forms import ListForm, day_start
from activities.models import Activity
from activities.querysets import ActivityQuerySet
from records.kept_lists import KeptList

LIST = "activities"  # under which its kept filters stand


def find(user: Any, chosen: Mapping[str, Any]) -> list[ActivityQuerySet]:
    """What the filters ask for, as branches; nothing that the user may not see."""
    return finder(user)(chosen)


def finder(user: Any) -> Callable[[Mapping[str, Any]], list[ActivityQuerySet]]:
    """What finds for any filters; what the user may see altogether is looked up once."""
    activities: ActivityQuerySet = Activity.objects.all()
    visible = cache(lambda: activities.visible_branches(user))
    scopes = {
        "mine": lambda: [activities.mine(user)],
        "roles": lambda: activities.roles_branches(user),
        "all": visible,
    }

    def find_for(chosen: Mapping[str, Any]) -> list[ActivityQuerySet]:
        if chosen.get("show") == "all" and "q" in chosen:
            return [_narrow(activities.shown_to(user), chosen)]
        branches = scopes.get(chosen.get("show", ""), lambda: activities.performer_branches(user))()
        return [_narrow(branch, chosen) for branch in branches]

    return find_for


def _narrow(found: ActivityQuerySet, chosen: Mapping[str, Any]) -> ActivityQuerySet:
    status = chosen.get("status", "open")
    found = found.with_status("" if status == "any" else status)
    if "category" in chosen:
        found = found.of_category(chosen["category"])
    if "process" in chosen:
        found = found.of_process(chosen["process"])
    since = day_start(chosen["since"]) if "since" in chosen else None
    until = day_start(_next_day(chosen["until"])) if "until" in chosen else None
    return found.between(since, until).search(chosen.get("q", ""))


def kept_list(user: Any, _rest: str) -> KeptList:
    """The list of activities, for filters that people keep."""
    find_for = finder(user)
    return KeptList(
        code=LIST,
        address=reverse("activities:list"),
        clean=query_of,
        find=lambda query: find_for(ListForm(dict(query)).chosen()),
    )


def query_of(data: Any) -> dict[str, str]:
    """The filters in these parameters that make sense, as the list's address has them."""
    return {name: data[name] for name in ListForm(data).chosen()}


def _next_day(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
