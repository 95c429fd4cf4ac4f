"""What a turn reads: never more because an instance is large. Rows are counted, and statements; never time."""

from datetime import datetime

import pytest
from django.db import connection

from bpm_portal.accounts.models import User
from processes import feed
from processes.engine.effects import Complete
from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file
from processes.turn import turn
from tests.processes import wide
from tests.processes.reading import Cost, counted

pytestmark = pytest.mark.django_db(transaction=True)

ANY_PLAN = "SET enable_seqscan = on"
TOMORROW = 'portal:startIn="P1D" portal:role'
#: A thousand other instances with twenty steps each, so that plans are those of a portal at work.
OTHERS = """
    WITH others AS (
        INSERT INTO processes_processinstance
        SELECT r.* FROM processes_processinstance i, generate_series(1000001, 1001000) AS n,
               jsonb_populate_record(i, jsonb_build_object(
                   'id', n, 'status', 'cancelled', 'ended_at', i.started_at)) r
         WHERE i.id = %(like)s AND NOT EXISTS (SELECT FROM processes_processinstance WHERE id > 1000000)
        RETURNING id
    )
    INSERT INTO processes_processstep
    SELECT r.* FROM others o, processes_processstep s, generate_series(0, 19) AS n,
           jsonb_populate_record(s, jsonb_build_object('id', o.id * 20 + n, 'instance_id', o.id)) r
     WHERE s.instance_id = %(like)s AND s.element_id = 's'"""


def start(body: str, *, by: User, now: datetime, **variables: object) -> ProcessInstance:
    version, *_ = deploy_file(source=wide.file(body), by=None, now=now)
    return instances.start_process(process=version.process, by=by, now=now, variables=variables)


@pytest.fixture
def begin(role, bob, now):
    def start_among_others(body: str, **variables: object) -> ProcessInstance:
        instance = start(body, by=bob, now=now, **variables)
        with connection.cursor() as cursor:
            cursor.execute(OTHERS, {"like": instance.pk})
            cursor.execute("ANALYZE")
        return instance

    return start_among_others


@pytest.fixture
def asked(db):
    """The steps that wait for somebody, the oldest first."""
    return lambda: list(ProcessStep.objects.pending().filter(waits_on="activity").order_by("id"))


@pytest.fixture
def complete(bob, now):
    def complete_one(step: ProcessStep) -> Cost:
        with counted() as cost, turn(step_id=step.pk, by=bob, now=now) as move:
            move.run(Complete(step.pk, "done"))
        return cost

    return complete_one


def ends(instance: ProcessInstance) -> bool:
    """Whether it has ended with nothing left behind."""
    instance.refresh_from_db()
    return (
        instance.ended_at is not None and not ProcessStep.objects.pending().filter(instance=instance).exists()
    )


def test_one_of_many_instances_costs_the_same_however_many_there_are(begin, asked, complete):
    costs = {}
    for number in (50, 2000):
        begin(wide.many(), count=number)
        siblings = asked()[-number:]
        costs[number] = [complete(step) for step in (*siblings[5:40], *siblings[-5:])]
    assert max(cost.steps for cost in costs[50] + costs[2000]) < 30
    assert len({cost.shape for cost in costs[50] + costs[2000]}) == 1, "other statements"
    assert len(costs[2000][-1].statements) == 4  # lock, what stands around, activities, everything else


@pytest.mark.parametrize(
    ("body", "next_element"),
    [(wide.many(), "a"), (wide.calls(), "ask"), (wide.many().replace("portal:role", TOMORROW), None)],
    ids=["of one activity", "of called processes", "that start tomorrow"],
)
def test_whoever_completes_one_of_many_is_led_to_the_next_without_a_look_at_the_others(
    begin, asked, bob, now, body, next_element
):
    begin(wide.many(), count=3000)
    elsewhere = {step.pk for step in asked()}
    costs = {}
    for number in (50, 500):
        begin(body, count=number)
        first, *others = [step for step in asked() if step.pk not in elsewhere]
        elsewhere |= {step.pk for step in others}
        with counted() as costs[number]:
            done = steps.complete_step(step_id=first.pk, by=bob, now=now, result="done")
        led_to = None if done.next_step_id is None else next(s for s in others if s.pk == done.next_step_id)
        assert (led_to and led_to.element_id) == next_element
    assert max(cost.steps for cost in costs.values()) < 60 + feed.COUNT_CAP
    assert costs[50].shape == costs[500].shape, "other statements"


