"""The doors of people."""

from tests.access.doors import (
    ACTIVITY,
    FORBIDDEN,
    HERS,
    REFUSED,
    UNTIL,
    Door,
    activity,
    bob,
    call,
    carol,
    contract,
    contract_id,
    diagram_file,
    filter_,
    given,
    instance,
    key,
    managed,
    notification,
    role,
    section,
    spare,
    step,
)
from tests.access.talk import TALK

ACCOUNTS = [
    Door("accounts:profile", mallory=HERS),
    Door("accounts:profile", "POST", data=given(language="en", theme="dark", time_zone="UTC"), mallory=HERS),
    Door("accounts:people", data=given(q="Zan"), mallory=HERS, shows=True),
    Door("accounts:roles", data=given(q="Zan"), mallory=HERS, shows=True),
]

# What is asked of a selection; she has nobody to give anything to.
BULK = {
    "complete": ({"result": "done"}, HERS),
    "postpone": ({"until": UNTIL}, HERS),
    "reassign": ({"assignee": carol}, REFUSED),
    "cancel": ({"reason": "no need"}, HERS),
}
ACTIVITIES = [
    Door("activities:list", data=given(show="all"), mallory=HERS, shows=True),
    Door("activities:list", data=given(show="all", q="Zan", status="any"), mallory=HERS, shows=True),
    Door("activities:list", data=given(show="all", process="Zan"), mallory=HERS, shows=True),
    Door("activities:calendar", data=given(date="2026-03-02"), mallory=HERS, shows=True),
    Door("activities:calendar", data=given(date="2026-03-02", person=bob), mallory=HERS, shows=True),
    Door("activities:reschedule", "POST", activity("own"), given(starts_at=UNTIL)),
    Door("activities:reschedule", "POST", managed("task"), given(starts_at=UNTIL)),
    Door("activities:filters", mallory=HERS, shows=True),
    Door("activities:filter-new", data=given(q="Zan"), mallory=HERS),
    Door("activities:filter-new", "POST", data=given(name="Ours", q="Zan", role=role), mallory=REFUSED),
    Door("activities:filters-manage", mallory=HERS, shows=True),
    Door("activities:filter-default", "POST", filter_, shows=True),
    Door("activities:filter-delete", "POST", filter_),
    Door("activities:add", data=given(record=contract_id), mallory=HERS, shows=True),
    Door("activities:add", "POST", data=given(**ACTIVITY, record=contract_id), mallory=REFUSED),
    Door("activities:add", "POST", data=given(**ACTIVITY, owner=carol), mallory=REFUSED),
    Door("activities:detail", args=activity("own"), shows=True),
    Door("activities:detail", args=managed("task"), shows=True),
    Door("activities:detail", args=managed("question")),
    Door("activities:preview", args=activity("own"), shows=True),
    Door("activities:preview", args=managed("task"), shows=True),
    Door("activities:edit", args=activity("own"), shows=True),
    Door("activities:edit", "POST", activity("own"), given(**ACTIVITY, owner=carol)),
    Door("activities:start", "POST", activity("own")),
    Door("activities:start", "POST", managed("task")),
    Door("activities:complete", "POST", activity("own"), given(result="done")),
    Door("activities:complete", "POST", managed("task"), given(result="ready")),
    Door("activities:cancel", "POST", activity("own"), given(reason="no need")),
    Door("activities:postpone", "POST", activity("own"), given(until=UNTIL)),
    Door("activities:postpone", "POST", managed("task"), given(until=UNTIL)),
    Door("activities:reassign", "POST", activity("own"), given(assignee=carol)),
    Door("activities:reassign", "POST", managed("task"), given(assignee=carol)),
    Door("activities:take", "POST", activity("role")),
    Door("activities:take", "POST", managed("question")),
    Door("activities:give-back", "POST", activity("taken")),
    Door("activities:give-back", "POST", managed("taken")),
    Door("activities:history", args=contract, shows=True),
    *(
        Door("activities:bulk", args=lambda world, name=name: (name,), data=given(ids=call), mallory=HERS)
        for name in BULK
    ),
    *(
        Door("activities:bulk-run", "POST", lambda world, name=name: (name,), given(ids=call, **answer), m)
        for name, (answer, m) in BULK.items()
    ),
    Door("activities:record-options", data=given(q="Zan"), mallory=HERS, shows=True),
]

RECORDS = [
    Door("records:index", mallory=HERS, shows=True),
    Door("records:detail", args=contract, shows=True),
    Door("records:details", args=contract, shows=True),
    Door("records:edit", args=contract, shows=True),
    Door("records:edit", "POST", contract, given(caption="Mine now")),
    Door("records:delete", "POST", spare),
    Door("records:changes", args=contract, shows=True),
    Door("records:process-menu", args=contract, shows=True),
    Door("records:list", args=section, shows=True),
    Door("records:list", args=section, data=given(q="Zan"), shows=True),
    Door("records:add", args=section, shows=True),
    Door("records:add", "POST", section, given(caption="New")),
    Door("records:counts", args=section, data=given(ids=contract_id)),
    Door("records:options", args=section, data=given(q="Zan"), mallory=HERS, shows=True),
]

