"""The page of one instance: what it waits for, where its tokens are, what has happened."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bpm_portal.common.errors import NotFound
from bpm_portal.common.keyset import keyset_page
from processes.forms import JournalFilters
from processes.models import ProcessInstance, ProcessStep
from processes.services.figures import figures_of
from processes.services.guards import may_begin_elements, may_open, sees_inside
from processes.services.journal import in_words
from processes.services.pictures import picture_of
from processes.services.variable_history import variables_with_history
from processes.services.waiting import waiting_sentences
from processes.views.process import source_response
from processes.views.rights import rights_of
from processes.views.words import FiguresRow, element_row, figures_row, variable_row
from records.models import Record

SIZE = 50
TABS = {
    "elements": _("Process elements"),
    "variables": _("Variables"),
    "records": _("Connected records"),
    "journal": _("Journal"),
}
INSIDE = ("variables", "journal")


@require_safe
def instance_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The instance with one of its tabs; parts of the same page are fetched again whenever work changes."""
    now = timezone.now()
    instance = visible_instance(request, pk)
    waiting = waiting_sentences(instance, now=now)
    figures = [figures_row(each) for each in figures_of(instance.pk)]
    tabs = tabs_for(instance, request.user)
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else "elements"
    visible = ProcessInstance.objects.visible_to(request.user)
    children = list(visible.called_by(instance).for_list().order_by("id")[:SIZE])
    called: dict[int | None, list[ProcessInstance]] = {}
    for child in children:
        called.setdefault(child.parent_step_id, []).append(child)
    context = {
        "instance": instance,
        "now": now,
        "rights": rights_of(request.user),
        "waiting": waiting,
        "openable": {each.step.pk for each in waiting if each.step and is_openable(each.step, request.user)},
        "may_begin": may_begin_elements(instance, request.user),
        "figures": figures,
        "marks": json.dumps(marks_of(instance, figures)),
        "ran_for": instance.duration or ((instance.ended_at or now) - instance.started_at),
        "children": children,
        "called": called,
        "tabs": tabs,
        "tab": tab,
        **_FILLERS[tab](request, instance, now),
    }
    return render(request, "processes/instance.html", context)


def tabs_for(instance: ProcessInstance, user: Any) -> dict[str, Any]:
    """Its code and label of each tab that this user may open; what moves the instance is not for everybody."""
    if sees_inside(instance, user):
        return TABS
    return {code: label for code, label in TABS.items() if code not in INSIDE}


def is_openable(step: ProcessStep, user: Any) -> bool:
    """It waits for a person, and this user may be that one."""
    return step.is_pending and step.is_human and may_open(step, user)


def visible_instance(request: HttpRequest, pk: int) -> ProcessInstance:
    """The instance with what its page shows. Raises NotFound where it is not the reader's to see."""
    found = ProcessInstance.objects.visible_to(request.user).for_page().filter(pk=pk)
    instance: ProcessInstance | None = found.first()
    if instance is None:
        raise NotFound
    return instance


def marks_of(instance: ProcessInstance, figures: Iterable[FiguresRow]) -> dict[str, Any]:
    """What the diagram shows: numbers by element and status, times in words, and the flows that were taken."""
    return {
        "elements": {row.element_id: row.counts for row in figures},
        "times": {row.element_id: {"text": row.time, "title": row.time_words} for row in figures if row.time},
        "flows": ProcessStep.objects.of_instance(instance).taken_flows(),
    }


def _elements(request: HttpRequest, instance: ProcessInstance, now: datetime) -> dict[str, Any]:
    steps = ProcessStep.objects.visible_to(request.user).of_instance(instance).for_list()
    page = keyset_page(steps, cursor=request.GET.get("cursor", ""), size=SIZE, order=("-id",))
    return {
        "page": page,
        "rows": [element_row(step, now=now) for step in page],
        "sees_all": sees_inside(instance, request.user),
    }


def _variables(request: HttpRequest, instance: ProcessInstance, now: datetime) -> dict[str, Any]:
    found = variables_with_history(instance, instance.events)
    scopes = {variable.scope_id for variable in found} - {None}
    steps = ProcessStep.objects.of_instance(instance).filter(pk__in=scopes) if scopes else ()
    places = {step.pk: str(step) for step in steps}
    return {"variables": [variable_row(variable, places) for variable in found]}


def _records(request: HttpRequest, instance: ProcessInstance, now: datetime) -> dict[str, Any]:
    ids = ProcessStep.objects.of_instance(instance).record_ids()
    if instance.record_id is not None:
        ids.add(instance.record_id)
    records = (
        Record.objects.visible_to(request.user).filter(pk__in=ids).select_related("record_type", "owner")
    )
    return {"records": records.order_by("caption", "id")}


def _journal(request: HttpRequest, instance: ProcessInstance, now: datetime) -> dict[str, Any]:
    filters = journal_filters(request, instance)
    events = filters.narrow().for_words()
    page = keyset_page(events, cursor=request.GET.get("cursor", ""), size=SIZE, order=("-id",))
    chosen = filters.chosen()
    return {
        "page": page,
        "entries": in_words(page, now=now),
        "filters": filters,
        "is_filtered": bool(chosen),
        "journal_query": urlencode({name: request.GET[name] for name in chosen}),
    }


def journal_filters(request: HttpRequest, instance: ProcessInstance) -> JournalFilters:
    """The filters of the address over what the reader may see."""
    reached = ProcessStep.objects.of_instance(instance).elements()
    return JournalFilters(request.GET, events=instance.events.all(), elements=reached)


_FILLERS: dict[str, Callable[[HttpRequest, ProcessInstance, datetime], dict[str, Any]]] = {
    "elements": _elements,
    "variables": _variables,
    "records": _records,
    "journal": _journal,
}


@require_safe
def instance_source(request: HttpRequest, pk: int) -> HttpResponse:
    """The diagram that this instance runs; without its inside for who merely has a step of it."""
    instance = visible_instance(request, pk)
    version = instance.version
    if not sees_inside(instance, request.user):
        version.source = picture_of(bytes(version.source))
    return source_response(version, f"instance-{pk}.bpmn")
