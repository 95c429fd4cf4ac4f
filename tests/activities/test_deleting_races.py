"""A record is deleted while somebody names it in an activity: he gets a sentence, the form stays as it was."""

from functools import partial

import pytest

from activities.models import Activity, ActivityConnection
from activities.services import change_activity, connect_record, create_activity
from bpm_portal.common.errors import Invalid
from records.services import delete_record
from tests.factories import NOW, ActivityFactory, RecordFactory
from tests.races import while_uncommitted

pytestmark = pytest.mark.django_db(transaction=True)


def add(record, by):
    create_activity(title="Call", starts_at=NOW, due_at=None, record=record, by=by, now=NOW)


def change(record, by):
    activity = ActivityFactory(owner=by, author=by)
    change_activity(activity=activity, values={"record": record}, by=by, now=NOW)


def connect(record, by):
    connect_record(activity_id=ActivityFactory(owner=by, author=by).pk, record=record, by=by)


@pytest.mark.parametrize("name", [add, change, connect])
def test_who_names_a_record_that_is_being_deleted_is_told_that_there_is_none(name, admin):
    record = RecordFactory()
    refusal = while_uncommitted(
        partial(delete_record, record=record, by=admin, now=NOW), partial(name, record, admin)
    )
    assert isinstance(refusal, Invalid), refusal
    assert list(refusal.detail) == ["record"]
    assert not Activity.objects.exclude(record=None).exists()
    assert not ActivityConnection.objects.exists()
