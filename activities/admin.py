"""Activities in the administration: those of people can be changed, those of processes only looked at."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from activities import services
from activities.models import Activity, ActivityConnection
from activities.services.editing import CHANGEABLE, find_problems
from bpm_portal.common.errors import BusinessError
from bpm_portal.common.paging import CappedPaginator


class ActivityForm(ModelForm):
    """Refuses what the services would refuse, at the fields."""

    by: ClassVar[Any]  # set per request

    def clean(self) -> dict[str, Any]:
        """The rules of the services, on the fields as they would be."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        stored = {name: getattr(self.instance, name) for name in CHANGEABLE}
        if self.instance.pk is None:
            stored["owner"] = self.by  # as `create_activity` where nobody is named
        wanted = stored | {
            name: value for name, value in values.items() if value is not None or self.instance.pk
        }
        for name, problem in find_problems(wanted, by=self.by, changed=self.changed_data).items():
            self.add_error(name if name in self.fields else None, str(problem))
        return values


class ConnectionInline(admin.TabularInline):
    """Further records; changed by the processes and services that make them."""

    model = ActivityConnection
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Activity | None = None) -> bool:
        """Nobody, here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Activity | None = None) -> bool:
        """Nobody, here."""
        return False


@admin.register(Activity)
class ActivityAdmin(admin.ModelAdmin):
    """Search, filter, change what is open; every change goes through the services."""

    list_display = ("title", "category", "status", "owner", "role", "starts_at", "due_at", "process_caption")
    list_filter = ("status", "category", "priority", "role")
    list_select_related = ("owner", "role")
    search_fields = ("title",)
    search_help_text = _("A part of the title")
    ordering = ("-id",)
    show_full_result_count = False
    paginator = CappedPaginator
    autocomplete_fields = ("owner", "role")
    raw_id_fields = ("record",)
    actions = ("complete_selected", "cancel_selected")
    inlines = (ConnectionInline,)
    form = ActivityForm

    def get_form(
        self, request: HttpRequest, obj: Activity | None = None, **options: Any
    ) -> type[ActivityForm]:
        """A form that knows who fills it in."""
        form = super().get_form(request, obj, **options)
        return type(form.__name__, (form,), {"by": request.user})

    def get_fields(self, request: HttpRequest, obj: Activity | None = None) -> tuple[str, ...]:
        """A new one shows what can be given, an existing one everything."""
        if obj is None:
            return CHANGEABLE
        return (
            *CHANGEABLE,
            "author",
            "status",
            "result",
            "result_details",
            "allowed_results",
            "process_caption",
            "created_at",
            "closed_at",
            "closed_by",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Activity | None = None) -> tuple[str, ...]:
        """The status changes by the actions of the list only."""
        fields = self.get_fields(request, obj)
        return tuple(name for name in fields if name not in CHANGEABLE)

    def has_change_permission(self, request: HttpRequest, obj: Activity | None = None) -> bool:
        """Not what a process manages, nor what is final."""
        return super().has_change_permission(request, obj) and not (obj and (obj.is_managed or obj.is_final))

    def has_delete_permission(self, request: HttpRequest, obj: Activity | None = None) -> bool:
        """Not what a process waits for or remembers."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_managed)

    def save_model(self, request: HttpRequest, obj: Activity, form: ActivityForm, change: bool) -> None:
        """By the services, so that the rules are the same as on the pages."""
        now = timezone.now()
        if change:
            values = {name: form.cleaned_data[name] for name in form.changed_data}
            services.change_activity(activity=obj, values=values, by=request.user, now=now)
        else:
            made = services.create_activity(by=request.user, now=now, **form.cleaned_data)
            obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: Activity) -> None:
        """By the service, which takes the files off the disk, too."""
        services.delete_activity(activity=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Activity]) -> None:
        """One by one by the service."""
        for activity in queryset:
            services.delete_activity(activity=activity)

    @admin.action(description=_("Complete"), permissions=["change"])
    def complete_selected(self, request: HttpRequest, queryset: QuerySet[Activity]) -> None:
        """Those of processes move their processes on."""
        now = timezone.now()

        def complete(activity: Activity) -> None:
            services.complete_activity(
                activity_id=activity.pk, result="", details="", by=request.user, now=now
            )

        self._for_each(request, queryset, complete)

    @admin.action(description=_("Cancel"), permissions=["change"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Activity]) -> None:
        """Only those of people."""
        now = timezone.now()

        def cancel(activity: Activity) -> None:
            services.cancel_activity(activity_id=activity.pk, by=request.user, now=now)

        self._for_each(request, queryset, cancel)

    def _for_each(
        self, request: HttpRequest, queryset: QuerySet[Activity], act: Callable[[Activity], Any]
    ) -> None:
        """One by one, each in its own transaction; says how many went well and why the others did not."""
        done = 0
        for activity in queryset:
            try:
                act(activity)
                done += 1
            except BusinessError as refusal:
                self.message_user(request, f"{activity}: {refusal.in_full}", messages.ERROR)
        if done:
            text = ngettext("%(n)d activity is done.", "%(n)d activities are done.", done) % {"n": done}
            self.message_user(request, text, messages.SUCCESS)
