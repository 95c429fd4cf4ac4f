"""Users and substitutions in the administration."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts import services
from bpm_portal.accounts.models import Substitution, User
from bpm_portal.common.errors import BusinessError


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    """Django's user pages plus who manages whom and how each sees the portal."""

    list_display = ("username", "first_name", "last_name", "email", "manager", "is_active", "is_staff")
    list_select_related = ("manager",)
    autocomplete_fields = ("manager",)
    fieldsets = (
        *UserAdmin.fieldsets,
        (_("Work"), {"fields": ("manager",)}),
        (_("Preferences"), {"fields": ("language", "time_zone", "theme")}),
    )
    add_fieldsets = (
        *UserAdmin.add_fieldsets,
        (None, {"classes": ("wide",), "fields": ("first_name", "last_name", "email", "manager")}),
    )


class SubstitutionAdminForm(forms.ModelForm):
    """Refuses what the service would refuse, at its field."""

    def clean(self) -> dict[str, Any]:
        """As `services.make_substitution`."""
        given: dict[str, Any] = super().clean() or {}
        if {"absent", "substitute", "since"} <= given.keys():
            for name, problem in services.problems_of(**given, now=timezone.now()).items():
                self.add_error(name, problem)
        return given


@admin.register(Substitution)
class SubstitutionAdmin(admin.ModelAdmin):
    """Also for people who have left: made and ended here by the same services as on the page."""

    form = SubstitutionAdminForm
    fields = ("absent", "substitute", "since", "until")
    autocomplete_fields = ("absent", "substitute")
    list_display = ("absent", "substitute", "since", "until", "created_by", "created_at")
    list_select_related = ("absent", "substitute", "created_by")
    search_fields = ("absent__username", "absent__last_name", "substitute__username", "substitute__last_name")
    date_hierarchy = "since"
    ordering = ("-since", "-id")
    actions = ("end_selected",)

    def has_change_permission(self, request: HttpRequest, obj: Substitution | None = None) -> bool:
        """What was once in force stays as it was; it can be ended."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Substitution | None = None) -> bool:
        """It says in whose name something was done."""
        return False

    def save_model(self, request: HttpRequest, obj: Substitution, form: Any, change: bool) -> None:
        """By the service, so that the two hear of it."""
        made = services.make_substitution(
            absent=obj.absent, substitute=obj.substitute, since=obj.since, until=obj.until,
            by=request.user, now=timezone.now(),
        )  # fmt: skip
        obj.pk = made.pk

    @admin.action(description=_("End now"), permissions=["change"])
    def end_selected(self, request: HttpRequest, queryset: QuerySet[Substitution]) -> None:
        """Those that are not over; each is told of."""
        ended = 0
        for substitution in queryset:
            try:
                services.end_substitution(
                    substitution_id=substitution.pk, by=request.user, now=timezone.now()
                )
                ended += 1
            except BusinessError as refusal:
                self.message_user(request, f"{substitution}: {refusal.message}", messages.WARNING)
        self.message_user(request, _("Ended: %(number)d.") % {"number": ended})
