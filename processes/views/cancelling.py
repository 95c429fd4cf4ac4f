"""Cancelling from the log: one instance at once, many as a job with a page that follows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpm_portal.common.errors import BusinessError, Invalid, NotFound
from bpm_portal.common.htmx import toast
from bpm_portal.common.keyset import keyset_page
from bpm_portal.common.typed import id_in, ids_in
from processes.forms import LogFilters, ReasonForm
from processes.models import CancelItem, CancelJob, ProcessInstance
from processes.services.cancel_jobs import MOVES, cancel_chosen
from processes.services.cancel_preview import preview_cancel
from processes.services.instances import check_may_cancel
from processes.views.dialogs import lead_to, show_dialog
from processes.views.steps import work_changed
from records.csv_files import csv_response, lines, safe_cell

SIZE = 50
MAX_IDS = 500  # ticked one by one; more are chosen by their filter


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be cancelled, and the hidden fields that say it again."""

    instances: Any
    fields: Sequence[tuple[str, Any]]


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest) -> HttpResponse:
    """What a cancellation of the chosen instances would close; with a reason it is done, or set out as a job."""
    check_may_cancel(request.user)
    posted = request.method == "POST"
    chosen = read_choice(request, request.POST if posted else request.GET)
    form = ReasonForm(request.POST if posted else None)
    if form.is_valid():
        try:
            return _cancel(request, chosen.instances, form.cleaned_data["reason"])
        except BusinessError as refusal:
            form.add_problems(refusal.detail if isinstance(refusal, Invalid) else {"": refusal.message})
    preview = preview_cancel(instances=chosen.instances, by=request.user)
    fields = [*chosen.fields, ("last", preview.last_id)] if ("all", "1") in chosen.fields else chosen.fields
    context = {"fields": fields, "preview": preview, "form": form}
    return show_dialog(request, "cancel", context, status=400 if form.errors else 200)


def read_choice(request: HttpRequest, given: QueryDict) -> Chosen:
    """The instances in `ids`, or with `all` those that match the filters of the log and were there at the preview.

    Raises NotFound where there is none, Invalid for too many ids.
    """
    visible = ProcessInstance.objects.visible_to(request.user)
    if given.get("all"):
        filters = LogFilters(given, user=request.user)
        instances = filters.narrow(visible).live().roots()
        last = id_in(str(given.get("last", "")))
        if last is not None:
            instances = instances.up_to(last)
        fields: list[tuple[str, Any]] = [("all", "1")]
        fields += [(name, given[name]) for name in filters.chosen()]
    else:
        ids = ids_in(map(str, given.getlist("ids")))
        if len(ids) > MAX_IDS:
            raise Invalid(ids=f"{len(ids)} > {MAX_IDS}")
        instances = visible.filter(pk__in=ids)
        fields = [("ids", key) for key in ids]
    if not instances.exists():
        raise NotFound
    return Chosen(instances, fields)


def _cancel(request: HttpRequest, instances: Any, reason: str) -> HttpResponse:
    """Raises BusinessError."""
    job = cancel_chosen(instances=instances, reason=reason, by=request.user, now=timezone.now())
    if job is not None:
        return lead_to(request, reverse("processes:cancel-job", args=[job.pk]))
    instance = instances.get()
    sentence = _("“%(name)s” is cancelled.") % {"name": instance.caption}
    if getattr(request, "htmx", False):
        return toast(work_changed(), sentence)
    messages.success(request, sentence)
    return redirect("processes:instance", instance.pk)


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """The cancellations of many, the latest first."""
    check_may_cancel(request.user)
    jobs = CancelJob.objects.select_related("by")
    page = keyset_page(jobs, cursor=request.GET.get("cursor", ""), size=SIZE, order=("-id",))
    return render(request, "processes/cancel_jobs.html", {"page": page})


@require_safe
@never_cache
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a cancellation is, and what became of each instance; fetched again whenever work changes."""
    job = visible_job(request, pk)
    items = CancelItem.objects.of_job(job)
    counts = items.counts()
    status = request.GET.get("status", "")
    shown = items.filter(status=status) if status in CancelItem.Status.values else items
    page = keyset_page(shown.for_list(), cursor=request.GET.get("cursor", ""), size=SIZE, order=("id",))
    total = sum(counts.values())
    context = {
        "job": job,
        "counts": [(code, label, counts.get(code, 0)) for code, label in CancelItem.Status.choices],
        "total": total,
        "through": total - counts.get(CancelItem.Status.PENDING, 0),
        "status": status,
        "page": page,
    }
    return render(request, "processes/cancel_job.html", context)


def visible_job(request: HttpRequest, pk: int) -> CancelJob:
    """For whoever may cancel. Raises Forbidden, NotFound."""
    check_may_cancel(request.user)
    job: CancelJob | None = CancelJob.objects.select_related("by").filter(pk=pk).first()
    if job is None:
        raise NotFound
    return job


@require_POST
def move_job(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Pause, go on, or stop for good."""
    if move not in MOVES:
        raise NotFound
    MOVES[move](job=visible_job(request, pk), by=request.user, now=timezone.now())
    return redirect("processes:cancel-job", pk)


@require_safe
def job_report(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What became of each instance, as a file that is sent as it is written."""
    items = CancelItem.objects.of_job(visible_job(request, pk)).for_list().order_by("id")
    return csv_response(request, lines(_report_rows(items)), name=f"cancellation-{pk}.csv")


def _report_rows(items: Any) -> Iterator[Sequence[Any]]:
    yield ("instance", "caption", "process", "result", "problem")
    for item in items.iterator(chunk_size=500):
        instance = item.instance
        yield (
            instance.pk,
            safe_cell(instance.caption),
            safe_cell(instance.process.key),
            item.get_status_display(),
            item.get_problem_display() if item.problem else "",
        )
