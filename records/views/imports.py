"""The pages of an import: upload, columns, what a check has found, progress, the report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bpm_portal.common.errors import Conflict, Invalid
from bpm_portal.common.htmx import refreshed
from records import access
from records.csv_files import csv_response, lines, safe_cell
from records.import_columns import targets
from records.import_rows import read_file
from records.models import RecordImport, RecordType
from records.services import imports

RECENT = 10
SAMPLES = 3  # rows beside the columns
OnProblem = RecordImport.OnProblem
SHOWN = 200  # problems on the page; the report has all of them
OUTCOMES = {
    "added": gettext_lazy("Added"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "refused": gettext_lazy("Refused"),
}


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "Its first row names the columns. UTF-8 or Windows-1251; commas, semicolons or tabs; "
            "at most 5 MB and 10,000 rows."
        ),
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,text/csv"}),
    )


class MappingForm(forms.Form):
    """What each column fills, what finds the records, what becomes of bad rows."""

    key = forms.ChoiceField(label=gettext_lazy("Find records by"), required=False)
    on_problem = forms.ChoiceField(label=gettext_lazy("When rows have problems"), choices=OnProblem.choices)
    decimals = forms.ChoiceField(
        label=gettext_lazy("Numbers are written as"), choices=RecordImport.Decimals.choices
    )

    def __init__(self, *args: Any, work: RecordImport, head: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        known = targets(work.record_type)
        self.fields["key"].choices = [("", _("Nothing: every row is a new record")), *known]
        self.fields["key"].help_text = _(
            "A row whose record is found changes it, other rows add one. Empty cells change nothing."
        )
        self.column_names = [f"column-{number}" for number in range(len(head))]
        for name, title, target in zip(self.column_names, head, work.columns, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=title or "—",
                required=False,
                choices=[("", _("(left out)")), *known],
                initial=target,
            )
        if work.total > imports.MOST_AT_ONCE:
            self.fields["on_problem"].choices = [(OnProblem.SKIP, OnProblem.SKIP.label)]
            words = {"limit": imports.MOST_AT_ONCE}
            self.fields["on_problem"].help_text = _("All or nothing works up to %(limit)d rows.") % words
        self.initial |= {"key": work.key, "on_problem": work.on_problem, "decimals": work.decimals}

    def add_problems(self, problems: dict[str, Any]) -> None:
        """Show what the service has refused at the fields it names."""
        for name, sentences in problems.items():
            self.add_error(name if name in self.fields else None, sentences)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Upload a file; below it one's latest imports of the section."""
    record_type = access.get_type_to_import(request.user, code)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            work = imports.start_import(
                record_type=record_type,
                file_name=file.name,
                content=file.read(imports.MOST_BYTES + 1),
                by=request.user,
                now=timezone.now(),
            )
        except Invalid as refusal:
            form.add_error("file", refusal.detail["file"])
        else:
            return redirect("records:import-page", work.pk)
    recent = RecordImport.objects.filter(by=request.user, record_type=record_type).defer("content")
    context = {"section": record_type, "form": form, "recent": recent.order_by("-id")[:RECENT]}
    return render(request, "records/import_start.html", context, status=400 if form.errors else 200)


@require_GET
@never_cache
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the import stands, and what can be done next."""
    return _page(request, access.get_import(request.user, pk))


@require_GET
@never_cache
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone; the whole page anew once the worker is done."""
    work = access.get_import(request.user, pk)
    return (
        render(request, "records/_import_progress.html", {"work": work}) if work.is_running else refreshed()
    )


@require_POST
def map_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Check it with these columns."""
    work = access.get_import(request.user, pk)
    form = _mapping(work, request.POST)
    if form is None:
        raise Conflict
    if form.is_valid():
        data = form.cleaned_data
        try:
            imports.check_import(
                work=work,
                columns=[data[name] for name in form.column_names],
                key=data["key"],
                on_problem=data["on_problem"],
                decimals=data["decimals"],
            )
        except Invalid as refusal:
            form.add_problems(refusal.detail)
        else:
            return redirect("records:import-page", pk)
    return _page(request, work, form)


@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what was checked."""
    try:
        imports.run_import(work=access.get_import(request.user, pk))
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("records:import-page", pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget it."""
    work = access.get_import(request.user, pk)
    imports.discard_import(work=work)
    messages.success(request, _("The file is forgotten."))
    return redirect("records:import", work.record_type.code)


@require_GET
def report(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What became of each row, as a file."""
    work = access.get_import(request.user, pk)
    address = request.build_absolute_uri("/")[:-1]
    content = lines(list(_report_rows(work, address)), delimiter=work.delimiter)
    return csv_response(request, content, name=f"import-{work.pk}.csv")


def _report_rows(work: RecordImport, address: str) -> Iterator[list[Any]]:
    yield [_("Line"), _("Result"), _("Record"), _("Column"), _("Problem")]
    told: dict[int, list[Any]] = {}
    for line, column, sentence in work.problems:
        told.setdefault(line, []).append((column, sentence))
    is_done = work.status == RecordImport.Status.DONE
    for line, outcome, record_id in work.results:
        there = record_id and (is_done or outcome != "added")  # a rehearsal leaves nothing behind
        link = address + reverse("records:detail", args=[record_id]) if there else ""
        for column, sentence in told.get(line, [("", "")]):
            yield [line, OUTCOMES[outcome], link, safe_cell(column), safe_cell(sentence)]


def _mapping(work: RecordImport, data: Any = None) -> MappingForm | None:
    """The form of the columns; None once the file is forgotten."""
    if not work.content:
        return None
    head, _rows = _file(work)
    return MappingForm(data, work=work, head=head)


def _file(work: RecordImport) -> tuple[list[str], list[list[str]]]:
    head, rows = read_file(bytes(work.content).decode(work.encoding), work.delimiter)
    return head, [row.cells for row in rows[:SAMPLES]]


def _page(request: HttpRequest, work: RecordImport, form: MappingForm | None = None) -> HttpResponse:
    record_type: RecordType = work.record_type
    is_wrong = form is not None
    form = form or (_mapping(work) if not work.is_running else None)
    context: dict[str, Any] = {"work": work, "section": record_type, "form": form, "is_wrong": is_wrong}
    if form is not None:
        _head, samples = _file(work)
        context["columns"] = [
            (form[name], [cells[at] if at < len(cells) else "" for cells in samples])
            for at, name in enumerate(form.column_names)
        ]
    counts = Counter(outcome for _line, outcome, _pk in work.results)
    context |= {
        "counts": [(code, label, counts[code]) for code, label in OUTCOMES.items()],
        "problems": work.problems[:SHOWN],
        "shown": SHOWN,
        "may_run": work.status == RecordImport.Status.CHECKED
        and not (work.problems and work.on_problem == OnProblem.NOTHING)
        and len(work.results) > counts["refused"],
    }
    return render(request, "records/import.html", context, status=400 if is_wrong else 200)
