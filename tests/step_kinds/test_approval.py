"""Approvals: decided with a comment, once handed on where the diagram allows it."""

from datetime import timedelta

import pytest
from django.utils import translation

from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from notifications.models import Notification
from processes import outbox
from processes.errors import DeployRefused, StepAlreadyClosed
from processes.models import ProcessEvent, ProcessStep
from processes.services import handing, steps
from processes.services.definitions import deploy_file
from processes.services.journal import in_words
from processes.services.waiting import waiting_sentences
from tests.contracts.step_kind import StepKindContract
from tests.factories import NOW
from tests.step_kinds.conftest import diagram

APPROVAL = 'portal:kind="approval" portal:role="Sales managers"'


class TestContract(StepKindContract):
    """Rejecting needs a comment."""

    code = "approval"
    settings = {}
    good = {"result": "approved"}
    result = "approved"
    bad = [
        {},
        {"result": "rejected"},
        {"result": "rejected", "details": "  "},
        {"result": "maybe"},
        {"result": []},
    ]


class TestContractWhereEveryDecisionNeedsAComment(StepKindContract):
    """`portal:commentRequired="always"`."""

    code = "approval"
    settings = {"commentRequired": "always"}
    good = {"result": "approved", "details": "fine"}
    result = "approved"
    bad = [{"result": "approved"}, {"result": "approved", "details": "x" * 5000}]


def test_it_waits_on_the_record_of_the_instance_and_moves_on_with_the_decision(
    ask, contract, bob, carol, now
):
    asked = ask(APPROVAL, record=contract)
    step = asked.step
    assert (step.waits_on, step.record, step.activity) == ("record", contract, None)
    end = now + timedelta(hours=2)
    steps.complete_step(step_id=step.pk, by=carol, now=end, result="rejected", details=" Too dear ")
    step = asked.again()
    assert (step.status, step.result, step.details, step.closed_by) == (
        "completed",
        "rejected",
        "Too dear",
        carol,
    )
    assert asked.instance.variables["task"] == "rejected"
    assert asked.instance.ended_at == end
    with pytest.raises(StepAlreadyClosed):
        steps.complete_step(step_id=step.pk, by=bob, now=end, result="approved")


def test_without_a_record_it_hangs_on_a_process_card(ask):
    step = ask(APPROVAL).step
    assert step.record.record_type.code == "process_card"
    assert step.record.record_type.name == "Process card"
    with translation.override("ru"):
        assert step.record.record_type.name == "Карточка процесса"


def test_a_record_of_its_own_wins_over_that_of_the_instance(ask, contract, admin):
    other = ask(f'{APPROVAL} portal:record="={contract.pk}"', by=admin).step
    assert other.record == contract


def test_the_comment_stands_in_the_journal_and_on_the_page_of_the_record(
    ask, contract, visit, bob, carol, now
):
    asked = ask(APPROVAL, record=contract)
    steps.complete_step(step_id=asked.step.pk, by=carol, now=now, result="rejected", details="Too dear")
    events = ProcessEvent.objects.filter(instance=asked.instance).select_related("step", "by").order_by("id")
    assert any("Too dear" in entry.text for entry in in_words(events))
    page = visit(bob).get(f"/records/r/{contract.pk}/").content.decode()
    assert "Too dear" in page
    assert "Rejected" in page


def test_an_unknown_rule_about_comments_is_refused_at_deploy(role):
    source = diagram("asked", f'{APPROVAL} portal:commentRequired="sometimes"')
    with pytest.raises(DeployRefused) as refusal:
        deploy_file(source=source, by=None, now=NOW)
    assert [(p.code, p.element) for p in refusal.value.problems] == [("attribute_value", "task")]


def test_comments_can_be_left_out_where_the_diagram_says_never(ask, bob, now):
    asked = ask(f'{APPROVAL} portal:commentRequired="never"')
    steps.complete_step(step_id=asked.step.pk, by=bob, now=now, result="rejected")
    assert asked.again().result == "rejected"


def test_an_approver_hands_on_once_where_the_diagram_allows_it(ask, role, bob, carol, alice, mallory, now):
    alice.groups.add(role)
    asked = ask('portal:kind="approval" portal:assignee="bob" portal:delegable="true"', by=alice)
    handing.reassign_step(step_id=asked.step.pk, assignee=carol, by=bob, now=now)
    assert asked.again().assignee == carol
    with pytest.raises(Forbidden):
        handing.reassign_step(step_id=asked.step.pk, assignee=mallory, by=carol, now=now)
    # Her manager is no approver who passes the buck.
    handing.reassign_step(step_id=asked.step.pk, assignee=bob, by=alice, now=now)
    assert asked.again().assignee == bob


