"""The heart: one row per activation of an element; a pending row is the token."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.indexes import BTreeIndex
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Activity
from bpm_portal.accounts.substitution import in_the_name_of
from processes.engine.behaviours.ad_hoc import BEGUN, ENDS
from processes.models.instances import ProcessInstance
from processes.querysets import StepQuerySet
from records.models import Record

PENDING = Q(status="pending")
LIVE = Q(status__in=("pending", "failed"))


class ProcessStep(models.Model):
    """One activation of one element in one instance.

    A human step waits on exactly one subject: an activity or a record (kept by a CHECK on `waits_on`,
    so that a new kind of step needs no migration).
    """

    class Status(models.TextChoices):
        """Where the step stands."""

        PENDING = "pending", _("Pending")  # the token waits here -> completed, cancelled, failed, skipped
        COMPLETED = "completed", pgettext_lazy("step", "Completed")  # final
        CANCELLED = "cancelled", _("Cancelled")  # final
        FAILED = (
            "failed",
            _("Failed"),
        )  # an open incident; retry -> pending, skip -> skipped, cancel -> cancelled
        SKIPPED = "skipped", _("Skipped")  # final: an administrator led the token past it

    class WaitsOn(models.TextChoices):
        """What a pending step waits for."""

        NOTHING = "", _("nothing")
        ACTIVITY = "activity", _("an activity")
        RECORD = "record", _("a record")
        WORKER = "worker", _("the worker")
        TIMER = "timer", _("a date")
        MESSAGE = "message", _("a message")
        SIGNAL = "signal", _("a signal")
        CONDITION = "condition", _("a condition")
        EVENTS = "events", _("one of several events")
        TOKENS = "tokens", _("other branches")
        CHILDREN = "children", _("its own steps")

    LIVE = (Status.PENDING, Status.FAILED)
    HUMAN = (WaitsOn.ACTIVITY, WaitsOn.RECORD)

    instance = models.ForeignKey(
        ProcessInstance,
        models.CASCADE,
        related_name="steps",
        verbose_name=_("process instance"),
        db_index=False,
    )
    element_id = models.CharField(_("element"), max_length=200)
    element_type = models.CharField(_("element type"), max_length=60)
    name = models.CharField(_("name"), max_length=250, blank=True)
    flow_id = models.CharField(
        _("sequence flow"), max_length=200, blank=True
    )  # the sequence flow it arrived by
    scope = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="inner",
        verbose_name=_("inside of"),
        db_index=False,
    )  # the sub-process it lives in
    host = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="boundaries",
        verbose_name=_("attached to"),
        db_index=False,
    )  # the activity a boundary event watches
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    waits_on = models.CharField(
        _("waits on"), max_length=16, choices=WaitsOn, blank=True, default=WaitsOn.NOTHING
    )
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.PENDING)
    # The service, message or signal it waits for; on a human step: its answer is being carried out by a worker.
    topic = models.CharField(_("topic"), max_length=200, blank=True)

    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("activity"),
        db_index=False,
    )
    record = models.ForeignKey(
        Record,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("record"),
        db_index=False,
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("performer"),
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
    # Copies of captions, so that a feed needs no join; and of the root, so that the next step is found in its tree.
    instance_caption = models.CharField(_("caption of the process"), max_length=250, blank=True)
    record_caption = models.CharField(_("caption of the record"), max_length=250, blank=True)
    root_id = models.BigIntegerField(_("root instance"), null=True, blank=True, editable=False)

    is_background = models.BooleanField(_("background"), default=False)  # its page does not open by itself
    opened_at = models.DateTimeField(_("opened"))
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)  # human steps: not asked for before
    due_at = models.DateTimeField(_("due"), null=True, blank=True)  # human: deadline; timer: when it fires
    # When its performer is reminded; of a step with an activity that one knows.
    remind_at = models.DateTimeField(_("reminder"), null=True, blank=True)
    # When somebody took it or began to type: waiting ends, work begins. Set past the turns, which leave it alone.
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
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
    result = models.JSONField(_("result"), null=True, blank=True)
    # What the performer added to the result; of a step with an activity it stands there.
    details = models.TextField(_("result details"), blank=True, default="", db_default="")
    variables = models.JSONField(_("variables"), default=dict, blank=True)  # of a scope
    # The collection whose items are done one after the other: written once, and each read by its number.
    items = models.JSONField(_("collection"), null=True, blank=True, editable=False)
    settings = models.JSONField(
        _("settings"), default=dict, blank=True
    )  # the element's portal attributes, evaluated at opening
    draft = models.JSONField(
        _("draft"), null=True, blank=True
    )  # what people have typed and not yet sent: see `drafts`
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(
        _("claimed until"), null=True, blank=True
    )  # the worker's lease on a service step

    objects = StepQuerySet.as_manager()

    class Meta:
        """Every list of pending work has a partial index of its own; history never slows the living."""

        verbose_name = _("process element")
        verbose_name_plural = _("process elements")
        constraints = (
            models.CheckConstraint(
                name="step_activity_exactly_when_it_waits_on_one",
                condition=Q(waits_on="activity", activity__isnull=False)
                | (~Q(waits_on="activity") & Q(activity__isnull=True)),
            ),
            models.CheckConstraint(
                name="step_record_exactly_when_it_waits_on_one",
                condition=Q(waits_on="record", record__isnull=False)
                | (~Q(waits_on="record") & Q(record__isnull=True)),
            ),
            # The feed reads by start: a step without one would be in nobody's.
            models.CheckConstraint(
                name="step_human_has_a_start",
                condition=~Q(waits_on__in=("activity", "record")) | Q(starts_at__isnull=False),
            ),
            models.CheckConstraint(
                name="step_closed_exactly_when_not_pending",
                condition=Q(status="pending", closed_at__isnull=True)
                | (~Q(status="pending") & Q(closed_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(fields=("instance", "id"), name="step_by_instance"),
            # Without deduplication: of the many instances of an activity, whose keys are the same, each dead entry is
            # passed over as soon as somebody has found it dead; entries that share a list stay until all of it is.
            BTreeIndex(
                fields=("instance", "scope", "element_id"),
                name="step_live",
                condition=LIVE,
                deduplicate_items=False,
            ),
            models.Index(fields=("instance",), name="step_failed", condition=Q(status="failed")),
            # Read by every turn, whose statements repeat these conditions word for word (see `processes.loading`).
            models.Index(
                fields=("instance", "scope", "element_id", "id"),
                name="step_token",
                condition=LIVE & Q(waits_on="tokens"),
            ),
            models.Index(
                fields=("instance", "scope", "element_type"),
                name="step_attentive",
                condition=LIVE
                & (
                    Q(waits_on__in=("condition", "signal"))
                    | Q(element_type__in=("adHocSubProcess", "subscription"))
                ),
            ),
            models.Index(fields=("host",), name="step_attached", condition=LIVE & Q(host__isnull=False)),
            # What can be undone, in the order of completion; and what undoes something.
            models.Index(
                "instance",
                "scope",
                Cast(KeyTextTransform("completedAs", "settings"), models.IntegerField()),
                name="step_undoable",
                condition=Q(settings__has_key="completedAs"),
            ),
            models.Index(
                fields=("host",),
                name="step_undoing",
                condition=Q(host__isnull=False) & ~Q(element_type="boundaryEvent"),
            ),
            models.Index(
                fields=("scope",),
                name="step_done_inside",
                condition=Q(status__in=("completed", "skipped"), scope__isnull=False),
            ),
            models.Index(
                fields=("assignee", "starts_at", "instance", "element_id", "due_at", "id"),
                name="step_pending_assignee",
                condition=PENDING & Q(waits_on__in=("activity", "record"), assignee__isnull=False),
            ),
            models.Index(
                fields=("role", "starts_at", "instance", "element_id", "due_at", "id"),
                name="step_pending_role",
                condition=PENDING & Q(waits_on__in=("activity", "record"), assignee__isnull=True),
            ),
            # What a person is led to next: the earliest of the tree whose page opens by itself.
            models.Index(
                fields=("assignee", "root_id", "starts_at", "id"),
                name="step_next_of_assignee",
                condition=PENDING
                & Q(waits_on__in=("activity", "record"), assignee__isnull=False, is_background=False),
            ),
            models.Index(
                fields=("role", "root_id", "starts_at", "id"),
                name="step_next_of_role",
                condition=PENDING
                & Q(waits_on__in=("activity", "record"), assignee__isnull=True, is_background=False),
            ),
            # The same by deadline, for what is overdue.
            models.Index(
                fields=("assignee", "due_at", "instance", "element_id", "starts_at", "id"),
                name="step_overdue_assignee",
                condition=PENDING & Q(waits_on__in=("activity", "record"), due_at__isnull=False),
            ),
            models.Index(
                fields=("role", "due_at", "instance", "element_id", "starts_at", "id"),
                name="step_overdue_role",
                condition=PENDING
                & Q(waits_on__in=("activity", "record"), assignee__isnull=True, due_at__isnull=False),
            ),
            # Whose instances somebody may see: those that he, or a role of his, has or had a step of.
            models.Index(
                fields=("assignee", "instance"),
                name="step_by_assignee",
                condition=Q(waits_on__in=("activity", "record"), assignee__isnull=False),
            ),
            models.Index(
                fields=("role", "instance"),
                name="step_by_role",
                condition=Q(waits_on__in=("activity", "record")),
            ),
            models.Index(fields=("record", "id"), name="step_by_record", condition=Q(record__isnull=False)),
            models.Index(
                fields=("activity", "id"), name="step_by_activity", condition=Q(activity__isnull=False)
            ),
            models.Index(
                fields=("remind_at",), name="step_reminder", condition=PENDING & Q(remind_at__isnull=False)
            ),
            models.Index(
                fields=("due_at", "id"), name="step_due_timer", condition=PENDING & Q(waits_on="timer")
            ),
            models.Index(
                fields=("claimed_until", "id"),
                name="step_queued",
                condition=PENDING & Q(waits_on__in=("worker", "activity", "record")) & ~Q(topic=""),
            ),
            models.Index(
                fields=("waits_on", "topic"),
                name="step_subscription",
                condition=PENDING & Q(waits_on__in=("message", "signal")),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.element_id

    @property
    def is_pending(self) -> bool:
        """Somebody or something is still waited for."""
        return self.status == self.Status.PENDING

    @property
    def is_human(self) -> bool:
        """It waits for a person."""
        return self.waits_on in self.HUMAN

    @property
    def is_in_work(self) -> bool:
        """A person has answered it and a worker carries the answer out; it is not done yet."""
        return self.is_pending and self.is_human and self.topic != ""

    @property
    def takes_elements(self) -> bool:
        """An open ad-hoc sub-process in which somebody may begin another element."""
        return self.is_pending and BEGUN in self.settings and ENDS not in self.settings

    @property
    def is_stuck(self) -> bool:
        """A person has answered it and a worker could not carry the answer out."""
        return self.status == self.Status.FAILED and self.is_human and self.topic != ""

    @property
    def closer(self) -> str:
        """Who has closed it, and in whose name (select both with the step)."""
        return in_the_name_of(self.closed_by, self.closed_for)

    @property
    def said(self) -> str:
        """What its performer added to the result (select the activity with the step)."""
        return self.activity.result_details if self.activity is not None else self.details

    @property
    def linked_record(self) -> Record | None:
        """The record that it is about: its subject, or that of its activity (select both with the step)."""
        return self.activity.record if self.activity is not None else self.record
