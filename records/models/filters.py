"""Filters of a list that people have given a name; every list of the portal keeps its own here."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.roles import role_ids


class SavedFilterQuerySet(QuerySet[Any]):
    """Saved filters; nothing else filters them."""

    def visible_to(self, user: Any) -> Self:
        """One's own, and those shared with a role of one's own."""
        return self.filter(Q(owner=user) | Q(role__in=role_ids(user)))

    def of_list(self, code: str) -> Self:
        """Those of one list."""
        return self.filter(list_code=code)


class SavedFilter(models.Model):
    """A filter with a name: its owner's alone, or shared with a role; what it finds depends on who looks."""

    list_code = models.CharField(max_length=100)  # which list it belongs to, see `records.kept_lists`
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    # Of a role that is deleted the filter goes back to its owner alone.
    role = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("shared with")
    )
    name = models.CharField(_("name"), max_length=60)
    # The parameters of the list's address: name -> text.
    query = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"))

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        """A name means one filter of its owner in a list."""

        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = (models.UniqueConstraint("owner", "list_code", "name", name="kept_filter_name_once"),)

    def __str__(self) -> str:
        return self.name


class DefaultFilter(models.Model):
    """The filter that a person's list begins with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    list_code = models.CharField(max_length=100)
    filter = models.ForeignKey(SavedFilter, models.CASCADE, related_name="+")

    class Meta:
        """One row per person and list, of those who have chosen one."""

        verbose_name = _("default filter")
        verbose_name_plural = _("default filters")
        constraints = (models.UniqueConstraint("user", "list_code", name="default_filter_once"),)

    def __str__(self) -> str:
        return str(self.filter_id)
