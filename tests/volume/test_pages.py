"""Lists and pages of activities, opened by those they are for, on a database as after years of work."""

import pytest
from django.test import Client

from bpm_portal.demo.bulk_pages import ADMIN_PAGES, PAGES
from tests.volume.plans import watch

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]  # the first one waits for half a million rows
MOST_STATEMENTS = 20
MOST_ROWS = 5_000  # that one statement reads

# Who opens what; the other pages are timed by `manage.py benchmark`, not held here.
HELD = {
    "performer": ("my activities", "my activities by start", "activity"),
    "process admin": (
        "my activities",
        "my activities by start",
        "all activities",
        "done activities",
        "activities of a process",
        "activities of a week",
        "activities with a rare word",
        "calendar month",
        "activity",
        "journal",
        "journal of a person",
    ),
}
VISITS = [(page, who) for who, pages in HELD.items() for page in pages]


def check(page: str, who: str, address, where) -> None:
    """Opened a second time: what a process remembers (compiled diagrams, content types) is no matter of volume."""
    client = Client()
    client.force_login(where.people[who])
    client.get(address(where))
    response, statements = watch(lambda: client.get(address(where)))
    assert response.status_code in (200, 302, 403, 404)
    heavy = [f"{plan.rows} rows: {plan.sql[:2000]}" for plan in statements.plans if plan.rows > MOST_ROWS]
    assert not heavy, "\n".join(heavy)
    walked = [f"walks {sorted(plan.walked)}: {plan.sql[:2000]}" for plan in statements.plans if plan.walked]
    assert not walked, "\n".join(walked)
    number = len(statements.texts)
    assert number <= MOST_STATEMENTS, f"{page} for {who}: {number} statements\n" + "\n".join(statements.texts)


@pytest.mark.parametrize(("page", "who"), VISITS)
def test_a_page_takes_few_statements_and_each_reads_few_rows(where, page, who) -> None:
    check(page, who, PAGES[page], where)


def test_a_list_of_the_administration_is_counted_and_read_in_part(where) -> None:
    page = "admin: activities_activity"
    check(page, "superuser", ADMIN_PAGES[page], where)
