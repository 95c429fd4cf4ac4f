"""The process log: instances that one may see, filtered by the address, and bulk cancellation."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from bpm_portal.common.htmx import with_event
from bpm_portal.common.keyset import capped_count, keyset_page
from processes.forms import LogFilters, ReasonForm
from processes.models import ProcessInstance, ProcessStep
from processes.services.instances import cancel_instances, check_may_cancel, preview_cancel
from processes.services.waiting import waiting_by_instance
from processes.views.rights import rights_of

SIZE = 50
COUNT_CAP = 1000
MAX_IDS = 500  # of one cancellation
BASIC, FURTHER = ("status", "process"), ("starter", "record", "since", "until")


@login_required
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def log(request: HttpRequest) -> HttpResponse:
    """The instances, newest first; htmx gets the list alone."""
    filters = LogFilters(request.GET, user=request.user)
    found = filters.narrow(ProcessInstance.objects.visible_to(request.user))
    cursor = request.GET.get("cursor", "")
    page = keyset_page(found.for_list(), cursor=cursor, size=SIZE, order=("-id",))
    chosen = filters.chosen()
    query = {name: request.GET[name] for name in (*chosen, "cursor") if request.GET.get(name)}
    now = timezone.now()
    number = capped_count(found, cap=COUNT_CAP)
    rights = rights_of(request.user)
    context = {
        "filters": filters,
        "basic_filters": [filters[name] for name in BASIC],
        "further_filters": [filters[name] for name in FURTHER],
        "more_filters": bool(set(FURTHER) & set(chosen)),
        "is_filtered": bool(chosen),
        "address": f"{request.path}?{urlencode(query)}" if query else request.path,
        "page": page,
        "waiting": waiting_by_instance(page.items, now=now),
        "now": now,
        "rights": rights,
        "count_text": count_words(number),
    }
    fragment = request.headers.get("HX-Target") == "log-list"
    if not fragment and rights.administer:
        context["unassigned"] = capped_count(ProcessStep.objects.unassigned(), cap=99)
    return render(request, "processes/_log.html" if fragment else "processes/log.html", context)


def count_words(number: int) -> str:
    """`128 instances`, `1000+ instances`."""
    shown = str(number) if number <= COUNT_CAP else f"{COUNT_CAP}+"
    return ngettext("%(n)s instance", "%(n)s instances", number) % {"n": shown}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest) -> HttpResponse:
    """What a cancellation of the instances in `ids` would close; with a reason, its result row by row."""
    check_may_cancel(request.user)
    posted = request.method == "POST"
    ids = [int(key) for key in (request.POST if posted else request.GET).getlist("ids") if key.isdecimal()]
    instances = chosen_instances(request.user, ids)
    form = ReasonForm(request.POST if posted else None)
    if form.is_valid():
        try:
            results = cancel_instances(
                instance_ids=[instance.pk for instance in instances],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except Invalid as refusal:
            form.add_problems(refusal.detail)
        else:
            return _results(request, instances, results)
    preview = preview_cancel(instance_ids=[instance.pk for instance in instances], by=request.user)
    context = {"chosen": instances, "preview": preview, "form": form}
    return render(request, _template(request), context, status=400 if form.errors else 200)


def chosen_instances(user: Any, ids: Sequence[int]) -> list[ProcessInstance]:
    """The instances of these ids that the user may see. Raises NotFound where there is none, Invalid for too many."""
    if len(ids) > MAX_IDS:
        raise Invalid(ids=f"{len(ids)} > {MAX_IDS}")
    found = ProcessInstance.objects.visible_to(user).filter(pk__in=[key for key in ids if key < 2**63])
    instances = list(found.for_list().order_by("-id"))
    if not instances:
        raise NotFound
    return instances


def _results(
    request: HttpRequest, instances: list[ProcessInstance], results: list[tuple[int, str]]
) -> HttpResponse:
    problems = dict(results)
    context = {
        "results": [(instance, problems.get(instance.pk, "")) for instance in instances],
        "done": sum(not problem for problem in problems.values()),
    }
    return with_event(render(request, _template(request), context), "work-changed")


def _template(request: HttpRequest) -> str:
    within_page: Any = getattr(request, "htmx", False)
    return "processes/_cancel.html" if within_page else "processes/cancel.html"


def check_may_administer(user: Any) -> None:
    """Raises Forbidden."""
    if not rights_of(user).administer:
        raise Forbidden


@login_required
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def unassigned(request: HttpRequest) -> HttpResponse:
    """Pending steps that nobody can do; an administrator says who is to do them."""
    check_may_administer(request.user)
    steps = ProcessStep.objects.unassigned().select_related("instance__process", "activity")
    page = keyset_page(
        steps.defer("instance__variables"),
        cursor=request.GET.get("cursor", ""),
        size=SIZE,
        order=("starts_at", "id"),
    )
    context = {"page": page, "rights": rights_of(request.user)}
    fragment = request.headers.get("HX-Target") == "unassigned"
    template = "processes/_unassigned.html" if fragment else "processes/unassigned.html"
    return render(request, template, context)
