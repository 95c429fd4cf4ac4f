"""The doors of programs: the API."""

from dataclasses import replace

from tests.access.doors import (
    UNTIL,
    Door,
    activity,
    contract,
    contract_id,
    diagram_file,
    given,
    instance,
    job,
    key,
    managed,
    spare,
    step,
)

ACTIVITY = {"title": "Call back", "starts_at": "2026-03-03T10:00Z"}

RECORDS = [
    Door("o++++o+", "record-list"),
    Door("o++++o+", "record-list", data=given(q="Zan", type="contract")),
    Door(".oo...o", "record-list", "POST", data=given(type="contract", caption="New")),
    Door(".++++.+", "record-detail", args=contract),
    Door(".++xx.+", "record-detail", "PATCH", contract, given(caption="Mine now")),
    Door(".oo...o", "record-detail", "DELETE", spare),
    Door("ooooooo", "record-pending-counts", data=given(ids=contract_id)),
    Door(".++++.+", "record-pending-steps", args=contract),
]

ACTIVITIES = [
    Door("o++++++", "activity-list"),
    Door("o++++++", "activity-list", data=given(q="Zan", record=contract_id)),
    Door("?++++?+", "activity-list", "POST", data=given(**ACTIVITY, record=contract_id)),
    Door("?oooooo", "activity-list", "POST", data=given(**ACTIVITY, owner="carol")),
    Door("?oooooo", "activity-list", "POST", data=given(**ACTIVITY, role="Sales managers")),
    Door(".++++.+", "activity-detail", args=activity("own")),
    Door(".++++++", "activity-detail", args=managed("task")),
    Door(".+xx+.+", "activity-detail", "PATCH", activity("own"), given(title="Mine now")),
    Door(".+xx+.+", "activity-start", "POST", activity("own")),
    Door(".oxxo.o", "activity-complete", "POST", activity("own"), given(result="done")),
    Door(".o.oxoo", "activity-complete", "POST", managed("task"), given(result="ready")),
    Door(".+xx+.+", "activity-cancel", "POST", activity("own")),
    Door(".+xx+.+", "activity-postpone", "POST", activity("own"), given(until=UNTIL)),
    # She knows nobody whom she could name.
    Door("?oxxo.o", "activity-reassign", "POST", activity("own"), given(assignee="carol")),
    Door("?o.oooo", "activity-reassign", "POST", managed("task"), given(assignee="carol")),
    Door(".oooxoo", "activity-reassign", "POST", managed("question"), given(assignee="mallory")),
    Door(".++xx.x", "activity-take", "POST", activity("role")),
    Door(".++x+.+", "activity-give-back", "POST", activity("taken")),
]

PROCESSES = [
    Door("o++o+++", "process-list"),
    Door("xxxxx++", "process-list", "POST", data=given(file=diagram_file)),
    Door(".++.+++", "process-detail", args=key),
    Door(".++.+?+", "process-start", "POST", key, given(record=contract_id)),
    Door("xxxxx++", "cancellation-detail", args=job),
    Door(".xx.x++", "process-disable", "POST", key, given(running="cancel")),
    Door(".xx.x++", "process-enable", "POST", key),
    Door(".oo.ooo", "message-list", "POST", data=given(name="goods ordered")),
    Door(".......", "signal-list", "POST", data=given(name="fire drill")),  # nobody waits for it
    Door("ooooooo", "statistics"),
    Door(".oo.ooo", "statistics", data=given(process="secret")),
]

INSTANCES = [
    Door("o++++++", "instance-list"),
    Door("o++++++", "instance-list", data=given(record=contract_id, process="secret")),
    Door(".+.++++", "instance-detail", args=instance),
    Door(".x.xx++", "instance-cancel", "POST", instance, given(reason="no need")),
    Door(".x.xx++", "instance-variables", "POST", instance, given(variables={"amount": 12})),
    Door(".+.++++", "instance-steps", args=instance),
    Door(".x.x+++", "instance-events", args=instance),
]

STEPS = [
    Door("o++++++", "step-list"),
    Door("o++++++", "step-list", data=given(record=contract_id, status="pending")),
    Door("o+++ooo", "step-list", data=given(mine="true", process="secret")),
    Door(".+.++++", "step-detail", args=step("task")),
    Door(".++++++", "step-detail", args=step("form")),
    Door(".o.oxoo", "step-complete", "POST", step("task"), given(result="ready")),
    Door(
        ".oooxoo", "step-complete", "POST", step("form"), given(result="signed", variables={"place": "Minsk"})
    ),
    Door(".+++xxx", "step-take", "POST", step("question")),
    Door(".+x+x++", "step-give-back", "POST", step("taken")),
    Door(".o.o+++", "step-reassign", "POST", step("task"), given(assignee="carol")),
    Door(".+.+x++", "step-postpone", "POST", step("task"), given(until=UNTIL)),
    Door("....x++", "step-retry", "POST", step("failed")),
    Door(".x.xx++", "step-skip", "POST", step("task"), given(reason="no need")),
    Door("....!!!", "step-begin", "POST", step("failed"), given(element="t1")),
    Door("o+++ooo", "feed"),
]

PROGRAMS = [replace(door, is_api=True) for door in (*RECORDS, *ACTIVITIES, *PROCESSES, *INSTANCES, *STEPS)]
