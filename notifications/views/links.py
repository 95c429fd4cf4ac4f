"""What the links in e-mails open: an answer to a step, and no more such e-mails. To look never acts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bpm_portal.accounts.models import User
from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound
from notifications.answer_links import answer_by_link, check_usable, find_link
from notifications.choosing import stop_mail
from notifications.links import read_unsubscribe
from notifications.models import AnswerLink
from notifications.sorts import SORTS
from processes import kinds
from processes.services.answers import result_in_words
from processes.services.guards import already_closed, may_open


@require_http_methods(["GET", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question of a step, a comment, and a button that answers; for the person to whom the link was sent."""
    link = find_link(token=token, by=request.user)
    if request.method == "POST":
        return _submit(request, link)
    try:
        _check_waiting(link, request.user)
    except (Conflict, Forbidden) as reason:
        return _closed(request, link, reason, status=200)
    return _form(request, link, None)


def _submit(request: HttpRequest, link: AnswerLink) -> HttpResponse:
    step, user = link.step, request.user
    try:
        done = answer_by_link(link=link, data=request.POST, by=user, now=timezone.now())
    except Invalid as problem:
        return _form(request, link, problem)
    except (Conflict, Forbidden) as reason:
        step.refresh_from_db()
        return _closed(request, link, reason, status=reason.status)
    if done.is_done:
        messages.success(request, _("“%(step)s” is done.") % {"step": step.name})
    else:
        messages.info(request, done.note)
    return redirect(done.next_url or request.path)


def _check_waiting(link: AnswerLink, by: Any) -> None:
    """Raises LinkUsed, StepAlreadyClosed, Forbidden where it waits for somebody else, LinkExpired."""
    if link.used_at is None:
        if not link.step.is_pending:
            raise already_closed(link.step)
        if not may_open(link.step, by):
            raise Forbidden(_("This task waits for somebody else now."))
    check_usable(link, timezone.now())


def _form(request: HttpRequest, link: AnswerLink, problem: Invalid | None) -> HttpResponse:
    """The page of the question; `result` in the address has chosen an answer beforehand."""
    step = link.step
    kind = kinds.get(step.kind)
    choices = kind.choices(step.settings)
    wanted = (request.POST if problem else request.GET).get("result", "")
    chosen = [choice for choice in choices if choice.code == wanted]
    initial = {"result": wanted} if chosen else {}
    form = kind.form(step.settings, request.POST if problem else None, initial, by=request.user)
    if problem:
        kind.show_problems(form, problem)
    context = {
        "step": step,
        "kind": kind,
        "form": form,
        "choices": chosen or choices,
        "chosen": chosen[0] if chosen else None,
        **kind.page_context(step, form, by=request.user),
    }
    return render(request, "notifications/answer.html", context, status=400 if problem else 200)


def _closed(
    request: HttpRequest, link: AnswerLink, reason: Conflict | Forbidden, *, status: int
) -> HttpResponse:
    """Why one cannot answer by the link; what was typed stands there to be copied."""
    step = link.step
    context = {
        "step": step,
        "reason": reason.message,
        "is_answered": link.used_at is not None,
        "result": result_in_words(step) if link.used_at is not None and not step.is_pending else "",
        "typed": request.POST.get("details", ""),
        "waits_for_me": step.is_pending and may_open(step, request.user),
    }
    return render(request, "notifications/answer_closed.html", context, status=status)


@login_not_required
@csrf_exempt  # mail programs post here by themselves (RFC 8058); the address is the secret
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then stop e-mails about one sort of news, for the person to whom the link was sent; without signing in."""
    found = read_unsubscribe(token)
    user = User.objects.filter(pk=found[0]).first() if found else None
    if found is None or user is None:
        raise NotFound
    sort = SORTS.get(found[1])
    if request.method == "POST":
        stop_mail(sort=found[1], by=user)
    context = {"sort": sort.label if sort else "", "is_done": request.method == "POST", "reader": user}
    with translation.override(user.language):
        return render(request, "notifications/unsubscribe.html", context)
