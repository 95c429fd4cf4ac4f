"""The doors of people."""

from tests.access.doors import (
    ACTIVITY,
    MAPPING,
    UNTIL,
    Door,
    activities_list,
    activity,
    bob,
    call,
    card,
    carol,
    contract,
    contract_id,
    csv_file,
    diagram_file,
    filter_,
    given,
    import_,
    instance,
    job,
    key,
    managed,
    notification,
    role,
    section,
    spare,
    step,
    substitution,
    unassigned_id,
)
from tests.access.talk import TALK
from tests.access.world import World

ACCOUNTS = [
    Door("ooooooo", "home"),
    Door("o++o+o+", "accounts:profile"),
    Door("ooooooo", "accounts:profile", "POST", data=given(language="en", theme="dark", time_zone="UTC")),
    Door("o++o+o+", "accounts:substitution"),
    Door("?o?oooo", "accounts:substitution", "POST", data=given(substitute=carol, first_day="2999-01-01")),
    Door(".o.o..o", "accounts:substitution-end", "POST", args=substitution),
    Door("o++++++", "accounts:people", data=given(q="Zan")),
    Door("o++++++", "accounts:roles", data=given(q="Zan")),
]

# What is asked of a selection; an intruder has nobody to give anything to.
BULK = {
    "complete": ("o++++o+", {"result": "done"}),
    "postpone": ("o++++o+", {"until": UNTIL}),
    "reassign": ("?++++o+", {"assignee": carol}),
    "cancel": ("o++++o+", {"reason": "no need"}),
}
ACTIVITIES = [
    Door("o++++++", "activities:list", data=given(show="all")),
    Door("o++++++", "activities:list", data=given(show="all", q="Zan", status="any")),
    Door("o++++++", "activities:list", data=given(show="all", process="Zan")),
    Door("ooooooo", "activities:walk", "POST"),
    Door("o++++o+", "activities:calendar", data=given(date="2026-03-02")),
    Door("o++++++", "activities:calendar", data=given(date="2026-03-02", person=bob)),
    Door(".oxxo.o", "activities:reschedule", "POST", activity("own"), given(starts_at=UNTIL)),
    Door(".o.oxoo", "activities:reschedule", "POST", managed("task"), given(starts_at=UNTIL)),
    Door("o+ooooo", "records:filters", args=activities_list),
    Door("oooooo+", "records:filter-new", args=activities_list, data=given(q="Zan")),
    Door("?oo???o", "records:filter-new", "POST", activities_list, given(name="Ours", q="Zan", role=role)),
    Door("o+ooooo", "records:filters-manage", args=activities_list),
    Door(".+.....", "records:filter-default", "POST", filter_),
    Door(".o.....", "records:filter-delete", "POST", filter_),
    Door("o++++o+", "activities:add", data=given(record=contract_id)),
    Door("?oooo?o", "activities:add", "POST", data=given(**ACTIVITY, record=contract_id)),
    Door("?oooooo", "activities:add", "POST", data=given(**ACTIVITY, owner=carol)),
    Door(".++++.+", "activities:detail", args=activity("own")),
    Door(".++++++", "activities:detail", args=managed("task")),
    Door(".oooooo", "activities:detail", args=managed("question")),
    Door(".++++.+", "activities:preview", args=activity("own")),
    Door(".++++++", "activities:preview", args=managed("task")),
    Door(".+xx+.+", "activities:edit", args=activity("own")),
    Door(".oxxo.o", "activities:edit", "POST", activity("own"), given(**ACTIVITY, owner=carol)),
    Door(".oxxo.o", "activities:start", "POST", activity("own")),
    Door(".oxooxo", "activities:start", "POST", managed("task")),
    Door(".oxxo.o", "activities:complete", "POST", activity("own"), given(result="done")),
    Door(".o.oxoo", "activities:complete", "POST", managed("task"), given(result="ready")),
    Door(".oxxo.o", "activities:cancel", "POST", activity("own"), given(reason="no need")),
    Door(".oxxo.o", "activities:postpone", "POST", activity("own"), given(until=UNTIL)),
    Door(".o.oxoo", "activities:postpone", "POST", managed("task"), given(until=UNTIL)),
    Door(".oxxo.o", "activities:reassign", "POST", activity("own"), given(assignee=carol)),
    Door(".o.oooo", "activities:reassign", "POST", managed("task"), given(assignee=carol)),
    Door(".ooxx.x", "activities:take", "POST", activity("role")),
    Door(".oooxxx", "activities:take", "POST", managed("question")),
    Door(".ooxo.o", "activities:give-back", "POST", activity("taken")),
    Door(".oxoxoo", "activities:give-back", "POST", managed("taken")),
    *(
        Door("ooooooo", "activities:bulk", args=lambda world, name=name: (name,), data=given(ids=call))
        for name in BULK
    ),
    *(
        Door(may, "activities:bulk-run", "POST", lambda world, name=name: (name,), given(ids=call, **answer))
        for name, (may, answer) in BULK.items()
    ),
    Door("o++++o+", "activities:record-options", data=given(q="Zan")),
]

