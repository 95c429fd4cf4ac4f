"""The page of one activity, its forms and the History of a record, for those who may and those who may not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityConnection
from tests import factories
from tests.activities.pages import LIST, page, said, shown, text


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

    def test_who_knows_no_colleagues_is_not_asked_to_whom_to_give_it(self, client, mallory, bob):
        for person, offered in ((mallory, False), (bob, True)):
            client.force_login(person)
            own = factories.ActivityFactory(owner=person, author=person)
            body = text(client.get(page(own)))
            assert page(own, "postpone/") in body
            assert (page(own, "reassign/") in body) is offered
            assert ("/activities/bulk/reassign/" in text(client.get(LIST))) is offered

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

    @pytest.mark.parametrize("record", ["x", "-1", "9" * 30, "9" * 5000, "999"])
    def test_a_record_that_is_none_is_left_out(self, as_bob, record):
        assert as_bob.get("/activities/add/", {"record": record}).status_code == 200

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


class TestConnections:
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
