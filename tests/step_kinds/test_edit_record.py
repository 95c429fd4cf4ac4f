"""Edit pages: done on save or when the saved record fits, never making anything twice."""

from datetime import timedelta
from typing import Any

import pytest

from activities.models import Activity
from bpm_portal.common.errors import Conflict, Invalid, NotFound
from processes.errors import DeployRefused, StepAlreadyClosed
from processes.models import ProcessEvent, ProcessStep
from processes.services import steps
from processes.services.definitions import deploy_file
from records.models import Record
from tests.contracts.step_kind import StepKindContract
from tests.factories import NOW, RecordFactory
from tests.step_kinds.conftest import diagram

ADD = 'portal:kind="edit-record" portal:role="Sales managers" portal:recordType="contract"'
EDIT = 'portal:kind="edit-record" portal:role="Sales managers"'
IN_FORCE = (
    '<portal:completeWhen label="the state must be in force">=record.state = "in_force"</portal:completeWhen>'
)


@pytest.mark.usefixtures("contracts")
class TestContract(StepKindContract):
    """Adding a contract."""

    code = "edit-record"
    settings: dict[str, Any] = {"recordType": "contract", "edits": None}
    good = {"variables": {"subject": "Pipes"}}
    result = None  # known once the record is saved
    bad = [{}, {"result": "saved"}]

    @pytest.fixture(autouse=True)
    def by_somebody(self, bob):
        self.by = bob


def save(step, by, now=NOW, **values):
    return steps.complete_step(step_id=step.pk, by=by, now=now, variables=values)


def test_a_new_record_is_made_with_its_defaults_and_becomes_the_result_and_the_connection(
    ask, contracts, contract, bob, now
):
    asked = ask(
        f'{ADD} portal:fieldCode="amount"',
        '<portal:default field="amount" value="=amount"/><portal:default field="state" value="draft"/>',
        record=contract,
        amount=250,
    )
    assert asked.step.activity.record == contract
    done = save(asked.step, bob, subject="Pipes")
    made = Record.objects.exclude(pk=contract.pk).get()
    assert made.data == {"subject": "Pipes", "amount": "250", "state": "draft"}
    assert (made.created_by, made.owner) == (bob, bob)
    step = asked.again()
    assert done.is_done
    assert (step.status, step.result) == ("completed", 250)
    assert (step.activity.status, step.activity.record) == ("completed", made)
    assert (step.activity.record_caption, step.activity.result) == (made.caption, made.caption)
    assert asked.instance.variables["task"] == 250


def test_without_a_field_the_result_is_the_id_of_the_record(ask, contract, bob):
    asked = ask(EDIT, record=contract)
    save(asked.step, bob, amount="120")
    contract.refresh_from_db()
    assert contract.data["amount"] == "120"
    assert asked.again().result == contract.pk


def test_another_record_than_that_of_the_instance_can_be_edited(ask, contract, contracts, bob):
    other = RecordFactory(record_type=contracts, caption="Other", owner=bob)
    asked = ask(f'{EDIT} portal:record="={other.pk}"', record=contract)
    save(asked.step, bob, amount="7")
    other.refresh_from_db()
    assert other.data["amount"] == "7"


def test_saved_without_a_match_it_waits_on_and_what_was_added_is_edited(ask, contracts, bob, now):
    asked = ask(ADD, IN_FORCE)
    first = save(asked.step, bob, subject="Pipes", state="draft")
    made = Record.objects.get(record_type=contracts)
    step = asked.again()
    assert not first.is_done
    assert first.next_step_id == step.pk
    assert "the state must be in force" in first.note
    assert (step.status, step.activity.status, step.activity.record) == ("pending", "in_progress", made)
    assert step.record_caption == made.caption
    assert ProcessEvent.objects.filter(step=step, kind="step-kept").count() == 1
    # The same again, as a second click sends it: nothing is made.
    save(asked.step, bob, subject="Pipes", state="draft")
    assert Record.objects.filter(record_type=contracts).count() == 1
    assert made.changes.count() == 0
    second = save(asked.step, bob, now=now + timedelta(hours=1), state="in_force")
    assert second.is_done
    assert asked.again().result == made.pk
    assert asked.instance.ended_at == now + timedelta(hours=1)


