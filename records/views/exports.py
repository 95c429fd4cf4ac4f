"""The list of a section as a CSV file: a dialog asks how it is to be written, then it is sent as it is read."""

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_safe

from records import access
from records.csv_files import csv_response, lines
from records.exporting import Wording, export_rows
from records.list_form import ListForm
from records.section_lists import find
from records.views.many import ids_of

SIGNS = {
    ",": ".",
    ";": ",",
    "tab": ".",
}  # spreadsheets that separate by semicolons write fractions with commas


class ExportForm(forms.Form):
    """How the file is written."""

    delimiter = forms.ChoiceField(
        label=_("Separated by"),
        choices=[
            (",", _("Commas, numbers as 1234.5")),
            (";", _("Semicolons, numbers as 1234,5")),
            ("tab", _("Tabs, numbers as 1234.5")),
        ],
    )
    all_columns = forms.TypedChoiceField(
        label=_("Columns"),
        choices=[("", _("Those that the list shows")), ("1", _("All"))],
        required=False,
    )
    mark = forms.BooleanField(
        label=_("For Excel"),
        required=False,
        help_text=_("Begins the file with a mark without which Excel garbles letters beyond English."),
    )


@require_GET
def options(request: HttpRequest, code: str) -> HttpResponse:
    """The dialog; filters or selected rows go along in hidden fields."""
    record_type = access.get_type(request.user, code)
    form = ListForm(request.GET, record_type=record_type, user=request.user)
    russian = str(get_language()).startswith("ru")
    context = {
        "section": record_type,
        "query": form.query(),
        "ids": ids_of(request.GET),
        "form": ExportForm(initial={"delimiter": ";" if russian else ",", "mark": True}),
    }
    return render(request, "records/_export.html", context)


@require_safe
def export(request: HttpRequest, code: str) -> HttpResponse | StreamingHttpResponse:
    """What the list shows with these filters, or the rows that `ids` name; nothing that I may not see."""
    record_type = access.get_type(request.user, code)
    form = ListForm(request.GET, record_type=record_type, user=request.user)
    asked = ExportForm(request.GET)
    chosen = asked.cleaned_data if asked.is_valid() else {"delimiter": ",", "all_columns": "", "mark": True}
    records = find(request.user, record_type, form)
    if ids := ids_of(request.GET):
        records = records.filter(pk__in=ids)
    delimiter = chosen["delimiter"]
    wording = Wording(
        language=str(get_language()),
        time_zone=timezone.get_current_timezone(),
        decimal_sign=SIGNS[delimiter],
    )
    columns = form.all_columns if chosen["all_columns"] else form.shown_columns
    rows = export_rows(records, columns, order=form.order, wording=wording)
    content = lines(rows, delimiter="\t" if delimiter == "tab" else delimiter, mark=chosen["mark"])
    name = f"{record_type.code}-{timezone.localdate()}.csv"
    return csv_response(request, content, name=name)
