"""One by one through the work of the panel, as its filters show it, in its order."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bpm_portal.common import walks
from bpm_portal.common.returning import return_address
from notifications import choices, reading
from processes.feed import LATER

KIND = "step"


@require_POST
def walk(request: HttpRequest) -> HttpResponse:
    """Begin with the first step of the panel; the end leads back to the page on which the panel stood open."""
    back = return_address(request, reverse("home"))
    stops = [(KIND, step_id) for step_id in _steps(request.user, timezone.now())]
    if not stops:
        messages.info(request, _("Nothing is waiting for you."))
        return redirect(back)
    return redirect(walks.begin(request, stops=stops, back=back).address(0))


def _steps(user: Any, now: datetime) -> Iterator[int]:
    """The steps in the order of the panel; a card that stands for several is opened."""
    view = choices.chosen_view(user)
    feed = reading.my_feed(user, now, future=view.future, limit=walks.MOST, filters=view.filters)
    for name, items in feed.groups.items():
        for item in items:
            if not item.is_group:
                yield item.step_id
                continue
            steps = reading.my_card(
                user, item.card, now, later=name == LATER, limit=walks.MOST, filters=view.filters
            )
            yield from (step.step_id for step in steps)
