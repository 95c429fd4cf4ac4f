"""Users in the administration, with manager and preferences."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.models import User


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
