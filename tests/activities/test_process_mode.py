"""The page of an activity that a process manages."""

from urllib.parse import quote

import pytest

from bpm_portal.common.errors import Conflict, Forbidden
from tests.activities.pages import LIST, page, text


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
        assert response["Location"] == f"/steps/8/?next={quote(LIST, safe='')}"
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
