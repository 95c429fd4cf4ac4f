"""Comment on activities, and call people by @name into the talk."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activities import news
from activities.access import people_known_to
from activities.models import Activity, Comment
from activities.services import rows
from bpm_portal.accounts.models import User
from bpm_portal.common.errors import Forbidden, Invalid, NotFound

LONGEST = 5000  # characters
MOST_MENTIONS = 10
MENTION = re.compile(r"(?<![\w@])@([\w.+-]*\w)")


def comment_activity(*, activity_id: int, text: str, by: Any, now: datetime) -> list[User]:
    """Say something; returns who was mentioned in vain, because he may not see the activity. Raises Invalid.

    Owner, author and participants hear of it; who is mentioned hears that he was.
    """
    activity = rows.visible(activity_id, by)
    text = text.replace("\x00", "").strip()
    if not text:
        raise Invalid(text=_("Write something first."))
    if len(text) > LONGEST:
        raise Invalid(text=_("The comment is too long: 5000 characters at most."))
    mentioned = mentioned_in(text, by=by)
    seeing = [
        person for person in mentioned if Activity.objects.visible_to(person).filter(pk=activity.pk).exists()
    ]
    called = frozenset(person.pk for person in seeing) - {by.pk}
    concerned = {activity.owner_id, activity.author_id, *activity.participants.values_list("user", flat=True)}
    others = frozenset(pk for pk in concerned - called if pk is not None and pk != by.pk)
    with transaction.atomic():
        Comment.objects.create(activity=activity, author=by, text=text, at=now)
        news.tell(news.News("mentioned", activity, called, by, now, text))
        news.tell(news.News("commented", activity, others, by, now, text))
    return [person for person in mentioned if person not in seeing]


def delete_comment(*, comment_id: int, by: Any) -> int:
    """Take back what one has said; returns the id of the activity. Raises NotFound, Forbidden."""
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None or not Activity.objects.visible_to(by).filter(pk=comment.activity_id).exists():
        raise NotFound
    if comment.author_id != by.pk and not by.is_superuser:
        raise Forbidden
    comment.delete()
    return int(comment.activity_id)


def mentioned_in(text: str, *, by: Any) -> list[User]:
    """The people whom the text calls by @name, as far as its author may know them."""
    names = list(dict.fromkeys(MENTION.findall(text)))[:MOST_MENTIONS]
    return list(people_known_to(by).filter(username__in=names)) if names else []
