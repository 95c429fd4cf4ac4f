"""How long somebody stands in, in words."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from bpm_portal.accounts.models import Substitution
from bpm_portal.common.moments import said


def period_of(substitution: Substitution, *, now: datetime) -> str:
    """`now, through 5 Mar`; a moment at midnight is said as the day that it begins or ends."""
    words = {
        "since": _day_or_moment(substitution.since, now=now),
        "last": _last(substitution.until, now=now) if substitution.until else "",
    }
    if substitution.since > now:
        later = _("from %(since)s through %(last)s"), _("from %(since)s, until it is ended")
    else:
        later = _("now, through %(last)s"), _("now, until it is ended")
    return later[0 if substitution.until else 1] % words


def _day_or_moment(value: datetime, *, now: datetime) -> str:
    local = timezone.localtime(value)
    return said(local.date() if local.time() == time() else value, now=now)


def _last(until: datetime, *, now: datetime) -> str:
    local = timezone.localtime(until)
    return said(local.date() - timedelta(days=1) if local.time() == time() else until, now=now)
