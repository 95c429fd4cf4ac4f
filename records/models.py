"""Record types with their typed fields, records, and the history of their fields."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from records.querysets import RecordQuerySet, RecordTypeQuerySet

code_validator = RegexValidator(
    r"^[^\W\d]\w*\Z", _("A code begins with a letter and has only letters, digits and underscores.")
)

# What every record has besides its fields, under these names in forms, conditions and the field history.
RESERVED_CODES = frozenset({"id", "caption", "owner", "external_id", "external_url", "seen"})


class RecordType(models.Model):
    """A section: what kind of business object, which fields, who works with it."""

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=100)
    name_plural = models.CharField(_("section title"), max_length=100)
    icon = models.CharField(_("icon"), max_length=40, default="file-text")
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    in_menu = models.BooleanField(_("shown in the menu"), default=True)
    caption_template = models.CharField(
        _("caption"),
        max_length=200,
        blank=True,
        help_text=_(
            "How a record gets its caption from its fields, as in “{number} of {date}”. Empty: people type it."
        ),
    )
    roles = models.ManyToManyField(
        Group,
        blank=True,
        related_name="+",
        verbose_name=_("roles"),
        help_text=_("Who sees and edits the section."),
    )

    objects = RecordTypeQuerySet.as_manager()

    class Meta:
        """Sections come in the order of the menu."""

        ordering = ("position", "name_plural")
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.name


def check_choices(choices: object) -> None:
    """Refuse anything but a list of [code, label] pairs with codes of their own; raises ValidationError."""
    pairs = choices if isinstance(choices, list) else []
    if not pairs:
        raise ValidationError({"choices": _("A choice needs at least one [code, label] pair.")})
    for pair in pairs:
        texts = isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
        if not texts or not pair[0].strip() or not pair[1].strip():
            raise ValidationError({"choices": _("Each choice is a pair of a code and a label, both filled.")})
    codes = [pair[0] for pair in pairs]
    if len(set(codes)) < len(codes):
        raise ValidationError({"choices": _("Each choice needs a code of its own.")})


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
    multiline = models.BooleanField(_("several lines"), default=False)
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

    def clean(self) -> None:
        """Refuse a reserved code, choices that cannot be read, a lookup to nowhere."""
        if self.code in RESERVED_CODES:
            raise ValidationError(
                {"code": _("“%(code)s” is a name that every record has already; choose another code.")},
                params={"code": self.code},
            )
        if self.kind == self.Kind.CHOICE:
            check_choices(self.choices)
        else:
            self.choices = []
        if self.kind != self.Kind.LOOKUP:
            self.lookup_type = None
        elif self.lookup_type_id is None:
            raise ValidationError({"lookup_type": _("Say in which section the lookup looks.")})


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
