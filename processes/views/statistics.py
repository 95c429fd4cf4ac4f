"""Statistics: how many instances ended, how long they took, where time was spent; also as a file."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from processes.forms import StatisticsFilters
from processes.models import Process
from processes.services import statistics
from processes.services.statistics import Finished, Question, Report
from records.csv_files import csv_response, lines, safe_cell

MAX_DAYS = 731  # of one page or file
SERIES = 6  # processes with a colour of their own in the chart


def read_question(request: HttpRequest) -> tuple[StatisticsFilters, Question]:
    """The filters of the address; a missing or turned range is put right."""
    filters = StatisticsFilters(request.GET, user=request.user)
    chosen = filters.chosen()
    usual_first, today = statistics.default_range(timezone.localdate())
    last = chosen.get("last", today)
    first = chosen.get("first", last - (today - usual_first))
    first, last = min(first, last), max(first, last)
    first = max(first, last - timedelta(days=MAX_DAYS - 1))
    tz = timezone.get_current_timezone()
    return filters, Question(request.user, first, last, tz, chosen.get("process"))


@login_required
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def statistics_page(request: HttpRequest) -> HttpResponse:
    """Cards, charts with their numbers as a table, and one row per process."""
    filters, question = read_question(request)
    report = statistics.report(question)
    open_now = statistics.open_now(question)
    processes = {process.pk: process for process in Process.objects.visible_to(question.user)}
    elements = statistics.element_times(question, number=report.overall.completed)
    context = {
        "filters": filters,
        "question": question,
        "overall": report.overall,
        "running": sum(running for running, _failed in open_now.values()),
        "failed": sum(failed for _running, failed in open_now.values()),
        "rows": _rows(processes, report.totals, open_now),
        "charts": json.dumps(_charts(question, report, processes)),
        "days": report.days[::-1],
        "slowest": [(processes[slow.process_id], slow) for slow in statistics.slowest(elements)],
        "query": request.GET.urlencode(),
    }
    fragment = request.headers.get("HX-Target") == "statistics"
    template = "processes/_statistics.html" if fragment else "processes/statistics.html"
    return render(request, template, context)


def _rows(
    processes: dict[int, Process], totals: Iterable[Finished], open_now: dict[int, tuple[int, int]]
) -> list[dict[str, Any]]:
    """One row per process with anything in it, the busiest first."""
    finished = {total.process_id: total for total in totals}
    rows = [
        {
            "process": processes[key],
            "total": finished.get(key, statistics.NOTHING),
            "open": open_now.get(key, (0, 0)),
        }
        for key in {*finished, *open_now}
    ]
    return sorted(rows, key=lambda row: (-row["total"].completed, row["process"].name))


def _charts(question: Question, report: Report, processes: dict[int, Process]) -> dict[str, Any]:
    """What static/js/charts.js draws: completed per day by process, durations per day in hours."""
    calendar = [question.first + timedelta(days=n) for n in range((question.last - question.first).days + 1)]
    by_day = {entry.day: entry for entry in report.days}
    return {
        "days": [date_format(day, "SHORT_DATE_FORMAT") for day in calendar],
        "completed": _series(calendar, report.per_day, processes),
        "durations": [
            {"label": _("Average"), "values": [_hours(by_day.get(day), "average") for day in calendar]},
            {"label": _("Median"), "values": [_hours(by_day.get(day), "median") for day in calendar]},
        ],
    }


def _series(
    calendar: list[date], per_day: list[Finished], processes: dict[int, Process]
) -> list[dict[str, Any]]:
    """Completed instances per day: the busiest processes apart, the others together."""
    counts: dict[int, Counter[date | None]] = {}
    for entry in per_day:
        if entry.completed and entry.process_id is not None:
            counts.setdefault(entry.process_id, Counter())[entry.day] = entry.completed
    ranked = sorted(counts, key=lambda key: (-counts[key].total(), processes[key].name))
    series = [(processes[key].name, counts[key]) for key in ranked[:SERIES]]
    if rest := ranked[SERIES:]:
        series.append((_("Other processes"), sum((counts[key] for key in rest), Counter())))
    return [{"label": label, "values": [count[day] for day in calendar]} for label, count in series]


def _hours(entry: Finished | None, name: str) -> float | None:
    seconds = getattr(entry, name) if entry else None
    return None if seconds is None else round(seconds / 3600, 2)


@login_required
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same numbers per process and day as a CSV file, sent as it is written; durations in seconds."""
    _filters, question = read_question(request)
    names = {process.pk: process for process in Process.objects.visible_to(question.user)}
    rows = _csv_rows(statistics.report(question).per_day, names)
    return csv_response(request, lines(rows), name=f"statistics-{question.first}-{question.last}.csv")


def _csv_rows(days: Iterable[Finished], processes: dict[int, Process]) -> Iterator[Sequence[Any]]:
    yield ("day", "process", "caption", "completed", "cancelled", "average_s", "median_s", "p90_s")
    for entry in days:
        process = processes[entry.process_id or 0]
        numbers = (entry.average, entry.median, entry.p90)
        yield [
            entry.day,
            safe_cell(process.key),
            safe_cell(process.name),
            entry.completed,
            entry.cancelled,
            *("" if number is None else round(number, 3) for number in numbers),
        ]
