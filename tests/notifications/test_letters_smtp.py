"""Letters and a real mail server: of two workers one sends; a server that is away is asked again later."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from notifications.letters import PATIENCE, TURN, send_letters, send_next_letter
from notifications.models import Letter, Notification
from notifications.telling import tell
from tests.faults.mail import MailServer
from tests.patience import until
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
        cache.delete(TURN)
        yield server
    cache.delete(TURN)


@pytest.fixture
def three(bob, carol, dave) -> list[Letter]:
    """One to each of them, in this order."""
    now = timezone.now()
    for user in (bob, carol, dave):
        user.email = f"{user.username}@example.com"
        user.save()
        tell([Notification(user=user, kind="reminder", data={"name": "Call"}, created_at=now)], now=now)
    return list(Letter.objects.order_by("id"))


def statuses() -> list[str]:
    return list(Letter.objects.order_by("id").values_list("status", flat=True))


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


def test_a_server_that_is_away_is_asked_once_and_left_alone_by_all_workers(three, server, settings) -> None:
    settings.EMAIL_PORT, open_port = 1, settings.EMAIL_PORT
    for _look in range(3):
        send_letters(patience=60)
    assert sum(Letter.objects.values_list("attempts", flat=True)) == 1
    settings.EMAIL_PORT = open_port
    send_letters(patience=60)
    assert server.messages == [], "it is left alone for a while"
    cache.delete(TURN)  # that is over
    Letter.objects.update(send_at=timezone.now())
    send_letters(patience=60)
    assert len(server.messages) == 3


def test_a_worker_that_waits_for_the_server_is_not_joined_by_another_one(three, server) -> None:
    server.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(worker)
        until(lambda: server.messages, "the server thinks about the first one")
        send_letters(patience=60)
        assert len(server.messages) == 1
        server.gate.set()
        first.result()
    assert statuses() == ["sent"] * 3
    assert cache.get(TURN) is None


def worker() -> None:
    """As one with a connection of its own."""
    try:
        send_letters(patience=30)
    finally:
        connections.close_all()


def test_a_letter_that_the_server_refuses_does_not_hold_those_behind_it(three, server) -> None:
    server.refused = "bob@example.com"
    send_letters(patience=60)
    assert [recipient for _id, recipient in server.messages] == ["carol@example.com", "dave@example.com"]
    assert statuses() == ["waiting", "sent", "sent"]


def test_a_letter_at_which_every_worker_is_killed_is_given_up(three, server) -> None:
    """Nobody was left to say that an attempt has failed."""
    Letter.objects.filter(pk=three[0].pk).update(attempts=len(PATIENCE) + 1)
    send_letters(patience=60)
    assert statuses() == ["failed", "sent", "sent"]
    assert "killed" in Letter.objects.get(pk=three[0].pk).error
