"""E-mails about news: sent once, in the reader's words, tried again when the server fails, dropped when void."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client

from activities.models import Activity
from notifications.letters import LEASE, PATIENCE, send_again, send_next_letter
from notifications.models import AnswerLink, Letter, Notification
from notifications.sorts import ways_of
from notifications.telling import tell
from processes.models import ProcessStep
from tests.factories import NOW, ActivityFactory, HumanStepFactory, RecordFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bob(bob, settings):
    settings.PORTAL_URL = "https://portal.example"
    bob.email = "bob@example.com"
    bob.save()
    return bob


@pytest.fixture
def approval(bob) -> ProcessStep:
    """Bob is to decide on a contract."""
    record = RecordFactory(caption="Contract 7")
    return HumanStepFactory(
        assignee=bob, kind="approval", name="Approve it", waits_on="record", activity=None, record=record,
        record_caption="Contract 7", instance__caption="Approval of 7", due_at=NOW + timedelta(hours=5),
    )  # fmt: skip


def told(user, kind="step-assigned", step=None, **data) -> Letter:
    entry = Notification(
        user=user, kind=kind, step=step, data={"name": str(step or "Call"), **data}, created_at=NOW,
        url=f"/steps/{step.pk}/" if step else "/activities/1/",
    )  # fmt: skip
    tell([entry], now=NOW)
    return Letter.objects.get(notification=entry)


def test_an_e_mail_about_an_approval_says_what_it_is_about_and_carries_its_answers(bob, approval) -> None:
    told(bob, step=approval, process="Approval of 7")
    assert send_next_letter(now=NOW)
    assert not send_next_letter(now=NOW)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["bob@example.com"], "A task for you: “Approve it”.")
    link = AnswerLink.objects.get()
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    for text in (message.body, html):
        assert "Approval of 7" in text
        assert "Contract 7" in text
        assert "2 Mar 2026, 14:00 UTC" in text
        assert f"https://portal.example/steps/{approval.pk}/" in text
        for result in ("approved", "rejected"):
            assert f"https://portal.example/links/answer/{link.key}:" in text
            assert f"/?result={result}" in text
    assert "mallory" not in html
    assert (Letter.objects.get().status, Letter.objects.get().settled_at) == ("sent", NOW)


def test_an_e_mail_speaks_the_language_and_tells_the_time_of_its_reader(bob, approval) -> None:
    bob.language, bob.time_zone = "ru", "Asia/Vladivostok"
    bob.save()
    told(bob, step=approval)
    send_next_letter(now=NOW)
    text = mail.outbox[0].body
    assert "Утвердить" in text
    assert "3 марта 2026 г., 0:00" in text
    assert 'lang="ru"' in mail.outbox[0].alternatives[0][0]


def test_every_attempt_has_the_same_id_and_a_way_to_stop(bob, approval, monkeypatch) -> None:
    letter = told(bob, step=approval)
    seen = []

    def refuse(self, messages):
        seen.extend(messages)
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    now = NOW
    for attempt, pause in enumerate(PATIENCE, 1):
        assert not send_next_letter(now=now)
        letter.refresh_from_db()
        assert (letter.status, letter.attempts, letter.send_at) == ("waiting", attempt, now + pause)
        assert not send_next_letter(now=now + pause - MINUTE / 2)
        now += pause
    send_next_letter(now=now)
    letter.refresh_from_db()
    assert (letter.status, letter.error) == ("failed", "ConnectionRefusedError: nobody there")
    assert len({message.extra_headers["Message-ID"] for message in seen}) == 1
    assert len(seen) == 1 + len(PATIENCE)
    headers = seen[0].message()
    assert headers["Message-ID"].endswith("@portal.example>")
    assert headers["List-Unsubscribe"].startswith("<https://portal.example/links/unsubscribe/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert AnswerLink.objects.count() == 1, "each attempt carries the same links"
    monkeypatch.undo()
    assert send_again(letters=[letter.pk], now=now) == 1
    assert send_next_letter(now=now)
    assert len(mail.outbox) == 1


def test_a_letter_is_sent_outside_any_transaction_by_one_worker(bob, approval, monkeypatch) -> None:
    told(bob, step=approval)
    depth = len(connection.savepoint_ids)
    outcome = []

    def look(self, messages):
        assert len(connection.savepoint_ids) == depth
        outcome.append(send_next_letter(now=NOW + LEASE))
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", look)
    assert send_next_letter(now=NOW)
    assert outcome == [False], "another worker finds it claimed"


def test_a_letter_whose_worker_died_is_sent_by_the_next_one(bob, approval) -> None:
    letter = told(bob, step=approval)
    Letter.objects.update(claimed_until=NOW + LEASE, attempts=1)
    assert not send_next_letter(now=NOW + LEASE)
    assert send_next_letter(now=NOW + LEASE + MINUTE)
    letter.refresh_from_db()
    assert (letter.status, letter.attempts) == ("sent", 2)


def close(step, bob, carol):
    ProcessStep.objects.filter(pk=step.pk).update(status="completed", closed_at=NOW)


def give_away(step, bob, carol):
    ProcessStep.objects.filter(pk=step.pk).update(assignee=carol)


def read(step, bob, carol):
    Notification.objects.mark_read(NOW)


def leave(step, bob, carol):
    bob.is_active = False
    bob.save()


def lose_address(step, bob, carol):
    bob.email = ""
    bob.save()


@pytest.mark.parametrize("meanwhile", [close, give_away, read, leave, lose_address], ids=lambda f: f.__name__)
def test_what_is_void_by_then_is_not_sent(bob, carol, approval, meanwhile) -> None:
    letter = told(bob, step=approval)
    meanwhile(approval, bob, carol)
    assert send_next_letter(now=NOW)
    letter.refresh_from_db()
    assert (letter.status, mail.outbox) == ("dropped", [])


def test_a_reminder_of_what_is_finished_is_not_sent(bob) -> None:
    activity = ActivityFactory(owner=bob)
    told(bob, "reminder", activity=activity.pk)
    told(bob, "reminder", activity=ActivityFactory(owner=bob).pk)
    Activity.objects.filter(pk=activity.pk).update(status="completed", closed_at=NOW)
    while send_next_letter(now=NOW):
        pass
    assert sorted(Letter.objects.values_list("status", flat=True)) == ["dropped", "sent"]


def test_a_name_cannot_write_a_header_or_a_tag(bob, approval) -> None:
    told(bob, "reminder", name="<b>x</b>\r\nBcc: mallory@example.com")
    assert send_next_letter(now=NOW)
    (message,) = mail.outbox
    assert message.message()["Bcc"] is None
    assert "<b>x" not in message.alternatives[0][0]
    assert parseaddr(message.to[0])[1] == "bob@example.com"


def test_the_link_at_the_foot_asks_and_then_stops_that_sort_alone(bob, carol, approval) -> None:
    told(bob, step=approval)
    send_next_letter(now=NOW)
    address = mail.outbox[0].message()["List-Unsubscribe"].strip("<>").removeprefix("https://portal.example")
    before = ways_of([bob.pk])[bob.pk]
    client = Client(enforce_csrf_checks=True)
    assert "My approval is asked" in client.get(address).content.decode()
    assert ways_of([bob.pk])[bob.pk] == before, "to look changes nothing"
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    after = ways_of([bob.pk])[bob.pk]
    assert after.pop("approval").mail == "never"
    before.pop("approval")
    assert after == before
    forged = address[:-2] + ("A" if address[-2] != "A" else "B") + "/"
    assert client.post(forged).status_code == 404
