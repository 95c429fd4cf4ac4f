"""Comments with mentions, participants, further records, reminders: the services and the page."""

from datetime import timedelta

import pytest

from activities import services
from activities.models import Activity, ActivityConnection, Comment, Participant
from activities.services.talking import mentioned_in
from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound
from notifications.models import Notification
from tests import factories
from tests.activities.pages import page, said, text


def say(activity, by, now, words="Done soon."):
    return services.comment_activity(activity_id=activity.pk, text=words, by=by, now=now)


def heard(kind):
    return set(Notification.objects.filter(kind=kind).values_list("user__username", flat=True))


class TestComments:
    def test_owner_author_and_participants_hear_of_it_but_not_who_wrote_it(
        self, task, alice, bob, carol, now
    ):
        services.add_participant(activity_id=task.pk, user=carol, by=bob, now=now)
        say(task, bob, now)
        assert heard("activity-commented") == {"alice", "carol"}
        entry = Notification.objects.get(user=carol, kind="activity-commented")
        assert entry.data == {"name": task.title, "by": "Bob", "text": "Done soon."}
        assert entry.url == f"/activities/{task.pk}/#comments"

    def test_who_is_called_hears_that_and_not_the_rest_twice(self, task, alice, bob, now):
        assert say(task, bob, now, "What do you think, @alice?") == []
        assert heard("activity-mentioned") == {"alice"}
        assert heard("activity-commented") == set()

    def test_who_may_not_see_it_is_not_told_and_the_writer_learns_that(self, task, bob, carol, now):
        assert say(task, bob, now, "@carol, look") == [carol]
        assert heard("activity-mentioned") == set()

    def test_who_has_left_hears_nothing(self, task, alice, bob, now):
        alice.is_active = False
        alice.save()
        say(task, bob, now)
        assert not Notification.objects.exists()

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("@alice and @carol.", {"alice", "carol"}),
            ("mail to bob@alice.example", set()),
            ("@@alice", set()),
            ("(@alice)", {"alice"}),
            ("@nobody", set()),
        ],
    )
    def test_names_are_found_where_they_are_meant(self, bob, alice, carol, words, names):
        assert {person.username for person in mentioned_in(words, by=bob)} == names

    def test_an_empty_or_endless_one_is_refused(self, task, bob, now):
        for words in ("", "  \x00", "x" * 5001):
            with pytest.raises(Invalid):
                say(task, bob, now, words)
        assert not Comment.objects.exists()

    def test_only_its_writer_takes_it_back(self, task, alice, bob, mallory, now):
        say(task, bob, now)
        comment = Comment.objects.get()
        with pytest.raises(Forbidden):
            services.delete_comment(comment_id=comment.pk, by=alice)
        with pytest.raises(NotFound):
            services.delete_comment(comment_id=comment.pk, by=mallory)
        services.delete_comment(comment_id=comment.pk, by=bob)
        assert not Comment.objects.exists()

    def test_mallory_says_nothing_and_reads_nothing(self, task, mallory, bob, now, as_mallory):
        with pytest.raises(NotFound):
            say(task, mallory, now)
        assert as_mallory.get(page(task, "comments/")).status_code == 404
        assert as_mallory.post(page(task, "comment/"), {"text": "x"}).status_code == 404


class TestParticipants:
    def test_a_participant_sees_it_without_having_to_do_it(self, task, bob, carol, now):
        with pytest.raises(NotFound):
            say(task, carol, now)
        services.add_participant(activity_id=task.pk, user=carol, by=bob, now=now)
        services.add_participant(activity_id=task.pk, user=carol, by=bob, now=now)
        assert heard("activity-invited") == {"carol"}
        assert Notification.objects.count() == 1
        assert list(Activity.objects.visible_to(carol)) == [task]
        with pytest.raises(Forbidden):
            services.complete_activity(activity_id=task.pk, result="", details="", by=carol, now=now)
        with pytest.raises(Forbidden):
            services.add_participant(activity_id=task.pk, user=bob, by=carol, now=now)

    def test_everybody_may_leave_and_who_acts_may_send_away(self, task, bob, carol, alice, now):
        for by in (carol, bob):
            services.add_participant(activity_id=task.pk, user=carol, by=bob, now=now)
            services.remove_participant(activity_id=task.pk, user_id=carol.pk, by=by)
            assert not Participant.objects.exists()

    def test_of_managed_activities_too_but_not_of_final_ones(self, managed, bob, carol, now):
        services.add_participant(activity_id=managed.pk, user=carol, by=bob, now=now)
        Activity.objects.filter(pk=managed.pk).update(status="completed", closed_at=now)
        with pytest.raises(Conflict):
            services.add_participant(activity_id=managed.pk, user=carol, by=bob, now=now)


