"""The example of the README is no decoration: it is run here, as it stands there."""

import json
import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from processes import kinds
from processes.engine.supported import supported_table
from processes.errors import StepAlreadyClosed
from processes.models import ProcessStep
from processes.services import instances, steps, work
from processes.services.definitions import deploy_file

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()

DIAGRAM = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:test">
 <process id="calling" isExecutable="true" portal:roles="Sales managers">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
  <userTask id="t" name="Tell the customer" portal:kind="send-sms" portal:phone="=phone" portal:text="It is ready"
            portal:role="Sales managers"/>
  <sequenceFlow id="f2" sourceRef="t" targetRef="e"/><endEvent id="e"/>
 </process></definitions>"""
PHONE = "+49301234567"


def example(name: str) -> str:
    """The code of a block of the README."""
    found = re.search(rf"<!-- example: {name} -->\n```python\n(.*?)```", README, re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture
def send_sms():
    """The kind of the README, registered at run time."""
    exec(compile(example("kind"), "README.md", "exec"), {"__name__": "readme"})
    yield kinds.get("send-sms")
    kinds.unregister("send-sms")


@pytest.fixture
def gateway(settings):
    """A gateway that takes messages over HTTP; `answers` are the codes that it gives, the last one for ever."""

    class Gateway(BaseHTTPRequestHandler):
        taken: ClassVar[list[dict[str, str]]] = []
        answers: ClassVar[list[int]] = [200]

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if code == HTTPStatus.OK:
                self.taken.append(json.loads(body))
            self.send_response(code)
            self.end_headers()

        def log_message(self, *words):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.SMS_GATEWAY = f"http://127.0.0.1:{server.server_port}/"
        yield Gateway
        server.shutdown()


@pytest.mark.usefixtures("send_sms")
@pytest.mark.django_db
def test_the_kind_of_the_readme_runs_from_diagram_to_page_to_worker_to_completion(
    bob, admin, client, now, gateway
):
    [version] = deploy_file(source=DIAGRAM, by=None, now=now)
    instance = instances.start_process(process=version.process, by=bob, now=now, variables={"phone": PHONE})
    step = ProcessStep.objects.pending().get(instance=instance)
    client.force_login(bob)
    page = f"/steps/{step.pk}/"
    assert client.get(page).context["form"].initial == {"phone": PHONE, "text": "It is ready"}
    refused = client.post(page, {"phone": "Bob", "text": "It is ready"})
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert 'value="Bob"' in refused.content.decode()

    gateway.answers = [503, 200]
    assert client.post(page, {"phone": PHONE, "text": "Come"}).status_code == HTTPStatus.FOUND
    assert gateway.taken == []  # nothing slow happens while somebody waits for the page
    assert work.run_service_step(now=now)
    step.refresh_from_db()
    assert "503" in step.error
    steps.retry_step(step_id=step.pk, by=admin, now=now)
    assert work.run_service_step(now=now)
    [message] = gateway.taken
    assert (message["phone"], message["text"]) == (PHONE, "Come")
    instance.refresh_from_db()
    assert instance.ended_at is not None
    with pytest.raises(StepAlreadyClosed):
        steps.complete_step(step_id=step.pk, by=bob, now=now, variables={"phone": PHONE, "text": "Come"})


@pytest.mark.usefixtures("send_sms")
def test_the_test_of_the_readme_passes(request, db):
    space: dict[str, object] = {"__name__": "readme"}
    exec(compile(example("test"), "README.md", "exec"), space)
    contract = space["TestSendSms"]()  # type: ignore[operator]
    promises = [name for name in dir(contract) if name.startswith("test_")]
    assert len(promises) > 6
    for name in promises:
        getattr(contract, name)()


def test_the_table_of_elements_is_that_of_the_engine():
    """`python manage.py bpmn elements` prints the table that belongs between the marks."""
    found = re.search(r"<!-- elements -->\n(.*?)\n<!-- end of elements -->", README, re.DOTALL)
    assert found
    assert found[1] == supported_table()
