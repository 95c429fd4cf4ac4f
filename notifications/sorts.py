"""The sorts of news among which people choose how they are told, and the ways by which each comes unless chosen."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Mail, NewsChoice
from processes import kinds


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways one sort of news comes."""

    bell: bool
    browser: bool
    mail: str

    @property
    def any(self) -> bool:
        """There is one at all."""
        return self.bell or self.browser or self.mail != Mail.NEVER


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of news, and its usual ways."""

    code: str
    label: str | Promise
    hint: str | Promise
    usual: Ways


TASK, ROLE, SYSTEM = "step", "role", "system"
SORTS = {
    sort.code: sort
    for sort in (
        Sort(
            TASK,
            _("A task for me"),
            _("A step of a process waits for me, or was given to me."),
            Ways(True, True, Mail.DAILY),
        ),
        Sort(
            "approval",
            _("My approval is asked"),
            _("Somebody waits for my decision; the e-mail lets me decide."),
            Ways(True, True, Mail.AT_ONCE),
        ),
        Sort(
            ROLE,
            _("A task for one of my roles"),
            _("Any of us may take it."),
            Ways(False, False, Mail.DAILY),
        ),
        Sort("reminder", _("Reminders"), _("Of tasks and activities."), Ways(True, True, Mail.AT_ONCE)),
        Sort(
            "talk",
            _("Comments and mentions"),
            _("Somebody calls me, comments on an activity of mine, or invites me."),
            Ways(True, True, Mail.AT_ONCE),
        ),
        Sort(
            SYSTEM,
            _("About processes"),
            _("What I started is completed, cancelled or has failed; substitutions."),
            Ways(True, False, Mail.NEVER),
        ),
    )
}
#: Kinds of notification whose sort their step decides: an approval is a sort of its own.
OF_STEP = frozenset({"step-assigned", "step-reassigned"})
SORT_OF_KIND = {
    "step-for-role": ROLE,
    "activity-commented": "talk",
    "activity-mentioned": "talk",
    "activity-invited": "talk",
    "reminder": "reminder",
}


def sort_of(kind: str, step_kind: str = "") -> str:
    """The sort of a kind of notification, about a step of that kind; `system` for all that is not named."""
    if kind in OF_STEP:
        known = kinds.all_kinds().get(step_kind)
        return known.news_sort if known else TASK
    return SORT_OF_KIND.get(kind, SYSTEM)


def listeners_of_roles(role_ids: Collection[int]) -> dict[int, set[int]]:
    """Members of these roles who want to be told of each task; the daily e-mail lists tasks by itself."""
    each = Q(bell=True) | Q(browser=True) | Q(mail=Mail.AT_ONCE)
    chosen = NewsChoice.objects.filter(each, sort=ROLE, user__is_active=True, user__groups__in=role_ids)
    found: dict[int, set[int]] = {role_id: set() for role_id in role_ids}
    for user_id, role_id in chosen.values_list("user_id", "user__groups"):
        found[role_id].add(user_id)
    return found


def ways_of(user_ids: Iterable[int]) -> dict[int, dict[str, Ways]]:
    """How each of these people is told of each sort; one statement."""
    found = {user_id: {code: sort.usual for code, sort in SORTS.items()} for user_id in user_ids}
    for choice in NewsChoice.objects.filter(user__in=found):
        found[choice.user_id][choice.sort] = Ways(choice.bell, choice.browser, choice.mail)
    return found