def test_an_approver_does_not_hand_on_where_the_diagram_is_silent_but_administrators_do(
    ask, bob, carol, admin, now
):
    asked = ask('portal:kind="approval" portal:assignee="bob"')
    with pytest.raises(Forbidden):
        handing.reassign_step(step_id=asked.step.pk, assignee=carol, by=bob, now=now)
    handing.reassign_step(step_id=asked.step.pk, assignee=carol, by=admin, now=now)
    assert asked.again().assignee == carol


def test_the_approver_is_told_of_it(ask, alice, now):
    asked = ask('portal:kind="approval" portal:assignee="alice"')
    outbox.publish(now=now)
    assert list(Notification.objects.visible_to(alice).values_list("kind", "step")) == [
        ("step-assigned", asked.step.pk)
    ]


def test_the_log_says_who_has_to_decide(ask, bob, now):
    asked = ask(APPROVAL)
    assert "decide on “Do it”" in waiting_sentences(asked.instance, now=now)[0].text


def test_the_page_shows_the_record_and_keeps_what_was_typed_without_a_comment_where_one_is_needed(
    ask, contract, visit, bob
):
    asked = ask(APPROVAL, record=contract)
    client = visit(bob)
    page = client.get(f"/steps/{asked.step.pk}/")
    assert page.status_code == 200
    assert "Contract 7" in page.content.decode()
    assert "Paper" in page.content.decode()  # its subject
    refused = client.post(f"/steps/{asked.step.pk}/", {"result": "rejected", "details": ""})
    assert refused.status_code == 400
    assert "Say why" in refused.content.decode()
    assert asked.again().is_pending
    done = client.post(f"/steps/{asked.step.pk}/", {"result": "rejected", "details": "No budget"})
    assert done.status_code == 302
    page = client.get(f"/steps/{asked.step.pk}/").content.decode()
    assert "Rejected" in page
    assert "No budget" in page


def test_the_card_approves_at_once_and_leads_to_the_page_for_a_rejection(ask, contract, visit, bob):
    asked = ask(APPROVAL, record=contract)
    client = visit(bob)
    card = client.get("/panel/work/", HTTP_HX_REQUEST="true").content.decode()
    assert 'value="approved"' in card
    assert 'value="rejected"' not in card
    assert f'href="/steps/{asked.step.pk}/' in card
    assert client.post(f"/steps/{asked.step.pk}/answer/", {"result": "rejected"}).status_code == 400
    client.post(f"/steps/{asked.step.pk}/answer/", {"result": "approved"}, HTTP_HX_REQUEST="true")
    assert asked.again().result == "approved"


def test_only_who_may_change_the_approver_is_offered_it(ask, visit, bob, admin):
    fixed = ask('portal:kind="approval" portal:assignee="bob"').step
    free = ask('portal:kind="approval" portal:assignee="bob" portal:delegable="true"').step
    assert "Change approver" not in visit(bob).get(f"/steps/{fixed.pk}/").content.decode()
    assert "Change approver" in visit(bob).get(f"/steps/{free.pk}/").content.decode()
    assert "Change approver" in visit(admin).get(f"/steps/{fixed.pk}/").content.decode()


def test_mallory_neither_sees_nor_decides(ask, contract, visit, mallory, now):
    step = ask(APPROVAL, record=contract).step
    client = visit(mallory)
    assert client.get(f"/steps/{step.pk}/").status_code == 404
    assert client.post(f"/steps/{step.pk}/", {"result": "approved"}).status_code == 404
    assert client.post(f"/steps/{step.pk}/answer/", {"result": "approved"}).status_code == 404
    with pytest.raises(NotFound):
        steps.complete_step(step_id=step.pk, by=mallory, now=now, result="approved")
    assert ProcessStep.objects.get(pk=step.pk).is_pending


def test_who_may_only_look_cannot_decide(ask, contract, alice, role, now):
    alice.groups.add(role)
    step = ask('portal:kind="approval" portal:assignee="carol"', by=alice, record=contract).step
    with pytest.raises((Forbidden, Invalid)):
        steps.complete_step(step_id=step.pk, by=alice, now=now, result="approved")
