"""Who stands in for whom: said, seen, ended; by whom, and what is refused."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bpm_portal.accounts import news, services
from bpm_portal.accounts.models import Substitution, User
from bpm_portal.accounts.substitution import standing_of
from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound
from notifications import bus
from notifications.models import Notification
from notifications.wording import wording
from tests.factories import NOW, SubstitutionFactory

DAY = timedelta(days=1)
PAGE = "/substitution/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch) -> list[tuple[str, set[int]]]:
    """What was told, and whose pages were pinged."""
    told: list[tuple[str, set[int]]] = []
    monkeypatch.setattr(bus, "publish", lambda users: told.append(("ping", set(users))))
    return told


def make(absent, substitute, *, by=None, since=NOW, until=None, now=NOW) -> Substitution:
    return services.make_substitution(
        absent=absent, substitute=substitute, since=since, until=until, by=by or absent, now=now
    )


def stands_in_for(user, now=NOW) -> list[int]:
    return standing_of(User.objects.get(pk=user.pk), now).absent_ids


def test_a_substitution_holds_from_its_beginning_to_before_its_end(bob, dave) -> None:
    make(bob, dave, since=NOW + DAY, until=NOW + 2 * DAY)
    assert stands_in_for(dave) == []
    assert stands_in_for(dave, NOW + DAY) == [bob.pk]
    assert stands_in_for(dave, NOW + 2 * DAY) == []


def test_it_never_begins_before_it_is_made(bob, dave) -> None:
    assert make(bob, dave, since=NOW - 3 * DAY).since == NOW


def test_the_substitute_of_a_substitute_gets_nothing_of_the_first(bob, dave, carol, role) -> None:
    make(bob, dave)
    make(dave, carol)
    assert stands_in_for(carol) == [dave.pk]
    assert standing_of(User.objects.get(pk=dave.pk), NOW).role_ids == [role.pk]


def test_roles_of_the_absent_person_are_no_roles_of_the_substitute(
    bob, dave, role, django_assert_num_queries
) -> None:
    make(bob, dave)
    fresh = User.objects.get(pk=dave.pk)
    with django_assert_num_queries(1):
        standing = standing_of(fresh, NOW)
        assert (standing.own_role_ids, standing.role_ids) == ([], [role.pk])
        assert standing_of(fresh).on_behalf_of(None, role.pk) == bob.pk


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("substitute", {"substitute": "bob"}),
        ("substitute", {"substitute": "left"}),
        ("until", {"until": NOW}),
        ("until", {"since": NOW + 2 * DAY, "until": NOW + DAY}),
    ],
    ids=["oneself", "who has left", "the past", "before it begins"],
)
def test_what_makes_no_sense_is_refused_at_its_field(bob, dave, field, change) -> None:
    left = User.objects.create(username="left", is_active=False)
    people = {"bob": bob, "left": left}
    given = {"absent": bob, "substitute": dave, "since": NOW, "until": None, **change}
    given["substitute"] = people.get(given["substitute"], given["substitute"])
    with pytest.raises(Invalid) as refusal:
        services.make_substitution(**given, by=bob, now=NOW)
    assert set(refusal.value.detail) == {field}


def test_the_database_has_the_last_word(bob, dave) -> None:
    for wrong in ({"absent": bob, "substitute": bob}, {"absent": bob, "substitute": dave, "until": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SubstitutionFactory(**wrong)


def test_only_who_may_says_it_for_others(bob, carol, dave) -> None:
    with pytest.raises(Forbidden):
        make(bob, dave, by=carol)
    carol.user_permissions.add(Permission.objects.get(codename="change_substitution"))
    assert make(bob, dave, by=User.objects.get(pk=carol.pk)).created_by == carol


def test_each_of_the_two_may_end_it_and_nobody_else(bob, carol, dave, mallory) -> None:
    one, other = make(bob, dave), make(bob, dave)
    later = NOW + DAY
    for stranger in (carol, mallory):
        with pytest.raises(NotFound):
            services.end_substitution(substitution_id=one.pk, by=stranger, now=later)
    services.end_substitution(substitution_id=one.pk, by=dave, now=later)
    services.end_substitution(substitution_id=other.pk, by=bob, now=later)
    assert stands_in_for(dave, later) == []
    with pytest.raises(Conflict):
        services.end_substitution(substitution_id=one.pk, by=bob, now=later)


def test_one_that_has_not_begun_is_taken_back(bob, dave) -> None:
    made = make(bob, dave, since=NOW + DAY)
    services.end_substitution(substitution_id=made.pk, by=bob, now=NOW)
    assert not Substitution.objects.exists()


def test_the_other_one_is_told_and_the_pages_of_both_are_pinged(
    bob, dave, heard, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = make(bob, dave)
        services.end_substitution(substitution_id=made.pk, by=dave, now=NOW + DAY)
    assert heard == [("ping", {bob.pk, dave.pk})] * 2
    entries = Notification.objects.order_by("id")
    words = [(entry.user, wording(entry.kind).text(entry.data)) for entry in entries]
    assert words == [(dave, "You stand in for Bob."), (bob, "Dave stands in for you no longer.")]


def test_beginning_and_end_by_the_clock_are_told_once_each(
    bob, dave, heard, django_capture_on_commit_callbacks
) -> None:
    make(bob, dave, since=NOW + DAY, until=NOW + 2 * DAY)
    heard.clear()
    turned = []
    for hours in (0, 24, 25, 47, 48, 49):
        with django_capture_on_commit_callbacks(execute=True):
            turned.append(services.tell_of_turned_substitutions(now=NOW + timedelta(hours=hours)))
    assert turned == [0, 1, 0, 0, 1, 0]
    assert heard == [("ping", {bob.pk, dave.pk})] * 2
    assert Notification.objects.count() == 1, "the clock writes no news"


def test_a_listener_that_fails_leaves_nothing_half_made(bob, dave, monkeypatch) -> None:
    def fail(_news) -> None:
        raise RuntimeError

    monkeypatch.setattr(news, "_listeners", [fail])
    with pytest.raises(RuntimeError):
        make(bob, dave)
    assert not Substitution.objects.exists()


def test_the_page_names_the_substitute_for_whole_days(client, bob, dave) -> None:
    client.force_login(bob)
    assert client.get(PAGE).status_code == 200
    today = timezone.localdate()
    answer = client.post(
        PAGE, {"substitute": dave.pk, "first_day": today, "last_day": today + DAY}, follow=True
    )
    made = Substitution.objects.get()
    assert made.since <= timezone.now() < made.until
    assert timezone.localtime(made.until).date() == today + 2 * DAY
    page = answer.content.decode()
    assert "Dave stands in for Bob." in page
    assert "now, through Tomorrow" in page
    client.force_login(dave)
    assert "For whom I stand in" in client.get(PAGE).content.decode()
    assert client.post(reverse("accounts:substitution-end", args=[made.pk])).status_code == 302
    assert not Substitution.objects.in_force(timezone.now()).exists()


def test_the_page_keeps_what_was_typed_where_it_is_refused(client, bob, dave) -> None:
    client.force_login(bob)
    answer = client.post(
        PAGE, {"substitute": dave.pk, "first_day": "2999-03-05", "last_day": date(2999, 3, 1)}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "over before it begins" in page
    assert 'value="2999-03-05"' in page
    assert not Substitution.objects.exists()


def test_mallory_names_nobody_and_sees_nobodys_absence(client, bob, dave, mallory) -> None:
    made = make(bob, dave)
    client.force_login(mallory)
    page = client.get(PAGE).content.decode()
    assert "Bob" not in page
    given = {"absent": bob.pk, "substitute": mallory.pk, "first_day": timezone.localdate()}
    assert client.post(PAGE, given).status_code == 400
    assert client.post(reverse("accounts:substitution-end", args=[made.pk])).status_code == 404
    assert Substitution.objects.count() == 1


def test_administrators_say_it_for_who_has_left(client, admin, bob, dave) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    client.force_login(admin)
    add = reverse("admin:accounts_substitution_add")
    given = {"absent": bob.pk, "substitute": dave.pk, "since_0": "2999-01-01", "since_1": "00:00"}
    given |= {"until_0": "", "until_1": ""}
    assert client.post(add, {**given, "substitute": bob.pk}).status_code == 200
    assert client.post(add, given).status_code == 302
    made = Substitution.objects.get()
    assert (made.absent, made.created_by) == (bob, admin)
    page = reverse("admin:accounts_substitution_changelist")
    assert client.get(page).status_code == 200
    client.post(page, {"action": "end_selected", "_selected_action": made.pk})
    assert not Substitution.objects.exists()
