"""News of one person, how that person likes to be told of it, and what goes out by e-mail and calendar."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notifications.querysets import LetterQuerySet, NotificationQuerySet
from processes.models import Process, ProcessEvent, ProcessInstance, ProcessStep
from records.models import Record

WEEK = (0, 1, 2, 3, 4, 5, 6)  # Monday is 0
WORK_WEEK = (0, 1, 2, 3, 4)


def work_week() -> list[int]:
    """Monday to Friday."""
    return list(WORK_WEEK)


def whole_week() -> list[int]:
    """Monday to Sunday."""
    return list(WEEK)


class Notification(models.Model):
    """One entry of a person's notification centre; its words are made at display, from `kind` and `data`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    # The event it follows from: together with the user it makes the handler idempotent. Empty for reminders.
    event = models.ForeignKey(
        ProcessEvent,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("process event"),
        db_index=False,
    )
    instance = models.ForeignKey(
        ProcessInstance,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("process instance"),
        db_index=False,
    )
    step = models.ForeignKey(
        ProcessStep,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("process element"),
        db_index=False,
    )
    data = models.JSONField(_("data"), default=dict)
    url = models.CharField(_("address"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True)
    sort = models.CharField(_("sort of news"), max_length=20, blank=True)
    # Written for an e-mail or a browser alone: its reader does not want it in the centre.
    is_hidden = models.BooleanField(_("hidden from the centre"), default=False)
    # When a browser tells of it; empty: never.
    pop_at = models.DateTimeField(_("shown by the browser"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        """Read per person, newest first."""

        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = (
            models.UniqueConstraint(
                "user", "event", name="notification_once_per_event", condition=Q(event__isnull=False)
            ),
        )
        indexes = (
            models.Index(fields=("user", "-id"), name="notification_by_user"),
            models.Index(fields=("user",), name="notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=("step",), name="notification_step", condition=Q(step__isnull=False)),
            models.Index(
                fields=("step",),
                name="notification_nobodys_step",
                condition=Q(kind="step-unassigned", step__isnull=False),
            ),
            models.Index(
                fields=("user", "pop_at"), name="notification_pop", condition=Q(pop_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.kind


class Preference(models.Model):
    """What a person has chosen about the panel."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    show_future = models.BooleanField(_("show future tasks"), default=False)
    # The filters of the work: what is gone filters no longer.
    process = models.ForeignKey(
        Process,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("process"),
        db_index=False,
    )
    record = models.ForeignKey(
        Record,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("record"),
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

    class Meta:
        """One row per person, made on the first choice."""

        verbose_name = _("panel preference")
        verbose_name_plural = _("panel preferences")

    def __str__(self) -> str:
        return str(self.user_id)


class Mail(models.TextChoices):
    """When an e-mail tells of a sort of news."""

    NEVER = "never", _("No e-mail")
    AT_ONCE = "at_once", _("E-mail at once")
    DAILY = "daily", _("In the daily e-mail")


class NewsChoice(models.Model):
    """The ways of one sort of news; a sort without a row comes by its usual ways (`notifications.sorts`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="news_choices",
        verbose_name=_("user"),
        db_index=False,
    )
    sort = models.CharField(_("sort of news"), max_length=20)
    bell = models.BooleanField(_("notification centre"))
    browser = models.BooleanField(_("browser"))
    mail = models.CharField(_("e-mail"), max_length=8, choices=Mail)

    class Meta:
        """One row per person and sort."""

        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")
        constraints = (
            models.UniqueConstraint("user", "sort", name="newschoice_once"),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="newschoice_mail"),
        )

    def __str__(self) -> str:
        return self.sort


class DeliveryTimes(models.Model):
    """When the daily e-mail comes and when nothing may disturb, by the clocks of the person's time zone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delivery_times", verbose_name=_("user")
    )
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily e-mail"), default=8)
    digest_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("days of the daily e-mail"), default=work_week
    )
    # Both or neither; a period that ends before it begins runs past midnight and belongs to the day it begins on.
    quiet_from = models.TimeField(_("quiet from"), null=True)
    quiet_until = models.TimeField(_("quiet until"), null=True)
    quiet_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("quiet days"), default=whole_week
    )

    class Meta:
        """One row per person, made on the first choice."""

        verbose_name = _("times of notifications")
        verbose_name_plural = _("times of notifications")
        constraints = (
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="deliverytimes_hour"),
            models.CheckConstraint(
                condition=Q(digest_days__contained_by=list(WEEK), quiet_days__contained_by=list(WEEK)),
                name="deliverytimes_days",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until")),
                name="deliverytimes_quiet",
            ),
        )

    def __str__(self) -> str:
        return str(self.user_id)


class Letter(models.Model):
    """An e-mail about one notification, or the daily one; the row makes it go out once, whoever looks for it."""

    class Status(models.TextChoices):
        """How far it has come; only what waits may move, to any of the others."""

        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer needed")
        FAILED = "failed", _("failed")  # given up; an administrator may let it wait again

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"), db_index=False
    )
    notification = models.OneToOneField(
        Notification, models.CASCADE, null=True, related_name="letter", verbose_name=_("notification")
    )
    # Of the daily one: the day by the clocks of the person, and since when it tells what is new.
    day = models.DateField(_("day"), null=True)
    since = models.DateTimeField(_("tells what is new since"), null=True)
    made_at = models.DateTimeField(_("made"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    send_at = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(_("in the hands of a worker until"), null=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        """The worker looks for what waits, people for what has failed."""

        verbose_name = _("e-mail about news")
        verbose_name_plural = _("e-mails about news")
        constraints = (
            models.UniqueConstraint("user", "day", name="letter_once_a_day", condition=Q(day__isnull=False)),
            models.CheckConstraint(
                condition=Q(notification=None, day__isnull=False, since__isnull=False)
                | Q(notification__isnull=False, day=None, since=None),
                name="letter_of_news_or_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", settled_at=None)
                | ~Q(status="waiting") & Q(settled_at__isnull=False),
                name="letter_settled",
            ),
        )
        indexes = (
            models.Index(fields=("send_at",), name="letter_waiting", condition=Q(status="waiting")),
            models.Index(fields=("-settled_at",), name="letter_failed", condition=Q(status="failed")),
            models.Index(fields=("user", "-id"), name="letter_by_user"),
        )

    def __str__(self) -> str:
        return f"{self.get_status_display()}, {self.pk}"


class AnswerLink(models.Model):
    """A link by which one person may answer one step, once; its address is this key with a signature."""

    key = models.CharField(_("key"), max_length=32, unique=True)
    step = models.ForeignKey(
        ProcessStep, models.CASCADE, related_name="+", verbose_name=_("process element"), db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"), db_index=False
    )
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        """One per step and person."""

        verbose_name = _("link to answer from an e-mail")
        verbose_name_plural = _("links to answer from e-mails")
        constraints = (models.UniqueConstraint("step", "user", name="answerlink_once"),)

    def __str__(self) -> str:
        return str(self.step_id)


class CalendarFeed(models.Model):
    """The secret address of a calendar: `key` finds the row, only a hash of the rest is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("user")
    )
    key = models.CharField(_("key"), max_length=16, unique=True)
    digest = models.CharField(_("hash of the secret"), max_length=64)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        """At most one per person."""

        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.user_id)
