"""The calendar: a day, a work week or a month of mine, of a colleague or of a role."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import push_url

from activities import calendar, services
from activities.access import may_reschedule
from activities.forms import CalendarForm, TimesForm
from activities.models import Activity
from activities.querysets import ActivityQuerySet
from activities.views.back import to_page
from bpm_portal.common.errors import Invalid
from bpm_portal.common.htmx import with_event
from bpm_portal.common.keyset import keyset_page

MOST = 500  # activities of one period
VIEWS = {"day": gettext_lazy("Day"), "week": gettext_lazy("Work week"), "month": gettext_lazy("Month")}


@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """The calendar of `person` or `role`, else mine, around `date`; htmx gets the calendar alone."""
    now = timezone.now()
    today = timezone.localtime(now).date()
    shown = calendar.period(request.GET.get("view", ""), _day(request.GET.get("date", "")) or today)
    form = CalendarForm(request.GET, user=request.user)
    form.full_clean()
    whose = {name: value for name, value in form.cleaned_data.items() if value}
    page = keyset_page(
        Activity.objects.for_list(),
        cursor="",
        size=MOST,
        order=("starts_at", "id"),
        among=[branch.for_calendar(shown.since, shown.until) for branch in find(request.user, whose)],
    )
    kept = {"view": shown.view, **{name: str(value.pk) for name, value in whose.items()}}
    context = {
        "form": form,
        "shown": shown,
        "title": _title(shown),
        "now": now,
        "today": today,
        "views": [
            (code, label, _address(request, kept | {"view": code}, shown.anchor))
            for code, label in VIEWS.items()
        ],
        "address": _address(request, kept, shown.anchor),
        "previous": _address(request, kept, shown.previous),
        "next_period": _address(request, kept, shown.next),
        "to_today": _address(request, kept, today),
        "to_day": _address(request, kept | {"view": "day"}, None),
        "is_cut": bool(page.next_cursor),
        "most": MOST,
        **_layout(page.items, shown, user=request.user, now=now, today=today),
    }
    template = "activities/_calendar.html" if request.htmx else "activities/calendar.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    moved = request.htmx and request.htmx.trigger != "calendar"
    return push_url(response, context["address"]) if moved else response


@require_POST
def reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it other times: from the calendar (htmx) or by the form."""
    form = TimesForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Give a start, and a due date that is not before it."))
    times = form.cleaned_data
    if times["due_at"] is not None and times["due_at"] < times["starts_at"]:
        raise Invalid(_("The due date lies before the start."))
    services.reschedule_activity(activity_id=pk, by=request.user, now=timezone.now(), **times)
    if request.htmx:
        return with_event(HttpResponse(status=204), "activities-changed")
    messages.success(request, _("The times are changed."))
    return redirect(to_page(request, pk))


def find(user: Any, whose: dict[str, Any]) -> list[ActivityQuerySet]:
    """The activities of a person or a role as far as the user may see them, else what is for the user to do."""
    activities: ActivityQuerySet = Activity.objects.all()
    if not whose:
        return activities.performer_branches(user)
    found = activities.visible_to(user)
    if "person" in whose:
        found = found.mine(whose["person"])
    return [found.of_role(whose["role"]) if "role" in whose else found]


def _layout(
    activities: list[Activity], shown: calendar.Period, *, user: Any, now: Any, today: date
) -> dict[str, Any]:
    """Where everything lies: the weeks of a month, else columns of blocks under a lane of bars."""
    looks = {activity.pk: _look(activity, user, now) for activity in activities}
    if shown.view == "month":
        return {"weeks": calendar.month(activities, shown), "looks": looks}
    short = [activity for activity in activities if not calendar.is_long(activity)]
    return {
        "looks": looks,
        "bars": calendar.bars((a for a in activities if calendar.is_long(a)), shown.days),
        "columns": [(day, calendar.blocks(short, day)) for day in shown.days],
        "hours": range(1, 24),
        "now_minute": calendar.minute_of(now) if today in shown.days else None,
    }


def _look(activity: Activity, user: Any, now: Any) -> dict[str, Any]:
    """How it looks, and whether this user may move it; the service has the last word."""
    return {
        "movable": may_reschedule(activity, user),
        "state": "done" if activity.is_final else "overdue" if activity.is_overdue(now) else "open",
    }


def _title(shown: calendar.Period) -> str:
    if shown.view == "day":
        return date_format(shown.anchor, "l") + ", " + date_format(shown.anchor, "DATE_FORMAT")
    if shown.view == "month":
        return date_format(shown.anchor, "YEAR_MONTH_FORMAT")
    first, last = shown.days[0], shown.days[-1]
    end = date_format(last, "DATE_FORMAT")
    if first.month == last.month:
        return f"{first.day}–{end}"
    near = pgettext("date format", "j M") if first.year == last.year else "DATE_FORMAT"
    return f"{date_format(first, near)} – {end}"


def _address(request: HttpRequest, kept: dict[str, str], day: date | None) -> str:
    query = kept | ({"date": day.isoformat()} if day else {})
    return f"{request.path}?{urlencode(query)}"


def _day(text: str) -> date | None:
    """A day with room for its neighbours in the calendar of computers."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1900 < day.year < 2200 else None
