"""Instances, their steps and events."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bpm_portal.common.errors import BusinessError, Invalid
from bpm_portal.common.typed import id_in
from processes.admin.base import (
    LookOnlyAdmin,
    LookOnlyInline,
    cancelled_words,
    chosen_ids,
    tell_results,
)
from processes.admin.filters import ElementTypeFilter, EventKindFilter, KindFilter
from processes.engine_words import in_words
from processes.forms import ReasonForm
from processes.models import ProcessEvent, ProcessInstance, ProcessStep
from processes.services.cancel_jobs import cancel_chosen
from processes.services.cancel_preview import preview_cancel
from processes.services.guards import check_may_run_elements
from processes.services.instances import check_may_cancel
from processes.services.steps import retry_step

PERMISSIONS = {"cancel": "processes.cancel_processinstance", "run": "processes.run_processinstance"}


def run_again_words(number: int) -> str:
    """What an administrator is told."""
    return ngettext("%(n)s element runs again.", "%(n)s elements run again.", number) % {"n": number}


class RetryMixin:
    """The action that runs failed elements again."""

    def has_run_permission(self, request: HttpRequest) -> bool:
        """For the action."""
        return request.user.has_perm(PERMISSIONS["run"])

    def retry(self, request: HttpRequest, steps: Iterable[ProcessStep]) -> None:
        """Each in a turn of its own; what fails again says why."""
        check_may_run_elements(request.user)
        results = []
        for step in steps:
            try:
                retry_step(step_id=step.pk, by=request.user, now=timezone.now())
                step.refresh_from_db(fields=["status", "error"])
                results.append(
                    (step, in_words(step.error) if step.status == ProcessStep.Status.FAILED else "")
                )
            except BusinessError as refusal:
                results.append((step, refusal.message))
        if not results:
            messages.info(request, _("No element of these has failed."))
        tell_results(request, results, run_again_words)


class StepInline(LookOnlyInline):
    """The latest elements of an instance."""

    model = ProcessStep
    fk_name = "instance"
    fields = readonly_fields = (
        "name",
        "element_id",
        "element_type",
        "kind",
        "status",
        "assignee",
        "role",
        "opened_at",
        "closed_at",
        "closed_by",
        "error",
    )
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcessStep]:
        """With the people."""
        found: QuerySet[ProcessStep] = super().get_queryset(request).for_list()  # type: ignore[attr-defined]
        return found


@admin.register(ProcessInstance)
class ProcessInstanceAdmin(RetryMixin, LookOnlyAdmin):
    """Look, cancel, run failed elements again."""

    list_display = ("caption", "process", "status", "starter", "started_at", "ended_at", "duration")
    list_filter = ("status", "process", "started_at")
    search_fields = ("caption", "record_caption", "process__key")
    ordering = ("-id",)
    fields = (
        ("process", "version"),
        "caption",
        "status",
        ("record", "record_caption"),
        "starter",
        ("started_at", "ended_at", "duration"),
        ("cancelled_by", "cancel_reason"),
        ("root", "parent_step"),
        "variables",
    )
    inlines = (StepInline,)
    actions = ("cancel_selected", "retry_failed")
    change_form_template = "admin/processes/processinstance/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcessInstance]:
        """With what rows and pages name, without the diagram."""
        related = ("process", "starter", "version")
        return super().get_queryset(request).select_related(*related).defer("version__source")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """For the action."""
        return request.user.has_perm(PERMISSIONS["cancel"])

    def get_urls(self) -> list[URLPattern]:
        """With those of the buttons."""
        view = self.admin_site.admin_view
        own = [
            path("cancel/", view(self.cancel_view), name="processes_processinstance_cancel"),
            path("<int:pk>/retry/", view(self.retry_view), name="processes_processinstance_retry"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With what its buttons need to know."""
        rights = {name: request.user.has_perm(permission) for name, permission in PERMISSIONS.items()}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "rights": rights})

    @admin.action(description=gettext_lazy("Cancel execution…"), permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[ProcessInstance]) -> HttpResponse:
        """Show first what it closes; then the same action comes again with a reason, for the same choice."""
        last = id_in(request.POST.get("last", ""))
        instances = ProcessInstance.objects.filter(pk__in=queryset.order_by().values("pk"))
        if last is not None:
            instances = instances.up_to(last)
        again = ("action", "_selected_action", "select_across")
        fields = [(name, value) for name in again for value in request.POST.getlist(name)]
        return self._cancel(request, instances, fields, is_sent="reason" in request.POST)

    @admin.action(description=gettext_lazy("Run failed elements again"), permissions=["run"])
    def retry_failed(self, request: HttpRequest, queryset: QuerySet[ProcessInstance]) -> None:
        """Every failed element of the chosen instances."""
        self.retry(request, ProcessStep.objects.with_status("failed").of_instances(list(queryset)))

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The button of the page."""
        if request.method == "POST":
            self.retry(request, ProcessStep.objects.with_status("failed").of_instance(pk))
        return redirect("admin:processes_processinstance_change", pk)

    def cancel_view(self, request: HttpRequest) -> HttpResponse:
        """The button of the page."""
        ids = chosen_ids(request)
        instances = ProcessInstance.objects.filter(pk__in=ids)
        fields = [("ids", key) for key in ids]
        return self._cancel(request, instances, fields, is_sent=request.method == "POST")

    def _cancel(
        self, request: HttpRequest, instances: Any, fields: list[tuple[str, Any]], *, is_sent: bool
    ) -> HttpResponse:
        """What a cancellation closes and why it is made; the worker cancels many, and the log has a page for that."""
        check_may_cancel(request.user)
        form = ReasonForm(request.POST if is_sent else None)
        if form.is_valid():
            try:
                job = cancel_chosen(
                    instances=instances,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    now=timezone.now(),
                )
            except BusinessError as refusal:
                form.add_problems(refusal.detail if isinstance(refusal, Invalid) else {"": refusal.message})
            else:
                if job is not None:
                    return redirect("processes:cancel-job", job.pk)
                messages.success(request, cancelled_words(1))
                return redirect("admin:processes_processinstance_changelist")
        preview = preview_cancel(instances=instances, by=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Cancel execution"),
            "opts": self.opts,
            "fields": [*fields, ("last", preview.last_id or "")],
            "form": form,
            "preview": preview,
        }
        return TemplateResponse(request, "admin/processes/cancel.html", context)


@admin.register(ProcessStep)
class ProcessStepAdmin(RetryMixin, LookOnlyAdmin):
    """Look, run failed elements again."""

    list_display = (
        "__str__",
        "instance_caption",
        "element_type",
        "kind",
        "status",
        "waits_on",
        "assignee",
        "role",
        "opened_at",
        "closed_at",
    )
    list_filter = ("status", "waits_on", KindFilter, ElementTypeFilter, "instance__process")
    search_fields = ("name", "element_id", "instance_caption")
    list_select_related = ("assignee", "role")
    ordering = ("-id",)
    actions = ("retry_failed",)

    @admin.action(description=gettext_lazy("Run failed elements again"), permissions=["run"])
    def retry_failed(self, request: HttpRequest, queryset: Any) -> None:
        """Those of the chosen ones that have failed."""
        self.retry(request, queryset.with_status("failed"))


@admin.register(ProcessEvent)
class ProcessEventAdmin(LookOnlyAdmin):
    """The journal."""

    list_display = ("at", "kind", "instance", "step", "by", "published_at")
    list_filter = (EventKindFilter, "at")
    search_fields = ("=instance__id", "kind")
    list_select_related = ("instance", "step", "by")
    ordering = ("-id",)
