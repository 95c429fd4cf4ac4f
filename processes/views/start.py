"""Start a process, from the library or from a record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bpm_portal.common.errors import BusinessError, Invalid, NotFound
from bpm_portal.common.typed import id_in
from processes.models import Process
from processes.services.instances import start_process
from processes.services.steps import next_step_url
from records.models import Record


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the record where the process works on one, then start and open my first step."""
    process = Process.objects.visible_to(request.user).select_related("record_type").filter(pk=pk).first()
    if process is None:
        raise NotFound
    chosen = request.POST.get("record") or request.GET.get("record", "")
    if request.method == "GET":
        return _page(request, process, chosen)
    now = timezone.now()
    try:
        record = _record(request, process, chosen)
        instance = start_process(process=process, by=request.user, now=now, record=record)
    except BusinessError as problem:
        return _page(request, process, chosen, problem=problem, status=problem.status)
    messages.success(request, _("“%(instance)s” has started.") % {"instance": instance.caption})
    back = reverse("records:detail", args=[record.pk]) if record else ""
    return redirect(
        next_step_url(instance=instance, by=request.user, now=now)
        or back
        or reverse("processes:instance", args=[instance.pk])
    )


def _record(request: HttpRequest, process: Process, chosen: str) -> Record | None:
    if not chosen:
        if process.record_type_id is not None:
            raise Invalid(_("Choose the record that the process is to work on."))
        return None
    record = _visible(request, chosen)
    if record is None:
        raise Invalid(_("Choose a record from the list."))
    return record


def _visible(request: HttpRequest, chosen: str) -> Record | None:
    """The chosen record, if this user may see it."""
    records = Record.objects.visible_to(request.user)
    return records.filter(pk=id_in(chosen)).first()


def _page(
    request: HttpRequest,
    process: Process,
    chosen: str,
    *,
    problem: BusinessError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"process": process, "chosen": _visible(request, chosen), "problem": problem}
    return render(request, "processes/start.html", context, status=status)
