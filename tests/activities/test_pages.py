"""The list, the page of one activity and its forms, for those who may and those who may not."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityConnection
from bpm_portal.common.errors import Conflict, Forbidden
from tests import factories

LIST = "/activities/"


@pytest.fixture
def as_bob(client, bob):
    client.force_login(bob)
    return client


@pytest.fixture
def as_mallory(client, mallory):
    client.force_login(mallory)
    return client


def page(activity, action=""):
    return f"/activities/{activity.pk}/{action}"


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def shown(response):
    text(response)
    return [activity.title for activity in response.context["page"]]


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


class TestList:
    @pytest.fixture(autouse=True)
    def rows(self, role, alice, bob, carol, record, now):
        make, hour = factories.ActivityFactory, timedelta(hours=1)
        make(title="Late", owner=bob, due_at=now, category="call")
        make(title="Whenever", owner=bob, process_caption="Contract 7")
        make(title="Of the role", role=role, due_at=now + hour, starts_at=now + hour)
        make(title="Carol's", owner=carol, role=role, record=record, record_caption=record.caption)
        make(title="Done", owner=bob, status="completed", closed_at=now)
        make(title="Alice's", owner=alice)

    def test_shows_what_is_open_for_me_first_what_is_due(self, as_bob):
        assert shown(as_bob.get(LIST)) == ["Late", "Of the role", "Whenever"]

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("show=mine", ["Late", "Whenever"]),
            ("show=roles", ["Of the role"]),
            ("show=all&sort=title", ["Carol's", "Late", "Of the role", "Whenever"]),
            ("status=final", ["Done"]),
            ("status=any&sort=title", ["Done", "Late", "Of the role", "Whenever"]),
            ("status=completed", ["Done"]),
            ("category=call", ["Late"]),
            ("process=contract", ["Whenever"]),
            ("q=late", ["Late"]),
            ("show=all&q=ALPHA", ["Carol's"]),
            ("since=2026-03-03", []),
            ("until=2026-03-01", []),
            ("since=2026-03-02&until=2026-03-02", ["Late", "Of the role", "Whenever"]),
            ("sort=-title", ["Whenever", "Of the role", "Late"]),
            ("sort=-start", ["Of the role", "Whenever", "Late"]),
        ],
    )
    def test_the_address_filters_and_sorts(self, as_bob, query, titles):
        assert shown(as_bob.get(f"{LIST}?{query}")) == titles

    def test_an_address_that_makes_no_sense_shows_the_list_without_that_filter(self, as_bob):
        response = as_bob.get(f"{LIST}?show=x&status=y&since=soon&sort=colour&cursor=z&category=&q=%00")
        assert shown(response) == ["Late", "Of the role", "Whenever"]

    def test_dates_are_days_of_the_reader(self, as_bob, bob, now):
        bob.time_zone = "Asia/Tokyo"  # there it is the evening of March 2
        bob.save()
        factories.ActivityFactory(
            title="Early", owner=bob, starts_at=now.replace(hour=15, minute=30)
        )  # March 3, 0:30
        assert shown(as_bob.get(f"{LIST}?since=2026-03-03")) == ["Early"]

    def test_what_is_late_is_marked_by_a_word(self, as_bob):
        assert text(as_bob.get(f"{LIST}?q=late")).count("Overdue:") == 1
        assert "Overdue:" not in text(as_bob.get(f"{LIST}?q=whenever"))

    def test_refreshes_itself_with_the_filters_it_has(self, as_bob):
        response = as_bob.get(f"{LIST}?q=late&status=", headers={"HX-Request": "true"})
        body = text(response)
        assert 'hx-get="/activities/?q=late"' in body
        assert 'hx-trigger="work-changed from:body"' in body
        assert "<html" not in body
        assert "HX-Push-Url" not in response.headers
        assert "HX-Request" in response["Vary"]

    def test_filtering_puts_the_filters_into_the_address_without_the_empty_ones(self, as_bob):
        headers = {"HX-Request": "true", "HX-Trigger": "filters"}
        response = as_bob.get(f"{LIST}?q=late&status=&show=mine", headers=headers)
        assert response["HX-Push-Url"] == "/activities/?q=late&show=mine"

    def test_pages_by_key_lose_and_repeat_nothing(self, as_bob, bob, now):
        factories.ActivityFactory.create_batch(60, owner=bob, due_at=now)
        factories.ActivityFactory.create_batch(60, owner=bob)
        seen, cursor = [], ""
        while True:
            response = as_bob.get(LIST, {"cursor": cursor})
            seen += [activity.pk for activity in response.context["page"]]
            cursor = response.context["page"].next_cursor
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == 123

    def test_costs_the_same_for_fifty_rows(self, as_bob, role, bob, record, django_assert_num_queries):
        factories.ActivityFactory.create_batch(
            50, owner=bob, role=role, record=record, record_caption="x", allowed_results=[{"code": "a"}]
        )
        with django_assert_num_queries(4):  # session, user, his roles, rows
            response = as_bob.get(f"{LIST}?sort=start", headers={"HX-Request": "true"})
        assert len(shown(response)) == 50

    def test_empty_lists_say_what_to_do_next(self, as_bob, as_mallory):
        body = text(as_mallory.get(LIST))
        assert "Nothing waits for you." in body
        assert reverse("activities:add") in body
        body = text(as_mallory.get(f"{LIST}?show=all&status=any"))
        assert "Nothing matches these filters." in body

    def test_guests_are_asked_to_sign_in(self, client):
        response = client.get(LIST)
        assert response.status_code == 302
        assert reverse("accounts:sign-in") in response["Location"]


class TestPage:
    def test_shows_fields_records_and_what_may_be_done(self, as_bob, task, record):
        further = factories.RecordFactory(record_type=record.record_type, caption="Appendix")
        hidden = factories.RecordFactory(
            record_type=factories.RecordTypeFactory(code="secret"), caption="Not for bob"
        )
        task.record = record
        task.save()
        for other in (further, hidden):
            ActivityConnection.objects.create(activity=task, record=other)
        body = text(as_bob.get(page(task)))
        assert "Call the client" in body
        assert reverse("records:detail", args=[record.pk]) in body
        assert "Appendix" in body
        assert "Not for bob" not in body
        for action in ("complete", "start", "postpone", "reassign", "cancel", "edit"):
            assert page(task, f"{action}/") in body

    def test_whoever_sees_it_only_gets_no_buttons(self, client, task, record, carol):
        task.record = record
        task.save()
        client.force_login(carol)
        body = text(client.get(page(task)))
        assert "/complete/" not in body
        assert "/cancel/" not in body

    def test_completing_returns_to_where_one_came_from(self, as_bob, task):
        response = as_bob.post(page(task, "complete/"), {"result": "reached", "next": "/activities/?q=x"})
        assert (response.status_code, response["Location"]) == (302, "/activities/?q=x")
        assert said(response) == ["The activity is completed."]
        task.refresh_from_db()
        assert (task.status, task.result) == ("completed", "reached")

    @pytest.mark.parametrize(
        "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
    )
    def test_never_returns_to_somebody_elses_site(self, as_bob, task, target):
        response = as_bob.post(page(task, "complete/"), {"next": target})
        assert response["Location"] == LIST

    def test_once_final_it_is_read_only(self, as_bob, task, bob, now):
        as_bob.post(page(task, "complete/"), {"result": "reached", "details": "They will sign."})
        body = text(as_bob.get(page(task)))
        assert "They will sign." in body
        assert "Closed by" in body
        for action in ("complete", "start", "postpone", "reassign", "cancel", "edit"):
            assert page(task, f"{action}/") not in body

    def test_when_somebody_was_faster_it_says_who_and_keeps_what_was_typed(self, as_bob, task, alice, now):
        Activity.objects.filter(pk=task.pk).update(status="completed", closed_at=now, closed_by=alice)
        response = as_bob.post(page(task, "complete/"), {"details": "My <long> report"})
        body = text(response, 409)
        assert "Alice completed this activity on 2 Mar 2026, 09:00." in body
        assert "My &lt;long&gt; report</textarea>" in body
        assert 'data-copy="typed"' in body

    def test_a_result_that_is_not_offered_keeps_the_form(self, as_bob, task):
        task.allowed_results = [{"code": "yes", "label": "Yes", "outcome": "success"}]
        task.save()
        body = text(as_bob.post(page(task, "complete/"), {"result": "maybe", "details": "Typed"}), 400)
        assert "Choose one of the results offered." in body
        assert "Typed</textarea>" in body

    def test_starting_postponing_and_cancelling(self, as_bob, task):
        as_bob.post(page(task, "start/"))
        response = as_bob.post(page(task, "postpone/"), {"preset": "in-1-hour", "next": "/activities/?q=x"})
        assert response["Location"] == f"{page(task)}?next=%2Factivities%2F%3Fq%3Dx"
        task.refresh_from_db()
        assert task.status == "in_progress"
        assert abs(task.starts_at - timezone.now() - timedelta(hours=1)) < timedelta(minutes=1)
        as_bob.post(page(task, "cancel/"), {"reason": "Not needed."})
        task.refresh_from_db()
        assert (task.status, task.result_details) == ("cancelled", "Not needed.")

    def test_a_moment_is_read_in_the_readers_time_zone(self, as_bob, bob, task):
        bob.time_zone = "Asia/Tokyo"
        bob.save()
        as_bob.post(page(task, "postpone/"), {"until": "2100-01-01T09:00"})
        task.refresh_from_db()
        assert task.starts_at.isoformat() == "2100-01-01T00:00:00+00:00"

    @pytest.mark.parametrize(
        "wrong", [{}, {"until": "soon"}, {"until": "2001-01-01T00:00"}, {"preset": "never"}]
    )
    def test_a_moment_that_makes_no_sense_is_refused_with_a_sentence(self, as_bob, task, wrong):
        body = text(as_bob.post(page(task, "postpone/"), wrong), 400)
        assert "Choose a moment that lies ahead." in body or "Enter a valid date/time." in body

    def test_reassigning_away_leads_back_to_the_list(self, as_bob, task, bob, carol, role):
        response = as_bob.post(page(task, "reassign/"), {"role": role.pk})
        assert response["Location"] == page(task)
        response = as_bob.post(page(task, "take/"))
        task.refresh_from_db()
        assert task.owner == bob
        as_bob.post(page(task, "give-back/"))
        response = as_bob.post(page(task, "reassign/"), {"assignee": carol.pk})
        assert response["Location"] == LIST
        task.refresh_from_db()
        assert (task.owner, task.role) == (carol, None)

    def test_reassigning_to_nobody_says_what_is_missing(self, as_bob, task):
        assert "Name either a person or a role." in text(as_bob.post(page(task, "reassign/"), {}), 400)


class TestManaged:
    @pytest.fixture(autouse=True)
    def _panel(self, tmp_path, settings, manager):
        """In place of the panel of processes one that shows its context."""
        (tmp_path / "processes").mkdir()
        (tmp_path / "processes" / "_activity_panel.html").write_text("<p>Panel: {{ hint }}</p>")
        templates = [dict(settings.TEMPLATES[0])]
        templates[0]["DIRS"] = [tmp_path, *templates[0]["DIRS"]]
        settings.TEMPLATES = templates
        manager.panel = {"hint": "Ask for the stamp"}

    def test_in_process_mode_the_allowed_results_are_buttons_marked_by_outcome(self, as_bob, managed):
        body = text(as_bob.get(page(managed)))
        assert "Panel: Ask for the stamp" in body
        for code, label, look in (
            ("signed", "Signed by the client", "btn-success"),
            ("later", "Ask again later", "circle-dot"),
            ("refused", "Refused", "btn-danger"),
        ):
            button = body[body.index(f'value="{code}"') - 80 : body.index(label) + len(label)]
            assert look in button
        assert "/cancel/" not in body
        assert "/edit/" not in body

    def test_completing_leads_to_my_next_step(self, as_bob, managed, manager):
        response = as_bob.post(page(managed, "complete/"), {"result": "signed", "next": LIST})
        assert response["Location"] == "/steps/8/"
        assert manager.calls[0][1]["result"] == "signed"

    def test_without_a_next_step_one_returns_to_where_one_came_from(self, as_bob, managed, manager):
        manager.next_url = ""
        response = as_bob.post(page(managed, "complete/"), {"result": "signed", "next": "/activities/?q=x"})
        assert response["Location"] == "/activities/?q=x"

    def test_a_step_with_a_page_of_its_own_opens_it_until_it_is_done(self, as_bob, managed, manager):
        manager.page = "/steps/7/"
        response = as_bob.get(page(managed), {"next": "/activities/?q=x"})
        assert response["Location"] == "/steps/7/?next=%2Factivities%2F%3Fq%3Dx"
        as_bob.post(page(managed, "complete/"), {"result": "signed", "details": "At last."})
        body = text(as_bob.get(page(managed)))
        assert "Signed by the client" in body
        assert "At last." in body
        assert "Panel:" not in body

    def test_what_the_manager_refuses_keeps_what_was_typed(self, as_bob, managed, manager):
        manager.error = Conflict("Carol has taken this task.")
        body = text(
            as_bob.post(page(managed, "complete/"), {"result": "signed", "details": "My report"}), 409
        )
        assert "Carol has taken this task." in body
        assert "My report</textarea>" in body

    def test_what_the_manager_forbids_is_an_error_page(self, as_bob, managed, manager):
        manager.error = Forbidden()
        assert as_bob.post(page(managed, "complete/"), {"result": "signed"}).status_code == 403

    def test_others_see_that_a_process_waits_but_no_buttons(self, client, managed, record, carol):
        managed.record = record
        managed.save()
        client.force_login(carol)
        body = text(client.get(page(managed)))
        assert "A process waits for this activity." in body
        assert "/complete/" not in body

    def test_it_is_not_edited(self, as_bob, managed):
        assert as_bob.get(page(managed, "edit/")).status_code == 409
        response = as_bob.post(page(managed, "cancel/"), {"reason": "No."})
        assert "belongs to a running process" in text(response, 409)


class TestForms:
    FIELDS = {
        "title": "Call back",
        "category": "call",
        "priority": "1",
        "starts_at": "2026-03-02T10:00",
        "due_at": "2026-03-02T11:00",
        "in_calendar": "on",
    }

    def test_adding_one_for_a_record(self, as_bob, bob, record):
        body = text(as_bob.get(f"/activities/add/?record={record.pk}"))
        assert "Contract with Alpha Ltd" in body
        response = as_bob.post(
            "/activities/add/", self.FIELDS | {"owner": bob.pk, "record": record.pk, "next": "/records/"}
        )
        assert (response.status_code, response["Location"]) == (302, "/records/")
        made = Activity.objects.get()
        assert (made.owner, made.author, made.record, made.priority) == (bob, bob, record, 1)
        assert (made.category, made.starts_at.hour, made.due_at.hour) == ("call", 10, 11)

    def test_errors_keep_the_input(self, as_bob):
        response = as_bob.post("/activities/add/", self.FIELDS | {"due_at": "2026-03-01T11:00"})
        body = text(response, 400)
        assert "The due date lies before the start." in body
        assert 'value="Call back"' in body
        assert not Activity.objects.exists()

    def test_a_record_that_one_may_not_see_is_no_choice(self, as_mallory, record, bob):
        body = text(as_mallory.get(f"/activities/add/?record={record.pk}"))
        assert "Contract with Alpha Ltd" not in body
        response = as_mallory.post("/activities/add/", self.FIELDS | {"record": record.pk, "owner": bob.pk})
        assert set(response.context["form"].errors) == {"record", "owner"}

    def test_a_performer_is_needed(self, as_bob):
        response = as_bob.post("/activities/add/", self.FIELDS)
        assert response.status_code == 302  # nobody named: one's own
        assert Activity.objects.get().owner.username == "bob"

    def test_editing(self, as_bob, task, bob):
        body = text(as_bob.get(page(task, "edit/")))
        assert 'value="Call the client"' in body
        assert 'value="2026-03-02T11:00"' in body
        as_bob.post(page(task, "edit/"), self.FIELDS | {"owner": bob.pk, "title": "Write"})
        task.refresh_from_db()
        assert (task.title, task.author.username) == ("Write", "alice")

    def test_nobody_is_no_performer_when_editing(self, as_bob, task):
        body = text(as_bob.post(page(task, "edit/"), self.FIELDS), 400)
        assert "Name a person or a role that does it." in body

    def test_what_was_closed_meanwhile_keeps_the_input(self, as_bob, bob, task, alice, now):
        Activity.objects.filter(pk=task.pk).update(status="cancelled", closed_at=now, closed_by=alice)
        response = as_bob.post(page(task, "edit/"), self.FIELDS | {"owner": bob.pk, "title": "My new title"})
        body = text(response, 409)
        assert "Alice cancelled this activity" in body
        assert "My new title" in body


class TestHistory:
    def test_the_record_shows_its_activities_newest_first(self, as_bob, record, bob):
        for number in range(25):
            factories.ActivityFactory(title=f"Call {number:02}", record=record)
        further = factories.ActivityFactory(title="Further")
        ActivityConnection.objects.create(activity=further, record=record)
        response = as_bob.get(f"/activities/record/{record.pk}/")
        first = [activity.title for activity in response.context["page"]]
        assert first[:2] == ["Further", "Call 24"]
        assert f"/activities/add/?record={record.pk}" in text(response)
        response = as_bob.get(
            f"/activities/record/{record.pk}/", {"cursor": response.context["page"].next_cursor}
        )
        rest = [activity.title for activity in response.context["page"]]
        assert len(first + rest) == 26
        assert "<table" not in text(response)

    def test_it_stands_on_the_page_of_the_record(self, as_bob, record, task):
        task.record = record
        task.save()
        body = text(as_bob.get(reverse("records:detail", args=[record.pk])))
        assert page(task) in body

    def test_an_empty_history_says_what_to_do_next(self, as_bob, record):
        body = text(as_bob.get(f"/activities/record/{record.pk}/"))
        assert "No activities for this record yet." in body

    def test_records_to_connect_to_are_found_by_typing(self, as_bob, record):
        found = as_bob.get("/activities/records/", {"q": "alpha"}).json()
        assert found == {
            "results": [{"id": record.pk, "name": "Contract with Alpha Ltd", "hint": "Contract"}]
        }
        assert as_bob.get("/activities/records/", {"q": "beta"}).json() == {"results": []}


class TestMallory:
    ACTIONS = ["complete", "start", "cancel", "postpone", "reassign", "take", "give-back", "edit"]

    def test_finds_nothing_by_any_address(self, as_mallory, task, managed, manager, record):
        for activity in (task, managed):
            assert as_mallory.get(page(activity)).status_code == 404
            assert as_mallory.get(page(activity, "edit/")).status_code == 404
            for action in self.ACTIONS:
                response = as_mallory.post(page(activity, f"{action}/"), {"preset": "next-week"})
                assert response.status_code == 404, action
        assert as_mallory.get(f"/activities/record/{record.pk}/").status_code == 404
        assert as_mallory.get("/activities/records/", {"q": "alpha"}).json() == {"results": []}
        assert shown(as_mallory.get(f"{LIST}?show=all&status=any")) == []
        assert manager.calls == []

    def test_one_who_sees_but_may_not_act_is_told_so(self, client, task, record, carol):
        task.record = record
        task.save()
        client.force_login(carol)
        for action in ("complete", "start", "cancel", "postpone", "take", "edit"):
            response = client.post(page(task, f"{action}/"), {"preset": "next-week"})
            assert response.status_code == 403, action
        task.refresh_from_db()
        assert task.status == "not_started"
