"""E-mails that are kept in files are read in the portal: by administrators alone, and nothing in them runs."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.test import Client
from django.utils import timezone

from bpm_portal.demo.people import ADMINISTRATION
from notifications.kept_mail import FILES
from tests.processes.conftest import allow

pytestmark = pytest.mark.django_db
HOSTILE = '<p>Hallo "Welt"</p><script>alert(1)</script><base href="https://evil.example/">'


@pytest.fixture
def kept(settings, tmp_path):
    """Two e-mails in one file, and one before them."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, str(tmp_path)
    EmailMessage("Первое", "Текст\nhttps://portal.example/x", to=["bob@example.com"]).send()
    letter = EmailMultiAlternatives("Second", "Plain", to=["carol@example.com"])
    letter.attach_alternative(HOSTILE, "text/html")
    third = EmailMessage("Third", "-" * 79 + " no end", to=["bob@example.com"])
    get_connection().send_messages([letter, third])
    return tmp_path


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_administrator_reads_them_newest_first(kept, bob, admin) -> None:
    allow(bob, *ADMINISTRATION)
    for reader in (bob, admin):
        client = client_of(reader)
        listed = client.get("/mails/")
        subjects = [mail.subject for mail in listed.context["mails"]]
        assert subjects == ["Third", "Second", "Первое"]
        assert 'href="/mails/"' in listed.content.decode(), "the menu leads there"
        addresses = [f"/mails/{mail.name}/{mail.number}/" for mail in listed.context["mails"]]
        first = client.get(addresses[2]).content.decode()
        assert "bob@example.com" in first
        assert "Текст" in first
        assert "<iframe" not in first


def test_the_time_of_an_e_mail_is_shown_in_the_zone_of_its_reader(kept, admin) -> None:
    admin.time_zone = "Asia/Tokyo"
    admin.save()
    listed = client_of(admin).get("/mails/").text
    shown = datetime.fromisoformat(re.findall(r'<time class="when" datetime="([^"]+)"', listed)[0])
    assert abs(timezone.now() - shown) < timedelta(minutes=5)


def test_nothing_in_an_e_mail_runs_or_leads_the_page_away(kept, admin) -> None:
    client = client_of(admin)
    name = next(mail.name for mail in client.get("/mails/").context["mails"] if mail.subject == "Second")
    response = client.get(f"/mails/{name}/0/")
    text = response.content.decode()
    assert "<script>alert" not in text
    assert "&lt;p&gt;Hallo &quot;Welt&quot;" in text
    assert 'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"' in text
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "base-uri 'self'" in response["Content-Security-Policy"]


def test_nobody_else_reads_them(kept, alice, bob, mallory, admin) -> None:
    name = client_of(admin).get("/mails/").context["mails"][0].name
    for person in (alice, bob, mallory):
        client = client_of(person)
        assert client.get("/mails/").status_code == 403
        assert client.get(f"/mails/{name}/0/").status_code == 403
        assert 'href="/mails/"' not in client.get("/profile/").content.decode()


@pytest.mark.parametrize("address", ["20260101-000000-1/0/", "etc/0/", "..%2F..%2Fetc%2Fpasswd/0/", "x/99/"])
def test_what_is_no_kept_e_mail_is_not_found(kept, admin, address) -> None:
    (kept / "x.log").write_bytes(b"Subject: x\n\nx")
    assert client_of(admin).get(f"/mails/{address}").status_code == 404


def test_where_e_mails_are_sent_there_is_no_such_page(admin) -> None:
    client = client_of(admin)
    assert client.get("/mails/").status_code == 404
    assert 'href="/mails/"' not in client.get("/profile/").content.decode()
