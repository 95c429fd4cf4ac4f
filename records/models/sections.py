"""Sections and their typed fields, in the words of each language."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from records.querysets import RecordTypeQuerySet

code_validator = RegexValidator(
    r"^[^\W\d]\w*\Z", _("A code begins with a letter and has only letters, digits and underscores.")
)

# What every record has besides its fields, under these names in forms, conditions and the field history.
RESERVED_CODES = frozenset({"id", "caption", "owner", "external_id", "external_url", "seen"})


def speaks_russian() -> bool:
    """The reader's language is Russian."""
    return (get_language() or "").startswith("ru")


def in_words(name: str) -> property:
    """The text in the reader's language, from the columns `<name>_en` and `<name>_ru`; assigned, it is English."""

    def read(row: Any) -> str:
        russian = str(getattr(row, f"{name}_ru")) if speaks_russian() else ""
        return russian or str(getattr(row, f"{name}_en"))

    def write(row: Any, text: str) -> None:
        setattr(row, f"{name}_en", text)

    return property(read, write)


class RecordType(models.Model):
    """A section: what kind of business object, which fields, who works with it."""

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[code_validator])
    name_en = models.CharField(_("name"), max_length=100, help_text=_("Of one record, as in “Contract”."))
    name_ru = models.CharField(_("name in Russian"), max_length=100, blank=True)
    name_plural_en = models.CharField(_("section title"), max_length=100)
    name_plural_ru = models.CharField(_("section title in Russian"), max_length=100, blank=True)
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
    # What a field was that has been removed while records hold values in it; services.fields brings it back.
    removed_fields = models.JSONField(_("removed fields"), default=list, editable=False)

    objects = RecordTypeQuerySet.as_manager()

    name = in_words("name")
    name_plural = in_words("name_plural")

    class Meta:
        """Sections come in the order of the menu."""

        ordering = ("position", "name_plural_en")
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return str(self.name)


def check_choices(choices: object) -> None:
    """Refuse anything but a list of [code, label] or [code, label, label in Russian] with codes of their own.

    Raises ValidationError.
    """
    rows = choices if isinstance(choices, list) else []
    if not rows:
        raise ValidationError({"choice_rows": _("A choice needs at least one code with its label.")})
    for row in rows:
        texts = isinstance(row, list) and len(row) in {2, 3} and all(isinstance(text, str) for text in row)
        if not texts or not row[0].strip() or not row[1].strip():
            raise ValidationError(
                {"choice_rows": _("Each choice is a pair of a code and a label, both filled.")}
            )
    codes = [row[0] for row in rows]
    if len(set(codes)) < len(codes):
        raise ValidationError({"choice_rows": _("Each choice needs a code of its own.")})


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
    label_en = models.CharField(_("label"), max_length=100)
    label_ru = models.CharField(_("label in Russian"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.TEXT)
    required = models.BooleanField(_("required"), default=False)
    multiline = models.BooleanField(_("several lines"), default=False)
    in_list = models.BooleanField(_("list column"), default=False)
    # [code, label] or [code, label, label in Russian] each; read as `choices`.
    choice_rows = models.JSONField(_("choices"), default=list, blank=True)
    lookup_type = models.ForeignKey(
        RecordType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lookup to")
    )
    default = models.JSONField(
        _("default"), null=True, blank=True
    )  # a stored value that new records begin with
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    label = in_words("label")

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
        return str(self.label)

    @property
    def choices(self) -> list[list[str]]:
        """[code, label] in the reader's language."""
        at = 2 if speaks_russian() else 1
        return [[row[0], (row[at] if len(row) > at else "") or row[1]] for row in self.choice_rows]

    @choices.setter
    def choices(self, rows: list[list[str]]) -> None:
        self.choice_rows = rows

    def clean(self) -> None:
        """Refuse a reserved code, choices that cannot be read, a lookup to nowhere."""
        if self.code in RESERVED_CODES:
            raise ValidationError(
                {"code": _("“%(code)s” is a name that every record has already; choose another code.")},
                params={"code": self.code},
            )
        if self.kind == self.Kind.CHOICE:
            check_choices(self.choice_rows)
        else:
            self.choice_rows = []
        if self.kind != self.Kind.LOOKUP:
            self.lookup_type = None
        elif self.lookup_type_id is None:
            raise ValidationError({"lookup_type": _("Say in which section the lookup looks.")})
