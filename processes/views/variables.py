"""Administrators give a running instance another value of a variable, so that what failed for it can go on."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from processes.forms_elements import VariableForm
from processes.services import instances
from processes.services.guards import check_may_run_elements
from processes.views.dialogs import show_dialog
from processes.views.elements import back_to_instance
from processes.views.instance import visible_instance


@require_http_methods(["GET", "HEAD", "POST"])
def set_variable(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for name and value, and set it. Raises NotFound, Forbidden, InstanceEnded."""
    instance = visible_instance(request, pk)
    check_may_run_elements(request.user)
    initial = {"name": request.GET.get("name", "")}
    form = VariableForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        name, value = form.cleaned_data["name"], form.cleaned_data["value"]
        instances.set_variables(instance_id=pk, values={name: value}, by=request.user, now=timezone.now())
        return back_to_instance(request, pk, _("The variable “%(name)s” is set.") % {"name": name})
    context = {"instance": instance, "form": form}
    return show_dialog(request, "variable", context, status=400 if form.errors else 200)
