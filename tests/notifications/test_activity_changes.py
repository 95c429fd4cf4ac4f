"""What people change of their own activities reaches the open pages of everybody who sees them, and nobody else."""

from datetime import timedelta

import pytest

from activities import services
from bpm_portal.common.errors import Invalid
from notifications import bus
from tests.factories import NOW, RecordFactory, RoleFactory, UserFactory

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def heard(monkeypatch):
    """The users of each ping."""
    pings: list[set[int]] = []
    monkeypatch.setattr(bus, "publish", lambda users: pings.append(set(users)))
    return pings


@pytest.fixture
def after(heard, django_capture_on_commit_callbacks):
    """`after(service, **values)`: whom the commit of it reaches."""

    def call(service, **values) -> set[int]:
        heard.clear()
        with django_capture_on_commit_callbacks(execute=True):
            service(now=NOW, **values)
        return set().union(*heard)

    return call


def test_a_new_task_of_a_role_reaches_its_members_and_those_who_see_its_record(
    after, alice, bob, carol, mallory, role
):
    owner = UserFactory()
    seller = UserFactory()
    record = RecordFactory(owner=owner)
    sellers = RoleFactory(name="Sellers")
    seller.groups.add(sellers)
    record.record_type.roles.add(sellers)
    task = {"title": "Call", "starts_at": NOW, "due_at": None, "role": role, "by": alice}
    assert after(services.create_activity, **task) == {alice.pk, bob.pk, carol.pk}
    seen = UserFactory(is_superuser=True)
    about = {**task, "record": record, "by": seen}
    assert after(services.create_activity, **about) == {bob.pk, carol.pk, owner.pk, seller.pk, seen.pk}


@pytest.fixture
def task(alice, bob):
    """Asked of bob by alice."""
    return services.create_activity(title="Call", starts_at=NOW, due_at=None, owner=bob, by=alice, now=NOW)


def test_whoever_had_it_and_whoever_has_it_hears_of_every_move(after, alice, bob, carol, mallory, role, task):
    both = {alice.pk, bob.pk}
    assert after(services.start_activity, activity_id=task.pk, by=bob) == both
    assert after(services.postpone_activity, activity_id=task.pk, until=LATER, by=bob) == both
    assert after(services.reassign_activity, activity_id=task.pk, assignee=carol, by=bob) == both | {carol.pk}
    assert after(services.reassign_activity, activity_id=task.pk, role=role, by=carol) == both | {carol.pk}
    assert after(services.take_activity, activity_id=task.pk, by=bob) == both | {carol.pk}
    values = {"title": "Call back"}
    assert after(services.change_activity, activity=task, values=values, by=alice) == both | {carol.pk}
    done = after(services.complete_activity, activity_id=task.pk, result="", details="", by=bob)
    assert done == both | {carol.pk}


def test_what_is_refused_reaches_nobody(after, alice, task):
    def too_early(**values):
        with pytest.raises(Invalid):
            services.postpone_activity(until=NOW - timedelta(days=1), **values)

    assert after(too_early, activity_id=task.pk, by=alice) == set()
