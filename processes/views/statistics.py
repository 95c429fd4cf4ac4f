"""Statistics: how many instances ended, how long they took, where time was spent; also as files."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from processes.forms import StatisticsFilters
from processes.models import Process, ProcessVersion
from processes.services import statistics
from processes.services.statistics import ElementTimes, Finished, Question
from processes.views.statistics_charts import HEATS, LEVELS, charts_of, heat_of
from records.csv_files import csv_response, lines, safe_cell

MAX_DAYS = 731  # of one page or file


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
    process, version = chosen.get("process"), chosen.get("version")
    return filters, Question(request.user, first, last, tz, process, version)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def statistics_page(request: HttpRequest) -> HttpResponse:
    """Cards, charts with their numbers as tables, a row per process; of one process the diagram with its heat."""
    filters, question = read_question(request)
    report = statistics.report(question)
    open_now = statistics.open_now(question)
    elements = statistics.element_times(question, number=report.overall.completed)
    slow = statistics.slowest(elements)
    context = {
        "filters": filters,
        "question": question,
        "overall": report.overall,
        "running": sum(running for running, _failed in open_now.values()),
        "failed": sum(failed for _running, failed in open_now.values()),
        "rows": _rows(question.processes, report.totals, open_now),
        "charts": charts_of(question, report, slow),
        "slowest": [(question.processes[times.process_id], times) for times in slow],
        "query": request.GET.urlencode(),
        **_heat_map(request, question, elements),
    }
    context["chart_data"] = json.dumps({chart.code: chart.data for chart in context["charts"]})
    fragment = request.headers.get("HX-Target") == "statistics"
    template = "processes/_statistics.html" if fragment else "processes/statistics.html"
    return render(request, template, {**context, "is_fragment": fragment})


def _heat_map(request: HttpRequest, question: Question, elements: Sequence[ElementTimes]) -> dict[str, Any]:
    """Of one process: its diagram, warm where time or work was; nothing where there is none to draw."""
    if question.process is None:
        return {}
    version = question.version
    if version is None:
        version = ProcessVersion.objects.filter(process=question.process, is_current=True).first()
    heat = request.GET.get("heat", "")
    heat = heat if heat in HEATS else HEATS[0]
    return {
        "version": version,
        "heat": heat,
        "heat_levels": range(1, LEVELS + 1),
        "heat_marks": json.dumps(heat_of(elements, heat)),
        "elements": elements,
    }


def _rows(
    processes: Mapping[int, Process], totals: Iterable[Finished], open_now: Mapping[int, tuple[int, int]]
) -> list[dict[str, Any]]:
    """One row per process with anything in it, the busiest first."""
    finished = {total.process_id: total for total in totals if total.process_id is not None}
    rows = [
        {
            "process": processes[key],
            "total": finished.get(key, statistics.NOTHING),
            "open": open_now.get(key, (0, 0)),
        }
        for key in {*finished, *open_now}
    ]
    return sorted(rows, key=lambda row: (-row["total"].completed, row["process"].name))


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same numbers per process and day as a CSV file, sent as it is written; durations in seconds."""
    _filters, question = read_question(request)
    rows = _day_rows(statistics.report(question).per_day, question.processes)
    return csv_response(request, lines(rows), name=f"statistics-{question.first}-{question.last}.csv")


@require_safe
def export_elements(request: HttpRequest) -> StreamingHttpResponse:
    """The times of elements over the whole range as a CSV file; in seconds."""
    _filters, question = read_question(request)
    number = statistics.report(question).overall.completed
    rows = _element_rows(statistics.element_times(question, number=number), question.processes)
    return csv_response(request, lines(rows), name=f"elements-{question.first}-{question.last}.csv")


def _day_rows(days: Iterable[Finished], processes: Mapping[int, Process]) -> Iterator[Sequence[Any]]:
    yield ("day", "process", "caption", "completed", "cancelled", "average_s", "median_s", "p90_s")
    for entry in days:
        process = processes[entry.process_id or 0]
        yield [
            entry.day,
            safe_cell(process.key),
            safe_cell(process.name),
            entry.completed,
            entry.cancelled,
            *_rounded(entry.average, entry.median, entry.p90),
        ]


def _element_rows(
    elements: Iterable[ElementTimes], processes: Mapping[int, Process]
) -> Iterator[Sequence[Any]]:
    yield (
        "process", "element", "name", "completed", "waiting", "total_s", "average_s", "median_s",
        "taken", "until_taken_s", "from_then_s",
    )  # fmt: skip
    for times in elements:
        yield [
            safe_cell(processes[times.process_id].key),
            safe_cell(times.element_id),
            safe_cell(times.name),
            times.number,
            times.waiting,
            *_rounded(times.total, times.average, times.median),
            times.taken,
            *_rounded(times.waited, times.worked),
        ]


def _rounded(*numbers: float | None) -> list[Any]:
    return ["" if number is None else round(number, 3) for number in numbers]
