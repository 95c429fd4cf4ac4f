"""Record types with their typed fields, records, and the history of their fields."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

code_validator = RegexValidator(
    r"^[^\W\d]\w*\Z", _("A code begins with a letter and has only letters, digits and underscores.")
)


class RecordType(models.Model):
    """A section: what kind of business object, which fields, who works with it."""

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=100)
    name_plural = models.CharField(_("section title"), max_length=100)
    icon = models.CharField(_("icon"), max_length=40, default="file-text")
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    in_menu = models.BooleanField(_("shown in the menu"), default=True)
    roles = models.ManyToManyField(
        Group,
        blank=True,
        related_name="+",
        verbose_name=_("roles"),
        help_text=_("Who sees and edits the section."),
    )

    class Meta:
        """Sections come in the order of the menu."""

        ordering = ("position", "name_plural")
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.name


class RecordField(models.Model):
    """One typed field of a section; its value stands in `Record.data` under `code`."""

    class Kind(models.TextChoices):
        """How a value is entered, checked and stored."""

        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")  # a decimal, stored as text so that no digit is lost
        DATE = "date", _("Date")  # ISO 8601
        BOOLEAN = "boolean", _("Yes or no")
        CHOICE = "choice", _("Choice")
        LOOKUP = "lookup", _("Lookup")  # {"id": 7, "caption": "Alpha Ltd"}

    record_type = models.ForeignKey(
        RecordType, models.CASCADE, related_name="fields", verbose_name=_("section")
    )
    code = models.CharField(_("code"), max_length=64, validators=[code_validator])
    label = models.CharField(_("label"), max_length=100)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.TEXT)
    required = models.BooleanField(_("required"), default=False)
    in_list = models.BooleanField(_("list column"), default=False)
    choices = models.JSONField(
        _("choices"), default=list, blank=True, help_text=_("For a choice: a list of [code, label] pairs.")
    )
    lookup_type = models.ForeignKey(
        RecordType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lookup to")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        """Fields come in the order of the form."""

        ordering = ("position", "id")
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        constraints = (
            models.UniqueConstraint("record_type", "code", name="record_field_code_once_per_type"),
            models.CheckConstraint(
                name="record_field_lookup_has_a_type",
                condition=models.Q(kind="lookup", lookup_type__isnull=False)
                | (~models.Q(kind="lookup") & models.Q(lookup_type__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return self.label


class Record(models.Model):
    """One business object; `data` holds the values of its section's fields."""

    record_type = models.ForeignKey(
        RecordType, models.PROTECT, related_name="records", verbose_name=_("section")
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

    class Meta:
        """A section's list is read newest first by key."""

        verbose_name = _("record")
        verbose_name_plural = _("records")
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
            GinIndex(OpClass(Upper("caption"), name="gin_trgm_ops"), name="record_caption_search"),
        )

    def __str__(self) -> str:
        return self.caption


class FieldChange(models.Model):
    """One field of one record changed: from what to what, by whom, when."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=64)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Read per record, newest first."""

        verbose_name = _("field change")
        verbose_name_plural = _("field changes")
        indexes = (models.Index(fields=("record", "-id"), name="field_change_by_record"),)

    def __str__(self) -> str:
        return f"{self.field}: {self.old} -> {self.new}"