def test_a_condition_sees_the_saved_record_its_fields_and_the_variables(ask, contract, bob):
    asked = ask(EDIT, "<portal:completeWhen>amount &gt;= limit and record.caption != null</portal:completeWhen>",
                record=contract, limit=150)  # fmt: skip
    note = save(asked.step, bob, amount="149").note
    assert "“Amount”" in note
    assert save(asked.step, bob, amount="150").is_done


def test_all_conditions_must_hold(ask, contract, bob):
    more = '<portal:completeWhen condition="=amount &gt; 10"/>'
    asked = ask(EDIT, IN_FORCE + more, record=contract)
    assert not save(asked.step, bob, state="in_force", amount="5").is_done
    assert save(asked.step, bob, amount="11").is_done


def test_a_condition_that_is_no_truth_value_never_lets_the_step_go_unseen(ask, contract, bob):
    asked = ask(EDIT, "<portal:completeWhen>=record.amount</portal:completeWhen>", record=contract)
    assert not save(asked.step, bob, amount="1").is_done


def test_only_the_step_whose_page_was_saved_completes(ask, contract, bob):
    one, two = ask(EDIT, IN_FORCE, record=contract), ask(EDIT, IN_FORCE, record=contract)
    assert save(one.step, bob, state="in_force").is_done
    assert two.again().is_pending
    # Nor does saving the record on its own page complete anything.
    assert two.again().activity.status == "not_started"


def test_saving_and_completing_are_one(ask, contract, bob, monkeypatch):
    asked = ask(EDIT, record=contract)
    monkeypatch.setattr("processes.services.answers.Complete", None)
    with pytest.raises(TypeError):
        save(asked.step, bob, amount="999")
    contract.refresh_from_db()
    assert contract.data["amount"] == "100"
    assert asked.again().is_pending


def test_wrong_values_are_refused_and_nothing_is_made(ask, contracts, bob):
    asked = ask(ADD)
    with pytest.raises(Invalid) as problem:
        save(asked.step, bob, amount="much", price=1)
    assert problem.value.detail.keys() >= {"amount", "price", "subject"}
    with pytest.raises(Invalid):
        save(asked.step, bob)
    assert not Record.objects.filter(record_type=contracts).exists()


def test_who_comes_too_late_saves_nothing(ask, contract, bob, carol):
    asked = ask(EDIT, record=contract)
    save(asked.step, bob, amount="120")
    with pytest.raises(StepAlreadyClosed):
        save(asked.step, carol, amount="130")
    contract.refresh_from_db()
    assert contract.data["amount"] == "120"


def test_a_default_that_the_performer_may_not_see_still_holds(ask, contracts, bob):
    hidden = RecordFactory(record_type__code="secret", record_type__name_en="Secret")
    contracts.fields.create(code="about", label="About", kind="lookup", lookup_type=hidden.record_type)
    asked = ask(ADD, f'<portal:default field="about" value="={hidden.pk}"/>')
    save(asked.step, bob, subject="Pipes")
    assert Record.objects.get(record_type=contracts).data["about"]["id"] == hidden.pk


@pytest.mark.parametrize(
    ("attributes", "children", "said"),
    [
        (f'{EDIT} portal:recordType="unheard_of"', "", "no section “unheard_of”"),
        (f'{ADD} portal:fieldCode="colour"', "", "no field “colour”"),
        (ADD, '<portal:default field="colour" value="red"/>', "no field “colour”"),
        (ADD, '<portal:default field="amount" value="much"/>', "Write a number"),
        (EDIT, "", "no record"),
        (f'{EDIT} portal:record="=987654"', "", "987654"),
    ],
)
def test_what_cannot_open_is_an_incident(ask, contracts, attributes, children, said):
    step = ask(attributes, children).step
    assert step.status == "failed"
    assert said in step.error


@pytest.mark.parametrize(
    ("children", "code"),
    [
        ('<portal:default value="x"/>', "child_attribute"),
        ("<portal:completeWhen/>", "child_attribute"),
        ("<portal:completeWhen>record.state = </portal:completeWhen>", "expression_syntax"),
    ],
)
def test_the_diagram_is_checked_at_deploy(role, children, code):
    with pytest.raises(DeployRefused) as refusal:
        deploy_file(source=diagram("asked", ADD, children), by=None, now=NOW)
    assert code in [problem.code for problem in refusal.value.problems]


