"""What a person has chosen to see of his work, and what he can choose from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Preference
from notifications.reading import my_feed
from processes.feed import Filters
from processes.models import Process, ProcessInstance
from records.models import Record

LOOK = 200  # cards that are looked at for what can be chosen


@dataclass(frozen=True, slots=True)
class View:
    """What the panel shows: also what starts after today or not, and what passes its filters."""

    future: bool = False
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True)
class Chip:
    """One value of one filter; `name` is the filter's (process, record or role)."""

    name: str
    key: int
    label: str
    is_chosen: bool = True


@dataclass(frozen=True, slots=True)
class Dimension:
    """A filter with all that it can be set to."""

    name: str
    label: str | Promise
    icon: str
    chips: Sequence[Chip]


NAMES = ("process", "record", "role")
LABELS = {"process": _("Process"), "record": _("Record"), "role": _("Role")}
ICONS = {"process": "sitemap", "record": "link", "role": "users"}


def chosen_view(user: Any) -> View:
    """What this user has chosen, from any device; one statement."""
    columns = ("show_future", "process_id", "record_id", "role_id")
    row = Preference.objects.filter(user=user).values_list(*columns).first()
    return View(row[0], Filters(*row[1:])) if row else View()


def chips_of(user: Any, filters: Filters) -> list[Chip]:
    """The filters in force, in words; a statement for each, none where nothing is filtered."""
    captions = {
        "process": Process.objects.filter(pk=filters.process_id).values_list("name", flat=True),
        "record": Record.objects.visible_to(user)
        .filter(pk=filters.record_id)
        .values_list("caption", flat=True),
        "role": Group.objects.filter(pk=filters.role_id).values_list("name", flat=True),
    }
    return [
        Chip(name, key, captions[name].first() or str(_("no longer to be seen")))
        for name, key in keys_of(filters)
        if key is not None
    ]


def options_of(user: Any, now: datetime, view: View) -> list[Dimension]:
    """What the filters can be set to, from the first LOOK cards of this user's work; what is set stays among it."""
    items = list(my_feed(user, now, future=view.future, limit=LOOK))
    instances = ProcessInstance.objects.filter(pk__in={item.instance_id for item in items})
    found: dict[str, dict[int, str]] = {
        "process": dict(instances.values_list("process_id", "process__name").distinct()),
        "record": {item.record_id: item.record_caption for item in items if item.record_id is not None},
        "role": {item.role_id: item.role_name for item in items if item.role_id is not None},
    }
    for chip in chips_of(user, view.filters):
        found[chip.name].setdefault(chip.key, chip.label)
    chosen = dict(keys_of(view.filters))
    return [
        Dimension(name, LABELS[name], ICONS[name], _chips(name, found[name], chosen[name]))
        for name in NAMES
        if found[name]
    ]


def keys_of(filters: Filters) -> Iterable[tuple[str, int | None]]:
    """The filters by name."""
    return zip(NAMES, (filters.process_id, filters.record_id, filters.role_id), strict=True)


def _chips(name: str, captions: dict[int, str], chosen: int | None) -> list[Chip]:
    ordered = sorted(captions.items(), key=lambda entry: (entry[1].casefold(), entry[0]))
    return [Chip(name, key, caption, key == chosen) for key, caption in ordered]
