"""The only writers of a user's preferences and of substitutions."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bpm_portal.accounts import news
from bpm_portal.accounts.models import Substitution, User
from bpm_portal.accounts.querysets import FOR_OTHERS
from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound

BATCH = 200


def change_preferences(
    *, by: User, language: str | None = None, time_zone: str | None = None, theme: str | None = None
) -> User:
    """Store what is given, keep the rest. Raises Django's ValidationError for a value that does not exist."""
    given = {"language": language, "time_zone": time_zone, "theme": theme}
    changed = {name: value for name, value in given.items() if value is not None}
    for name, value in changed.items():
        setattr(by, name, value)
    by.clean_fields(exclude={f.name for f in User._meta.fields} - changed.keys())
    by.save(update_fields=list(changed))
    return by


def make_substitution(
    *, absent: User, substitute: User, since: datetime, until: datetime | None, by: Any, now: datetime
) -> Substitution:
    """What processes ask of `absent` reaches `substitute` too, from `since` (at the earliest now) to before `until`.

    For oneself; for others with the permission. Raises Forbidden, Invalid.
    """
    if absent.pk != by.pk and not by.has_perm(FOR_OTHERS):
        raise Forbidden
    problems = problems_of(absent=absent, substitute=substitute, since=since, until=until, now=now)
    if problems:
        raise Invalid(**problems)
    since = max(since, now)
    with transaction.atomic():
        made = Substitution.objects.create(
            absent=absent, substitute=substitute, since=since, until=until, created_by=by, created_at=now,
            told_at=now,
        )  # fmt: skip
        news.tell(news.News("made", made, by, now))
    return made


def problems_of(
    *, absent: User, substitute: User, since: datetime, until: datetime | None, now: datetime
) -> dict[str, str]:
    """What is wrong with a substitution that somebody wants to make, by field."""
    problems = {}
    if substitute.pk == absent.pk:
        problems["substitute"] = _("Nobody stands in for himself. Choose a colleague.")
    elif not substitute.is_active:
        problems["substitute"] = _("%(name)s has left. Choose somebody else.") % {"name": substitute}
    if until is not None and until <= max(since, now):
        problems["until"] = _("It would be over before it begins. Choose a later day.")
    return problems


def end_substitution(*, substitution_id: int, by: Any, now: datetime) -> None:
    """Over from now on; one that has not begun is taken back altogether.

    Each of the two may end it, and whoever may say it for others. Raises NotFound, Conflict when it is over already.
    """
    with transaction.atomic():
        mine = Substitution.objects.visible_to(by).filter(pk=substitution_id)
        found: Substitution | None = mine.select_for_update().first()
        if found is None:
            raise NotFound
        if found.until is not None and found.until <= now:
            raise Conflict(_("This substitution is over already."))
        if found.since >= now:
            found.delete()
        else:
            found.until = found.told_at = now
            found.save(update_fields=["until", "told_at"])
        news.tell(news.News("ended", found, by, now))


def tell_of_turned_substitutions(*, now: datetime) -> int:
    """Tell of those that have begun or ended by the clock, each once; returns how many.

    Locked rows are skipped: somebody ends them right now and tells of it himself.
    """
    with transaction.atomic():
        turned = list(Substitution.objects.to_tell(now).select_for_update(skip_locked=True)[:BATCH])
        Substitution.objects.filter(pk__in=[each.pk for each in turned]).update(told_at=now)
        for substitution in turned:
            news.tell(news.News("turned", substitution, None, now))
    return len(turned)
