"""The doors of programs: the API."""

from dataclasses import replace

from tests.access.doors import (
    FORBIDDEN,
    GONE,
    HERS,
    REFUSED,
    UNTIL,
    Door,
    activity,
    contract,
    contract_id,
    diagram_file,
    given,
    instance,
    key,
    managed,
    spare,
    step,
)

ACTIVITY = {"title": "Call back", "starts_at": "2026-03-03T10:00Z"}

RECORDS = [
    Door("record-list", mallory=HERS, shows=True),
    Door("record-list", data=given(q="Zan", type="contract"), mallory=HERS, shows=True),
    Door("record-list", "POST", data=given(type="contract", caption="New")),
    Door("record-detail", args=contract, shows=True),
    Door("record-detail", "PATCH", contract, given(caption="Mine now")),
    Door("record-detail", "DELETE", spare),
    Door("record-pending-counts", data=given(ids=contract_id), mallory=HERS),
    Door("record-pending-steps", args=contract, shows=True),
]

ACTIVITIES = [
    Door("activity-list", mallory=HERS, shows=True),
    Door("activity-list", data=given(q="Zan", record=contract_id), mallory=HERS, shows=True),
    Door("activity-list", "POST", data=given(**ACTIVITY, record=contract_id), mallory=REFUSED),
    Door("activity-list", "POST", data=given(**ACTIVITY, owner="carol"), mallory=REFUSED),
    Door("activity-list", "POST", data=given(**ACTIVITY, role="Sales managers"), mallory=REFUSED),
    Door("activity-detail", args=activity("own"), shows=True),
    Door("activity-detail", args=managed("task"), shows=True),
    Door("activity-detail", "PATCH", activity("own"), given(title="Mine now")),
    Door("activity-start", "POST", activity("own")),
    Door("activity-complete", "POST", activity("own"), given(result="done")),
    Door("activity-complete", "POST", managed("task"), given(result="ready")),
    Door("activity-cancel", "POST", activity("own")),
    Door("activity-postpone", "POST", activity("own"), given(until=UNTIL)),
    # She knows nobody whom she could name.
    Door("activity-reassign", "POST", activity("own"), given(assignee="carol"), mallory=REFUSED),
    Door("activity-reassign", "POST", managed("task"), given(assignee="carol"), mallory=REFUSED),
    Door("activity-reassign", "POST", managed("question"), given(assignee="mallory")),
    Door("activity-take", "POST", activity("role")),
    Door("activity-give-back", "POST", activity("taken")),
]

PROCESSES = [
    Door("process-list", mallory=HERS, shows=True),
    Door("process-list", "POST", data=given(file=diagram_file), mallory=FORBIDDEN, who="admin"),
    Door("process-detail", args=key, shows=True),
    Door("process-start", "POST", key, given(record=contract_id), shows=True),
    Door("process-disable", "POST", key, given(running="cancel"), who="admin"),
    Door("process-enable", "POST", key, who="admin"),
    Door("message-list", "POST", data=given(name="goods ordered")),
    Door("signal-list", "POST", data=given(name="fire drill"), ok=GONE),  # nobody waits for it
    Door("statistics", mallory=HERS),
    Door("statistics", data=given(process="secret")),
]

INSTANCES = [
    Door("instance-list", mallory=HERS, shows=True),
    Door("instance-list", data=given(record=contract_id, process="secret"), mallory=HERS, shows=True),
    Door("instance-detail", args=instance, shows=True),
    Door("instance-cancel", "POST", instance, given(reason="no need"), who="admin"),
    Door("instance-steps", args=instance, shows=True),
    Door("instance-events", args=instance, shows=True),
]

STEPS = [
    Door("step-list", mallory=HERS, shows=True),
    Door("step-list", data=given(record=contract_id, status="pending"), mallory=HERS, shows=True),
    Door("step-list", data=given(mine="true", process="secret"), mallory=HERS, shows=True),
    Door("step-detail", args=step("task"), shows=True),
    Door("step-detail", args=step("form"), shows=True),
    Door("step-complete", "POST", step("task"), given(result="ready")),
    Door("step-complete", "POST", step("form"), given(result="signed", variables={"place": "Minsk"})),
    Door("step-take", "POST", step("question")),
    Door("step-give-back", "POST", step("taken")),
    Door("step-reassign", "POST", step("task"), given(assignee="carol")),
    Door("step-postpone", "POST", step("task"), given(until=UNTIL)),
    Door("step-retry", "POST", step("failed"), who="admin"),
    Door("step-skip", "POST", step("task"), given(reason="no need"), who="admin"),
    Door("feed", mallory=HERS, shows=True),
]

PROGRAMS = [replace(door, is_api=True) for door in (*RECORDS, *ACTIVITIES, *PROCESSES, *INSTANCES, *STEPS)]
