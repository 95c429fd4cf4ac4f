"""What the browser is to tell by its own notifications, for the one open page that speaks for all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from notifications.links import path_of
from notifications.models import Notification
from notifications.reading import milliseconds
from notifications.wording import wording

MOST = 5  # at a time: nobody reads more
LONGEST = timedelta(hours=12)  # what is older is no news to somebody who comes back
#: An entry is written somewhat later than its moment says; whoever asks leaves out what he has told.
OVERLAP = timedelta(seconds=60)


@login_not_required
@require_GET
@never_cache
def pops(request: HttpRequest) -> JsonResponse:
    """`{"until", "next", "entries": [{"id", "text", "about", "url"}]}`: what came `since`, and when to ask again.

    Moments are milliseconds of the epoch. Without `since` nothing is told yet. After quiet hours `next` is their end.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"code": "not_authenticated"}, status=401)
    now = timezone.now()
    mine = Notification.objects.of(request.user)
    since = _moment(request.GET.get("since", ""), now)
    found = mine.popping(since, now).order_by("-id")[:MOST] if since else []
    later = mine.unread().filter(pop_at__gt=now).order_by("pop_at").values_list("pop_at", flat=True).first()
    return JsonResponse(
        {
            "until": milliseconds(now),
            "next": milliseconds(later) if later else None,
            "entries": [_entry(notification) for notification in reversed(found)],
        }
    )


def _moment(text: str, now: datetime) -> datetime | None:
    if not text.isdecimal() or len(text) > 15:
        return None
    asked = datetime.fromtimestamp(min(int(text) / 1000, now.timestamp()), UTC)
    return max(asked - OVERLAP, now - LONGEST)


def _entry(notification: Notification) -> dict[str, Any]:
    return {
        "id": notification.pk,
        "text": wording(notification.kind).text(notification.data),
        "about": notification.data.get("process", ""),
        "url": path_of(notification),
    }
