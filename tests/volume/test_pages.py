"""Lists and pages, opened by those they are for, on a database as after years of work."""

import pytest
from django.test import Client

from bpm_portal.demo.bulk_pages import ADMIN_PAGES, PAGES
from tests.volume.plans import watch

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 16
MOST_ROWS = 5_000  # that one statement reads

# What reads more, and why.
MORE_ROWS = {
    "API: activities": 25_000,  # the first few hundred that each way leads to are looked up, as for all that follow
    "API: records": 25_000,
    "API: steps": 20_000,
    "activities of a process": 25_000,
    "activities of a week": 25_000,
    "activities with a rare word": 25_000,
    "activities with a word": 70_000,  # a thousand matches in titles, and as many in captions of records
    "all activities": 100_000,  # an index says what is open: it is read with that of each role
    "calendar month": 35_000,
    "done activities": 25_000,
    "process log": 8_000,  # of which processes the latest instances are, is asked for the filter
    "process log, failed": 8_000,
    "process log, with a rare word": 8_000,
    "API: my steps": 8_000,  # what waits for a person is looked for in each way to see it
    "admin: processes_process": 30_000,  # counts all that runs
    "process library": 30_000,
    "process log, with a word": 25_000,  # a thousand matches each in captions of instances and of records
    "records by amount": 25_000,  # a field of one section has no index: the section is sorted
    "records of a state": 8_000,
    "statistics": 80_000,  # counts all that runs, and where it waits
}
# Half of a section is as quickly walked, and so are the first thousand of those with a frequent word.
WALKED = {
    "activities with a word": {"activities_activity", "records_record"},
    "process log": {"processes_processinstance"},  # to count the first thousand
    "process log, with a word": {"processes_processinstance", "records_record"},
    "records by amount": {"records_record"},
    "records of a state": {"records_record"},
}

VISITS = [(page, who) for who in ("performer", "process admin") for page in PAGES]


def check(page: str, who: str, address, where) -> None:
    """Opened a second time: what a process remembers (compiled diagrams, content types) is no matter of volume."""
    client = Client()
    client.force_login(where.people[who])
    client.get(address(where))
    response, statements = watch(lambda: client.get(address(where)))
    assert response.status_code in (200, 302, 403, 404)
    most = MORE_ROWS.get(page, MOST_ROWS)
    heavy = [f"{plan.rows} rows: {plan.sql[:2000]}" for plan in statements.plans if plan.rows > most]
    assert not heavy, "\n".join(heavy)
    allowed = WALKED.get(page, set())
    walked = [
        f"walks {sorted(plan.walked)}: {plan.sql[:2000]}"
        for plan in statements.plans
        if plan.walked - allowed
    ]
    assert not walked, "\n".join(walked)
    number = len(statements.texts)
    assert number <= MOST_STATEMENTS, f"{page} for {who}: {number} statements\n" + "\n".join(statements.texts)


@pytest.mark.parametrize(("page", "who"), VISITS)
def test_a_page_takes_few_statements_and_each_reads_few_rows(where, page, who) -> None:
    check(page, who, PAGES[page], where)


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_a_list_of_the_administration_is_counted_and_read_in_part(where, page) -> None:
    check(page, "superuser", ADMIN_PAGES[page], where)
