"""The mini page: a dialog over the list or the calendar, with what matters of an activity and its times to change."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.access import may_reschedule
from activities.forms import TimesForm
from activities.views.page import visible
from bpm_portal.common.returning import return_address


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog; NotFound where the activity is not the reader's to see."""
    activity = visible(request, pk)
    times = {"starts_at": activity.starts_at, "due_at": activity.due_at}
    context = {
        "activity": activity,
        "now": timezone.now(),
        "times": TimesForm(initial=times) if may_reschedule(activity, request.user) else None,
        "came_from": return_address(request),
    }
    return render(request, "activities/_preview.html", context)