RECORDS = [
    Door("o++o+o+", "records:index"),
    Door(".++++.+", "records:detail", args=contract),
    Door(".++++.+", "records:details", args=contract),
    Door(".++xx.+", "records:edit", args=contract),
    Door(".++xx.+", "records:edit", "POST", contract, given(caption="Mine now")),
    Door(".oo...o", "records:delete", "POST", spare),
    Door(".++++.+", "records:changes", args=contract),
    Door(".++++.+", "records:history", args=contract),
    Door(".++++.+", "records:process-menu", args=contract),
    Door(".++...+", "records:list", args=section),
    Door(".++...+", "records:list", args=section, data=given(q="Zan")),
    Door(".++...+", "records:add", args=section),
    Door(".oo...o", "records:add", "POST", section, given(caption="New")),
    Door(".oo...o", "records:counts", args=section, data=given(ids=contract_id)),
    Door("o++++o+", "records:options", args=section, data=given(q="Zan")),
    Door(".oo...o", "records:filters", args=lambda world: ("records:contract",)),
    Door(".oo...o", "records:export-options", args=section),
    Door(".oo...o", "records:bulk", args=lambda world: ("contract", "owner"), data=given(ids=contract_id)),
    Door(".++...+", "records:bulk-run", "POST", lambda world: ("contract", "owner"), given(ids=contract_id)),
    Door(".xx...+", "records:import", args=section),
    Door(".xx...o", "records:import", "POST", section, given(file=csv_file)),
    Door("......+", "records:import-page", args=import_),
    Door("......o", "records:import-state", args=import_),
    Door("......o", "records:import-map", "POST", import_, given(**MAPPING)),
    Door("......o", "records:import-run", "POST", import_),
    Door("......o", "records:import-report", args=import_),
    Door("......o", "records:import-discard", "POST", import_),
    Door(".++++.+", "processes:next-steps", args=contract),
    Door(".++...+", "records:export", args=section),
]

STEPS = [
    Door(".++++++", "processes:step", args=step("question")),
    Door(".++++++", "processes:step", args=step("form")),
    Door(".o.oooo", "processes:step", args=step("task")),
    Door(".oooxoo", "processes:step", "POST", step("question"), given(result="yes", answer="yes")),
    Door(".oooxoo", "processes:step", "POST", step("form"), given(result="signed", place="Minsk")),
    Door(".oooxoo", "processes:draft", "POST", step("form"), given(place="Min")),
    Door(".oooxoo", "processes:recall", "POST", step("stuck")),
    Door(".oooooo", "processes:step-state", args=step("form")),
    Door(".oooxoo", "processes:answer", "POST", step("question"), given(result="yes")),
    Door(".o.oxoo", "processes:answer", "POST", step("task"), given(result="ready")),
    Door(".oooxxx", "processes:take", "POST", step("question")),
    Door(".oxoxoo", "processes:give-back", "POST", step("taken")),
    Door(".o.oxoo", "processes:postpone", "POST", step("task"), given(until=UNTIL)),
    Door(".o.oooo", "processes:reassign", "POST", step("task"), given(assignee=carol)),
    Door(".++++.+", "processes:continue", args=contract),
    Door(".+.++++", "processes:reassign-dialog", args=step("task")),
    Door("....x++", "processes:retry", args=step("failed")),
    Door("....xoo", "processes:retry", "POST", step("failed")),
    Door("....x++", "processes:skip", args=step("failed")),
    Door("....xoo", "processes:skip", "POST", step("failed"), given(reason="no need", flow="f7")),
    Door("....!!!", "processes:begin", args=step("failed")),
    Door("....!!!", "processes:begin", "POST", step("failed"), given(element="t1")),
    Door(".x.xxoo", "processes:skip", "POST", step("task"), given(reason="no need")),
]

