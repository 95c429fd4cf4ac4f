"""The page of a step: look, answer, keep a draft; and the chooser of a record's pending steps."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from bpm_portal.accounts.models import User
from bpm_portal.accounts.substitution import absent_behind
from bpm_portal.common import walks
from bpm_portal.common.errors import Invalid, NotFound
from bpm_portal.common.htmx import toast, with_event
from bpm_portal.common.returning import return_address, with_return
from processes import kinds
from processes.drafts import Draft, draft_for, packed, unpacked
from processes.errors import StepAlreadyClosed, StepInWork, StepTaken
from processes.models import ProcessStep
from processes.services import steps
from processes.services.answers import chosen_of, result_in_words
from processes.services.guards import may_open, may_reassign, refusal_of
from processes.services.usual import usual_lately
from records.models import Record


@never_cache  # who goes back after sending it must not meet it unsent
@require_http_methods(["GET", "POST"])
def step_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The step's own page; steps without one open on the page of their activity."""
    step = visible_step(request, pk)
    kind = kinds.get(step.kind)
    if request.method == "POST" and kind.template:
        return _submit(request, step, kind)  # also when it is too late: what was typed must not be lost
    is_open = step.is_pending or step.is_stuck
    if step.activity_id is not None and not (is_open and kind.template):
        page = reverse("activities:detail", args=[step.activity_id])
        return redirect(with_return(page, return_address(request)))
    if not is_open:
        result = result_in_words(step)
        chosen = chosen_of(step)
        return render(
            request,
            "processes/step_done.html",
            {"step": step, "kind": kind, "result": result, "chosen": chosen},
        )
    draft = draft_for(step.draft, request.user.pk) if may_open(step, request.user) else None
    form = kind.form(step.settings, initial=unpacked(draft), by=request.user)
    return _page(
        request, step, kind, form, has_draft=draft is not None, typist=_colleague(draft, request.user)
    )


def _colleague(draft: Draft | None, reader: Any) -> User | None:
    """Who has typed the draft, where it was not the reader."""
    if draft is None or draft.get("by") in (None, reader.pk):
        return None
    return User.objects.filter(pk=draft["by"]).first()


def visible_step(request: HttpRequest, pk: int) -> ProcessStep:
    """The human step of that id, if this user may see it. Raises NotFound."""
    found = ProcessStep.objects.visible_to(request.user).human().filter(pk=pk)
    related = (
        "instance__process",
        "instance__starter",
        "assignee",
        "role",
        "record",
        "activity__record",
        "closed_by",
        "closed_for",
    )
    step = found.select_related(*related).first()
    if step is None:
        raise NotFound
    return step


def _submit(request: HttpRequest, step: ProcessStep, kind: kinds.StepKind) -> HttpResponse:
    try:
        done = steps.submit_page(step_id=step.pk, data=request.POST, by=request.user, now=timezone.now())
    except Invalid as problem:
        form = kind.form(step.settings, request.POST, by=request.user)
        kind.show_problems(form, problem)
        return _page(request, step, kind, form, status=400)
    except (StepAlreadyClosed, StepTaken) as late:
        step.refresh_from_db()
        form = kind.form(step.settings, request.POST, by=request.user)
        return _page(request, step, kind, form, status=409, late=late)
    except StepInWork as busy:  # a second click
        messages.info(request, busy.message)
        return redirect(return_address(request, reverse("home")))
    if done.is_done:
        messages.success(request, _("“%(step)s” is done.") % {"step": step.name})
    else:
        messages.info(request, done.note)
    if done.next_url and not done.is_done:
        return redirect(with_return(done.next_url, return_address(request)))
    return redirect(walks.onward(request, done.next_url, default=reverse("home")))


def _page(
    request: HttpRequest,
    step: ProcessStep,
    kind: kinds.StepKind,
    form: Any,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    may_perform = may_open(step, request.user)
    context = {
        "step": step,
        "kind": kind,
        "form": form,
        "choices": kind.choices(step.settings),
        "may_perform": may_perform,
        "absent": absent_behind(request.user, step.assignee_id, step.role_id) if step.is_pending else None,
        "may_answer": may_perform and step.is_pending and not step.is_in_work and "late" not in extra,
        "may_reassign": may_reassign(step, request.user),
        "next": return_address(request, ""),
        **kind.page_context(step, form, by=request.user),
        **extra,
    }
    return render(request, "processes/step.html", context, status=status)


@require_POST
def save_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed, while it is typed."""
    steps.save_draft(step_id=pk, draft=packed(request.POST), by=request.user, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the page for another answer after what was answered could not be carried out."""
    steps.recall_step(step_id=pk, by=request.user, now=timezone.now())
    return redirect(with_return(steps.step_url(pk), return_address(request)))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish a step from its card, with one of its choices."""
    now = timezone.now()
    done = steps.complete_step(
        step_id=pk, by=request.user, now=now, result=request.POST.get("result") or None
    )
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(walks.onward(request, done.next_url, default=reverse("home")))
    if done.next_url:
        page = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(with_return(done.next_url, page))
    return toast(work_changed(), done.note or _("Done."))


def work_changed() -> HttpResponse:
    """An empty answer that makes bell, lists and cards of this page refresh themselves."""
    return with_event(HttpResponse(status=204), "work-changed")


@require_GET
def continue_record(request: HttpRequest, record_id: int) -> HttpResponse:
    """Continue process: one pending step opens at once, several give a chooser."""
    record = Record.objects.visible_to(request.user).filter(pk=record_id).first()
    if record is None:
        raise NotFound
    pending = list(
        ProcessStep.objects.connected_to(request.user, [record_id])
        .select_related("assignee", "role", "instance")
        .defer("instance__variables")
        .order_by("starts_at", "id")
    )
    origin = f"?{urlencode({'next': return_address(request, record_address(record))})}"
    if len(pending) == 1:
        address = steps.step_url(pending[0].pk) + origin
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]
    usual = usual_lately({step.instance.process_id for step in pending})
    entries = [
        {
            "step": step,
            "kind": kinds.get(step.kind),
            "mine": may_open(step, request.user),
            "usual": usual.get(step.instance.process_id, {}).get(step.element_id),
        }
        for step in pending
    ]
    entries.sort(key=lambda entry: not entry["mine"])
    context = {"entries": entries, "record": record, "origin": origin, "now": timezone.now()}
    template = "processes/_chooser.html" if request.htmx else "processes/chooser.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def record_address(record: Record) -> str:
    """The record's own page."""
    return reverse("records:detail", args=[record.pk])


@never_cache
@require_GET
def step_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Why the reader can no longer answer the step, empty while he can: for pages that stand open.

    With a token for their form, whose own is void once somebody has signed in again in another tab.
    """
    refusal = refusal_of(visible_step(request, pk), request.user)
    return JsonResponse({"message": refusal.message if refusal else "", "token": get_token(request)})
