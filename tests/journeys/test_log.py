"""The pages of the library, the log and the statistics as people with different eyes, screens and themes see them."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.services import instances, steps
from processes.services.definitions import deploy_file
from tests.journeys.test_shell import violations
from tests.journeys.waiting import eventually
from tests.processes.conftest import DIAGRAMS

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:portal="urn:bpm-portal:bpmn:1"
 targetNamespace="urn:test"><process id="caller" name="Caller" isExecutable="true">
 <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="call"/>
 <callActivity id="call" name="Ask the others" calledElement="called"/>
 <sequenceFlow id="f2" sourceRef="call" targetRef="e"/><endEvent id="e"/></process>{inside}</definitions>"""
CHILD = """<process id="called" name="Called one" isExecutable="true">
 <startEvent id="cs"/><sequenceFlow id="c1" sourceRef="cs" targetRef="ask"/>
 <userTask id="ask" name="Ask" portal:assignee="{performer}"/>
 <sequenceFlow id="c2" sourceRef="ask" targetRef="ce"/><endEvent id="ce"/></process>"""


@pytest.fixture
def failed(world, cast):
    """An instance of a diagram without a drawing, led into an incident."""
    now = timezone.now()
    [version] = deploy_file(source=(DIAGRAMS / "stuck.bpmn").read_bytes(), by=None, now=now)
    instance = instances.start_process(process=version.process, by=cast["admin"], now=now)
    step = instance.steps.get(status="pending")
    steps.complete_step(step_id=step.pk, by=cast["admin"], now=now, result="back")
    return instance


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(visit, failed, world, contract, cast, theme, width):
    process = world["processes"]["contract_approval"]
    running = instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)
    page = visit("admin", width=width, color_scheme=theme)
    tabs = [f"/log/{running.pk}/?tab={tab}" for tab in ("elements", "variables", "records", "journal")]
    for address in (
        "/processes/",
        f"/processes/{process.key}/",
        "/deploy/",
        "/log/",
        *tabs,
        f"/log/{failed.pk}/",
        "/log/unassigned/",
        "/log/cancellations/",
        "/log/journal/",
        "/log/journal/processes/",
        "/statistics/",
        f"/statistics/?process={process.key}&heat=waiting",
    ):
        page.goto(address)
        expect(page.locator("[data-note]:text('Loading')")).to_be_hidden()
        assert (address, violations(page)) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_skip_closes_its_dialog_for_good_and_the_page_follows(visit, failed):
    admin = visit("admin")
    admin.goto(f"/log/{failed.pk}/")
    expect(admin.get_by_text("This file has no drawing")).to_be_visible()
    admin.get_by_role("link", name="Skip Way").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_role("button", name="Skip").click()
    expect(dialog.locator(".field-error")).to_have_count(1)  # no reason was given
    dialog.get_by_label("Go on by").select_option("to_right")
    dialog.get_by_label("Reason").fill("Right is right")
    dialog.get_by_role("button", name="Skip").click()
    expect(admin.get_by_role("row", name=re.compile("^Went right"))).to_be_visible()
    expect(dialog).to_be_hidden()
    admin.get_by_role("link", name="Journal").click()
    expect(admin.get_by_text("Why “Way” was skipped: Right is right")).to_be_visible()
    expect(dialog).to_be_hidden()


