"""What a step costs in statements: never more than eight, however large the diagram."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes.compiled import definition_of
from processes.models import ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:test">
 <process id="{id}" name="Sequence" isExecutable="true" portal:roles="Sales managers">"""


def sequence(process_id: str, tasks: int) -> bytes:
    """A start, `tasks` tasks for the role one after the other, an end."""
    nodes = ["s", *(f"t{n}" for n in range(tasks)), "e"]
    parts = [HEAD.format(id=process_id), '<startEvent id="s"/>']
    parts += [f'<userTask id="{node}" name="{node}" portal:role="Sales managers"/>' for node in nodes[1:-1]]
    parts += ['<endEvent id="e"/>']
    parts += [
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairwise(nodes))
    ]
    return "".join([*parts, "</process></definitions>"]).encode()


def statements_of_one_step(process, user, now) -> list[str]:
    """The statements of completing the first task, without BEGIN and COMMIT."""
    instance = instances.start_process(process=process, by=user, now=now)
    definition_of(instance.version_id)
    first = ProcessStep.objects.pending().get(instance=instance)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        done = steps.complete_step(step_id=first.pk, by=user, now=now, result="done")
    assert done.next_step_id is not None
    assert done.count >= 1
    texts = [query["sql"] for query in queries]
    return [text for text in texts if text.split()[0] not in ("BEGIN", "COMMIT")]


def test_a_completed_step_takes_at_most_eight_statements_in_small_and_large_diagrams(bob, now):
    counts = {}
    for size in (2, 500):
        [version] = deploy_file(source=sequence(f"sequence-{size}", size), by=None, now=now)
        counts[size] = statements_of_one_step(version.process, bob, now)
    assert len(counts[2]) == len(counts[500]), counts[500]
    assert len(counts[2]) <= 8, "\n".join(counts[2])


def test_it_stays_at_the_goal_of_seven(bob, now):
    # Lock, live steps, performers with ids, activities, everything else; then the next step and the new count.
    [version] = deploy_file(source=sequence("sequence", 3), by=None, now=now)
    texts = statements_of_one_step(version.process, bob, now)
    assert len(texts) == 7, "\n".join(texts)
