"""What the tags say: dates as people say them, statuses by more than colour, people by name."""

from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from bpm_portal.common import moments, statuses
from bpm_portal.common.templatetags.portal import duration, initials
from tests.factories import NOW


def render(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (timedelta(hours=1), "Today, 10:00"),
        (timedelta(days=1), "Tomorrow, 09:00"),
        (timedelta(days=-1), "Yesterday, 09:00"),
        (timedelta(days=10), "12 Mar, 09:00"),
        (timedelta(days=-100), "22 Nov 2025, 09:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(now, moved, said):
    assert moments.said(now + moved, now=now) == said


def test_within_a_line_a_moment_begins_small(now):
    assert moments.said_within(now + timedelta(days=1), now=now) == "tomorrow, 09:00"
    assert moments.said_within(now + timedelta(days=10), now=now) == "12 Mar, 09:00"
    with translation.override("ru"):
        due = moments.due_element(now - timedelta(days=1), now=now, words=moments.said_within)
    assert ">вчера, 9:00<" in due


def test_the_day_is_that_of_the_reader(now):
    late = now.replace(hour=23)
    assert moments.said(late, now=now).startswith("Today")
    with timezone.override("Asia/Tokyo"):
        assert moments.said(late, now=now) == "Tomorrow, 08:00"


def test_the_machine_readable_time_and_the_full_date_go_along(now):
    with timezone.override("Europe/Berlin"):
        element = moments.time_element(now, now=now)
    assert 'datetime="2026-03-02T09:00:00+00:00"' in element
    assert 'title="2 Mar 2026, 10:00 CET"' in element


def test_a_plain_date_has_no_clock(now):
    assert moments.said(date(2026, 3, 2), now=now) == "Today"
    assert 'title="2 Mar 2026"' in moments.time_element(date(2026, 3, 2), now=now)


def test_what_is_overdue_says_so_in_words_and_by_an_icon(now):
    passed = moments.due_element(now - timedelta(minutes=1), now=now)
    assert "Overdue:" in passed
    assert "ti-alarm" in passed
    assert "Overdue" not in moments.due_element(now + timedelta(minutes=1), now=now)
    assert "Overdue" not in moments.due_element(NOW.date(), now=now)
    assert "Overdue" in moments.due_element(NOW.date() - timedelta(days=1), now=now)


def test_no_moment_is_a_dash():
    assert "—" in render("{% when value %}{% due value %}", value=None)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59, "59 s"), (3700, "1 h 1 min"), (90000, "1 d 1 h"), (-5, "0 s")]
)
def test_a_duration_has_its_two_largest_units(seconds, said):
    assert duration(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize("code", sorted(statuses.LOOKS))
def test_every_status_has_an_icon_and_a_word(code):
    badge = render("{% status_badge code %}", code=code)
    assert "ti-" in badge
    assert badge.split("</i>")[1].split("</span>")[0].strip()


def test_a_thing_with_a_status_speaks_its_own_words():
    class Thing:
        status = "completed"

        def get_status_display(self):
            return "Done & dusted"

    badge = statuses.badge(Thing())
    assert "Done &amp; dusted" in badge
    assert "state-good" in badge


@pytest.mark.parametrize(("name", "letters"), [("Anna Maria Berg", "AB"), ("bob", "BO"), ("k.ivanova", "KI")])
def test_a_person_is_shown_by_two_letters(name, letters):
    assert initials(name) == letters


@pytest.mark.django_db
def test_a_name_is_text_not_markup(bob):
    bob.first_name = "<b>Bob</b>"
    assert "<b>" not in render("{% person user %}{% person user 'avatar' %}", user=bob)
    assert "—" in render("{% person user %}", user=None)


@pytest.mark.django_db
def test_a_role_is_no_person_with_initials(role):
    shown = render("{% person role %}", role=role)
    assert "ti-users" in shown
    assert "person-avatar" not in shown


def test_dates_are_said_in_the_language_of_the_reader(now):
    with translation.override("ru"):
        assert "мар" in moments.said(now + timedelta(days=10), now=now).lower()
