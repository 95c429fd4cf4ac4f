"""Processes and their versions."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common.errors import Forbidden
from processes.admin.base import LookOnlyAdmin, LookOnlyInline, chosen_ids
from processes.forms import DisableForm
from processes.models import Process, ProcessInstance, ProcessVersion
from processes.services import definitions
from processes.services.cancel_preview import preview_cancel


class VersionInline(LookOnlyInline):
    """The diagrams of a process."""

    model = ProcessVersion
    fields = readonly_fields = ("number", "is_current", "deployed_at", "deployed_by", "file")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcessVersion]:
        """Without the diagrams themselves."""
        return super().get_queryset(request).select_related("process", "deployed_by").defer("source")

    @admin.display(description=gettext_lazy("diagram"))
    def file(self, version: ProcessVersion) -> str:
        """Where to get it."""
        return file_link(version)


def file_link(version: ProcessVersion) -> str:
    """A link to the file of a version."""
    url = reverse("processes:version", args=[version.process.key, version.number])
    return format_html('<a href="{}" download>{}</a>', url, _("Download"))


@admin.register(Process)
class ProcessAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who may start it is changed here; what the diagram says is not. New ones come by deployment."""

    list_display = ("name", "key", "enabled", "record_type", "current_version", "live_count")
    list_filter = ("enabled", "record_type", "roles")
    search_fields = ("name", "key")
    fields = ("name", "key", "enabled", "record_type", "created_at", "roles")
    readonly_fields = ("name", "key", "enabled", "record_type", "created_at")
    filter_horizontal = ("roles",)
    inlines = (VersionInline,)
    actions = ("enable", "disable")
    change_form_template = "admin/processes/process/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Process]:
        """With numbers; two queries in all."""
        found: QuerySet[Process] = super().get_queryset(request).for_library()  # type: ignore[attr-defined]
        return found

    @admin.display(description=gettext_lazy("version"), ordering="current_version")
    def current_version(self, process: Any) -> int | None:
        """The number of the current one."""
        number: int | None = process.current_version
        return number

    @admin.display(description=gettext_lazy("running"), ordering="live_count")
    def live_count(self, process: Any) -> int:
        """Instances that run now."""
        number: int = process.live_count
        return number

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By deployment only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its instances keep it; disable it instead."""
        return False

    def has_disable_permission(self, request: HttpRequest) -> bool:
        """For the actions."""
        return request.user.has_perm("processes.disable_process")

    def save_model(self, request: HttpRequest, obj: Process, form: Any, change: bool) -> None:
        """No field of its own can be changed."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The roles, by the service."""
        definitions.set_roles(
            process=form.instance, roles=form.cleaned_data["roles"], by=request.user, now=timezone.now()
        )
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def get_urls(self) -> list[URLPattern]:
        """With those of the buttons."""
        view = self.admin_site.admin_view
        own = [
            path("disable/", view(self.disable_view), name="processes_process_disable"),
            path("<int:pk>/enable/", view(self.enable_view), name="processes_process_enable"),
        ]
        return own + super().get_urls()

    @admin.action(description=gettext_lazy("Enable"), permissions=["disable"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Process]) -> None:
        """Let them be started again."""
        self._enable(request, queryset)

    @admin.action(description=gettext_lazy("Disable…"), permissions=["disable"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Process]) -> HttpResponse:
        """Ask first what becomes of running instances."""
        ids = ",".join(str(process.pk) for process in queryset)
        return redirect(reverse("admin:processes_process_disable", query={"ids": ids}))

    def enable_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The button of the page."""
        if request.method == "POST":
            self._enable(request, self.get_queryset(request).filter(pk=pk))
        return redirect("admin:processes_process_change", pk)

    def _enable(self, request: HttpRequest, processes: QuerySet[Process]) -> None:
        for process in processes:
            definitions.enable_process(process=process, by=request.user, now=timezone.now())
            messages.success(request, _("“%(process)s” is enabled.") % {"process": process.name})

    def disable_view(self, request: HttpRequest) -> HttpResponse:
        """Let running instances finish, cancel them, or leave everything as it is."""
        definitions.check_may_disable(request.user)
        processes = list(self.get_queryset(request).filter(pk__in=chosen_ids(request)))
        form = DisableForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            if form.cleaned_data["running"] == "abort":
                messages.info(request, _("Nothing was changed."))
                return redirect("admin:processes_process_changelist")
            return self._disable(request, processes, form.cleaned_data)
        may_cancel = request.user.has_perm("processes.cancel_processinstance")
        running = ProcessInstance.objects.live().roots().filter(process__in=processes)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Disable processes"),
            "opts": self.opts,
            "processes": processes,
            "form": form,
            "number": running.count(),
            "preview": preview_cancel(instances=running, by=request.user) if may_cancel else None,
        }
        return TemplateResponse(request, "admin/processes/disable.html", context)

    def _disable(
        self, request: HttpRequest, processes: list[Process], chosen: dict[str, Any]
    ) -> HttpResponse:
        """The log has a page for each cancellation, which the worker carries out."""
        if chosen["running"] == "cancel" and not request.user.has_perm("processes.cancel_processinstance"):
            raise Forbidden
        jobs = []
        for process in processes:
            job = definitions.disable_process(process=process, by=request.user, now=timezone.now(), **chosen)
            jobs += [job] if job else []
            messages.success(request, _("“%(process)s” is disabled.") % {"process": process.name})
        if not jobs:
            return redirect("admin:processes_process_changelist")
        return (
            redirect("processes:cancel-job", jobs[0].pk)
            if len(jobs) == 1
            else redirect("processes:cancel-jobs")
        )


@admin.register(ProcessVersion)
class ProcessVersionAdmin(LookOnlyAdmin):
    """Diagrams never change."""

    list_display = ("process", "number", "is_current", "deployed_at", "deployed_by", "file")
    list_filter = ("is_current", "process")
    search_fields = ("process__name", "process__key")
    fields = ("process", "number", "is_current", "digest", "deployed_at", "deployed_by", "file")
    readonly_fields = ("file",)
    list_select_related = ("process", "deployed_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcessVersion]:
        """Without the diagrams themselves."""
        return super().get_queryset(request).defer("source")

    @admin.display(description=gettext_lazy("diagram"))
    def file(self, version: ProcessVersion) -> str:
        """Where to get it."""
        return file_link(version)
