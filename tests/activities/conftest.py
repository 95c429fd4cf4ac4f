"""A manager that records what it is asked, and activities at hand."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from activities import lifecycle
from activities.models import Activity
from tests import factories

RESULTS = [
    {"code": "signed", "label": "Signed by the client", "outcome": "success"},
    {"code": "later", "label": "Ask again later", "outcome": "neutral"},
    {"code": "refused", "label": "Refused", "outcome": "failure"},
]


@dataclass
class FakeManager:
    """Completes like a process would, and remembers every call."""

    next_url: str = "/steps/8/"
    page: str = ""
    panel: dict[str, Any] = field(default_factory=dict)
    error: Exception | None = None
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def complete(self, **call: Any) -> lifecycle.Finished:
        self.calls.append(("complete", call))
        if self.error:
            raise self.error
        Activity.objects.filter(pk=call["activity_id"]).update(
            status="completed",
            result=call["result"],
            result_details=call["details"],
            closed_at=call["now"],
            closed_by=call["by"],
        )
        return lifecycle.Finished(next_url=self.next_url, count=4)

    def postpone(self, **call: Any) -> None:
        self.calls.append(("postpone", call))

    def reschedule(self, **call: Any) -> None:
        self.calls.append(("reschedule", call))

    def reassign(self, **call: Any) -> None:
        self.calls.append(("reassign", call))

    def take(self, **call: Any) -> None:
        self.calls.append(("take", call))

    def give_back(self, **call: Any) -> None:
        self.calls.append(("give_back", call))

    def special_page(self, *, activity: Any, user: Any) -> str:
        return self.page

    def process_mode(self, *, activity: Any, user: Any) -> dict[str, Any]:
        return self.panel


@pytest.fixture
def manager(monkeypatch):
    """Registered as "fake" for the length of a test."""
    fake = FakeManager()
    monkeypatch.setitem(lifecycle._managers, "fake", fake)
    return fake


@pytest.fixture
def managed(manager, bob):
    """A pending activity of a process, for bob, with three results."""
    return factories.ActivityFactory(
        title="Get the contract signed",
        owner=bob,
        managed_by="fake",
        process_caption="Contract 7",
        allowed_results=RESULTS,
    )


@pytest.fixture
def task(alice, bob, now):
    """What alice asked of bob: ad hoc, open, due in two hours."""
    return factories.ActivityFactory(
        title="Call the client", owner=bob, author=alice, due_at=now + timedelta(hours=2)
    )


@pytest.fixture
def section(role):
    """Contracts, seen by bob's and carol's role."""
    section = factories.RecordTypeFactory()
    section.roles.add(role)
    return section


@pytest.fixture
def record(section):
    """A contract that bob and carol may see."""
    return factories.RecordFactory(record_type=section, caption="Contract with Alpha Ltd")


@pytest.fixture
def as_bob(client, bob):
    """Bob's browser."""
    client.force_login(bob)
    return client


@pytest.fixture
def as_mallory(client, mallory):
    """Mallory's browser."""
    client.force_login(mallory)
    return client