def test_a_record_that_was_deleted_meanwhile_is_said_in_a_sentence(ask, contract, bob, visit):
    asked = ask(EDIT, record=contract)
    contract.delete()
    with pytest.raises(Conflict, match="deleted"):
        save(asked.step, bob, amount="1")
    assert visit(bob).get(f"/steps/{asked.step.pk}/").status_code == 409


def test_the_page_adds_then_edits_and_says_what_is_missing(ask, contracts, bob, visit):
    asked = ask(ADD, f'<portal:default field="amount" value="250"/>{IN_FORCE}')
    client, address = visit(bob), f"/steps/{asked.step.pk}/"
    page = client.get(address).content.decode()
    assert "New: Contract" in page
    assert 'value="250"' in page
    refused = client.post(address, {"subject": "", "amount": "x", "owner": bob.pk})
    assert refused.status_code == 400
    assert refused.content.decode().count("field-error") == 2
    assert not Record.objects.filter(record_type=contracts).exists()
    kept = client.post(
        address,
        {"subject": "Pipes", "amount": "250", "state": "draft", "owner": bob.pk, "next": "/activities/"},
        follow=True,
    )
    assert kept.redirect_chain[0][0] == f"{address}?next=%2Factivities%2F"
    page = kept.content.decode()
    assert "the state must be in force" in page
    assert "Contract: Pipes" in page
    made = Record.objects.get(record_type=contracts)
    seen = kept.context["form"]["seen"].value()
    values = {"subject": "Pipes", "amount": "250", "state": "in_force", "owner": bob.pk, "seen": seen}
    done = client.post(address, {**values, "next": "/activities/"})
    assert done.url == "/activities/"
    made.refresh_from_db()
    assert made.data["state"] == "in_force"
    # Afterwards the activity opens as what it is: final, with the record as its result.
    assert client.get(address).url == f"/activities/{asked.step.activity_id}/"
    assert "Pipes" in client.get(f"/activities/{asked.step.activity_id}/").content.decode()


def test_two_editors_do_not_undo_each_others_work(ask, contract, bob, carol, visit, now):
    asked = ask(EDIT, record=contract)
    client, address = visit(bob), f"/steps/{asked.step.pk}/"
    form = client.get(address).context["form"]
    posted = {"caption": contract.caption, "subject": "Paper", "amount": "130", "owner": "", "state": "",
              "seen": form["seen"].value()}  # fmt: skip
    other = ask(EDIT, record=contract)
    save(other.step, carol, amount="120")
    refused = client.post(address, posted)
    assert refused.status_code == 400
    page = refused.content.decode()
    assert page.count("Somebody else has changed this field") == 1
    posted["seen"] = refused.context["form"]["seen"].value()
    assert client.post(address, posted).status_code == 302
    contract.refresh_from_db()
    assert contract.data["amount"] == "130"


def test_a_draft_survives_leaving_the_page(ask, contract, bob, visit):
    asked = ask(EDIT, record=contract)
    client = visit(bob)
    client.post(f"/steps/{asked.step.pk}/draft/", {"subject": "Half a tho", "amount": "77"})
    page = client.get(f"/steps/{asked.step.pk}/").content.decode()
    assert 'value="Half a tho"' in page
    assert 'value="77"' in page


def test_completing_its_activity_in_passing_saves_nothing(ask, contract, bob, visit):
    asked = ask(EDIT, record=contract)
    visit(bob).post(f"/activities/{asked.step.activity_id}/complete/", {"result": "done"})
    assert asked.again().is_pending


def test_on_the_record_instead_of_an_activity(ask, contract, contracts, bob):
    asked = ask(f'{ADD} portal:createActivity="false"', IN_FORCE, record=contract)
    assert (asked.step.activity, asked.step.record) == (None, contract)
    save(asked.step, bob, subject="Pipes")
    made = Record.objects.exclude(pk=contract.pk).get()
    assert asked.again().record == made
    assert save(asked.step, bob, state="in_force").is_done
    assert not Activity.objects.exists()


def test_mallory_neither_sees_nor_saves(ask, contract, mallory, visit):
    asked = ask(EDIT, record=contract)
    client = visit(mallory)
    assert client.get(f"/steps/{asked.step.pk}/").status_code == 404
    assert client.post(f"/steps/{asked.step.pk}/", {"amount": "1"}).status_code == 404
    with pytest.raises(NotFound):
        save(asked.step, mallory, amount="1")
    assert ProcessStep.objects.get(pk=asked.step.pk).is_pending
