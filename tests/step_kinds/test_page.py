"""Registered pages: parameters in, outputs out, buttons that finish and buttons that stay."""

from decimal import Decimal

import pytest
from django import forms
from django.core.validators import MaxValueValidator
from django.urls import reverse

from bpm_portal.common.errors import Invalid, NotFound
from processes import kinds, outbox, pages
from processes.errors import DeployRefused, StepAlreadyClosed
from processes.models import ProcessInstance, ProcessStep
from processes.pages import Button, Page
from processes.services import deliveries, instances, steps
from processes.services.definitions import deploy_file
from records.models import Record
from records.services import change_record
from tests.contracts.step_kind import StepKindContract
from tests.factories import NOW
from tests.step_kinds.conftest import diagram

PAGE = 'portal:kind="page" portal:page="weighing" portal:role="Sales managers"'


class WeighingForm(forms.Form):
    """A weight up to a limit, and a remark."""

    weight = forms.DecimalField(label="Weight", min_value=0)
    details = forms.CharField(label="Remark", required=False)

    def __init__(self, *args, limit, **options):
        super().__init__(*args, **options)
        self.fields["weight"].validators.append(MaxValueValidator(limit))


class Weighing(Page):
    """Weighs what the record is about."""

    code = "weighing"
    label = "Weighing"
    buttons = (
        Button("later", "Save for later", completes=False, validates=False, signal="put aside"),
        Button("weighed", "Weighed", "success", signal="weighed"),
        Button("lost", "It is lost", "failure", validates=False),
    )

    def form(self, visit, data, initial):
        """Up to the limit of the diagram."""
        return WeighingForm(data, initial=initial, limit=visit.parameters.get("limit", 100))

    def outputs(self, visit, values):
        """The weight."""
        return {"weight": values.get("weight")}

    def act(self, visit, button, values, *, now):
        """Note it on the record; stones cannot be weighed."""
        if values.get("details") == "stone":
            raise Invalid(details="Stones cannot be weighed.")
        if button.code == "weighed":
            record = Record.objects.get(pk=visit.record_id)
            change_record(record=record, values={"amount": values["weight"]}, by=visit.by, now=now)


@pytest.fixture
def weighing():
    """The page, registered."""
    pages.register(Weighing)
    yield
    pages.unregister("weighing")


@pytest.mark.usefixtures("weighing")
class TestContract(StepKindContract):
    """A page with three buttons."""

    code = "page"
    settings = {"page": "weighing", "parameter": [{"code": "limit", "value": 50}], "page_record": None}
    good = {"result": "lost"}
    result = None  # the code of the button, once the page has acted
    bad = [
        {},
        {"result": "unheard of"},
        {"result": "weighed"},
        {"result": "weighed", "variables": {"weight": "51"}},
    ]


def answer(step, by, result, **variables):
    return steps.complete_step(step_id=step.pk, by=by, now=NOW, result=result, variables=variables)


def test_outputs_become_variables_and_the_button_the_result(weighing, ask, contract, bob):
    asked = ask(PAGE, '<portal:output code="weight" variable="kilograms"/>', record=contract)
    assert (asked.step.waits_on, asked.step.record) == ("record", contract)
    answer(asked.step, bob, "weighed", weight="12.5")
    asked.again()
    assert asked.instance.variables == {"task": "weighed", "kilograms": {"$decimal": "12.5"}}
    contract.refresh_from_db()
    assert contract.data["amount"] == "12.5"


def test_parameters_are_evaluated_when_the_step_opens(weighing, ask, contract, bob):
    asked = ask(PAGE, '<portal:parameter code="limit" value="=most * 2"/>', record=contract, most=Decimal(5))
    with pytest.raises(Invalid) as problem:
        answer(asked.step, bob, "weighed", weight="11")
    assert problem.value.detail.keys() == {"weight"}
    answer(asked.step, bob, "weighed", weight="10")


def test_a_button_that_stays_keeps_what_was_typed(weighing, ask, contract, bob, visit):
    asked = ask(PAGE, record=contract)
    client, address = visit(bob), reverse("processes:step", args=[asked.step.pk])
    page = client.get(address).content.decode()
    assert page.index("Weighed") < page.index("It is lost") < page.index("Save for later")
    stayed = client.post(address, {"result": "later", "weight": "7", "details": "wet"}, follow=True)
    assert stayed.redirect_chain[0][0] == address
    page = stayed.content.decode()
    assert 'value="7"' in page
    assert 'value="wet"' in page
    assert "stays open" in page
    assert asked.again().is_pending
    assert client.post(address, {"result": "weighed", "weight": "7", "details": ""}).status_code == 302
    assert asked.again().result == "weighed"