STEPS = [
    Door("processes:step", args=step("question"), shows=True),
    Door("processes:step", args=step("form"), shows=True),
    Door("processes:step", args=step("task")),
    Door("processes:step", "POST", step("question"), given(result="yes", answer="yes")),
    Door("processes:step", "POST", step("form"), given(result="signed", place="Minsk")),
    Door("processes:draft", "POST", step("form"), given(place="Min")),
    Door("processes:recall", "POST", step("stuck")),
    Door("processes:step-state", args=step("form")),
    Door("processes:answer", "POST", step("question"), given(result="yes")),
    Door("processes:answer", "POST", step("task"), given(result="ready")),
    Door("processes:take", "POST", step("question")),
    Door("processes:give-back", "POST", step("taken")),
    Door("processes:postpone", "POST", step("task"), given(until=UNTIL)),
    Door("processes:reassign", "POST", step("task"), given(assignee=carol)),
    Door("processes:continue", args=contract, shows=True),
    Door("processes:reassign-dialog", args=step("task"), shows=True),
    Door("processes:retry", "POST", step("failed"), who="admin"),
    Door("processes:skip", args=step("failed"), who="admin", shows=True),
    Door("processes:skip", "POST", step("failed"), given(reason="no need", flow="f7"), who="admin"),
    Door("processes:skip", "POST", step("task"), given(reason="no need"), who="admin"),
]

PROCESSES = [
    Door("processes:start", args=lambda world: (world.process.pk,), shows=True),
    Door("processes:start", "POST", lambda world: (world.process.pk,), given(record=contract_id)),
    Door("processes:deploy", mallory=FORBIDDEN, who="admin"),
    Door("processes:deploy", "POST", data=given(file=diagram_file), mallory=FORBIDDEN, who="admin", shows=True),
    Door("processes:library", mallory=HERS, shows=True),
    Door("processes:library", data=given(q="Zan"), mallory=HERS, shows=True),
    Door("processes:process", args=key, shows=True),
    Door("processes:roles", args=key, who="admin", shows=True),
    Door("processes:roles", "POST", key, who="admin"),
    Door("processes:enable", "POST", key, who="admin"),
    Door("processes:disable", args=key, who="admin", shows=True),
    Door("processes:disable", "POST", key, given(running="finish"), who="admin"),
    Door("processes:version", args=lambda world: ("secret", 1), shows=True),
    Door("processes:log", mallory=HERS, shows=True),
    Door("processes:log", data=given(q="Zan"), mallory=HERS, shows=True),
    Door("processes:log", data=given(record=contract_id), mallory=HERS, shows=True),
    Door("processes:cancel", data=given(ids=lambda w: w.instance.pk), mallory=FORBIDDEN, who="admin", shows=True),
    Door(
        "processes:cancel", "POST", data=given(ids=lambda w: w.instance.pk, reason="no need"),
        mallory=FORBIDDEN, who="admin",
    ),
    Door("processes:unassigned", mallory=FORBIDDEN, who="admin"),
    *(
        Door("processes:instance", args=instance, data=given(tab=tab), shows=True)
        for tab in ("elements", "variables", "records", "journal")
    ),
    Door("processes:instance-source", args=instance, shows=True),
    Door("processes:statistics", mallory=HERS, shows=True),
    Door("processes:statistics", data=given(process="secret"), mallory=HERS, shows=True),
    Door("processes:statistics-export", mallory=HERS),
    Door("processes:statistics-export", data=given(process="secret"), mallory=HERS),
]  # fmt: skip

NOTIFICATIONS = [
    Door("notifications:panel", mallory=HERS, shows=True),
    Door("notifications:panel", data=given(tab="centre"), mallory=HERS, shows=True),
    Door("notifications:work", mallory=HERS, shows=True),
    Door("notifications:future", "POST", data=given(future="on"), mallory=HERS, shows=True),
    Door("notifications:bell", mallory=HERS),
    Door("notifications:count", mallory=HERS, is_api=True),
    Door("notifications:postpone-form", args=step("task")),
    Door("notifications:reassign-form", args=step("task")),
    Door("notifications:centre", mallory=HERS, shows=True),
    Door("notifications:read-all", "POST", mallory=HERS, shows=True),
    Door("notifications:open", args=notification),
    Door("notifications:read", "POST", notification, shows=True),
]

PAGES = [*ACCOUNTS, *ACTIVITIES, *TALK, *RECORDS, *STEPS, *PROCESSES, *NOTIFICATIONS]
