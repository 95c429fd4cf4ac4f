"""News outside the portal: an approval answered from an e-mail in Russian, and what the browser tells."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications.models import Letter, NewsChoice
from processes.models import ProcessStep
from processes.services import instances
from processes.services.definitions import deploy_file
from tests.journeys.waiting import eventually, settled
from tests.step_kinds.conftest import diagram

pytestmark = pytest.mark.django_db(transaction=True)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Stands in for the browser's own notifications, which a headless one does not show.
TOLD = """
window.told = [];
window.Notification = class extends EventTarget {
  static permission = "default";
  static async requestPermission() { return (Notification.permission = "granted"); }
  constructor(text, { body }) { super(); window.told.push([text, body]); window.last = this; }
  close() {}
};
"""


def asked(attributes: str, by, children: str = "") -> ProcessStep:
    """A process of one step, started by somebody."""
    process = deploy_file(source=diagram("asked", attributes, children), by=None, now=timezone.now())[
        0
    ].process
    instance = instances.start_process(process=process, by=by, now=timezone.now())
    return ProcessStep.objects.pending().human().get(instance=instance)


def look(page: Page) -> None:
    """Let axe look at a page as it stands."""
    results = Axe().run(settled(page), options={"runOnly": WCAG}).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html']}" for v in results] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_an_approval_is_asked_for_by_e_mail_and_given_from_there_in_russian(visit, cast) -> None:
    dmitri = visit("dmitri", width=360, color_scheme="dark")
    dmitri.goto("/preferences/notifications/")
    expect(dmitri.get_by_role("heading", name="Уведомления")).to_be_visible()
    talk = dmitri.get_by_role("group", name="Комментарии и упоминания")
    talk.get_by_label("Браузер").uncheck()
    talk.get_by_role("combobox").select_option("Без писем")
    dmitri.get_by_label("Тишина с").fill("22:00")
    dmitri.get_by_role("button", name="Сохранить").click()
    expect(dmitri.locator(".field-error")).to_contain_text("Укажите оба времени или ни одного.")
    look(dmitri)
    dmitri.get_by_label("Тишина с").fill("")
    dmitri.get_by_role("button", name="Сохранить").click()
    expect(dmitri.locator("#toasts")).to_contain_text("Сохранено")
    choice = NewsChoice.objects.get(user=cast["dmitri"], sort="talk")
    assert (choice.bell, choice.browser, choice.mail) == (True, False, "never")
    dmitri.get_by_role("button", name="Создать секретный адрес").click()
    calendar = dmitri.get_by_label("Секретный адрес").input_value()
    assert dmitri.request.get(calendar).text().startswith("BEGIN:VCALENDAR")

    step = asked('portal:kind="approval" portal:assignee="dmitri"', cast["carla"])
    eventually(lambda: Letter.objects.filter(user=cast["dmitri"], status="sent").exists())
    admin = visit("admin")
    admin.goto("/activities/")
    admin.locator(".shell-user").click()
    admin.get_by_role("link", name="E-mails").click()
    admin.locator(".mail-list li", has_text="dmitri@example.com").get_by_role("link").click()
    look(admin)
    button = admin.frame_locator("iframe.mail-frame").get_by_role("link", name="Утвердить")
    address = button.get_attribute("href")
    with admin.context.expect_page() as opened:
        button.click()
    expect(opened.value.locator("#main")).to_contain_text("It does not exist, or it is not yours to see.")

    dmitri.goto(address)
    expect(dmitri.locator("#main")).to_contain_text("Ваш ответ: «Утвердить».")
    look(dmitri)
    dmitri.get_by_label("Комментарий").fill("Согласен")
    dmitri.get_by_role("button", name="Утвердить").click()
    expect(dmitri.locator("#main")).to_contain_text("Вы уже ответили по этой ссылке")
    look(dmitri)
    step.refresh_from_db()
    assert (step.result, step.details, step.closed_by) == ("approved", "Согласен", cast["dmitri"])


def test_a_kept_e_mail_is_dark_for_whoever_has_chosen_so_on_a_light_device(visit, cast) -> None:
    asked('portal:kind="approval" portal:assignee="dmitri"', cast["carla"])
    eventually(lambda: Letter.objects.filter(user=cast["dmitri"], status="sent").exists())
    cast["admin"].theme = "dark"
    cast["admin"].save()
    admin = visit("admin", color_scheme="light")
    admin.goto("/mails/")
    admin.locator(".mail-list a").first.click()
    mail = admin.frame_locator("iframe.mail-frame")
    expect(mail.locator("html")).to_have_css("color-scheme", "dark")
    expect(mail.get_by_role("link", name="BPM Portal")).to_have_css("color", "rgb(148, 171, 255)")
    admin.locator(".shell-user").click()
    admin.get_by_role("button", name="Light", exact=True).click()
    expect(mail.get_by_role("link", name="BPM Portal")).to_have_css("color", "rgb(47, 80, 200)")


def test_one_open_page_tells_by_the_browser_what_is_new_once_it_was_allowed_to(visit, cast) -> None:
    first = visit("boris")
    first.context.add_init_script(TOLD)
    first.goto("/preferences/notifications/")
    first.get_by_role("button", name="Allow them in this browser").click()
    expect(first.locator("#this-browser")).to_contain_text("shows notifications while the portal stands open")
    look(first)
    second = first.context.new_page()
    second.add_init_script("Notification.permission = 'granted'")
    second.goto("/activities/")
    expect(second.locator("#bell")).to_be_visible()
    assert eventually(lambda: first.evaluate("localStorage.length"))

    step = asked(
        'portal:kind="user-question" portal:assignee="boris"', cast["carla"], '<portal:option code="a"/>'
    )
    pages = (first, second)
    told = eventually(lambda: [each for page in pages for each in page.evaluate("window.told")])
    assert told == [["A task for you: “Do it”.", "asked"]]
    first.wait_for_timeout(1500)
    assert sum(len(page.evaluate("window.told")) for page in pages) == 1, "the other page stays silent"
    speaker = next(page for page in pages if page.evaluate("window.told.length"))
    with speaker.context.expect_page() as opened:
        speaker.evaluate("last.dispatchEvent(new Event('click'))")
    expect(opened.value).to_have_url(re.compile(rf"/steps/{step.pk}/"))