HEARS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test">
  <signal id="what" name="%s"/><process id="%s" name="Hears" isExecutable="true">
    <startEvent id="s"><outgoing>f</outgoing><signalEventDefinition signalRef="what"/></startEvent>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/>
    <task id="t"><incoming>f</incoming><outgoing>g</outgoing></task>
    <sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"><incoming>g</incoming></endEvent>
  </process></definitions>"""


def hand_over() -> None:
    """What was thrown reaches who waits for it."""
    outbox.publish(now=NOW)
    while deliveries.hand_over_waiting(now=NOW):
        pass


def test_a_button_sends_its_signal_with_the_outputs_whether_it_stays_or_finishes(
    weighing, ask, contract, bob
):
    for name, key in (("put aside", "aside"), ("weighed", "counts")):
        deploy_file(source=(HEARS % (name, key)).encode(), by=None, now=NOW)
    asked = ask(PAGE, record=contract)

    def heard() -> list[tuple[str, dict]]:
        hand_over()
        begun = ProcessInstance.objects.filter(process__key__in=["aside", "counts"]).order_by("id")
        return list(begun.values_list("process__key", "variables"))

    answer(asked.step, bob, "later", weight="7")
    assert heard() == [("aside", {"weight": 7})]
    answer(asked.step, bob, "weighed", weight="8")
    assert heard()[1:] == [("counts", {"weight": 8})]
    with pytest.raises(StepAlreadyClosed):
        answer(asked.step, bob, "lost")
    assert len(heard()) == 2, "what was refused sends nothing"


def test_its_own_process_hears_the_signal_of_a_button_too(weighing, contract, bob):
    aside = """<boundaryEvent id="aside" attachedToRef="task" cancelActivity="false"><outgoing>f4</outgoing>
      <signalEventDefinition signalRef="what"/></boundaryEvent>
      <sequenceFlow id="f4" sourceRef="aside" targetRef="search"/>
      <userTask id="search" portal:role="Sales managers"><incoming>f4</incoming><outgoing>f3</outgoing></userTask>
      <sequenceFlow id="f3" sourceRef="search" targetRef="end"/>"""
    source = diagram("beside", PAGE, more=aside)
    source = source.replace(b"<process ", b'<signal id="what" name="put aside"/><process ', 1)
    [version] = deploy_file(source=source, by=None, now=NOW)
    instance = instances.start_process(process=version.process, by=bob, now=NOW, record=contract)
    answer(ProcessStep.objects.pending().human().get(instance=instance), bob, "later", weight="7")
    hand_over()
    waiting = ProcessStep.objects.pending().human().filter(instance=instance)
    assert set(waiting.values_list("element_id", flat=True)) == {"task", "search"}


def test_what_a_page_refuses_undoes_everything_and_stands_at_its_field(weighing, ask, contract, bob, visit):
    asked = ask(PAGE, record=contract)
    address = reverse("processes:step", args=[asked.step.pk])
    refused = visit(bob).post(address, {"result": "weighed", "weight": "7", "details": "stone"})
    assert refused.status_code == 400
    assert "Stones cannot be weighed." in refused.content.decode()
    assert 'value="7"' in refused.content.decode()
    assert asked.again().is_pending


def test_an_unknown_page_is_refused_at_deploy_by_its_name(weighing, role):
    with pytest.raises(DeployRefused) as refusal:
        deploy_file(source=diagram("asked", 'portal:kind="page" portal:page="wighing"'), by=None, now=NOW)
    [problem] = refusal.value.problems
    assert (problem.code, problem.element, problem.params["page"]) == ("unknown_page", "task", "wighing")
    assert "weighing" in problem.message


@pytest.mark.parametrize(
    ("attributes", "children", "code"),
    [
        ('portal:kind="page"', "", "attribute_missing"),
        ('portal:kind="page" portal:page="=name"', "", "unknown_page"),
        (PAGE, '<portal:parameter value="1"/>', "child_attribute"),
        (PAGE, '<portal:output variable="x"/>', "child_attribute"),
    ],
)
def test_the_diagram_is_checked_at_deploy(weighing, role, attributes, children, code):
    with pytest.raises(DeployRefused) as refusal:
        deploy_file(source=diagram("asked", attributes, children), by=None, now=NOW)
    assert code in [problem.code for problem in refusal.value.problems]


def test_a_page_that_the_installation_has_lost_is_said_in_a_sentence(ask, contract, bob, visit):
    pages.register(Weighing)
    try:
        asked = ask(PAGE, record=contract)
    finally:
        pages.unregister("weighing")
    answer_of_page = visit(bob).get(reverse("processes:step", args=[asked.step.pk]))
    assert answer_of_page.status_code == 400
    assert "weighing" in answer_of_page.content.decode()
    assert visit(bob).get("/panel/work/", HTTP_HX_REQUEST="true").status_code == 200
    # What was done on it stays readable.
    ProcessStep.objects.filter(pk=asked.step.pk).update(status="completed", closed_at=NOW, result="lost")
    assert "lost" in visit(bob).get(reverse("processes:step", args=[asked.step.pk])).content.decode()


def test_a_page_is_registered_once(weighing):
    assert pages.all_pages()["weighing"] is pages.get("weighing")
    with pytest.raises(ValueError, match="weighing"):
        pages.register(Weighing)
    with pytest.raises(Invalid):
        pages.get("unheard of")


def test_a_program_is_told_the_buttons_that_finish_and_the_fields(weighing):
    schema = kinds.get("page").schema({"page": "weighing"})
    assert schema["properties"]["result"] == {"enum": ["weighed", "lost"]}
    assert schema["properties"]["variables"]["properties"].keys() == {"weight", "details"}


def test_mallory_neither_sees_nor_presses(weighing, ask, contract, mallory, visit):
    step = ask(PAGE, record=contract).step
    address = reverse("processes:step", args=[step.pk])
    assert visit(mallory).get(address).status_code == 404
    assert visit(mallory).post(address, {"result": "lost"}).status_code == 404
    with pytest.raises(NotFound):
        answer(step, mallory, "lost")
    assert ProcessStep.objects.get(pk=step.pk).is_pending
