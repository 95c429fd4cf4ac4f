"""Records, and the history of their fields."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from records.models.sections import RecordType
from records.querysets import RecordQuerySet


class Record(models.Model):
    """One business object; `data` holds the values of its section's fields."""

    record_type = models.ForeignKey(
        RecordType, models.PROTECT, related_name="records", verbose_name=_("section"), db_index=False
    )
    caption = models.CharField(_("caption"), max_length=250)
    data = models.JSONField(_("data"), default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
    )
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    external_url = models.URLField(_("external address"), blank=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    updated_at = models.DateTimeField(_("changed"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        """A section's list is read by key: newest first, by caption, or by the latest change."""

        verbose_name = _("record")
        verbose_name_plural = _("records")
        permissions = (("import_record", _("Can import records from files")),)
        constraints = (
            models.UniqueConstraint(
                "record_type",
                "external_id",
                name="record_external_id_once_per_type",
                condition=~models.Q(external_id=""),
            ),
        )
        indexes = (
            models.Index(fields=("record_type", "-id"), name="record_by_type"),
            models.Index(fields=("record_type", "caption", "id"), name="record_by_caption"),
            models.Index(fields=("record_type", "-updated_at", "-id"), name="record_by_change"),
            models.Index(fields=("owner", "-id"), name="record_by_owner"),
            GinIndex(fields=("data",), name="record_by_value", opclasses=("jsonb_path_ops",)),
            GinIndex(OpClass(Upper("caption"), name="gin_trgm_ops"), name="record_caption_search"),
        )

    def __str__(self) -> str:
        return self.caption


class FieldChange(models.Model):
    """One field of one record changed: from what to what, by whom, when."""

    record = models.ForeignKey(
        Record, models.CASCADE, related_name="changes", verbose_name=_("record"), db_index=False
    )
    field = models.CharField(_("field"), max_length=64)
    old = models.JSONField(_("before"), null=True)
    new = models.JSONField(_("after"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    at = models.DateTimeField(_("time"))

    class Meta:
        """Read per record, newest first."""

        verbose_name = _("field change")
        verbose_name_plural = _("field changes")
        indexes = (models.Index(fields=("record", "-id"), name="field_change_by_record"),)

    def __str__(self) -> str:
        return f"{self.field}: {self.old} -> {self.new}"
