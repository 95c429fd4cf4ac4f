"""Whose open pages an event or a change concerns: performers, starters, administrators, who sees the records of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from activities.changes import Change
from activities.models import Activity, ActivityConnection, Participant
from bpm_portal.accounts.models import Substitution, User
from processes.models import ProcessInstance, ProcessStep
from processes.outbox import PublishedEvent
from records.models import Record, RecordType

BACKEND = "bpm_portal.accounts.backend.PortalBackend"


def audience(events: Sequence[PublishedEvent], now: datetime) -> set[int]:
    """Ids of all users whose panel, lists or record pages may look different after these events."""
    people: set[int | None] = set()
    roles: set[int | None] = set()
    for event in events:
        people |= {event.by_id, event.data.get("assignee"), event.data.get("old_assignee")}
        roles |= {event.data.get("role"), event.data.get("old_role")}
    instances = ProcessInstance.objects.filter(pk__in={event.instance_id for event in events})
    records: set[int | None] = set()
    for starter, record in instances.values_list("starter_id", "record_id"):
        people.add(starter)
        records.add(record)
    records |= _records_of_steps({event.step_id for event in events if event.step_id is not None})
    people |= _owners(_ids(records))
    roles |= _roles_of_sections(_ids(records))
    found = active(Q(pk__in=_ids(people)) | Q(groups__in=_ids(roles)))
    found |= substitutes_of(_ids(people), _ids(roles), now=now)
    return found | process_administrators() | set(_holders("records.view_record"))


def audience_of_change(change: Change) -> set[int]:
    """Ids of all users whose lists or record pages may look different after people have changed an activity."""
    activity = Activity.objects.filter(pk=change.activity_id).first()
    if activity is None:
        return set()
    people = {activity.owner_id, activity.author_id, change.owner_id}
    people |= set(Participant.objects.filter(activity=activity).values_list("user_id", flat=True))
    roles = {activity.role_id, change.role_id}
    records = {activity.record_id, change.record_id} | _records_connected({activity.pk})
    found = set(_holders("activities.view_activity"))
    if _ids(records):
        people |= _owners(_ids(records))
        roles |= _roles_of_sections(_ids(records))
        found |= set(_holders("records.view_record"))
    return found | active(Q(pk__in=_ids(people)) | Q(groups__in=_ids(roles)))


def process_administrators() -> set[int]:
    """Ids of those who may run elements of every instance."""
    return set(_holders("processes.run_processinstance"))


def substitutes_of(people: Collection[int], roles: Collection[int] = (), *, now: datetime) -> set[int]:
    """Ids of the active users who stand in for these people, or for a member of these roles, now."""
    standing_in = Substitution.objects.in_force(now).for_people(people, roles)
    return set(standing_in.filter(substitute__is_active=True).values_list("substitute", flat=True))


def substitutes_by_person(people: Collection[int], *, now: datetime) -> dict[int, set[int]]:
    """Who stands in for each of these people now; they may have left, and so may the substitutes."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    in_force = Substitution.objects.in_force(now).for_people(people)
    for absent_id, substitute_id in in_force.values_list("absent", "substitute"):
        found[absent_id].add(substitute_id)
    return found


def active(condition: Q) -> set[int]:
    """Ids of the active users that meet the condition."""
    return set(User.objects.filter(condition, is_active=True).values_list("pk", flat=True))


def _ids(found: Iterable[int | None]) -> list[int]:
    return [key for key in found if key is not None]


def _holders(permission: str) -> Iterable[int]:
    return User.objects.with_perm(permission, backend=BACKEND).values_list("pk", flat=True)


def _owners(record_ids: list[int]) -> set[int | None]:
    return set(Record.objects.filter(pk__in=record_ids).values_list("owner_id", flat=True))


def _roles_of_sections(record_ids: list[int]) -> set[int | None]:
    sections = RecordType.roles.through.objects.filter(recordtype__records__in=record_ids)
    return set(sections.values_list("group_id", flat=True))


def _records_connected(activity_ids: set[int | None]) -> set[int | None]:
    connections = ActivityConnection.objects.filter(activity__in=_ids(activity_ids))
    return set(connections.values_list("record_id", flat=True))


def _records_of_steps(step_ids: set[int]) -> set[int | None]:
    found: set[int | None] = set()
    steps = ProcessStep.objects.filter(pk__in=step_ids).values_list(
        "record_id", "activity_id", "activity__record_id"
    )
    activities: set[int | None] = set()
    for record, activity, record_of_activity in steps:
        found |= {record, record_of_activity}
        activities.add(activity)
    return found | _records_connected(activities)
