"""The page of one process: diagram, versions, who may start it, enable and disable."""

from pathlib import PurePath

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from bpm_portal.common.keyset import keyset_page
from processes.forms import DisableForm, RolesForm
from processes.models import Process, ProcessInstance, ProcessVersion, ProcessVersionFile
from processes.services import definitions, statistics
from processes.services.cancel_preview import preview_cancel
from processes.services.process_changes import ChangeEntry, changes_in_words
from processes.views.dialogs import lead_to, show_dialog
from processes.views.library import startable
from processes.views.rights import rights_of

LATEST = 5


@require_safe
def process_page(request: HttpRequest, key: str) -> HttpResponse:
    """Everything about one process; `?version=` shows the diagram of another one."""
    process = visible_process(request, key)
    versions = list(process.versions.select_related("deployed_by").defer("source"))
    rights = rights_of(request.user)
    if rights.administer:  # the log shows others only what they take part in
        live = process.instances.live_by_version()
        for each in versions:
            each.live = live.get(each.pk)
    context = {
        "process": process,
        "versions": versions,
        "version": (version := _chosen_version(request, versions)),
        "decisions": version.files.defer("source") if version else (),
        "rights": rights,
        "may_start": process.pk in startable(request.user, [process]),
        "latest": _latest(request, process),
        "numbers": _numbers(request, process),
        "changes": _changes(request, process),
    }
    return render(request, "processes/process.html", context)


def visible_process(request: HttpRequest, key: str) -> Process:
    """The process of that key. Raises NotFound where it is not the reader's to see."""
    process: Process | None = Process.objects.visible_to(request.user).for_library().filter(key=key).first()
    if process is None:
        raise NotFound
    return process


def _chosen_version(request: HttpRequest, versions: list[ProcessVersion]) -> ProcessVersion | None:
    wanted = request.GET.get("version", "")
    named = next((version for version in versions if str(version.number) == wanted), None)
    return named or next((version for version in versions if version.is_current), None)


def _latest(request: HttpRequest, process: Process) -> list[ProcessInstance]:
    instances = ProcessInstance.objects.filter(process=process)
    runs = instances.visible_branches(request.user)
    page = keyset_page(instances.for_list(), cursor="", size=LATEST, order=("-id",), among=runs)
    return page.items


def _changes(request: HttpRequest, process: Process) -> list[ChangeEntry]:
    """The latest, for administrators."""
    if not rights_of(request.user).administer:
        return []
    return changes_in_words(process.changes.select_related("by").order_by("-at", "-id")[:LATEST])


def _numbers(request: HttpRequest, process: Process) -> statistics.Finished:
    """What was finished in the last four weeks."""
    first, last = statistics.default_range(timezone.localdate())
    tz = timezone.get_current_timezone()
    return statistics.report(statistics.Question(request.user, first, last, tz, process)).overall


@require_safe
def version_source(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The diagram of a version, byte for byte as it was uploaded; the viewer reads the same file.

    `?file=` is the name of a file of decisions that was uploaded with it.
    """
    process = visible_process(request, key)
    version = process.versions.filter(number=number).first()
    if version is None:
        raise NotFound
    name = f"{slugify(process.key) or 'process'}-v{number}"
    if "file" not in request.GET:
        return source_response(version, f"{name}.bpmn")
    file = version.files.filter(name=request.GET["file"].replace("\0", "")).first()
    if file is None:
        raise NotFound
    return source_response(file, f"{name}-{slugify(PurePath(file.name).stem) or 'decisions'}.dmn")


def source_response(version: ProcessVersion | ProcessVersionFile, name: str) -> HttpResponse:
    """A diagram as a file to keep; never shown by the browser itself, since strangers have written it."""
    response = HttpResponse(bytes(version.source), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, max-age=86400"  # a version never changes
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, key: str) -> HttpResponse:
    """Say which roles may start it."""
    process = visible_process(request, key)
    if not rights_of(request.user).change:
        raise Forbidden
    chosen = request.POST if request.method == "POST" else None
    form = RolesForm(chosen, initial={"roles": [role.pk for role in process.roles.all()]})
    if form.is_valid():
        definitions.set_roles(
            process=process, roles=form.cleaned_data["roles"], by=request.user, now=timezone.now()
        )
        messages.success(request, _("Who may start “%(process)s” is saved.") % {"process": process.name})
        return redirect("processes:process", key)
    return show_dialog(request, "roles", {"process": process, "form": form})


@require_POST
def enable(request: HttpRequest, key: str) -> HttpResponse:
    """Let it be started again."""
    process = visible_process(request, key)
    definitions.enable_process(process=process, by=request.user, now=timezone.now())
    messages.success(request, _("“%(process)s” is enabled.") % {"process": process.name})
    return redirect("processes:process", key)


@require_http_methods(["GET", "HEAD", "POST"])
def disable(request: HttpRequest, key: str) -> HttpResponse:
    """Ask what becomes of running instances, then disable it, or not."""
    process = visible_process(request, key)
    definitions.check_may_disable(request.user)
    form = DisableForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _disable_page(request, process, form)
    choice = form.cleaned_data["running"]
    if choice == "abort":
        messages.info(request, _("“%(process)s” stays enabled.") % {"process": process.name})
        return lead_to(request, reverse("processes:process", args=[key]))
    try:
        job = definitions.disable_process(
            process=process,
            running=choice,
            by=request.user,
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
    except Invalid as refusal:
        form.add_error(None, refusal.message)
        return _disable_page(request, process, form)
    messages.success(request, _("“%(process)s” is disabled.") % {"process": process.name})
    name, arg = ("processes:cancel-job", job.pk) if job else ("processes:process", key)
    return lead_to(request, reverse(name, args=[arg]))


def _disable_page(request: HttpRequest, process: Process, form: DisableForm) -> HttpResponse:
    rights = rights_of(request.user)
    running = process.instances.live().roots()
    number = running.count()
    context = {"process": process, "form": form, "rights": rights, "number": number}
    if rights.cancel and number:
        context["preview"] = preview_cancel(instances=running, by=request.user)
    status = 400 if form.errors else 200
    return show_dialog(request, "disable", context, status=status)