def test_what_failed_for_a_wrong_value_is_set_right_and_run_again(visit, failed):
    admin = visit("admin")
    admin.goto(f"/log/{failed.pk}/?tab=variables")
    admin.get_by_role("link", name="Change choose").click()
    dialog = admin.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value("choose")
    dialog.get_by_label("Value").fill("right")
    dialog.get_by_role("button", name="Set", exact=True).click()
    expect(dialog.get_by_text("“right” is no value. Write texts in quotation marks.")).to_be_visible()
    assert violations(admin) == []
    dialog.get_by_label("Value").fill('"right"')
    dialog.get_by_role("button", name="Set", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(admin.get_by_role("row", name=re.compile("^choose right"))).to_contain_text("Set by hand")
    admin.get_by_role("link", name="Process elements").click()
    admin.get_by_role("link", name=re.compile("Run element.*Way")).click()
    dialog.get_by_role("button", name="Run element").click()
    expect(admin.get_by_role("row", name=re.compile("^Went right"))).to_be_visible()


def test_the_selection_survives_filters_and_is_cancelled_in_one_go(visit, failed):
    admin = visit("admin")
    admin.goto("/log/")
    admin.get_by_role("checkbox", name="Select Choose a way").check()
    admin.get_by_placeholder("Caption or record").fill("choose")
    admin.wait_for_url(re.compile(r"q=choose"))
    expect(admin.get_by_role("checkbox", name="Select Choose a way")).to_be_checked()
    admin.get_by_role("button", name="Cancel execution").click()
    dialog = admin.get_by_role("dialog")
    expect(dialog).to_contain_text("This closes, at once and for good")
    dialog.get_by_label("Reason").fill("Nobody walks here")
    dialog.get_by_role("button", name="Cancel execution").click()
    expect(dialog).to_be_hidden()
    expect(admin.locator("#log-list tbody")).to_contain_text("Cancelled")


@pytest.mark.parametrize(
    ("address", "button", "sentence"),
    [("skip", "Skip", "“Way” is skipped."), ("retry", "Run element", "“Way” runs again.")],
)
def test_what_is_asked_about_a_step_can_be_answered_in_a_tab_of_its_own(
    visit, failed, address, button, sentence
):
    admin = visit("admin")
    admin.goto(f"/log/elements/{failed.steps.get(status='failed').pk}/{address}/")
    if address == "skip":
        admin.get_by_label("Go on by").select_option("to_right")
    admin.get_by_label("Reason").fill("Right is right")
    admin.get_by_role("button", name=button).click()
    expect(admin.get_by_text(sentence)).to_be_visible()


def test_the_dialog_of_a_cancellation_opened_in_a_tab_of_its_own_cancels_too(visit, failed):
    admin = visit("admin")
    admin.goto(f"/log/cancel/?ids={failed.pk}")
    admin.get_by_role("button", name="Cancel execution").click()
    expect(admin.locator(".field-error")).to_be_visible()
    admin.get_by_label("Reason").fill("Nobody walks here")
    admin.get_by_role("button", name="Cancel execution").click()
    expect(admin.get_by_text("“Choose a way” is cancelled.")).to_be_visible()


def test_in_russian_many_are_cancelled_while_the_page_follows_the_worker(visit, world, cast):
    process, contracts = world["processes"]["contract_approval"], world["records"]["contract"]
    for number in range(6):
        instances.start_process(
            process=process, by=cast["anna"], now=timezone.now(), record=contracts[number % len(contracts)]
        )
    cast["admin"].language = "ru"
    cast["admin"].save()
    admin = visit("admin")
    admin.goto("/log/")
    admin.get_by_role("checkbox", name="Выделить все на странице").check()
    admin.get_by_role("button", name="Отменить выполнение").click()
    dialog = admin.get_by_role("dialog")
    expect(dialog).to_contain_text("Отменить 6 экземпляров?")
    dialog.get_by_label("Причина").fill("Не тот сезон")
    dialog.get_by_role("button", name="Отменить выполнение").click()
    admin.wait_for_url(re.compile(r"/log/cancellations/\d+/$"))
    expect(admin.get_by_text("6 из 6")).to_be_visible()  # nobody reloads
    expect(admin.get_by_role("heading", name="Выполнено")).to_be_visible()
    expect(admin.locator("#cancel-job tbody .state-good")).to_have_count(6)
    admin.locator("#cancel-job tbody a").first.click()

    # The journal and the history of the variables.
    admin.get_by_role("link", name="Журнал", exact=True).click()
    admin.get_by_label("Действие").select_option("intervened")
    expect(admin.locator("ol.journal")).to_contain_text("Не тот сезон")
    expect(admin.locator("ol.journal li")).to_have_count(1)
    assert violations(admin) == []
    admin.get_by_role("link", name="Переменные").click()
    expect(admin.locator("#instance-details")).not_to_contain_text("до ведения истории")

    # The list beside the diagram by keyboard.
    button = admin.locator("#instance-numbers [data-show-element]").first
    button.focus()
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(admin.locator(".djs-shape.is-shown")).to_have_count(1)
    # And the heat of what is open now, of which there is nothing left.
    instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contracts[0])
    admin.goto(f"/statistics/?process={process.key}")
    admin.get_by_role("link", name="Ожидают сейчас").click()
    expect(admin.locator(".djs-element.is-heat-5")).to_have_count(1)
    for theme in ("light", "dark"):
        admin.emulate_media(color_scheme=theme)
        expect(admin.locator(".djs-element.is-heat-5")).to_have_count(1)
        assert violations(admin) == []


def test_charts_and_diagrams_follow_the_theme(visit, world):
    admin = visit("admin", color_scheme="light")
    admin.goto("/processes/contract_approval/")
    stroke = "document.querySelector('.djs-shape .djs-visual > *')?.style.stroke"
    expect(admin.locator(".djs-shape").first).to_be_visible()
    light = admin.evaluate(stroke)
    admin.emulate_media(color_scheme="dark")
    assert eventually(lambda: admin.evaluate(stroke) not in {None, light})


def test_in_russian_on_a_phone_one_goes_down_to_the_called_process_hands_on_its_task_and_back_up(
    visit, world, cast
):
    called = CHILD.format(performer="boris")
    source = CALLS.format(inside=called).encode()
    versions = deploy_file(source=source, by=None, now=timezone.now())
    caller = next(version.process for version in versions if version.process.key == "caller")
    instance = instances.start_process(process=caller, by=cast["admin"], now=timezone.now())
    cast["admin"].language = "ru"
    cast["admin"].save()
    admin = visit("admin", width=360, height=740)
    admin.goto(f"/log/{instance.pk}/")
    admin.get_by_role("link", name="Caller: Ask the others").first.click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Caller: Ask the others")
    admin.get_by_role("link", name=re.compile("Переназначить")).first.click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Сотрудник").press_sequentially("Anna")
    admin.locator(".picker-list:visible").get_by_role("option", name="Anna").click()
    dialog.get_by_role("button", name="Переназначить").click()
    expect(admin.locator("#instance-summary")).to_contain_text("Anna Keller")
    assert admin.evaluate("document.documentElement.scrollWidth <= innerWidth")
    admin.get_by_role("link", name="Caller", exact=True).first.click()
    admin.wait_for_url(re.compile(rf"/log/{instance.pk}/"))
