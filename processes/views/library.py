"""The library: processes that one may start, and the door for new diagrams."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from bpm_portal.common.errors import Forbidden, Invalid
from bpm_portal.common.keyset import capped_count, keyset_page
from processes.engine.problems import Problem
from processes.engine_words import sentence_of
from processes.errors import DeployRefused
from processes.forms import DeployForm, LibraryFilters
from processes.models import Process, ProcessVersion
from processes.querysets import is_process_admin
from processes.services.definitions import check_files, deploy_files, files_of
from processes.views.rights import rights_of

SIZE = 50


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def library(request: HttpRequest) -> HttpResponse:
    """The processes this person may start, all for administrators; htmx gets the list alone."""
    filters = LibraryFilters(request.GET, user=request.user)
    found = filters.narrow(Process.objects.visible_to(request.user))
    page = keyset_page(
        found.for_library(), cursor=request.GET.get("cursor", ""), size=SIZE, order=("name", "id")
    )
    number = capped_count(found)
    context = {
        "filters": filters,
        "page": page,
        "rights": rights_of(request.user),
        "startable": startable(request.user, page.items),
        "count_text": ngettext("%(n)s process", "%(n)s processes", number) % {"n": number},
    }
    fragment = request.headers.get("HX-Target") == "library"
    return render(request, "processes/_library.html" if fragment else "processes/library.html", context)


def startable(user: Any, processes: list[Process]) -> set[int]:
    """Ids of those of these processes, which this user sees, that he may start now."""
    ids = [process.pk for process in processes if process.enabled]
    if not is_process_admin(user):  # who administers none sees a process because he may start it
        return set(ids)
    return set(Process.objects.startable_by(user).filter(pk__in=ids).values_list("pk", flat=True))


@require_http_methods(["GET", "HEAD", "POST"])
def deploy(request: HttpRequest) -> HttpResponse:
    """Upload a diagram: it is stored whole, or refused with every problem at once."""
    if not rights_of(request.user).deploy:
        raise Forbidden
    form = DeployForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "processes/deploy.html", {"form": form}, status=status)
    uploads = form.cleaned_data["file"]
    files, names = files_of(uploads), ", ".join(each.name for each in uploads)
    try:
        versions = deploy_files(files=files, by=request.user, now=timezone.now())
    except DeployRefused as refusal:
        context = {"form": form, "file": names, "problems": _shown(refusal.problems), "refused": True}
        return render(request, "processes/deploy.html", context, status=refusal.status)
    except Invalid as refusal:
        form.add_error("file", refusal.message)
        return render(request, "processes/deploy.html", {"form": form}, status=refusal.status)
    warnings = _shown([problem for each in check_files(files) for problem in each.problems])
    if not warnings and len(versions) == 1:
        messages.success(request, _deployed(versions[0]))
        return redirect("processes:process", versions[0].process.key)
    context = {"form": DeployForm(), "file": names, "problems": warnings, "versions": versions}
    return render(request, "processes/deploy.html", context)


def _deployed(version: ProcessVersion) -> str:
    return _("“%(process)s” is deployed as version %(number)s.") % {
        "process": version.process.name,
        "number": version.number,
    }


def _shown(problems: list[Problem]) -> list[dict[str, Any]]:
    """Errors first, then by file and line; each with its sentence in the reader's language."""
    ordered = sorted(problems, key=lambda problem: (problem.severity, problem.file, problem.line))
    return [{"problem": problem, "text": sentence_of(problem)} for problem in ordered]
