"""How people choose by which ways and when they are told: the only writer of their choices."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.db import transaction

from notifications.models import DeliveryTimes, Mail, NewsChoice
from notifications.sorts import SORTS, Ways, ways_of


def choose_ways(*, ways: Mapping[str, Ways], by: Any) -> None:
    """Remember the ways of these sorts; others stay as they are."""
    rows = [
        NewsChoice(user=by, sort=sort, bell=w.bell, browser=w.browser, mail=w.mail)
        for sort, w in ways.items()
    ]
    NewsChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "sort"], update_fields=["bell", "browser", "mail"]
    )


def choose_times(
    *,
    digest_hour: int,
    digest_days: list[int],
    quiet_from: time | None,
    quiet_until: time | None,
    quiet_days: list[int],
    by: Any,
) -> None:
    """Remember when the daily e-mail comes and when nothing may disturb."""
    chosen = {
        "digest_hour": digest_hour,
        "digest_days": digest_days,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "quiet_days": quiet_days,
    }
    DeliveryTimes.objects.update_or_create(user=by, defaults=chosen)


def stop_mail(*, sort: str, by: Any) -> None:
    """No e-mail about this sort any more, at once or daily; about none at all where `sort` is empty."""
    with transaction.atomic():
        now = ways_of([by.pk])[by.pk]
        stopped = [sort] if sort in SORTS else list(SORTS)
        choose_ways(
            ways={code: Ways(now[code].bell, now[code].browser, Mail.NEVER) for code in stopped}, by=by
        )


def times_of(user: Any) -> DeliveryTimes:
    """What this user has chosen, else what suits most."""
    return DeliveryTimes.objects.filter(user=user).first() or DeliveryTimes(user=user)
