"""Bulk actions of the list: a dialog asks once, then small batches run one after the other and report each row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from activities import services
from activities.forms import CancelForm, PostponeForm, ReassignForm, ResultForm
from activities.later import presets
from activities.models import Activity
from activities.services.many import act_on_each
from bpm_portal.accounts.directory import knows_colleagues
from bpm_portal.common.errors import NotFound
from bpm_portal.common.htmx import with_event
from bpm_portal.common.typed import ids_in

MOST = 500  # activities of one selection
BATCH = 10  # rows of one request: a process takes a turn for each


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done to a selection: its words, its form and the service for one row."""

    title: str | Promise
    button: str
    icon: str
    template: str
    form: Callable[..., Form]
    act: Callable[..., Any]
    makes_sense_to: Callable[[Any], bool] = bool  # to whom the list offers it; everybody


def _result_form(data: QueryDict | None, *, chosen: Sequence[Activity], user: Any, now: datetime) -> Form:
    return ResultForm(data, activities=chosen)


def _postpone_form(data: QueryDict | None, *, chosen: Sequence[Activity], user: Any, now: datetime) -> Form:
    return PostponeForm(data, now=now)


def _reassign_form(data: QueryDict | None, *, chosen: Sequence[Activity], user: Any, now: datetime) -> Form:
    return ReassignForm(data, user=user)


def _cancel_form(data: QueryDict | None, *, chosen: Sequence[Activity], user: Any, now: datetime) -> Form:
    return CancelForm(data)


def _complete(*, values: dict[str, Any], **one: Any) -> None:
    services.complete_activity(**one, result=values["result"], details=values["details"])


def _postpone(*, values: dict[str, Any], **one: Any) -> None:
    services.postpone_activity(**one, until=values["until"])


def _reassign(*, values: dict[str, Any], **one: Any) -> None:
    services.reassign_activity(**one, assignee=values["assignee"], role=values["role"])


def _cancel(*, values: dict[str, Any], **one: Any) -> None:
    services.cancel_activity(**one, reason=values["reason"])


ACTIONS = {
    "complete": BulkAction(_("Complete"), "btn-success", "circle-check", "complete", _result_form, _complete),
    "postpone": BulkAction(
        _("Postpone"), "btn-primary", "clock-pause", "postpone", _postpone_form, _postpone
    ),
    "reassign": BulkAction(
        _("Reassign"), "btn-primary", "user-share", "reassign", _reassign_form, _reassign, knows_colleagues
    ),
    "cancel": BulkAction(_("Cancel activities"), "btn-danger", "ban", "cancel", _cancel_form, _cancel),
}


@require_GET
def ask(request: HttpRequest, action: str) -> HttpResponse:
    """The dialog: what is to be done with the activities that `ids` name."""
    return _dialog(request, action, _ids(request.GET))


@require_POST
def run(request: HttpRequest, action: str) -> HttpResponse:
    """The first batch of `ids`: its rows, and a form that asks for the next one; the form again if it is wrong."""
    bulk, ids, now = _action(action), _ids(request.POST), timezone.now()
    batch, rest = ids[:BATCH], ids[BATCH:]
    form = bulk.form(request.POST, chosen=_chosen(request, ids), user=request.user, now=now)
    is_first = "total" not in request.POST
    if not form.is_valid():
        return _dialog(request, action, ids, form=form)

    def act(activity_id: int) -> None:
        bulk.act(activity_id=activity_id, values=form.cleaned_data, by=request.user, now=timezone.now())

    results = act_on_each(activity_ids=batch, act=act, by=request.user)
    total = len(ids) if is_first else max(_number(request.POST["total"]), len(ids))
    refused = _number(request.POST.get("refused", "0")) + sum(not result.is_done for result in results)
    context = {
        "action": action,
        "bulk": bulk,
        "results": results,
        "rest": rest,
        "total": total,
        "finished": total - len(rest),
        "refused": refused,
        "done": total - len(rest) - refused,
        "answers": [(name, request.POST.get(name, "")) for name in form.fields],
    }
    template = "activities/_bulk_run.html" if is_first else "activities/_bulk_batch.html"
    response = render(request, template, context)
    return response if rest else with_event(response, "activities-changed")


def _dialog(request: HttpRequest, action: str, ids: list[int], *, form: Form | None = None) -> HttpResponse:
    bulk, now = _action(action), timezone.now()
    chosen = _chosen(request, ids)
    form = form or bulk.form(None, chosen=chosen, user=request.user, now=now)
    context = {
        "action": action,
        "bulk": bulk,
        "form": form,
        "ids": ids,
        "fields_template": f"activities/_bulk_{bulk.template}.html",
        "presets": presets(now),
        "many_managed": sum(activity.is_managed for activity in chosen),
    }
    return render(request, "activities/_bulk.html", context, status=400 if form.errors else 200)


def _action(name: str) -> BulkAction:
    if name not in ACTIONS:
        raise NotFound
    return ACTIONS[name]


def _ids(data: QueryDict) -> list[int]:
    """The ids in `data`, each once; what is no number names nothing."""
    return ids_in(map(str, data.getlist("ids")))[:MOST]


def _chosen(request: HttpRequest, ids: list[int]) -> list[Activity]:
    return list(Activity.objects.visible_to(request.user).filter(pk__in=ids))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
