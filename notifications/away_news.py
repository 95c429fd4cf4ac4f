"""Who stands in for whom becomes entries of the notification centre and pings of the open pages of both."""

from functools import partial

from django.db import transaction
from django.urls import reverse

from bpm_portal.accounts.models import Substitution
from bpm_portal.accounts.news import News
from notifications import bus
from notifications.models import Notification
from notifications.telling import tell


def handle_news(news: News) -> None:
    """Tell the two what somebody has done, in the transaction of the news; by the clock only their pages hear."""
    substitution = news.substitution
    people = {substitution.absent_id, substitution.substitute_id}
    if news.by is not None:
        tell((_entry(news, user) for user in sorted(people - {news.by.pk})), now=news.at)
    transaction.on_commit(partial(bus.publish, people))


def _entry(news: News, user_id: int) -> Notification:
    substitution: Substitution = news.substitution
    role = "substitute" if user_id == substitution.substitute_id else "absent"
    data = {
        "name": str(substitution.absent if role == "substitute" else substitution.substitute),
        "by": str(news.by),
    }
    return Notification(
        user_id=user_id,
        kind=f"{role}-{news.kind}",
        data=data,
        url=reverse("accounts:substitution"),
        created_at=news.at,
    )
