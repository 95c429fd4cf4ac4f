"""What is done with the elements of an instance: run again, skip, give to somebody else, begin inside of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound
from bpm_portal.common.htmx import toast
from bpm_portal.common.returning import return_address
from processes.compiled import definition_of
from processes.engine.model import GATEWAYS
from processes.forms_elements import BeginForm, SkipForm
from processes.models import ProcessStep
from processes.services import steps
from processes.services.guards import check_may_run_elements, may_begin_elements
from processes.views.dialogs import show_dialog
from processes.views.handing import MAX_REASON
from processes.views.steps import work_changed


@require_http_methods(["GET", "HEAD", "POST"])
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Run a failed element again; asks before, with what has failed, and keeps a reason where one is given."""
    step = visible_element(request, pk)
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:MAX_REASON]
        steps.retry_step(step_id=pk, by=request.user, now=timezone.now(), reason=reason)
        return back_to_instance(request, step.instance_id, _("“%(step)s” runs again.") % {"step": step})
    check_may_run_elements(request.user)
    return _ask(request, step, "_retry_form.html")


@require_http_methods(["GET", "HEAD", "POST"])
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead the token past an element; asks why, and by which flow where there are several."""
    step = visible_element(request, pk)
    check_may_run_elements(request.user)
    form = SkipForm(request.POST if request.method == "POST" else None, flows=ways_out(step))
    if form.is_valid():
        try:
            steps.skip_step(step_id=pk, by=request.user, now=timezone.now(), **_chosen(form))
        except Invalid as refusal:
            form.add_problems(refusal.detail or {"": refusal.message})
        else:
            return back_to_instance(request, step.instance_id, _("“%(step)s” is skipped.") % {"step": step})
    context = {"form": form, "closes": steps.closed_with(step), "onward": onward(step)}
    return _ask(request, step, "_skip_form.html", status=400 if form.errors else 200, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an element of an ad-hoc sub-process; asks which one. Raises Forbidden, Conflict where it takes none."""
    step = visible_element(request, pk)
    if not may_begin_elements(step.instance, request.user):
        raise Forbidden
    elements = steps.beginnings(step)
    if not elements:
        raise Conflict(_("Nothing can be begun in “%(step)s” now.") % {"step": step})
    form = BeginForm(request.POST if request.method == "POST" else None, elements=elements)
    if form.is_valid():
        chosen = form.cleaned_data["element"]
        steps.begin_element(step_id=pk, element_id=chosen, by=request.user, now=timezone.now())
        name = dict(elements)[chosen]
        return back_to_instance(request, step.instance_id, _("“%(step)s” has begun.") % {"step": name})
    return _ask(request, step, "_begin_form.html", status=400 if form.errors else 200, form=form)


@require_safe
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog that asks who is to do a step; it sends to the address that cards use, too."""
    step = visible_element(request, pk)
    return _ask(request, step, "_reassign_form.html")


def visible_element(request: HttpRequest, pk: int) -> ProcessStep:
    """The step, human or not. Raises NotFound where it is not the reader's to see."""
    found = ProcessStep.objects.visible_to(request.user).select_related("instance", "assignee", "role")
    step: ProcessStep | None = found.filter(pk=pk).first()
    if step is None:
        raise NotFound
    return step


def onward(step: ProcessStep) -> list[str]:
    """Names of the elements that the flows of this one lead to."""
    definition = definition_of(step.instance.version_id)
    element = definition.elements.get(step.element_id)
    targets = [definition.flows[flow_id].target for flow_id in element.outgoing] if element else []
    return [definition.elements[target].name or target for target in targets]


def ways_out(step: ProcessStep) -> list[tuple[str, str]]:
    """Id and words of each flow that leads out of a gateway; none where there is nothing to choose."""
    definition = definition_of(step.instance.version_id)
    element = definition.elements.get(step.element_id)
    if element is None or element.type not in GATEWAYS or len(element.outgoing) < 2:
        return []
    flows = [definition.flows[flow_id] for flow_id in element.outgoing]
    names = {flow.id: definition.elements[flow.target].name or flow.target for flow in flows}
    return [
        (flow.id, f"{flow.name} → {names[flow.id]}" if flow.name else f"→ {names[flow.id]}") for flow in flows
    ]


def _chosen(form: SkipForm) -> dict[str, Any]:
    return {"reason": form.cleaned_data["reason"], "flow": form.cleaned_data.get("flow") or None}


def back_to_instance(request: HttpRequest, instance_id: int, sentence: str) -> HttpResponse:
    """What was done, on the page where it was asked for, else on that of the instance."""
    if getattr(request, "htmx", False):
        return toast(work_changed(), sentence)
    messages.success(request, sentence)
    return redirect(return_address(request, reverse("processes:instance", args=[instance_id])))


def _ask(
    request: HttpRequest, step: ProcessStep, form_template: str, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"step": step, "form_template": f"processes/{form_template}"}
    return show_dialog(request, "step_dialog", context, status=status)
