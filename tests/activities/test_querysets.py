"""What is read: whose, visible to whom, matching what."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q

from activities import lifecycle
from activities.models import Activity, ActivityConnection
from tests import factories


def titles(queryset):
    return sorted(queryset.values_list("title", flat=True))


@pytest.fixture
def several(alice, bob, carol, role):
    """One of each owner, and one of the role that nobody has taken."""
    other = factories.RoleFactory(name="Lawyers")
    factories.ActivityFactory(title="alice's", owner=alice, author=alice)
    factories.ActivityFactory(title="bob's", owner=bob, author=alice)
    factories.ActivityFactory(title="carol's of the role", owner=carol, role=role)
    factories.ActivityFactory(title="of the role", role=role)
    factories.ActivityFactory(title="of lawyers", role=other)


def test_mine_are_owned_and_those_of_my_roles_are_not_taken(several, bob, mallory):
    assert titles(Activity.objects.mine(bob)) == ["bob's"]
    assert [titles(branch) for branch in Activity.objects.roles_branches(bob)] == [["of the role"]]
    assert titles(Activity.objects.for_performer(bob)) == ["bob's", "of the role"]
    assert titles(Activity.objects.for_performer(mallory)) == []


def test_owner_author_and_role_members_see_it_others_do_not(several, alice, bob, mallory, admin):
    assert titles(Activity.objects.visible_to(alice)) == ["alice's", "bob's"]
    assert titles(Activity.objects.visible_to(bob)) == ["bob's", "carol's of the role", "of the role"]
    assert titles(Activity.objects.visible_to(mallory)) == []
    assert Activity.objects.visible_to(admin).count() == 5


def test_the_permission_shows_everything(several, mallory):
    mallory.user_permissions.add(Permission.objects.get(codename="view_activity"))
    assert Activity.objects.visible_to(mallory).count() == 5


def test_whoever_sees_a_record_sees_its_activities(record, carol, mallory):
    factories.ActivityFactory(title="main", record=record)
    further = factories.ActivityFactory(title="further")
    ActivityConnection.objects.create(activity=further, record=record)
    factories.ActivityFactory(title="unconnected")
    assert titles(Activity.objects.visible_to(carol)) == ["further", "main"]
    assert titles(Activity.objects.visible_to(mallory)) == []
    for activity in Activity.objects.all():
        connected = activity.title != "unconnected"
        assert Activity.objects.visible_to(carol).filter(pk=activity.pk).exists() == connected
        assert not Activity.objects.visible_to(mallory).filter(pk=activity.pk).exists()
    assert titles(Activity.objects.for_record(record)) == ["further", "main"]
    assert titles(Activity.objects.for_record(record.pk)) == ["further", "main"]


def test_the_apps_above_may_show_more(several, mallory, monkeypatch):
    monkeypatch.setattr(lifecycle, "_reach", [lambda user: [Q(title="of lawyers")]])
    assert titles(Activity.objects.visible_to(mallory)) == ["of lawyers"]


def test_open_final_and_overdue(alice, now):
    factories.ActivityFactory(title="late", due_at=now)
    factories.ActivityFactory(title="soon", due_at=now + timedelta(hours=1))
    factories.ActivityFactory(title="whenever", status="in_progress")
    factories.ActivityFactory(title="done late", due_at=now, status="completed", closed_at=now)
    assert titles(Activity.objects.open()) == ["late", "soon", "whenever"]
    assert titles(Activity.objects.final()) == ["done late"]
    assert titles(Activity.objects.overdue(now + timedelta(minutes=1))) == ["late"]


def test_between_finds_what_touches_the_days(db, now):
    day = timedelta(days=1)
    factories.ActivityFactory(title="before", starts_at=now - day, due_at=now - day)
    factories.ActivityFactory(title="into it", starts_at=now - day, due_at=now)
    factories.ActivityFactory(title="a moment", starts_at=now)
    factories.ActivityFactory(title="after", starts_at=now + day)
    assert titles(Activity.objects.between(now, now + day)) == ["a moment", "into it"]
    assert titles(Activity.objects.between(None, now)) == ["before", "into it"]


def test_search_reads_titles_and_captions_of_records_in_any_case(bob, record):
    factories.ActivityFactory(title="Позвонить клиенту", owner=bob)
    factories.ActivityFactory(title="Send the paper", owner=bob, record=record)
    factories.ActivityFactory(title="Send the paper to others")
    mine = Activity.objects.mine(bob)
    assert titles(mine.search("ПОЗВОН")) == ["Позвонить клиенту"]
    assert titles(mine.search("alpha")) == ["Send the paper"]
    assert titles(mine.search("paper")) == ["Send the paper"]
    assert titles(mine.search("")) == ["Send the paper", "Позвонить клиенту"]
    assert titles(mine.search("100%\x00")) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("activity_title_search", Activity.objects.filter(title__icontains="contract")),
        ("activity_process_search", Activity.objects.of_process("contract")),
    ],
)
def test_searches_can_use_their_index(db, name, found):
    """With few rows PostgreSQL rightly reads them all, so sequential reading is forbidden here."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert name in found.order_by().explain()
