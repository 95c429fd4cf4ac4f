"""The character U+0000, which no database holds, in what comes in: dropped unseen, wherever it stands."""

import pytest
from django.urls import reverse

from activities.models import Activity
from bpm_portal.common.typed import TypedTextMiddleware
from tests.factories import ActivityFactory

pytestmark = pytest.mark.django_db


def test_it_is_dropped_from_what_was_typed(client, bob):
    client.force_login(bob)
    call = ActivityFactory(owner=bob, author=bob)
    reason = {"reason": "no\x00 need"}
    assert client.post(reverse("activities:cancel", args=[call.pk]), reason).status_code == 302
    assert Activity.objects.get(pk=call.pk).result_details == "no need"


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
