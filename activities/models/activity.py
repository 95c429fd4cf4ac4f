"""Activities and the records they are connected to."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.own_words import in_words
from activities.querysets import ActivityQuerySet
from records.models import Record

OPEN = Q(status__in=("not_started", "in_progress"))


class Activity(models.Model):
    """A thing in somebody's day: owned by a user, or by a role until one of its members takes it."""

    class Status(models.TextChoices):
        """Where the activity stands; completed and cancelled are final."""

        NOT_STARTED = "not_started", _("Not started")  # -> in progress, completed, cancelled
        IN_PROGRESS = "in_progress", _("In progress")  # -> completed, cancelled
        COMPLETED = "completed", pgettext_lazy("activity", "Completed")  # final; carries the result
        CANCELLED = "cancelled", pgettext_lazy("activity", "Cancelled")  # final

    class Category(models.TextChoices):
        """What kind of thing it is."""

        TASK = "task", _("Task")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        EMAIL = "email", _("E-mail")

    class Priority(models.IntegerChoices):
        """How urgent it is, most urgent first."""

        HIGH = 1, _("High")
        MEDIUM = 2, _("Medium")
        LOW = 3, _("Low")

    FINAL = (Status.COMPLETED, Status.CANCELLED)

    title = models.CharField(_("title"), max_length=250)
    details = models.TextField(_("details"), blank=True)
    category = models.CharField(_("category"), max_length=16, choices=Category, default=Category.TASK)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.NOT_STARTED)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.MEDIUM)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
    )
    role = models.ForeignKey(
        Group,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("role"),
        db_index=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
        db_index=False,
    )
    starts_at = models.DateTimeField(_("start"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    remind_owner_at = models.DateTimeField(_("remind owner"), null=True, blank=True)
    remind_author_at = models.DateTimeField(_("remind author"), null=True, blank=True)
    in_calendar = models.BooleanField(_("show in calendar"), default=True)
    result = models.CharField(_("result"), max_length=100, blank=True)
    result_details = models.TextField(_("result details"), blank=True)
    # The results that may be given, as [{"code", "label", "outcome": success|neutral|failure}]; empty: free.
    allowed_results = models.JSONField(_("allowed results"), default=list, blank=True)
    record = models.ForeignKey(
        Record,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("connected to"),
        db_index=False,
    )
    # Copies of captions, so that a list of activities needs no join.
    record_caption = models.CharField(_("caption of the record"), max_length=250, blank=True)
    process_caption = models.CharField(_("process"), max_length=250, blank=True)
    # Who completes it: "" people alone, else the name of a manager registered in `activities.lifecycle`.
    managed_by = models.CharField(_("managed by"), max_length=32, blank=True)
    created_at = models.DateTimeField(_("created"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Who gave it its final status; empty where a process closed it by itself.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
        db_index=False,
    )
    # In whose name: of a person who was away.
    closed_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
        db_index=False,
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        """Lists are read per owner or role; what is open has indexes of its own."""

        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = (
            models.CheckConstraint(
                name="activity_due_not_before_start",
                condition=Q(due_at__isnull=True) | Q(due_at__gte=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="activity_closed_exactly_when_final",
                condition=Q(status__in=("completed", "cancelled"), closed_at__isnull=False)
                | (~Q(status__in=("completed", "cancelled")) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="activity_result_only_when_final",
                condition=Q(status__in=("completed", "cancelled")) | Q(result="", result_details=""),
            ),
        )
        indexes = (
            models.Index(fields=("owner", "-id"), name="activity_by_owner"),
            models.Index(fields=("role", "-id"), name="activity_by_role"),
            models.Index(fields=("author", "-id"), name="activity_by_author"),
            models.Index(fields=("owner", "due_at", "id"), name="activity_due_by_owner", condition=OPEN),
            models.Index(
                fields=("role", "due_at", "id"),
                name="activity_due_by_role",
                condition=OPEN & Q(owner__isnull=True),
            ),
            models.Index(fields=("owner", "starts_at", "id"), name="activity_open_by_owner", condition=OPEN),
            models.Index(
                fields=("role", "starts_at", "id"),
                name="activity_open_by_role",
                condition=OPEN & Q(owner__isnull=True),
            ),
            models.Index(
                fields=("remind_owner_at",),
                name="activity_remind_owner",
                condition=OPEN & Q(remind_owner_at__isnull=False),
            ),
            models.Index(
                fields=("remind_author_at",),
                name="activity_remind_author",
                condition=OPEN & Q(remind_author_at__isnull=False),
            ),
            models.Index(
                fields=("record", "-id"), name="activity_by_record", condition=Q(record__isnull=False)
            ),
            models.Index(fields=("due_at", "id"), name="activity_due", condition=OPEN),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="activity_title_search"),
            GinIndex(OpClass(Upper("process_caption"), name="gin_trgm_ops"), name="activity_process_search"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_final(self) -> bool:
        """Nothing of it changes any more."""
        return self.status in self.FINAL

    @property
    def is_managed(self) -> bool:
        """Something above, as a process, completes it."""
        return bool(self.managed_by)

    @property
    def result_label(self) -> str:
        """The result in the words it was offered in."""
        labels = {offer["code"]: offer.get("label", "") for offer in self.allowed_results}
        return in_words(labels.get(self.result) or self.result)

    def is_overdue(self, now: datetime) -> bool:
        """It is open and its due date has passed."""
        return not self.is_final and self.due_at is not None and self.due_at < now


class ActivityConnection(models.Model):
    """A further record that an activity is connected to (the main one stands on the activity)."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="connections", verbose_name=_("activity")
    )
    record = models.ForeignKey(
        Record, models.CASCADE, related_name="activity_connections", verbose_name=_("record"), db_index=False
    )

    class Meta:
        """Each pair once; read from the record's side."""

        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = (models.UniqueConstraint("record", "activity", name="activity_connection_once"),)

    def __str__(self) -> str:
        return f"{self.activity_id} - {self.record_id}"
