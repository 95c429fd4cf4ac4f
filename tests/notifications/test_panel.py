"""Bell, panel and notification centre as pages: what they show, to whom, at which cost."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notification, Preference
from processes.models import ProcessStep
from processes.services.guards import may_reassign
from tests.factories import (
    ActivityFactory,
    HumanStepFactory,
    ProcessInstanceFactory,
    RecordFactory,
    RoleFactory,
)

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    """A browser of this user, asking as htmx does."""

    def browser_of(user):
        client.force_login(user)
        client.defaults["HTTP_HX_REQUEST"] = "true"
        client.defaults["HTTP_HX_CURRENT_URL"] = "http://testserver/activities/?page=2"
        return client

    return browser_of


def page(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"notifications:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def open_step(**values) -> ProcessStep:
    values.setdefault("starts_at", timezone.now() - HOUR)
    return HumanStepFactory(**values)


def test_bell_says_nothing_for_nothing(sign_in, bob) -> None:
    html = page(sign_in(bob), "bell")
    assert 'id="bell-number" aria-hidden="true" hidden' in html
    assert "Nothing is waiting for you." in html


def test_bell_shows_the_number_and_says_it_in_words(sign_in, bob, role) -> None:
    browser = sign_in(bob)
    open_step(assignee=bob)
    assert "1 task is waiting for you." in page(browser, "bell")
    open_step(role=role)
    html = page(browser, "bell")
    assert ">2</span>" in html
    assert "2 tasks are waiting for you." in html


def test_bell_counts_to_99(sign_in, bob) -> None:
    instance, activity = ProcessInstanceFactory(), ActivityFactory()
    rows = [
        HumanStepFactory.build(instance=instance, activity=activity, assignee=bob, starts_at=timezone.now())
        for _ in range(100)
    ]
    ProcessStep.objects.bulk_create(rows[:99])
    browser = sign_in(bob)
    assert ">99</span>" in page(browser, "bell")
    ProcessStep.objects.bulk_create(rows[99:])
    html = page(browser, "bell")
    assert ">99+</span>" in html
    assert "More than 99 tasks are waiting for you." in html


def test_every_page_has_the_bell(sign_in, bob) -> None:
    open_step(assignee=bob)
    browser = sign_in(bob)
    html = browser.get("/profile/").content.decode()
    assert 'data-count="1"' in html
    assert f'data-user="{bob.pk}"' in html
    assert 'id="panel"' in html


def test_card_shows_what_there_is_to_know(sign_in, bob, role) -> None:
    record = RecordFactory(caption="Contract 7")
    step = open_step(
        role=role,
        kind="user-question",
        settings={"recommendation": "Ask <them>", "option": [{"code": "yes", "label": "Yes, please"}]},
        activity=ActivityFactory(record=record),
        record_caption=record.caption,
        due_at=timezone.now() - HOUR / 2,
    )
    html = page(sign_in(bob), "work")
    assert "Ask &lt;them&gt;" in html
    assert step.instance.caption in html
    assert f'href="/steps/{step.pk}/?next=%2Factivities%2F%3Fpage%3D2"' in html
    assert reverse("records:detail", args=[record.pk]) in html
    assert "overdue" in html
    assert "Sales managers" in html
    assert "User question" in html
    assert "Yes, please" in html
    assert reverse("processes:take", args=[step.pk]) in html
    assert reverse("processes:give-back", args=[step.pk]) not in html


def test_many_steps_of_one_element_are_one_card_that_says_how_many(sign_in, bob, role) -> None:
    lines = {"instance": ProcessInstanceFactory(), "element_id": "line", "name": "Check line"}
    for _ in range(3):
        open_step(role=role, starts_at=timezone.now().replace(minute=0), **lines)
    html = page(sign_in(bob), "work")
    assert html.count('class="work-card"') == 1
    assert "3 pending" in html
    assert ">3</span>" in page(sign_in(bob), "bell")


def test_the_kind_says_what_handing_on_is_called(sign_in, bob) -> None:
    open_step(assignee=bob, kind="approval", settings={"delegable": "true"})
    html = page(sign_in(bob), "work")
    assert "Change approver" in html
    assert "Reassign" not in html


def test_who_knows_no_colleagues_is_not_asked_to_whom_to_give_a_step(sign_in, bob, mallory) -> None:
    for person, offered in ((mallory, False), (bob, True)):
        step, browser = open_step(assignee=person), sign_in(person)
        card = page(browser, "work")
        assert f"card-{step.pk}-postpone" in card
        assert (f"card-{step.pk}-reassign" in card) is offered
        assert may_reassign(step, person) is offered  # for the pages of the step and of its activity


def test_question_with_several_answers_needs_its_page(sign_in, bob) -> None:
    options = [{"code": "red", "label": "Red wine"}, {"code": "white", "label": "White wine"}]
    open_step(assignee=bob, kind="user-question", settings={"option": options, "answer": "several"})
    assert "Red wine" not in page(sign_in(bob), "work")


def test_step_of_a_kind_that_is_gone_is_still_shown(sign_in, bob) -> None:
    open_step(assignee=bob, kind="from-a-plugin", settings={"recommendation": "Old work"})
    assert "Old work" in page(sign_in(bob), "work")


def test_what_i_have_taken_can_be_given_back_and_what_is_mine_alone_cannot(sign_in, bob, role) -> None:
    taken, own = open_step(role=role, assignee=bob), open_step(assignee=bob)
    html = page(sign_in(bob), "work")
    assert reverse("processes:give-back", args=[taken.pk]) in html
    for name in ("take", "give-back"):
        assert reverse(f"processes:{name}", args=[own.pk]) not in html
    assert reverse("processes:take", args=[taken.pk]) not in html


def test_groups_stand_in_order_and_the_future_only_when_asked(sign_in, bob) -> None:
    now = timezone.now()
    open_step(assignee=bob, due_at=now - HOUR / 2)
    open_step(assignee=bob)
    open_step(assignee=bob, starts_at=now + 30 * HOUR, name="Far away")
    browser = sign_in(bob)
    html = page(browser, "work")
    assert html.index("panel-group-overdue") < html.index("panel-group-today")
    assert "Far away" not in html
    assert "panel-changed" in browser.post(reverse("notifications:future"), {"future": "on"})["HX-Trigger"]
    assert "Far away" in page(browser, "work")
    assert "Far away" in page(browser, "panel"), "the choice is remembered"
    assert Preference.objects.get(user=bob).show_future
    browser.post(reverse("notifications:future"))
    assert "Far away" not in page(browser, "work")


def test_long_lists_come_in_portions(sign_in, bob) -> None:
    instance, activity = ProcessInstanceFactory(), ActivityFactory()
    ProcessStep.objects.bulk_create(
        HumanStepFactory.build(
            instance=instance,
            activity=activity,
            assignee=bob,
            starts_at=timezone.now(),
            element_id=f"check{n}",
        )
        for n in range(60)
    )
    browser = sign_in(bob)
    html = page(browser, "work")
    assert html.count('class="work-card"') == 25
    assert "?limit=50" in html
    longer = page(browser, "work", limit="50")
    assert longer.count('class="work-card"') == 50
    assert "?limit=100" in longer
    whole = page(browser, "work", limit="100")
    assert whole.count('class="work-card"') == 60
    assert 'id="panel-more"' not in whole
    for nonsense in ("-1", "x", "999999999999999999999", "0"):
        assert page(browser, "work", limit=nonsense).count('class="work-card"') == 25


def test_the_longest_list_leads_to_the_activities(sign_in, bob, monkeypatch) -> None:
    monkeypatch.setattr("notifications.views.panel.LONGEST", 30)
    instance, activity = ProcessInstanceFactory(), ActivityFactory()
    ProcessStep.objects.bulk_create(
        HumanStepFactory.build(
            instance=instance,
            activity=activity,
            assignee=bob,
            starts_at=timezone.now(),
            element_id=f"check{n}",
        )
        for n in range(40)
    )
    html = page(sign_in(bob), "work", limit="1000")
    assert html.count('class="work-card"') == 30
    assert 'id="panel-more"' not in html
    assert "There are more tasks" in html


def test_empty_panel_says_what_to_do_next(sign_in, bob) -> None:
    html = page(sign_in(bob), "panel")
    assert "Nothing is waiting for you." in html
    assert "Show future tasks" in html
    assert reverse("activities:list") in html


def test_the_panel_costs_the_same_for_one_card_and_for_many(
    sign_in, bob, role, django_assert_num_queries
) -> None:
    browser = sign_in(bob)
    statements = 5  # session, user, roles, preference, feed
    open_step(assignee=bob)
    with django_assert_num_queries(statements):
        page(browser, "work")
    for n in range(10):
        open_step(role=role, activity=ActivityFactory(record=RecordFactory()), name=f"Step {n}")
    with django_assert_num_queries(statements):
        page(browser, "work")


def test_forms_of_a_card_are_for_its_performers_alone(sign_in, bob, mallory) -> None:
    step = open_step(assignee=bob)
    other = open_step(role=RoleFactory())
    browser = sign_in(bob)
    assert "Tomorrow morning" in page(browser, "postpone-form", step.pk)
    assert 'role="combobox"' in page(browser, "reassign-form", step.pk)
    for name in ("postpone-form", "reassign-form"):
        assert browser.get(reverse(f"notifications:{name}", args=[other.pk])).status_code == 404
    browser = sign_in(mallory)
    for name in ("postpone-form", "reassign-form"):
        assert browser.get(reverse(f"notifications:{name}", args=[step.pk])).status_code == 404


@pytest.mark.parametrize("name", ["panel", "work", "bell", "centre"])
def test_strangers_are_sent_to_sign_in(client, db, name) -> None:
    answer = client.get(reverse(f"notifications:{name}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_polling_page_gets_the_number_or_is_refused(client, bob) -> None:
    address = reverse("notifications:count")
    assert client.get(address).status_code == 401
    client.force_login(bob)
    open_step(assignee=bob)
    assert client.get(address).json() == {"count": 1, "changed": 0}


def notify(user, **values) -> Notification:
    values = {"kind": "reminder", "data": {"name": "Call"}, "created_at": timezone.now()} | values
    return Notification.objects.create(user=user, **values)


def test_centre_lists_mine_newest_first_and_marks_what_is_unread(sign_in, bob, carol) -> None:
    notify(bob, data={"name": "First"}, read_at=timezone.now())
    notify(bob, data={"name": "Second"})
    notify(carol, data={"name": "Hers"})
    html = page(sign_in(bob), "centre")
    assert html.index("Second") < html.index("First")
    assert "Hers" not in html
    assert html.count("news-unread") == 1
    assert "Mark all as read" in html


def test_a_notification_links_to_what_it_is_about_and_looking_alone_reads_nothing(
    sign_in, bob, carol
) -> None:
    mine, hers = notify(bob, url="/activities/7/"), notify(carol)
    browser = sign_in(bob)
    html = page(browser, "centre")
    assert 'href="/activities/7/"' in html
    assert f'data-read="{reverse("notifications:read", args=[mine.pk])}"' in html
    assert browser.get(reverse("notifications:read", args=[mine.pk])).status_code == 405
    mine.refresh_from_db()
    assert mine.read_at is None
    del browser.defaults["HTTP_HX_REQUEST"]
    assert browser.post(reverse("notifications:read", args=[mine.pk])).status_code == 204
    mine.refresh_from_db()
    assert mine.read_at is not None
    assert browser.post(reverse("notifications:read", args=[hers.pk])).status_code == 404
    hers.refresh_from_db()
    assert hers.read_at is None


def test_the_centre_shows_one_sort_of_news_counts_what_is_unread_of_each_and_reads_only_what_it_shows(
    sign_in, bob
) -> None:
    notify(bob, sort="reminder", data={"name": "Call"})
    notify(bob, sort="approval", kind="step-assigned", data={"name": "Decide"})
    notify(bob, sort="approval", kind="step-assigned", data={"name": "Sign"})
    notify(bob, sort="system", kind="instance-completed", read_at=timezone.now())
    browser = sign_in(bob)
    html = page(browser, "centre", sort="approval")
    assert "Decide" in html
    assert "Call" not in html
    counts = re.findall(r'id="news-sort-(\w+)".*?</button>', html, re.DOTALL)
    assert counts == ["all", "step", "role", "approval", "reminder", "talk", "system"]
    numbers = dict(re.findall(r'id="news-sort-(\w+)"(?:(?!</button>).)*?chip-count">(\d+)', html, re.DOTALL))
    assert numbers == {"all": "3", "approval": "2", "reminder": "1"}
    answer = browser.post(reverse("notifications:read-all") + "?sort=approval").content.decode()
    assert "Mark these as read" not in answer
    assert list(Notification.objects.unread().values_list("sort", flat=True)) == ["reminder"]
    assert "Nothing of this sort." in page(browser, "centre", sort="talk")
    assert "Call" in page(browser, "centre", sort="nonsense")


def test_reading_one_or_all_takes_the_dot_from_the_bell(sign_in, bob, carol) -> None:
    first, _second, hers = notify(bob), notify(bob), notify(carol)
    browser = sign_in(bob)
    assert "There are unread notifications." in page(browser, "bell")
    answer = browser.post(reverse("notifications:read", args=[first.pk]))
    assert "news-read" in answer["HX-Trigger"]
    assert answer.content.decode().count("news-unread") == 1
    assert browser.post(reverse("notifications:read-all")).content.decode().count("news-unread") == 0
    assert "There are unread notifications." not in page(browser, "bell")
    assert list(Notification.objects.unread()) == [hers]


def test_earlier_notifications_follow_without_gap_or_double(sign_in, bob) -> None:
    written = [notify(bob).pk for _ in range(65)]
    browser = sign_in(bob)
    html, seen = page(browser, "centre"), []
    while True:
        seen += [int(pk) for pk in re.findall(r'id="news-(\d+)"', html)]
        if "cursor=" not in html:
            break
        cursor = html.split("cursor=")[1].split('"')[0]
        html = browser.get(reverse("notifications:centre") + f"?cursor={cursor}").content.decode()
        assert 'id="panel-news"' not in html
    assert seen == written[::-1]


def test_empty_centre_says_what_will_be_there(sign_in, bob) -> None:
    assert "No notifications yet." in page(sign_in(bob), "centre")
