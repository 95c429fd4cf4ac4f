"""What is done with the selected rows of a section: a dialog asks once, then each row tells what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from bpm_portal.common.errors import NotFound
from bpm_portal.common.forms import Picker
from bpm_portal.common.htmx import with_event
from bpm_portal.common.typed import ids_in
from records import access
from records.forms import owners
from records.models import Record
from records.services import change_record, delete_record
from records.services.many import act_on_each

MOST = 50  # a page of the list


class OwnerForm(forms.Form):
    """A new owner; nobody, where it is left empty."""

    owner = forms.ModelChoiceField(
        owners(None), label=_("Owner"), required=False, widget=Picker("accounts:people")
    )


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done to a selection: its words, its form and the service for one row."""

    code: str
    title: str | Promise
    icon: str
    button: str
    form: Callable[..., forms.Form]
    act: Callable[..., Any]
    warning: str | Promise = ""


def _change_owner(*, pk: int, values: dict[str, Any], by: Any) -> None:
    record = access.get_record_to_change(by, pk)
    change_record(record=record, values={}, by=by, now=timezone.now(), owner=values["owner"])


def _delete(*, pk: int, values: dict[str, Any], by: Any) -> None:
    delete_record(record=access.get_record_to_delete(by, pk), by=by, now=timezone.now())


ACTIONS = {
    action.code: action
    for action in (
        BulkAction("owner", _("Change owner"), "user-share", "btn-primary", OwnerForm, _change_owner),
        BulkAction(
            "delete", _("Delete"), "trash", "btn-danger", forms.Form, _delete,
            _("They are deleted with their history. This cannot be undone."),
        ),
    )
}  # fmt: skip


@require_GET
def ask(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """The dialog: what is to be done with the records that `ids` name."""
    access.get_type(request.user, code)
    return _dialog(request, code, action, ids_of(request.GET), _action(action).form())


@require_POST
def run(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Do it, row by row; the form again if it is wrong."""
    record_type = access.get_type(request.user, code)
    bulk, ids = _action(action), ids_of(request.POST)
    form = bulk.form(request.POST)
    if not form.is_valid():
        return _dialog(request, code, action, ids, form)
    seen = Record.objects.visible_to(request.user).filter(record_type=record_type, pk__in=ids)

    def act(pk: int) -> None:
        bulk.act(pk=pk, values=form.cleaned_data, by=request.user)

    results = act_on_each(ids=ids, titles=dict(seen.values_list("pk", "caption")), act=act)
    refused = sum(not result.is_done for result in results)
    context = {"bulk": bulk, "results": results, "refused": refused, "done": len(results) - refused}
    return with_event(render(request, "records/_bulk_done.html", context), "records-changed")


def ids_of(data: QueryDict) -> list[int]:
    """The ids in `data`, each once; what is no number names nothing."""
    return ids_in(map(str, data.getlist("ids")))[:MOST]


def _dialog(request: HttpRequest, code: str, action: str, ids: list[int], form: forms.Form) -> HttpResponse:
    context = {"section_code": code, "bulk": _action(action), "ids": ids, "form": form}
    return render(request, "records/_bulk.html", context, status=400 if form.errors else 200)


def _action(code: str) -> BulkAction:
    if code not in ACTIONS:
        raise NotFound
    return ACTIONS[code]