def test_who_does_his_first_steps_is_led_on_without_a_look_at_those_that_he_has_done(asked, role, bob, now):
    start(wide.many(), by=bob, now=now, count=300)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # which knows of no step of his
    for step in asked()[:80]:
        with counted() as cost:
            steps.complete_step(step_id=step.pk, by=bob, now=now, result="done")
    assert cost.steps < 50 + feed.COUNT_CAP, str(cost)


def test_where_most_steps_are_of_one_instance_those_that_are_done_are_not_read(asked, role, bob, now):
    start(wide.many(), by=bob, now=now, count=600)
    *done, step = asked()[:200]
    for each in done:
        with turn(step_id=each.pk, by=bob, now=now) as move:
            move.run(Complete(each.pk, "done"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with counted() as cost:
        with connection.cursor() as cursor:
            cursor.execute(ANY_PLAN)
        with turn(step_id=step.pk, by=bob, now=now) as move:
            move.run(Complete(step.pk, "done"))
    assert cost.steps < 40, str(cost)


@pytest.mark.parametrize(("join", "statements"), [("parallelGateway", 5), ("inclusiveGateway", 6)])
def test_a_join_of_many_branches_is_linear_in_their_number(begin, asked, complete, join, statements):
    total = {}
    for number in (20, 100):
        instance = begin(wide.branches(number, join))
        costs = [complete(step) for step in asked()]
        assert {len(cost.statements) for cost in costs[:-1]} == {statements}
        assert len(costs[-1].statements) <= statements + 2
        assert ends(instance)
        assert max(cost.steps for cost in costs[:-1]) < 80
        total[number] = sum(cost.steps for cost in costs)
    assert total[100] <= 5.5 * total[20]


def test_nested_sub_processes_are_linear_in_their_depth(begin, asked, complete):
    costs = {}
    for depth in (20, 200):
        instance = begin(wide.nested(depth))
        [step] = asked()
        costs[depth] = complete(step)
        assert ends(instance)
    assert len(costs[20].statements) == len(costs[200].statements) == 5
    assert costs[200].steps <= 12 * costs[20].steps


def test_the_collection_of_one_after_the_other_is_neither_sent_nor_written_again(begin, asked, complete):
    costs = {}
    for number in (50, 2000):
        begin(wide.many("true"), count=number)
        costs[number] = [complete(asked()[-1]) for _ in range(5)]
        assert asked()[-1].variables["each"] == 6
    assert max(cost.steps for cost in costs[50] + costs[2000]) < 40
    assert len({cost.shape for cost in costs[50] + costs[2000]}) == 1, "other statements"
    assert len(costs[2000][-1].statements) == 6  # also the next item, and who performs it
    sent = {number: sum(map(len, costs[number][-1].statements)) for number in costs}
    written = {number: min(cost.written for cost in costs[number]) for number in costs}
    assert sent[2000] <= sent[50] + 50
    assert written[2000] <= written[50] + 2000


def test_called_instances_begin_with_one_look_up_of_their_version_and_return_for_the_same(
    begin, asked, complete
):
    costs, looked_up = {}, {}
    for number in (10, 100):
        with counted() as opening:
            begin(wide.calls(), count=number)
        looked_up[number] = sum('FROM "processes_processversion"' in text for text in opening.statements)
        costs[number] = [complete(step) for step in asked()[-number:][:5]]
    assert looked_up[100] <= looked_up[10]  # the first also compiles them
    assert max(cost.steps for cost in costs[10] + costs[100]) < 60
    assert len({cost.shape for cost in costs[10] + costs[100]}) == 1, "other statements"


def test_what_can_be_undone_is_read_one_by_one_and_only_when_it_is_to_be_undone(begin, asked, complete):
    undoing = {}
    for number in (20, 200):
        instance = begin(wide.undone(), count=number)
        costs = [complete(step) for step in asked()]
        assert max(cost.steps for cost in costs[:-1]) < 40
        assert {len(cost.statements) for cost in costs[:-1]} == {4}
        [before] = asked()
        assert before.element_id == "b"
        undoing[number] = [complete(before), *(complete(step) for _ in range(number - 1) for step in asked())]
        assert [step.element_id for step in asked()] == ["undo"]
        assert not ends(instance)
        undoing[number].append(complete(asked()[0]))
        assert ends(instance)
        assert instance.completions == number + 1
    middles = [undoing[20][1:-1], undoing[200][1:-1]]
    assert {len(cost.statements) for middle in middles for cost in middle} == {6}
    assert max(cost.steps for middle in middles for cost in middle) < 40
    assert undoing[200][0].steps <= 11 * undoing[20][0].steps
