"""The character U+0000, which no database holds, in what comes in: dropped unseen. Line breaks count as one."""

from base64 import b64encode

import pytest
from django.urls import reverse

from activities.models import Activity
from bpm_portal.common.typed import TypedTextMiddleware, id_in, ids_in
from tests.factories import ActivityFactory, HumanStepFactory

pytestmark = pytest.mark.django_db


def test_it_is_dropped_from_what_was_typed(client, bob):
    client.force_login(bob)
    call = ActivityFactory(owner=bob, author=bob)
    reason = {"reason": "no\x00 need"}
    assert client.post(reverse("activities:cancel", args=[call.pk]), reason).status_code == 302
    assert Activity.objects.get(pk=call.pk).result_details == "no need"


def test_a_text_of_many_lines_is_as_long_as_the_browser_says(client, bob):
    client.force_login(bob)
    call = ActivityFactory(owner=bob, author=bob)
    client.post(reverse("activities:comment", args=[call.pk]), {"text": "word\r\n" * 999 + "end"})
    assert call.comments.get().text == "word\n" * 999 + "end"


def test_it_is_dropped_from_what_is_looked_for(client, bob, carol):
    client.force_login(bob)
    found = client.get(reverse("accounts:people"), {"q": "car\x00ol", "x\x00": ""}).json()["results"]
    assert [person["username"] for person in found] == ["carol"]


@pytest.mark.parametrize("address", ["/processes/%00/", "/records/a%00/", "/api/v1/processes/%00/", "/%00"])
def test_nothing_has_it_in_its_address(client, bob, address):
    client.force_login(bob)
    assert client.get(address).status_code == 404


def test_all_that_was_sent_beside_it_arrives(rf):
    request = rf.post("/?a=1&a=2", {"b": ["x\x00", "y"], "c": "z"})
    TypedTextMiddleware(lambda request: None)(request)
    assert dict(request.GET.lists()) == {"a": ["1", "2"]}
    assert dict(request.POST.lists()) == {"b": ["x", "y"], "c": ["z"]}


@pytest.mark.parametrize("text", ["²", "7" * 19, "7" * 5000, "-7", "7.0", "", "seven", " 7"])
def test_what_is_no_id_names_nothing(text):
    assert id_in(text) is None
    assert ids_in(["7", text, "3", "7"]) == [7, 3]


def test_work_goes_to_nobody_by_a_digit_that_is_no_number(client, admin):
    client.force_login(admin)
    step = HumanStepFactory()
    page = reverse("processes:reassign", args=[step.pk])
    assert client.post(page, {"assignee": "²"}).status_code == 400


def test_a_cursor_of_a_thousand_digits_is_no_page(client, bob):
    client.force_login(bob)
    cursor = b64encode(b"p=" + b"7" * 5000).decode()
    assert client.get(reverse("step-list"), {"cursor": cursor}).status_code == 400
