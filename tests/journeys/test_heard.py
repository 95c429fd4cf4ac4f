"""What is read out to who does not see the list, and where the keyboard stands with a dialog."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.services import instances
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running(world, cast, contract):
    """An instance that waits for the sales managers."""
    process = world["processes"]["contract_approval"]
    return instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)


def test_in_russian_it_is_said_how_much_a_filter_leaves_and_the_keyboard_stays(visit, running, cast):
    cast["admin"].language = "ru"
    cast["admin"].save()
    admin = visit("admin")
    admin.goto("/log/")
    said = admin.locator("#said")
    expect(said).to_have_text("")
    box = admin.get_by_placeholder("Название или запись")
    box.press_sequentially("approval")
    expect(said).to_have_text("1 экземпляр")
    box.fill("нет такого")
    expect(said).to_have_text("По этим фильтрам экземпляров не найдено.")
    expect(box).to_be_focused()


def test_a_dialog_takes_the_keyboard_and_gives_it_back(visit, running):
    admin = visit("admin")
    admin.goto("/log/")
    admin.get_by_role("checkbox", name="Select Approval").first.press("Space")
    opener = admin.get_by_role("button", name="Cancel execution")
    old = opener.element_handle()
    opener.press("Enter")
    reason = admin.get_by_role("dialog").get_by_label("Reason")
    expect(reason).to_be_focused()
    admin.evaluate("document.body.dispatchEvent(new CustomEvent('work-changed'))")
    eventually(lambda: not old.evaluate("(button) => button.isConnected"))  # another button is there
    admin.keyboard.press("Escape")
    expect(opener).to_be_focused()
    opener.press("Enter")
    admin.get_by_role("dialog").get_by_role("button", name="Cancel execution").press("Enter")
    expect(admin.get_by_role("dialog").locator(".field-error")).to_be_visible()
    expect(reason).to_be_focused()
