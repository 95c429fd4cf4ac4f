"""The main menu: in order, and one entry is the current one."""

import pytest

from bpm_portal.common import navigation
from bpm_portal.common.navigation import Entry


@pytest.fixture(autouse=True)
def _menu(monkeypatch):
    monkeypatch.setattr(navigation, "_providers", [])
    navigation.register(lambda user: [Entry("Log", "/log/", "list", 50, group="Processes")])
    navigation.register(
        lambda user: [
            Entry("Contacts", "/records/contact/", "users", 20),
            Entry("Activities", "/activities/", "checks", 10),
            Entry(
                "Calendar", "/activities/calendar/?span=week", "calendar", 11, prefix="/activities/calendar/"
            ),
        ]
    )


def current(path):
    return [entry.label for entry in navigation.entries_for(None, path) if entry.is_current]


def test_entries_of_all_apps_stand_in_their_order():
    labels = [entry.label for entry in navigation.entries_for(None, "/")]
    assert labels == ["Activities", "Calendar", "Contacts", "Log"]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/activities/7/", ["Activities"]),
        ("/activities/calendar/", ["Calendar"]),
        ("/log/?q=1", ["Log"]),
        ("/x/", []),
    ],
)
def test_the_entry_with_the_longest_fitting_address_is_the_current_one(path, label):
    assert current(path) == label


def test_guests_have_no_menu(rf):
    assert navigation.navigation(rf.get("/"))["navigation"]() == []
