"""Processes and their immutable versions."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from processes.querysets import ProcessQuerySet
from records.models import RecordType


class Process(models.Model):
    """A definition that people start; its diagrams are its versions."""

    key = models.CharField(_("key"), max_length=200, unique=True)  # the id of the BPMN process
    name = models.CharField(_("caption"), max_length=250)
    enabled = models.BooleanField(_("enabled"), default=True)
    record_type = models.ForeignKey(
        RecordType,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="processes",
        verbose_name=_("section"),
    )
    roles = models.ManyToManyField(
        Group,
        blank=True,
        related_name="+",
        verbose_name=_("roles"),
        help_text=_("Who may start it, besides those who may start every process."),
    )
    created_at = models.DateTimeField(_("created"))

    objects = ProcessQuerySet.as_manager()

    class Meta:
        """The library is sorted by caption."""

        ordering = ("name", "id")
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        permissions = (
            ("start_process", _("Can start every process")),
            ("disable_process", _("Can enable and disable processes")),
        )

    def __str__(self) -> str:
        return self.name


class ProcessVersion(models.Model):
    """One immutable BPMN diagram of a process; exactly one is current."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="versions", verbose_name=_("process"))
    number = models.PositiveIntegerField(_("version"))
    is_current = models.BooleanField(_("current"), default=True)
    source = models.BinaryField(_("diagram"))  # the uploaded file, byte for byte
    digest = models.CharField(
        _("digest"), max_length=64
    )  # SHA-256 of the source: the same file deployed again makes no version
    deployed_at = models.DateTimeField(_("deployed"))
    deployed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deployed by"),
    )

    class Meta:
        """Numbers count up within a process."""

        ordering = ("-number",)
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = (
            models.UniqueConstraint("process", "number", name="version_number_once_per_process"),
            models.UniqueConstraint(
                "process", name="version_one_current", condition=models.Q(is_current=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.process_id} v{self.number}"


class ProcessVersionFile(models.Model):
    """A DMN file that was deployed with a version, which decides by it; as immutable as the diagram."""

    version = models.ForeignKey(
        ProcessVersion, models.CASCADE, related_name="files", verbose_name=_("version"), db_index=False
    )
    name = models.CharField(_("file"), max_length=200)
    source = models.BinaryField(_("decisions"))  # the uploaded file, byte for byte

    class Meta:
        """Found by their version."""

        ordering = ("name",)
        verbose_name = _("file of decisions")
        verbose_name_plural = _("files of decisions")
        constraints = (models.UniqueConstraint("version", "name", name="version_file_once"),)

    def __str__(self) -> str:
        return self.name
