"""The page *Notifications*: by which ways and when I am told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notifications.choosing import choose_times, choose_ways, times_of
from notifications.forms import NewsForm
from notifications.models import CalendarFeed, Letter
from notifications.sorts import ways_of
from notifications.views.calendar_feed import SHOWN_ONCE


@require_http_methods(["GET", "POST"])
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    """Look and save."""
    user = request.user
    form = NewsForm(request.POST or None, ways=ways_of([user.pk])[user.pk], times=times_of(user))
    if request.method == "POST" and form.is_valid():
        choose_ways(ways=form.ways, by=user)
        choose_times(**form.times, by=user)
        messages.success(request, _("Saved."))
        return redirect("mail:preferences")
    last = Letter.objects.filter(user=user).exclude(status=Letter.Status.WAITING).order_by("-id").first()
    context = {
        "calendar": CalendarFeed.objects.filter(user=user).first(),
        "calendar_address": request.session.pop(SHOWN_ONCE, "") if request.method == "GET" else "",
        "form": form,
        "failed": last if last and last.status == Letter.Status.FAILED else None,
    }
    return render(request, "notifications/preferences.html", context, status=400 if form.errors else 200)
