"""Copies of a record's caption follow a rename, whatever is locked or lost in between."""

import threading

import pytest
from django.db import connection, transaction

from activities import captions
from activities.models import Activity, CaptionChange
from processes.models import ProcessInstance, ProcessStep
from processes.services import instances
from records.services import change_record, delete_record
from tests import factories
from tests.factories import NOW
from tests.patience import PATIENCE


def rename(record, caption, by=None):
    return change_record(record=record, values={}, caption=caption, by=by, now=NOW)


def copies():
    return set(Activity.objects.exclude(record=None).values_list("record_caption", flat=True))


@pytest.fixture
def about(record):
    """Three activities about the record, open and final, and one about another."""
    make = factories.ActivityFactory
    make.create_batch(2, record=record, record_caption=record.caption)
    make(record=record, record_caption=record.caption, status="completed", closed_at=NOW)
    make(record=factories.RecordFactory(caption="Other"), record_caption="Other")
    return record


def test_a_rename_reaches_every_activity_of_the_record_and_no_other(about):
    rename(about, "Contract with Beta Ltd")
    assert copies() == {"Contract with Alpha Ltd", "Other"}
    assert captions.carry_captions() == 1
    assert copies() == {"Contract with Beta Ltd", "Other"}
    assert not CaptionChange.objects.exists()
    assert captions.carry_captions() == 0


def test_two_renames_end_with_the_last_one(about):
    rename(about, "First")
    rename(about, "Second")
    assert captions.carry_captions() == 2
    assert copies() == {"Second", "Other"}


def test_only_a_new_caption_is_noted(about):
    change_record(record=about, values={"amount": "7"}, by=None, now=NOW)
    assert not CaptionChange.objects.exists()


def test_a_rename_that_is_rolled_back_leaves_no_note(about):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        rename(about, "Never")
        raise ZeroDivisionError
    assert not CaptionChange.objects.exists()


def test_a_record_that_is_gone_takes_its_note_with_it(section):
    record = factories.RecordFactory(record_type=section)
    rename(record, "Soon gone")
    delete_record(record=record, by=None, now=NOW)
    assert captions.carry_captions() == 0


def test_it_wakes_the_worker_after_the_commit(about, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(captions.current_app, "send_task", lambda name, **_options: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        rename(about, "New")
        assert sent == []
    assert sent == [captions.CARRY]


def test_a_silent_broker_stops_no_rename(about, django_capture_on_commit_callbacks, monkeypatch):
    def fail(*_args, **_options):
        raise OSError("no broker")

    monkeypatch.setattr(captions.current_app, "send_task", fail)
    with django_capture_on_commit_callbacks(execute=True):
        rename(about, "New")
    captions.carry_captions()
    assert copies() == {"New", "Other"}


def test_steps_and_instances_follow_as_well(section, role, alice, deploy_approval):
    record = factories.RecordFactory(record_type=section, caption="Contract with Alpha Ltd")
    alice.groups.add(role)
    instance = instances.start_process(process=deploy_approval, by=alice, now=NOW, record=record)
    rename(record, "Contract with Beta Ltd")
    captions.carry_captions()
    step = ProcessStep.objects.get(instance=instance, status="pending")
    assert step.record_caption == "Contract with Beta Ltd"
    assert step.activity.record_caption == "Contract with Beta Ltd"
    assert ProcessInstance.objects.get(pk=instance.pk).record_caption == "Contract with Beta Ltd"


@pytest.fixture
def deploy_approval(role):
    from processes.services.definitions import deploy_file
    from tests.processes.conftest import DIAGRAMS

    return deploy_file(source=(DIAGRAMS / "approval.bpmn").read_bytes(), by=None, now=NOW)[0].process


@pytest.mark.django_db(transaction=True)
def test_what_somebody_holds_is_passed_by_and_done_by_the_next_sweep(transactional_db):
    record = factories.RecordFactory(caption="Old")
    held = factories.ActivityFactory(record=record, record_caption="Old")
    factories.ActivityFactory(record=record, record_caption="Old")
    rename(record, "New")
    locked, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Activity.objects.select_for_update().get(pk=held.pk)
            locked.set()
            done.wait(PATIENCE)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(PATIENCE)
    assert captions.carry_captions() == 0
    assert holder.is_alive(), "it has not waited for him"
    done.set()
    holder.join()
    assert copies() == {"Old", "New"}
    assert captions.carry_captions() == 1
    assert copies() == {"New"}
