"""Diagrams come in: refused with all that is wrong, deployed, a new version beside what runs on the old one."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.models import ProcessStep
from processes.services import definitions, instances, steps
from tests.processes.conftest import DIAGRAMS

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = (DIAGRAMS / "one_task.bpmn").read_text(encoding="utf-8")


@pytest.fixture
def admin(visit, cast):
    """The administrator's browser, in Russian, on a phone."""
    cast["admin"].language = "ru"
    cast["admin"].save()
    return visit("admin", width=360, height=740)


def deploy(page, text: str) -> None:
    page.goto("/deploy/")
    file = {"name": "процесс.bpmn", "mimeType": "text/xml", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Проверить и опубликовать").click()


def test_a_broken_diagram_is_refused_with_every_problem_and_the_mended_one_deployed(admin):
    broken = SOURCE.replace('targetRef="', 'targetRef="no_', 2)
    deploy(admin, broken)
    problems = admin.get_by_role("table", name="Замечания")
    expect(problems.locator("tbody tr").nth(1)).to_be_visible()
    expect(problems).to_contain_text("а это не действие, не шлюз и не событие процесса")
    assert admin.evaluate("document.documentElement.scrollWidth <= innerWidth")
    deploy(admin, SOURCE)
    expect(admin.get_by_text("версия 1").first).to_be_visible()


def test_what_runs_on_the_old_version_finishes_there_while_new_ones_take_the_new_one(admin, cast):
    now = timezone.now()
    [first] = definitions.deploy_file(source=SOURCE.encode(), by=cast["admin"], now=now)
    old = instances.start_process(process=first.process, by=cast["admin"], now=now)
    step = ProcessStep.objects.pending().get(instance=old)
    deploy(admin, SOURCE.replace(f'name="{step.name}"', 'name="Новая задача"'))
    expect(admin.get_by_text("версия 2").first).to_be_visible()
    admin.goto(f"/processes/{first.process.key}/")
    expect(admin.locator("#main")).to_contain_text("Опубликована версия 2.")
    new = instances.start_process(process=first.process, by=cast["admin"], now=timezone.now())
    admin.goto(f"/log/{new.pk}/")
    expect(admin.locator("#main")).to_contain_text("Новая задача")
    admin.goto(f"/log/{old.pk}/")
    expect(admin.locator("#main")).to_contain_text(step.name)
    steps.complete_step(step_id=step.pk, by=cast["admin"], now=timezone.now(), result=None)
    old.refresh_from_db()
    assert old.ended_at is not None
    assert old.version == first
