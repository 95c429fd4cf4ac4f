"""The process log: instances that one may see, filtered by the address."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from bpm_portal.common.errors import Forbidden
from bpm_portal.common.keyset import capped_count, keyset_page
from processes.forms import LogFilters
from processes.models import CancelJob, ProcessInstance, ProcessStep
from processes.services.waiting import waiting_by_instance, with_usual_times
from processes.views.rights import rights_of

SIZE = 50
COUNT_CAP = 1000
BASIC, FURTHER = ("status", "process"), ("starter", "record", "since", "until")


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def log(request: HttpRequest) -> HttpResponse:
    """The instances, newest first; htmx gets the list alone."""
    filters = LogFilters(request.GET, user=request.user)
    found = filters.find()
    cursor = request.GET.get("cursor", "")
    page = keyset_page(
        ProcessInstance.objects.for_list(), cursor=cursor, size=SIZE, order=("-id",), among=found
    )
    chosen = filters.chosen()
    further = ("version", *FURTHER) if "version" in chosen else FURTHER  # asked for by the page of a process
    query = {name: request.GET[name] for name in (*chosen, "cursor") if request.GET.get(name)}
    now = timezone.now()
    number = capped_count(*found, cap=COUNT_CAP)
    rights = rights_of(request.user)
    context = {
        "filters": filters,
        "basic_filters": [filters[name] for name in BASIC],
        "further_filters": [filters[name] for name in further],
        "more_filters": bool(set(further) & set(chosen)),
        "is_filtered": bool(chosen),
        "address": f"{request.path}?{urlencode(query)}" if query else request.path,
        "page": page,
        "waiting": with_usual_times(waiting_by_instance(page.items, now=now), page.items),
        "now": now,
        "rights": rights,
        "count_text": count_words(number),
        "all_query": urlencode({"all": 1, **{name: request.GET[name] for name in chosen}}),
    }
    fragment = request.headers.get("HX-Target") == "log-list"
    if not fragment and rights.administer:
        context["unassigned"] = capped_count(*ProcessStep.objects.unassigned_branches(), cap=99)
        context["open_jobs"] = CancelJob.objects.open().count()
    return render(request, "processes/_log.html" if fragment else "processes/log.html", context)


def count_words(number: int) -> str:
    """`128 instances`, `1000+ instances`."""
    shown = str(number) if number <= COUNT_CAP else f"{COUNT_CAP}+"
    return ngettext("%(n)s instance", "%(n)s instances", number) % {"n": shown}


def check_may_administer(user: Any) -> None:
    """Raises Forbidden."""
    if not rights_of(user).administer:
        raise Forbidden


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def unassigned(request: HttpRequest) -> HttpResponse:
    """Pending steps that nobody can do; an administrator says who is to do them."""
    check_may_administer(request.user)
    steps = ProcessStep.objects.select_related("instance__process", "activity", "assignee", "role")
    page = keyset_page(
        steps.defer("instance__variables"),
        cursor=request.GET.get("cursor", ""),
        size=SIZE,
        order=("starts_at", "id"),
        among=ProcessStep.objects.unassigned_branches(),
    )
    context = {"page": page, "rights": rights_of(request.user)}
    fragment = request.headers.get("HX-Target") == "unassigned"
    template = "processes/_unassigned.html" if fragment else "processes/unassigned.html"
    return render(request, template, context)