class TestConnections:
    def test_a_further_record_shows_the_activity_to_who_sees_it(self, task, bob, carol, record):
        services.connect_record(activity_id=task.pk, record=record, by=bob)
        services.connect_record(activity_id=task.pk, record=record, by=bob)
        assert ActivityConnection.objects.count() == 1
        assert list(Activity.objects.visible_to(carol)) == [task]
        services.disconnect_record(activity_id=task.pk, record_id=record.pk, by=bob)
        assert not ActivityConnection.objects.exists()

    def test_a_record_out_of_sight_cannot_be_connected(self, task, alice, record):
        with pytest.raises(Invalid):
            services.connect_record(activity_id=task.pk, record=record, by=alice)

    def test_what_a_process_has_connected_stays(self, managed, bob, record):
        ActivityConnection.objects.create(activity=managed, record=record)
        with pytest.raises(Conflict):
            services.disconnect_record(activity_id=managed.pk, record_id=record.pk, by=bob)


class TestReminders:
    def test_performer_and_author_set_their_own(self, task, alice, bob, now):
        ahead = now + timedelta(hours=1)
        services.set_reminder(activity_id=task.pk, at=ahead, by=bob, now=now)
        services.set_reminder(activity_id=task.pk, at=ahead + timedelta(hours=1), by=alice, now=now)
        task.refresh_from_db()
        assert (task.remind_owner_at, task.remind_author_at) == (ahead, ahead + timedelta(hours=1))
        services.set_reminder(activity_id=task.pk, at=None, by=bob, now=now)
        task.refresh_from_db()
        assert task.remind_owner_at is None

    def test_of_managed_ones_without_asking_the_process(self, managed, manager, bob, now):
        services.set_reminder(activity_id=managed.pk, at=now + timedelta(hours=1), by=bob, now=now)
        managed.refresh_from_db()
        assert managed.remind_owner_at == now + timedelta(hours=1)
        assert manager.calls == []

    def test_not_in_the_past_not_of_others_not_of_final_ones(self, task, bob, carol, now):
        with pytest.raises(Invalid):
            services.set_reminder(activity_id=task.pk, at=now, by=bob, now=now)
        services.add_participant(activity_id=task.pk, user=carol, by=bob, now=now)
        with pytest.raises(Forbidden):
            services.set_reminder(activity_id=task.pk, at=None, by=carol, now=now)
        Activity.objects.filter(pk=task.pk).update(status="completed", closed_at=now)
        with pytest.raises(Conflict):
            services.set_reminder(activity_id=task.pk, at=None, by=bob, now=now)


class TestPage:
    def test_shows_and_takes_comments_with_everything_escaped(self, as_bob, task, carol):
        response = as_bob.post(page(task, "comment/"), {"text": "<b>@carol</b>"})
        assert response["Location"] == page(task) + "#comments"
        assert said(response)[0].startswith("Carol may not see this activity")
        body = text(as_bob.get(page(task)))
        assert '&lt;b&gt;<span class="mention">@carol</span>&lt;/b&gt;' in body
        assert "&lt;b&gt;" in text(as_bob.get(page(task, "comments/")))
        comment = Comment.objects.get()
        as_bob.post(f"/activities/comments/{comment.pk}/delete/")
        assert not Comment.objects.exists()

    def test_adds_and_removes_participants_records_and_the_reminder(self, as_bob, task, carol, record):
        as_bob.post(page(task, "participants/add/"), {"user": carol.pk})
        as_bob.post(page(task, "connect/"), {"record": record.pk})
        as_bob.post(page(task, "remind/"), {"at": "2300-01-01T09:00"})
        body = text(as_bob.get(page(task)))
        assert "Remove Carol" in body
        assert f"Disconnect {record.caption}" in body
        assert 'value="2300-01-01T09:00"' in body
        as_bob.post(page(task, f"participants/{carol.pk}/remove/"))
        as_bob.post(page(task, f"connections/{record.pk}/remove/"))
        as_bob.post(page(task, "remind/"), {"at": ""})
        assert not Participant.objects.exists()
        assert not ActivityConnection.objects.exists()
        task.refresh_from_db()
        assert task.remind_owner_at is None

    def test_what_is_wrong_is_said(self, as_bob, task):
        wrong = [("comment/", {}), ("participants/add/", {"user": "x"}), ("remind/", {"at": "x"})]
        for number, (action, values) in enumerate(wrong, 1):
            response = as_bob.post(page(task, action), values)
            assert response.status_code == 302
            assert len(said(response)) == number

    def test_costs_the_same_for_many(self, as_bob, task, bob, now, django_assert_num_queries):
        def measured():
            with django_assert_num_queries(100, exact=False) as captured:
                text(as_bob.get(page(task)))
            return len(captured)

        say(task, bob, now)
        services.add_participant(activity_id=task.pk, user=factories.UserFactory(), by=bob, now=now)
        few = measured()
        for number in range(10):
            user = factories.UserFactory()
            services.add_participant(activity_id=task.pk, user=user, by=bob, now=now)
            services.comment_activity(activity_id=task.pk, text=str(number), by=user, now=now)
        assert measured() == few
