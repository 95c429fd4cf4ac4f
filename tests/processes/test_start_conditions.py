"""A process that begins when a condition about a record of its section becomes true (BPMN 2.0.2, 10.5.2)."""

import pytest

from processes import outbox
from processes.models import ProcessChange, ProcessDelivery, ProcessInstance, ProcessStart, ProcessStep
from processes.services import definitions, deliveries
from processes.services.definitions import deploy_file
from processes.services.process_changes import changes_in_words
from records.services import change_record, create_record, delete_record
from tests.factories import RecordFactory
from tests.processes.conftest import DIAGRAMS, allow

pytestmark = pytest.mark.django_db

TOO_LONG = b"count(for i in 1..1000000 return i) = record.amount"


@pytest.fixture
def contracts(db):
    """The section of contracts with a field for the amount."""
    kind = RecordFactory(caption="Contract 7").record_type
    kind.code = "contract"
    kind.save()
    kind.fields.get_or_create(code="amount", defaults={"label": "Amount", "type": "number"})
    return kind


@pytest.fixture
def grown(role, contracts, deploy):
    """Begins when the amount of a contract gets above 1000."""
    return deploy("grown")


@pytest.fixture
def add(contracts, bob, now):
    """A contract of that amount."""

    def with_amount(amount):
        return create_record(
            record_type=contracts, values={"amount": amount}, caption="Contract 8", by=bob, now=now
        )

    return with_amount


@pytest.fixture
def started(now):
    """Does the worker's part; the records that instances were started with since the beginning."""

    def records():
        while outbox.publish(now=now) or deliveries.hand_over_waiting(now=now):
            pass
        return [instance.record for instance in ProcessInstance.objects.order_by("id")]

    return records


def change(record, amount, bob, now):
    change_record(record=record, values={"amount": amount}, by=bob, now=now)


def test_a_record_that_is_added_with_the_condition_true_begins_an_instance_about_it(
    grown, add, started, bob, now
):
    add(5)
    record = add(5000)
    assert started() == [record]
    instance = ProcessInstance.objects.get()
    assert (instance.process, instance.starter, instance.started_at) == (grown, bob, now)
    assert list(ProcessStep.objects.pending().values_list("element_id", flat=True)) == ["look"]


def test_it_begins_again_only_after_the_condition_was_false(grown, add, started, bob, now):
    record = add(5)
    change(record, 2000, bob, now)
    assert started() == [record]
    change(record, 3000, bob, now)
    change_record(record=record, values={}, caption="Another name", by=bob, now=now)
    assert started() == [record]
    change(record, 7, bob, now)
    assert started() == [record]
    change(record, 1001, bob, now)
    assert started() == [record, record]


def test_a_moment_of_truth_counts_although_the_worker_comes_later(grown, add, started, bob, now):
    record = add(5)
    for amount in (2000, 5, 2000, 5):
        change(record, amount, bob, now)
    assert started() == [record, record]


def test_a_field_that_gets_its_value_makes_the_condition_true(grown, add, started, bob, now):
    record = add(None)
    assert started() == []
    change(record, 2000, bob, now)
    assert started() == [record]


def test_records_of_other_sections_begin_nothing(grown, contracts, add, started, bob, now):
    contracts.code = "deal"
    contracts.save()
    add(5000)
    assert started() == []


def test_a_record_that_is_gone_before_the_worker_comes_begins_nothing(grown, add, started, bob, now):
    delete_record(record=add(5000), by=bob, now=now)
    assert started() == []
    assert not ProcessDelivery.objects.exists()


def test_a_disabled_process_does_not_begin_and_misses_what_became_true_meanwhile(
    grown, add, started, bob, now
):
    admin = allow(bob, "disable_process", "cancel_processinstance")
    definitions.disable_process(process=grown, running="finish", by=admin, now=now)
    add(5000)
    assert not ProcessDelivery.objects.exists()
    definitions.enable_process(process=grown, by=admin, now=now)
    assert started() == []


def test_a_condition_that_cannot_be_evaluated_lets_the_record_be_saved_and_is_told_once(
    grown, add, started, bob, now, caplog
):
    source = (DIAGRAMS / "grown.bpmn").read_bytes().replace(b"record.amount &gt; 1000", TOO_LONG)
    deploy_file(source=source, by=None, now=now)
    record = add(5)
    change(record, 7, bob, now)
    assert started() == []
    assert len([each for each in caplog.messages if "did not look at record" in each]) == 2
    (told,) = changes_in_words(ProcessChange.objects.filter(kind="start-failed"))
    assert "“Large” cannot be evaluated" in told.text
    assert "was stopped after" in told.text


def test_saving_a_record_costs_no_statement_more_for_a_condition_that_stays_false(
    grown, add, contracts, bob, now, django_assert_num_queries, django_assert_max_num_queries
):
    record = add(5)
    with django_assert_max_num_queries(30) as watched:
        change(record, 7, bob, now)
    ProcessStart.objects.all().delete()
    with django_assert_num_queries(len(watched)):
        change(record, 5, bob, now)
