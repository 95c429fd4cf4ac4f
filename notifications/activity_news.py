"""What people say and do about an activity becomes entries of the notification centre and pings of open pages."""

from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from activities.changes import Change
from activities.news import News
from notifications import bus
from notifications.audience import active, audience_of_change
from notifications.models import Notification
from notifications.telling import tell

#: Kind of news -> kind of notification; its words are in `wording`.
KINDS = {
    "commented": "activity-commented",
    "mentioned": "activity-mentioned",
    "invited": "activity-invited",
}


def handle_change(change: Change) -> None:
    """People have changed an activity of theirs: lists, calendars and record pages that show it look again."""
    bus.publish(audience_of_change(change))


def handle_news(news: News) -> None:
    """Write an entry for everybody who is still here, in the transaction of the news; ping once it is committed."""
    staying = active(Q(pk__in=news.user_ids))
    entries = (
        Notification(
            user_id=user,
            kind=KINDS[news.kind],
            data={"name": news.activity.title, "by": str(news.by), "text": news.text[:200]},
            url=reverse("activities:detail", args=[news.activity.pk]) + "#comments",
            created_at=news.at,
        )
        for user in sorted(staying)
    )
    tell(entries, now=news.at)
    transaction.on_commit(partial(bus.publish, staying))
