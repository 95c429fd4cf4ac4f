"""What follows from events: who is told what, once, and whose pages are pinged."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from notifications import bus, handlers
from notifications.models import NewsChoice, Notification
from notifications.wording import WORDINGS, wording
from processes.models import ProcessEvent
from processes.outbox import PublishedEvent
from tests.factories import (
    NOW,
    ActivityFactory,
    HumanStepFactory,
    ProcessInstanceFactory,
    RecordFactory,
    RecordTypeFactory,
    RoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pinged(monkeypatch, django_capture_on_commit_callbacks):
    """Calls the handler as the outbox does; returns the users pinged after the commit."""

    def publish(*events: PublishedEvent) -> set[int]:
        told: list[set[int]] = []
        monkeypatch.setattr(bus, "publish", lambda users: told.append(set(users)))
        with django_capture_on_commit_callbacks(execute=True):
            handlers.handle_events(events, NOW)
            assert told == [], "a page that asks before the commit would see the old state"
        assert len(told) == 1
        return told[0]

    return publish


@pytest.fixture
def manager(db):
    """She administers processes."""
    user = UserFactory(username="manager")
    user.user_permissions.add(Permission.objects.get(codename="run_processinstance"))
    return user


@pytest.fixture
def step(alice, role):
    """A step of alice's process, on a contract."""
    instance = ProcessInstanceFactory(starter=alice, caption="Contract 7")
    return HumanStepFactory(instance=instance, role=role, name="Check paper")


def event(kind: str, step=None, by=None, instance=None, **data) -> PublishedEvent:
    """An event that is also in the journal."""
    instance = instance or step.instance
    row = ProcessEvent.objects.create(instance=instance, step=step, kind=kind, by=by, at=NOW, data=data)
    return PublishedEvent(
        row.pk, kind, instance.pk, step.pk if step else None, by.pk if by else None, NOW, data
    )


def entries() -> set[tuple[str, str]]:
    return {(entry.user.username, entry.kind) for entry in Notification.objects.select_related("user")}


def test_performer_is_told_of_a_task_that_somebody_elses_move_has_opened(pinged, step, alice, bob) -> None:
    opened = event("step-opened", step, by=alice, assignee=bob.pk, role=None)
    assert pinged(opened) == {alice.pk, bob.pk}
    (entry,) = Notification.objects.all()
    assert (entry.user, entry.kind, entry.step, entry.created_at) == (bob, "step-assigned", step, NOW)
    assert entry.url == f"/steps/{step.pk}/"
    assert wording(entry.kind).text(entry.data) == "A task for you: “Check paper”."
    assert entry.data["process"] == "Contract 7"


def test_nobody_is_told_of_what_they_did_themselves(pinged, step, bob) -> None:
    pinged(
        event("step-opened", step, by=bob, assignee=bob.pk, role=None),
        event("step-reassigned", step, by=bob, assignee=bob.pk, role=None),
        event("step-taken", step, by=bob, assignee=bob.pk, role=None),
    )
    assert entries() == set()


def test_task_of_a_role_pings_its_members_and_tells_nobody(
    pinged, step, alice, bob, carol, mallory, role
) -> None:
    users = pinged(event("step-opened", step, by=alice, assignee=None, role=role.pk))
    assert users == {alice.pk, bob.pk, carol.pk}
    assert entries() == set()


def test_who_wants_to_hear_of_each_task_of_a_role_is_told_until_a_colleague_takes_it(
    pinged, step, alice, bob, carol, mallory, role
) -> None:
    for user in (bob, mallory):
        NewsChoice.objects.create(user=user, sort="role", bell=True, browser=False, mail="never")
    pinged(
        event("step-opened", step, by=alice, assignee=None, role=role.pk),
        event("step-reassigned", step, by=bob, assignee=None, role=role.pk),
    )
    assert entries() == {("bob", "step-for-role")}
    entry = Notification.objects.get()
    assert (entry.sort, entry.url, entry.read_at) == ("role", f"/steps/{step.pk}/", None)
    pinged(event("step-taken", step, by=carol, assignee=carol.pk, role=role.pk))
    assert not Notification.objects.unread().exists()


def test_event_that_comes_twice_is_told_once(pinged, step, alice, bob) -> None:
    opened = event("step-opened", step, by=alice, assignee=bob.pk, role=None)
    pinged(opened)
    Notification.objects.update(read_at=NOW)
    pinged(opened)
    pinged(opened, opened)
    assert Notification.objects.count() == 1
    assert Notification.objects.unread().count() == 0


def test_reassigning_tells_the_new_performer_and_pings_the_old_ones(
    pinged, step, alice, bob, carol, role
) -> None:
    dave = UserFactory(username="dave")
    moved = event(
        "step-reassigned", step, by=alice, assignee=dave.pk, role=None, old_assignee=bob.pk, old_role=role.pk
    )
    assert pinged(moved) == {alice.pk, bob.pk, carol.pk, dave.pk}
    assert entries() == {("dave", "step-reassigned")}
    entry = Notification.objects.get()
    assert wording(entry.kind).text(entry.data) == "Alice has given you the task “Check paper”."


