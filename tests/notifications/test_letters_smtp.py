"""Letters and a real mail server: of two workers one sends; a server that is away is asked again later."""

from functools import partial

import pytest
from django.utils import timezone

from notifications.letters import PATIENCE, send_next_letter
from notifications.models import Letter, Notification
from notifications.telling import tell
from tests.faults.mail import MailServer
from tests.processes.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def letter(bob) -> Letter:
    bob.email = "bob@example.com"
    bob.save()
    now = timezone.now()
    tell([Notification(user=bob, kind="reminder", data={"name": "Call"}, created_at=now)], now=now)
    return Letter.objects.get()


@pytest.fixture
def server(settings):
    """Answers at once."""
    with MailServer() as server:
        server.gate.set()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server


def test_of_two_workers_that_look_at_the_same_moment_one_sends(letter, server) -> None:
    """Both find the letter waiting; the second skips the row that the first one has locked, or finds it claimed."""
    send = partial(send_next_letter, now=timezone.now())
    assert sorted(together(send, send)) == [False, True]
    [(message_id, recipient)] = server.messages
    assert recipient == "bob@example.com"
    assert message_id.startswith(f"<news-{letter.pk}-")
    letter.refresh_from_db()
    assert (letter.status, letter.claimed_until) == ("sent", None)


def test_a_server_that_is_away_costs_an_attempt_and_nothing_else(letter, server, settings) -> None:
    settings.EMAIL_PORT, open_port = 1, settings.EMAIL_PORT
    now = timezone.now()
    assert not send_next_letter(now=now)
    letter.refresh_from_db()
    assert (letter.status, letter.attempts, letter.claimed_until) == ("waiting", 1, None)
    assert "Connection refused" in letter.error
    settings.EMAIL_PORT = open_port
    assert not send_next_letter(now=now)
    assert send_next_letter(now=now + PATIENCE[0])
    assert len(server.messages) == 1
