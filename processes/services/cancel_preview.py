"""What a cancellation would close, in numbers and names, without reading what it closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from bpm_portal.accounts.models import User
from processes.models import ProcessInstance, ProcessStep
from processes.services.instances import check_may_cancel

NAMES = 10  # captions and performers that are named; all are counted


@dataclass(frozen=True, slots=True)
class CancelPreview:
    """`roots` are cancelled, `children` with them; `last_id` is that of the newest root, for what is to match later.

    Each of the `captions` stands once, with its number where several have it; so `named` of the roots are named.
    """

    roots: int
    children: int
    captions: Sequence[str]
    named: int
    steps: int
    activities: int
    performers: Sequence[str]
    people: int
    last_id: int | None

    @property
    def instances(self) -> int:
        """All that it closes."""
        return self.roots + self.children


def preview_cancel(*, instances: Any, by: Any) -> CancelPreview:
    """What a cancel of these instances (a queryset) would close; six statements whatever their number.

    Raises Forbidden.
    """
    check_may_cancel(by)
    roots = instances.visible_to(by).live().roots().order_by()
    children = ProcessInstance.objects.live().filter(root__in=roots.values("pk")).order_by()
    totals = roots.aggregate(number=Count("pk"), last=Max("pk"))
    inside = Q(instance__in=roots.values("pk")) | Q(instance__in=children.values("pk"))
    steps = ProcessStep.objects.filter(inside, status__in=ProcessStep.LIVE).order_by()
    numbers = steps.aggregate(steps=Count("pk"), activities=Count("activity"))
    performers = _performers(steps)
    captions = roots.values("caption").annotate(number=Count("pk"), last=Max("pk")).order_by("-last")[:NAMES]
    named = {row["caption"]: row["number"] for row in captions}
    return CancelPreview(
        roots=totals["number"],
        children=children.count(),
        captions=[caption if number == 1 else f"{number} × {caption}" for caption, number in named.items()],
        named=sum(named.values()),
        steps=numbers["steps"],
        activities=numbers["activities"],
        performers=performers[:NAMES],
        people=len(performers),
        last_id=totals["last"],
    )


def _performers(steps: Any) -> list[str]:
    """Names of the people and roles that lose something, each once."""
    pairs = list(steps.human().values_list("assignee", "role").distinct())
    people = {assignee for assignee, _role in pairs} - {None}
    roles = {role for assignee, role in pairs if assignee is None} - {None}
    names = [str(user) for user in User.objects.filter(pk__in=people)] if people else []
    names += Group.objects.filter(pk__in=roles).values_list("name", flat=True) if roles else []
    return sorted(names) + ([_("nobody")] if (None, None) in pairs else [])