def test_step_that_nobody_can_do_is_told_to_administrators_even_to_who_caused_it(
    pinged, step, admin, manager, alice
) -> None:
    pinged(event("step-opened", step, by=manager, assignee=None, role=None))
    assert entries() == {("admin", "step-unassigned"), ("manager", "step-unassigned")}


def test_steps_of_machines_are_no_news(pinged, step, admin) -> None:
    users = pinged(event("step-opened", step), event("step-completed", step))
    assert entries() == set()
    assert users == {step.instance.starter_id, admin.pk}


def test_failure_is_told_to_starter_and_administrators_with_its_reason(pinged, step, alice, manager) -> None:
    pinged(event("step-failed", step, error="division by zero"))
    assert entries() == {("alice", "step-failed"), ("manager", "step-failed")}
    entry = Notification.objects.first()
    assert wording(entry.kind).text(entry.data) == "“Check paper” has failed: division by zero"
    assert entry.url == ""


def test_end_of_a_process_is_told_to_its_starter(pinged, step, alice, bob) -> None:
    pinged(event("instance-completed", instance=step.instance))
    assert entries() == {("alice", "instance-completed")}


def test_cancel_is_told_to_the_starter_unless_she_did_it(pinged, step, alice, admin) -> None:
    pinged(event("instance-cancelled", instance=step.instance, by=admin, reason="ordered twice"))
    assert entries() == {("alice", "instance-cancelled")}
    text = wording("instance-cancelled").text(Notification.objects.get().data)
    assert text == "Admin has cancelled the process you started: ordered twice"
    Notification.objects.all().delete()
    pinged(event("instance-cancelled", instance=step.instance, by=alice, reason="by mistake"))
    assert entries() == set()


def test_called_processes_end_without_news(pinged, step, alice) -> None:
    child = ProcessInstanceFactory(starter=alice, root=step.instance)
    pinged(
        event("instance-completed", instance=child), event("instance-cancelled", instance=child, reason="x")
    )
    assert entries() == set()


def test_what_is_dealt_with_is_read(pinged, step, alice, bob, carol) -> None:
    other = HumanStepFactory(instance=step.instance)
    pinged(
        event("step-opened", step, by=alice, assignee=bob.pk, role=None),
        event("step-opened", other, by=alice, assignee=carol.pk, role=None),
    )
    pinged(event("step-completed", step, by=bob, assignee=bob.pk, role=None))
    assert [entry.user for entry in Notification.objects.unread()] == [carol]


def test_who_has_left_is_neither_told_nor_pinged(pinged, step, alice, bob) -> None:
    bob.is_active = False
    bob.save()
    users = pinged(event("step-opened", step, by=alice, assignee=bob.pk, role=None))
    assert (users, entries()) == ({alice.pk}, set())


def test_performer_who_was_deleted_stops_nothing(pinged, step, alice, bob) -> None:
    opened = event("step-opened", step, by=alice, assignee=bob.pk, role=None)
    bob.delete()
    assert pinged(opened) == {alice.pk}


def test_readers_of_the_connected_records_are_pinged(pinged, alice, mallory) -> None:
    """A contract page that stands open shows the steps of others too."""
    readers, owner = RoleFactory(name="Lawyers"), UserFactory(username="owner")
    lawyer = UserFactory(username="lawyer")
    lawyer.groups.add(readers)
    contracts = RecordTypeFactory()
    contracts.roles.add(readers)
    for number, place in enumerate(("instance", "step", "activity", "connection")):
        record = RecordFactory(record_type=contracts, owner=owner)
        instance = ProcessInstanceFactory(starter=alice, record=record if place == "instance" else None)
        activity = ActivityFactory(record=record if place == "activity" else None)
        subject = {"activity": activity}
        if place == "step":
            subject = {"activity": None, "record": record, "waits_on": "record"}
        step = HumanStepFactory(instance=instance, **subject)
        if place == "connection":
            activity.connections.create(record=record)
        done = event("step-completed", step, by=alice, assignee=alice.pk, role=None)
        assert pinged(done) == {alice.pk, lawyer.pk, owner.pk}, (number, place)


def test_number_of_statements_does_not_grow_with_the_batch(
    pinged, step, alice, bob, carol, django_assert_max_num_queries
) -> None:
    batch = [
        event("step-opened", HumanStepFactory(instance=step.instance), by=alice, assignee=user.pk, role=None)
        for user in (bob, carol) * 10
    ]
    batch.append(event("step-completed", step, by=alice, assignee=None, role=step.role_id))
    with django_assert_max_num_queries(20):
        pinged(*batch)
    assert Notification.objects.count() == 20


@pytest.mark.parametrize("kind", WORDINGS)
def test_words_of_old_notifications_never_fail(kind) -> None:
    assert wording(kind).text({})
    assert wording("from-another-version").text({}) == "Something has changed."


def test_the_outbox_calls_the_handler(step, alice, bob, monkeypatch) -> None:
    from processes import outbox

    monkeypatch.setattr(bus, "publish", lambda users: None)
    event("step-opened", step, by=alice, assignee=bob.pk, role=None)
    assert outbox.publish(now=NOW + timedelta(seconds=1)) == 1
    assert entries() == {("bob", "step-assigned")}
