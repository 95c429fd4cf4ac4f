"""The statistics on a phone and in Russian: short enough to be read there, and a file for whoever counts further."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps
from tests.journeys.test_panel import assert_accessible
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def completed(world, cast, contract):
    """A contract that was checked and declined within two hours."""
    process, began = world["processes"]["contract_approval"], timezone.now() - timedelta(hours=3)
    done = instances.start_process(process=process, by=cast["anna"], now=began, record=contract)
    for hours, result in ((1, "clean"), (2, "no")):
        step = ProcessStep.objects.pending().human().get(instance=done)
        steps.complete_step(
            step_id=step.pk, by=cast["boris"], now=began + timedelta(hours=hours), result=result
        )
    eventually(lambda: ProcessInstance.objects.filter(pk=done.pk, status="completed").exists())
    return process


def test_the_numbers_of_a_process_take_few_lines_of_a_phone_and_come_as_a_file(visit, cast, completed):
    cast["admin"].language = "ru"
    cast["admin"].save()
    page = visit("admin", width=360, height=740)
    page.goto("/statistics/")
    expect(page.locator("#statistics canvas").first).to_be_visible()
    row = page.locator("tr", has=page.get_by_role("link", name=completed.name)).first
    expect(row.locator("td")).to_have_text(["1", "0", "0", "0", "2 ч", "2 ч", "2 ч"])
    assert row.bounding_box()["height"] < 7 * 18, "seven figures, and not a line for each"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=False).first.click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        [numbers] = [line for line in csv.DictReader(file) if line["process"] == completed.key]
    assert (numbers["completed"], float(numbers["median_s"])) == ("1", 7200)
