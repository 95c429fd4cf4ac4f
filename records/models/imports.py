"""Files that people bring in as records: what they are mapped to, how far they are, what became of each row."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from records.models.sections import RecordType


class RecordImportQuerySet(QuerySet[Any]):
    """Imports; nothing else filters them."""

    def visible_to(self, user: Any) -> Self:
        """One's own; all for superusers."""
        return self if user.is_superuser else self.filter(by=user)

    def waiting(self, now: Any) -> Self:
        """Those with work left that no worker holds."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(free, status__in=("checking", "importing"))


class RecordImport(models.Model):
    """One file of one person for one section."""

    class Status(models.TextChoices):
        """Where it stands."""

        NEW = "new", _("To be mapped")  # -> checking
        CHECKING = "checking", _("Being checked")  # -> checked, failed
        CHECKED = "checked", _("Checked")  # -> checking (other columns), importing
        IMPORTING = "importing", _("Being imported")  # -> done, failed
        DONE = "done", _("Imported")  # final; the file is forgotten, the report stays
        FAILED = "failed", _("Failed")  # -> checking; nothing or not everything was imported, see `error`

    class OnProblem(models.TextChoices):
        """What becomes of the good rows where others are bad."""

        NOTHING = "nothing", _("Import nothing until all rows are right")
        SKIP = "skip", _("Leave out the rows with problems, import the others")

    class Decimals(models.TextChoices):
        """How the file writes numbers."""

        POINT = "point", "1,234.5"
        COMMA = "comma", "1 234,5"

    record_type = models.ForeignKey(RecordType, models.CASCADE, related_name="+", verbose_name=_("section"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(_("created"))
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(default=b"")
    encoding = models.CharField(max_length=16)
    delimiter = models.CharField(max_length=1)
    columns = models.JSONField(default=list)  # per column of the file what it fills, "" for nothing
    key = models.CharField(max_length=80, blank=True)  # what finds the record to change; "": all rows are new
    on_problem = models.CharField(max_length=8, choices=OnProblem, default=OnProblem.NOTHING)
    decimals = models.CharField(max_length=8, choices=Decimals, default=Decimals.POINT)
    status = models.CharField(max_length=16, choices=Status, default=Status.NEW)
    claimed_until = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)  # rows of the file, without its head
    done = models.PositiveIntegerField(default=0)  # rows that are dealt with in this status
    # Per row [line, outcome, record id or null], outcome: added, changed, unchanged, refused.
    results = models.JSONField(default=list)
    problems = models.JSONField(default=list)  # [line, column, sentence]
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RecordImportQuerySet.as_manager()

    class Meta:
        """Listed per person and section, newest first; the worker looks for what is left to do."""

        verbose_name = _("import of records")
        verbose_name_plural = _("imports of records")
        indexes = (
            models.Index(fields=("by", "record_type", "-id"), name="import_by_person"),
            models.Index(
                fields=("id",), name="import_waiting", condition=Q(status__in=("checking", "importing"))
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_running(self) -> bool:
        """A worker is at it, or will be."""
        return self.status in (self.Status.CHECKING, self.Status.IMPORTING)
