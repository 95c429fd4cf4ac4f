"""E-mails: composed by a person, sent once by a worker, repaired when that fails."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound
from processes import outbox, tasks
from processes.errors import StepInWork
from processes.models import ProcessStep
from processes.services import handing, instances, steps, work
from processes.services.definitions import deploy_file
from processes.services.instances import cancel_instance
from processes.services.waiting import waiting_sentences
from records.models import RecordField
from tests.contracts.step_kind import StepKindContract
from tests.factories import NOW
from tests.step_kinds.conftest import diagram

MAIL = (
    'portal:kind="send-email" portal:role="Sales managers" portal:to="carol, office@example.com" '
    'portal:subject="=&quot;News of &quot; + name"'
)
BODY = "<portal:body>Dear all,\n\nit is done.</portal:body>"
LETTER = {"to": "ann@example.com", "subject": "Hello", "body": "All is well."}


class TestContract(StepKindContract):
    """A message with a proposal for everything."""

    code = "send-email"
    settings = {"to": "ann@example.com", "subject": "News", "body": "Hello"}
    good = {"variables": {"to": ["bob@example.com", "Carol <carol@example.com>"]}}
    result = None
    bad = [
        {},
        {"variables": {"to": "nobody"}},
        {"variables": {"to": "a@example.com", "subject": "  "}},
        {"variables": {"to": "a@example.com", "bcc": "b@example.com"}},
        {"variables": {"to": ", ".join(f"p{n}@example.com" for n in range(51))}},
    ]

    @pytest.fixture(autouse=True)
    def database(self, db):
        """Names in the diagram are looked up."""


@pytest.fixture
def outage(monkeypatch):
    """The mail server; `down` says why it refuses."""

    class Server:
        down = ""

    server = Server()
    send = mail.EmailMessage.send

    def send_unless_down(self, *args, **options):
        if server.down:
            raise ConnectionRefusedError(server.down)
        return send(self, *args, **options)

    monkeypatch.setattr(mail.EmailMessage, "send", send_unless_down)
    return server


def send(step, by, now=NOW, **values):
    return steps.complete_step(step_id=step.pk, by=by, now=now, variables={**LETTER, **values})


def test_the_draft_is_an_activity_and_the_page_proposes_what_the_diagram_says(ask, bob, carol, visit):
    carol.email = "carol@example.com"
    carol.save()
    asked = ask(MAIL, BODY, name="Pipes")
    activity = asked.step.activity
    assert (activity.category, activity.status) == ("email", "not_started")
    client = visit(bob)
    assert client.get(f"/activities/{activity.pk}/").url == f"/steps/{asked.step.pk}/"
    form = client.get(f"/steps/{asked.step.pk}/").context["form"]
    assert form["to"].value() == "carol@example.com, office@example.com"
    assert form["subject"].value() == "News of Pipes"
    assert form["body"].value() == "Dear all,\n\nit is done."


def test_records_with_an_address_can_be_recipients(ask, contract, bob, visit):
    RecordField.objects.create(record_type=contract.record_type, code="email", label="E-mail")
    contract.data["email"] = "firm@example.com"
    contract.save()
    to = 'portal:to="=[record, &quot;x@example.com&quot;]"'
    asked = ask(f'portal:kind="send-email" portal:role="Sales managers" {to}', record=contract)
    form = visit(bob).get(f"/steps/{asked.step.pk}/").context["form"]
    assert form["to"].value() == "firm@example.com, x@example.com"


def test_sending_waits_for_the_worker_then_completes_step_and_activity_with_the_text(ask, bob, now):
    bob.email = "bob@example.com"
    bob.save()
    asked = ask(MAIL, BODY, name="Pipes")
    done = send(asked.step, bob, cc="chief@example.com")
    assert (done.is_done, done.next_url) == (False, "")
    step = asked.again()
    assert step.is_in_work
    assert step.activity.status == "in_progress"
    assert not mail.outbox
    assert "worker to carry out" in waiting_sentences(asked.instance, now=now)[0].text

    assert work.run_service_step(now=now + timedelta(minutes=1))
    [sent] = mail.outbox
    assert (sent.to, sent.cc, sent.subject, sent.body) == (
        ["ann@example.com"], ["chief@example.com"], "Hello", "All is well."
    )  # fmt: skip
    assert sent.reply_to == ["bob@example.com"]
    step = asked.again()
    assert (step.status, step.result, step.closed_by) == ("completed", None, bob)
    assert (step.activity.status, step.activity.closed_by) == ("completed", bob)
    assert (
        "To: ann@example.com\nCc: chief@example.com\nSubject: Hello\n\nAll is well."
        in step.activity.result_details
    )
    assert asked.instance.ended_at == now + timedelta(minutes=1)
    assert asked.instance.variables["task"] is None
    assert not work.run_service_step(now=now + timedelta(hours=1))
    assert len(mail.outbox) == 1


def test_the_event_wakes_the_worker_and_the_sweep_finds_what_no_event_told(ask, bob, now, monkeypatch):
    asked = ask(MAIL)
    outbox.publish(now=now)
    asked_for = []
    monkeypatch.setattr(tasks.run_service_step, "delay", asked_for.append)
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **options: call())
    send(asked.step, bob)
    outbox.publish(now=now)
    assert asked_for == [asked.step.pk]
    assert list(ProcessStep.objects.queued(now).values_list("pk", flat=True)) == [asked.step.pk]


def test_a_second_click_sends_nothing_more(ask, bob, visit, now):
    asked = ask(MAIL)
    client, address = visit(bob), f"/steps/{asked.step.pk}/"
    assert client.post(address, LETTER).status_code == 302
    again = client.post(address, LETTER, follow=True)
    assert "answered already" in again.content.decode()
    with pytest.raises(StepInWork):
        send(asked.step, bob)
    with pytest.raises(StepInWork):
        steps.save_draft(step_id=asked.step.pk, draft={"form": "x=1"}, by=bob, now=now)
    page = client.get(address).content.decode()
    assert "being carried out" in page
    assert "All is well." in page
    assert "step-buttons" not in page
    work.run_service_step(now=now)
    assert len(mail.outbox) == 1


def test_two_workers_never_send_the_same_one_and_a_dead_one_is_replaced_with_the_same_message_id(
    ask, bob, now
):
    asked = ask(MAIL)
    send(asked.step, bob)
    dead = work.claim_service_step(now=now)
    assert work.claim_service_step(now=now) is None
    command = work.call_service(dead)  # it sends, and is killed before its turn
    later = now + work.LEASE + timedelta(seconds=1)
    assert work.run_service_step(now=later)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    work.settle_service_step(step=dead, command=command, now=later)  # it was only slow: too late
    assert asked.again().closed_at == later


def test_a_failure_is_an_incident_that_an_administrator_runs_again(ask, bob, admin, outage, now):
    asked = ask(MAIL)
    outage.down = "the mail server does not answer"
    send(asked.step, bob)
    work.run_service_step(now=now)
    step = asked.again()
    assert (asked.instance.status, step.status) == ("failed", "failed")
    assert "the mail server does not answer" in step.error
    assert step.activity.status == "in_progress"
    assert not work.run_service_step(now=now)
    steps.retry_step(step_id=step.pk, by=admin, now=now)
    outage.down = ""
    assert work.run_service_step(now=now)
    step = asked.again()
    assert (asked.instance.status, step.status, step.closed_by) == ("running", "completed", bob)
    assert [sent.to for sent in mail.outbox] == [["ann@example.com"]]


def test_the_performer_corrects_what_could_not_be_sent(ask, bob, carol, mallory, outage, visit, now):
    asked = ask(MAIL)
    outage.down = "no such mailbox"
    client, address = visit(bob), f"/steps/{asked.step.pk}/"
    client.post(address, LETTER)
    with pytest.raises(Conflict):
        steps.recall_step(step_id=asked.step.pk, by=bob, now=now)
    work.run_service_step(now=now)
    assert client.get(f"/activities/{asked.step.activity_id}/").url == address
    page = client.get(address).content.decode()
    assert "no such mailbox" in page
    assert "All is well." in page
    with pytest.raises(NotFound):
        steps.recall_step(step_id=asked.step.pk, by=mallory, now=now)
    assert client.post(f"{address}recall/").url == address
    outage.down = ""
    page = client.get(address)
    assert page.context["form"]["body"].value() == "All is well."
    assert asked.again().is_pending
    client.post(address, {**LETTER, "to": "right@example.com"})
    work.run_service_step(now=now)
    assert [sent.to for sent in mail.outbox] == [["right@example.com"]]
    assert asked.again().status == "completed"


def test_boundary_timers_survive_a_failure_and_end_with_the_step(ask, role, bob, admin, outage, now):
    nag = """<boundaryEvent id="nag" attachedToRef="task" cancelActivity="false"><outgoing>f3</outgoing>
      <timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
      <sequenceFlow id="f3" sourceRef="nag" targetRef="end"/>"""
    source = diagram("nagged", MAIL, more=nag)
    process = deploy_file(source=source, by=None, now=now)[0].process
    instance = instances.start_process(process=process, by=bob, now=now, variables={"name": "x"})
    step = instance.steps.get(element_id="task")
    outage.down = "down"
    send(step, bob)
    work.run_service_step(now=now)
    steps.retry_step(step_id=step.pk, by=admin, now=now)
    assert instance.steps.pending().filter(element_id="nag").count() == 1
    outage.down = ""
    work.run_service_step(now=now)
    instance.refresh_from_db()
    assert instance.ended_at == now
    assert not instance.steps.pending().exists()


def test_a_cancelled_e_mail_is_not_sent(ask, bob, admin, now):
    asked = ask(MAIL)
    send(asked.step, bob)
    claimed = work.claim_service_step(now=now)
    cancel_instance(instance_id=asked.instance.pk, reason="no", by=admin, now=now)
    assert work.claim_service_step(now=now) is None
    work.settle_service_step(step=claimed, command=work.Complete(claimed.pk), now=now)
    assert asked.again().status == "cancelled"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", ""),
        ("to", "nobody"),
        ("to", "a@example.com; nobody@"),
        ("cc", "x y"),
        ("subject", " "),
        ("body", ""),
    ],
)
def test_a_message_that_cannot_be_sent_keeps_the_form(ask, bob, visit, field, value):
    asked = ask(MAIL)
    refused = visit(bob).post(f"/steps/{asked.step.pk}/", {**LETTER, "cc": "", field: value})
    assert refused.status_code == 400
    assert set(refused.context["form"].errors) == {field}
    assert asked.again().is_pending
    assert not asked.step.is_in_work


def test_the_files_of_its_activity_go_out_with_it(ask, bob, carol, visit, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    asked = ask(MAIL, BODY, name="Pipes")
    client = visit(bob)
    offer = SimpleUploadedFile("Предложение № 7.pdf", b"%PDF-1.4 offer")
    added = client.post(f"/activities/{asked.step.activity_id}/files/add/", {"file": offer}, follow=True)
    assert added.redirect_chain[-1][0].startswith(f"/steps/{asked.step.pk}/"), "back on the compose page"
    page = added.content.decode()
    assert "Предложение № 7.pdf" in page
    assert "They are sent with the e-mail." in page
    send(asked.step, bob)
    assert work.run_service_step(now=now + timedelta(minutes=1))
    [sent] = mail.outbox
    assert sent.attachments == [("Предложение № 7.pdf", b"%PDF-1.4 offer", "application/pdf")]
    assert asked.again().activity.attachments.count() == 1, "kept with the activity"


def test_headers_cannot_be_smuggled_in(ask, bob, now):
    asked = ask(MAIL)
    send(asked.step, bob, subject="Hello\r\nBcc: spy@example.com")
    work.run_service_step(now=now)
    [sent] = mail.outbox
    assert "\n" not in sent.subject
    assert sent.recipients() == ["ann@example.com"]


def test_completing_its_activity_in_passing_sends_nothing(ask, bob, visit, now):
    asked = ask(MAIL)
    visit(bob).post(f"/activities/{asked.step.activity_id}/complete/", {"result": "done"})
    with pytest.raises(Invalid):
        steps.complete_step(step_id=asked.step.pk, by=bob, now=now)
    assert not asked.again().is_in_work


def test_a_draft_survives_leaving_the_page(ask, bob, visit):
    asked = ask(MAIL, BODY)
    client = visit(bob)
    client.post(f"/steps/{asked.step.pk}/draft/", {"to": "half@exam", "subject": "", "body": "Dear"})
    form = client.get(f"/steps/{asked.step.pk}/").context["form"]
    assert (form["to"].value(), form["subject"].value(), form["body"].value()) == ("half@exam", "", "Dear")


def test_it_can_be_handed_on_while_it_is_a_draft(ask, bob, carol, now):
    asked = ask('portal:kind="send-email" portal:assignee="bob"')
    handing.reassign_step(step_id=asked.step.pk, assignee=carol, by=bob, now=now)
    assert asked.again().activity.owner == carol
    send(asked.step, carol)
    with pytest.raises(Forbidden):  # bob has started it and may look, but it is no longer his to send
        steps.complete_step(step_id=asked.step.pk, by=bob, now=now, variables=LETTER)


def test_mallory_neither_sees_nor_sends(ask, mallory, visit):
    step = ask(MAIL).step
    client = visit(mallory)
    assert client.get(f"/steps/{step.pk}/").status_code == 404
    assert client.post(f"/steps/{step.pk}/", LETTER).status_code == 404
    assert client.post(f"/steps/{step.pk}/recall/").status_code == 404
    with pytest.raises(NotFound):
        send(step, mallory)
    assert not ProcessStep.objects.get(pk=step.pk).is_in_work