PROCESSES = [
    Door(".++.+++", "processes:start", args=lambda world: (world.process.pk,)),
    Door(".oo.o?o", "processes:start", "POST", lambda world: (world.process.pk,), given(record=contract_id)),
    Door("xxxxxo+", "processes:deploy"),
    Door("xxxxx++", "processes:deploy", "POST", data=given(file=diagram_file)),
    Door("o++o+++", "processes:library"),
    Door("o++o+++", "processes:library", data=given(q="Zan")),
    Door(".++.+++", "processes:process", args=key),
    Door(".xx.xx+", "processes:roles", args=key),
    Door(".xx.xxo", "processes:roles", "POST", key),
    Door(".xx.xoo", "processes:enable", "POST", key),
    Door(".xx.x++", "processes:disable", args=key),
    Door(".xx.xoo", "processes:disable", "POST", key, given(running="finish")),
    Door(".++.+++", "processes:version", args=lambda world: ("secret", 1)),
    Door("o++++++", "processes:log"),
    Door("o++++++", "processes:log", data=given(q="Zan")),
    Door("o++++++", "processes:log", data=given(record=contract_id)),
    Door("xxxxx++", "processes:cancel", data=given(ids=lambda w: w.instance.pk)),
    Door("xxxxx++", "processes:cancel", data=given(all=1)),
    Door("xxxxxoo", "processes:cancel", "POST", data=given(ids=lambda w: w.instance.pk, reason="no need")),
    Door("xxxxx++", "processes:cancel-jobs"),
    Door("xxxxx++", "processes:cancel-job", args=job),
    Door("xxxxx++", "processes:cancel-report", args=job),
    Door("xxxxxoo", "processes:cancel-move", "POST", lambda world: (world.job.pk, "pause")),
    Door("xxxxxo+", "processes:unassigned"),
    Door("xxxxx++", "processes:audit"),
    Door("xxxxx++", "processes:audit", data=given(since="")),
    Door("xxxxx++", "processes:changes"),
    Door("xxxxx++", "processes:audit-export", data=given(since="")),
    Door("xxxxx++", "processes:assign-many", "POST", data=given(ids=unassigned_id, assignee=carol)),
    *(
        Door(".+.++++", "processes:instance", args=instance, data=given(tab=tab))
        for tab in ("elements", "variables", "records", "journal")
    ),
    Door(".x.xx++", "processes:variable", args=instance),
    Door(".x.xxoo", "processes:variable", "POST", instance, given(name="amount", value="12")),
    Door(".+.++++", "processes:instance-source", args=instance),
    Door(".x.x+++", "processes:journal-export", args=instance),
    Door("o++o+++", "processes:statistics"),
    Door("o++o+++", "processes:statistics", data=given(process="secret")),
    Door("ooooooo", "processes:statistics-export"),
    Door("o++o+++", "processes:statistics-elements-export", data=given(process="secret")),
    Door("ooooooo", "processes:statistics-export", data=given(process="secret")),
]  # fmt: skip


def answer_token(world: World) -> tuple[str]:
    """Of bob's link in an e-mail."""
    return (world.answer_token,)


WAYS = {f"{sort}-mail": "daily" for sort in ("step", "role", "approval", "reminder", "talk", "system")}
MAIL = [
    Door("o++o+o+", "mail:preferences"),
    Door("ooooooo", "mail:preferences", "POST", data=given(**WAYS, digest_hour="8")),
    Door("ooooooo", "mail:calendar-make", "POST"),
    Door("ooooooo", "mail:calendar-revoke", "POST"),
    Door(".......", "mail:kept-list"),  # the tests keep no e-mails in files
    Door(".......", "mail:kept", args=lambda world: ("20260302-090000-1", 0)),
    Door("ooooooo", "mail:pops", data=given(since="1000"), is_api=True),
    Door(".+.....", "mail:answer", args=answer_token),
    Door(".o.....", "mail:answer", "POST", answer_token, given(result="yes")),
]

NOTIFICATIONS = [
    Door("o+++ooo", "notifications:panel"),
    Door("o+ooooo", "notifications:panel", data=given(tab="centre")),
    Door("o+++ooo", "notifications:work"),
    Door("ooooooo", "notifications:future", "POST", data=given(future="on")),
    Door("?ooo???", "notifications:filter", "POST", data=given(record=contract_id)),
    Door("o+++ooo", "notifications:filters"),
    Door("o+++ooo", "notifications:steps", data=card),
    Door(".ooo...", "notifications:take", "POST", data=card),
    Door("ooooooo", "notifications:walk", "POST"),
    Door("ooooooo", "walk", args=lambda world: ("none", 0)),
    Door("ooooooo", "walk-back", args=lambda world: ("none", 0)),
    Door("ooooooo", "notifications:bell"),
    Door("ooooooo", "notifications:count", is_api=True),
    Door(".+.+...", "notifications:postpone-form", args=step("task")),
    Door(".o.o...", "notifications:reassign-form", args=step("task")),
    Door("o+ooooo", "notifications:centre"),
    Door("o+ooooo", "notifications:read-all", "POST"),
    Door(".o.....", "notifications:read", "POST", notification),
]

PAGES = [*ACCOUNTS, *ACTIVITIES, *TALK, *RECORDS, *STEPS, *PROCESSES, *NOTIFICATIONS, *MAIL]
