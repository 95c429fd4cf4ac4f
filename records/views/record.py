"""The page of one record: its fields, tabs and Process menu; adding, editing, deleting."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from bpm_portal.common.actions import Action, record_actions, record_panels
from bpm_portal.common.errors import Conflict
from bpm_portal.common.keyset import keyset_page
from bpm_portal.common.navigation import belongs_to
from records import access, timeline
from records.forms import RecordForm
from records.models import Record
from records.services import delete_record
from records.values import shown_changes, shown_fields

RELATED_SIZE = 100


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The record's page."""
    record = access.get_record(request.user, pk)
    _mark_section(request, record)
    now = timezone.now()
    panels = [
        {
            "code": p.code,
            "label": p.label,
            "html": render_to_string(p.template, p.context, request),
            "first": p.is_first,
        }
        for p in record_panels(request.user, record, now)
    ]
    context = {
        **_details(request, record),
        **_menu(request, record),
        **_changes(request, record),
        "first_panels": [panel for panel in panels if panel["first"]],
        "panels": [panel for panel in panels if not panel["first"]],
        "related": _related(request, record),
        "tab": request.GET.get("tab", "details"),
        "may_delete": access.may_delete(request.user, record),
        "section_visible": record.record_type in access.visible_types(request.user),
    }
    return render(request, "records/detail.html", context)


@require_safe
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """The fields alone: what *Cancel* brings back."""
    return render(request, "records/_details.html", _details(request, access.get_record(request.user, pk)))


@require_safe
def process_menu(request: HttpRequest, pk: int) -> HttpResponse:
    """What the Process menu offers now; fetched again whenever work has changed."""
    record = access.get_record(request.user, pk)
    return render(request, "records/_process_menu.html", {"record": record, **_menu(request, record)})


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """A further page of the field history."""
    record = access.get_record(request.user, pk)
    return render(request, "records/_changes.html", {"record": record, **_changes(request, record)})


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The timeline of one sort or of all; a further page of it, alone."""
    cursor = request.GET.get("cursor", "")
    context = timeline.page_of(
        request.user, access.get_record(request.user, pk), only=request.GET.get("only", ""), cursor=cursor
    )
    return render(request, "records/_timeline_rows.html" if cursor else "records/_timeline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A new record of a section."""
    record_type = access.get_type_to_add(request.user, code)
    form = RecordForm(request.POST or None, record_type=record_type, user=request.user)
    if request.method == "POST":
        record = form.save(by=request.user, now=timezone.now())
        if record is not None:
            messages.success(request, _("%(record)s is saved.") % {"record": record.caption})
            return redirect("records:detail", record.pk)
    return render(request, "records/add.html", {"section": record_type, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a record: within its page for htmx, else a page of its own."""
    record = access.get_record_to_change(request.user, pk)
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        record_type=record.record_type,
        user=request.user,
        record=record,
    )
    if request.method == "POST":
        saved = form.save(by=request.user, now=timezone.now())
        if saved is not None:
            messages.success(request, _("%(record)s is saved.") % {"record": saved.caption})
            url = reverse("records:detail", args=[pk])
            return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)
    _mark_section(request, record)
    template = "records/_edit.html" if request.headers.get("HX-Request") else "records/edit.html"
    return render(request, template, {"record": record, "form": form})


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the record, or say what hangs on it."""
    record = access.get_record_to_delete(request.user, pk)
    try:
        delete_record(record=record, by=request.user, now=timezone.now())
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("records:detail", pk)
    messages.success(request, _("%(record)s is deleted.") % {"record": record.caption})
    if record.record_type in access.visible_types(request.user):
        return redirect("records:list", record.record_type.code)
    return redirect("records:index")


def _mark_section(request: HttpRequest, record: Record) -> None:
    """In the main menu its section is where one is."""
    belongs_to(request, reverse("records:list", args=[record.record_type.code]))


def _details(request: HttpRequest, record: Record) -> dict[str, Any]:
    """The fields; of the records they point to, links only to those that this person may open."""
    fields = shown_fields(record)
    targets = [shown.record_id for shown in fields if shown.record_id]
    visible = Record.objects.visible_to(request.user).filter(pk__in=targets) if targets else []
    return {
        "record": record,
        "fields": fields,
        "open_targets": {target.pk for target in visible},
        "may_change": access.may_change(request.user, record),
    }


def _related(request: HttpRequest, record: Record) -> list[Record]:
    """Records whose lookups hold this one."""
    related = Record.objects.visible_to(request.user).referring_to(record)
    return list(related.select_related("record_type", "owner").order_by("-pk")[:RELATED_SIZE])


def _menu(request: HttpRequest, record: Record) -> dict[str, Any]:
    """The entries by group, groups in the order in which they first appear."""
    groups: dict[str, list[Action]] = {}
    for action in record_actions(request.user, record, timezone.now()):
        groups.setdefault(str(action.group), []).append(action)
    return {"groups": groups}


def _changes(request: HttpRequest, record: Record) -> dict[str, Any]:
    cursor = request.GET.get("changes", "")
    page = keyset_page(
        record.changes.select_related("by"),
        cursor=cursor,
        size=timeline.SIZE,
        order=("-at", "-id"),
        known=None if cursor else timeline.latest_changes(record),
    )
    return {"changes": shown_changes(record, page.items), "changes_cursor": page.next_cursor}
