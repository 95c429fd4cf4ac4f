"""The example of the README is no decoration: it is run here, as it stands there."""

import re
from pathlib import Path

import pytest

from processes import kinds
from processes.engine.supported import supported_table
from processes.models import ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()

DIAGRAM = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:test">
 <process id="reading" isExecutable="true" portal:roles="Sales managers">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
  <userTask id="t" name="Read the rules" portal:kind="confirm-reading" portal:word="understood"
            portal:role="Sales managers"/>
  <sequenceFlow id="f2" sourceRef="t" targetRef="e"/><endEvent id="e"/>
 </process></definitions>"""


def example(name: str) -> str:
    """The code of a block of the README."""
    found = re.search(rf"<!-- example: {name} -->\n```python\n(.*?)```", README, re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture
def confirm_reading():
    """The kind of the README, registered at run time."""
    exec(compile(example("kind"), "README.md", "exec"), {"__name__": "readme"})
    yield kinds.get("confirm-reading")
    kinds.unregister("confirm-reading")


@pytest.mark.usefixtures("confirm_reading")
@pytest.mark.django_db
def test_the_kind_of_the_readme_runs_from_diagram_to_page_to_completion(bob, client, now):
    [version] = deploy_file(source=DIAGRAM, by=None, now=now)
    instance = instances.start_process(process=version.process, by=bob, now=now)
    step = ProcessStep.objects.pending().get(instance=instance)
    client.force_login(bob)
    page = client.get(f"/steps/{step.pk}/")
    assert "Type “understood”" in page.content.decode()
    assert client.post(f"/steps/{step.pk}/", {"word": "yes", "result": "read"}).status_code == 400
    assert client.post(f"/steps/{step.pk}/", {"word": "understood", "result": "read"}).status_code == 302
    instance.refresh_from_db()
    assert instance.ended_at is not None
    with pytest.raises(Exception, match="has already completed"):
        steps.complete_step(step_id=step.pk, by=bob, now=now, result="read", variables={"word": "understood"})


@pytest.mark.usefixtures("confirm_reading")
def test_the_test_of_the_readme_passes(request, db):
    space: dict[str, object] = {"__name__": "readme"}
    exec(compile(example("test"), "README.md", "exec"), space)
    contract = space["TestConfirmReading"]()  # type: ignore[operator]
    promises = [name for name in dir(contract) if name.startswith("test_")]
    assert len(promises) > 6
    for name in promises:
        getattr(contract, name)()


def test_the_table_of_elements_is_that_of_the_engine():
    """`python manage.py bpmn elements` prints the table that belongs between the marks."""
    found = re.search(r"<!-- elements -->\n(.*?)\n<!-- end of elements -->", README, re.DOTALL)
    assert found
    assert found[1] == supported_table()
