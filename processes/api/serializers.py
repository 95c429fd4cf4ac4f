"""Processes, instances and steps as programs see them: people by user name, roles and processes by their names."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from processes import kinds
from processes.engine.feel import FeelError, decode, plain
from processes.models import Process, ProcessInstance, ProcessStep
from processes.services.guards import sees_inside
from processes.services.journal import Entry
from processes.services.waiting import Waiting


def as_plain(stored: Any) -> Any:
    """A stored FEEL value as plain JSON: ISO texts, numbers, lists, objects; unreadable leftovers as they are."""
    try:
        return plain(decode(stored))
    except FeelError:
        return stored


class PlainField(serializers.Field[Any, Any, Any, Any]):
    """A stored FEEL value as plain JSON: ISO texts, numbers, lists, objects."""

    def to_representation(self, value: Any) -> Any:
        """See `as_plain`."""
        return as_plain(value)


@extend_schema_field({})
class PlainValueField(PlainField):
    """Any value."""


class PerformerSerializer(serializers.Serializer[ProcessStep]):
    """Who must do a step; both empty: nobody yet."""

    assignee = serializers.CharField(source="assignee.username", default=None, allow_null=True)
    role = serializers.CharField(source="role.name", default=None, allow_null=True)


class ProcessSerializer(serializers.Serializer[Process]):
    """A process of the library."""

    key = serializers.CharField()
    name = serializers.CharField()
    enabled = serializers.BooleanField()
    section = serializers.CharField(source="record_type.code", default=None, allow_null=True)
    version = serializers.IntegerField(source="current_version", allow_null=True)
    running = serializers.IntegerField(source="live_count", help_text="Instances that run now.")
    roles = serializers.SerializerMethodField(help_text="Names of the roles that may start it.")
    url = serializers.SerializerMethodField(help_text="Address of its page.")

    def get_roles(self, process: Process) -> list[str]:
        """By name."""
        return sorted(role.name for role in process.roles.all())

    def get_url(self, process: Process) -> str:
        """Relative, as pages are where the API is."""
        return reverse("processes:process", args=[process.key])


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem of a diagram."""

    severity = serializers.CharField()
    code = serializers.CharField()
    element = serializers.CharField()
    line = serializers.IntegerField()
    message = serializers.CharField()


class DeployedSerializer(serializers.Serializer[Any]):
    """A version that is current from now on; `warnings` are those of its file."""

    key = serializers.CharField(source="process.key")
    version = serializers.IntegerField(source="number")
    name = serializers.CharField(source="process.name")
    warnings = ProblemSerializer(many=True, source="problems")


class WaitingSerializer(serializers.Serializer[Waiting]):
    """One thing that an instance waits for."""

    sentence = serializers.CharField(source="text", help_text="Who must act, on what, and since when.")
    step = serializers.IntegerField(source="step.pk", default=None, allow_null=True)
    element_id = serializers.CharField(source="step.element_id", default=None, allow_null=True)
    waits_on = serializers.CharField(source="step.waits_on", default="worker")
    status = serializers.CharField(source="step.status", default="pending")
    performer = PerformerSerializer(source="step", allow_null=True)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="The deadline, or when a timer fires.")
    children = serializers.SerializerMethodField(help_text="Ids of called instances.")

    def get_children(self, waiting: Waiting) -> list[int]:
        """Of a call activity."""
        return [child.pk for child in waiting.children]


class InstanceSerializer(serializers.Serializer[ProcessInstance]):
    """One run of a process. The context has `waiting`, what each of the instances waits for, by id; and the `user`."""

    id = serializers.IntegerField()
    process = serializers.CharField(source="process.key")
    process_name = serializers.CharField(source="process.name")
    version = serializers.IntegerField(source="version.number")
    caption = serializers.CharField()
    status = serializers.CharField(help_text="running, completed, cancelled or failed")
    record = serializers.IntegerField(source="record_id", allow_null=True)
    record_caption = serializers.CharField()
    starter = serializers.CharField(source="starter.username", default=None, allow_null=True)
    parent = serializers.IntegerField(
        source="parent_step.instance_id",
        default=None,
        allow_null=True,
        help_text="The instance that called it.",
    )
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    duration = serializers.SerializerMethodField(help_text="Seconds from start to end; null until completed.")
    cancelled_by = serializers.CharField(source="cancelled_by.username", default=None, allow_null=True)
    cancel_reason = serializers.CharField()
    variables = serializers.SerializerMethodField(
        help_text="For its starter and process administrators; null for others."
    )
    waiting_for = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="Address of its page.")

    @extend_schema_field({"type": "object", "additionalProperties": {}, "nullable": True})
    def get_variables(self, instance: ProcessInstance) -> Any:
        """As plain JSON."""
        return as_plain(instance.variables) if sees_inside(instance, self.context["user"]) else None

    def get_duration(self, instance: ProcessInstance) -> float | None:
        """In seconds."""
        return instance.duration.total_seconds() if instance.duration is not None else None

    @extend_schema_field(WaitingSerializer(many=True))
    def get_waiting_for(self, instance: ProcessInstance) -> Any:
        """Looked up by the view for the whole page at once."""
        waiting: Sequence[Waiting] = self.context.get("waiting", {}).get(instance.pk, ())
        return WaitingSerializer(waiting, many=True).data

    def get_url(self, instance: ProcessInstance) -> str:
        """Relative, as pages are where the API is."""
        return reverse("processes:instance", args=[instance.pk])


def answer_schemas(steps: Sequence[ProcessStep]) -> dict[int, dict[str, Any] | None]:
    """What completes each of these steps, by id; what the kinds look up for it is read once for all."""
    by_kind: dict[str, list[ProcessStep]] = {}
    for step in steps:
        if step.is_human and step.is_pending and step.kind in kinds.all_kinds():
            by_kind.setdefault(step.kind, []).append(step)
    found: dict[int, dict[str, Any] | None] = {}
    for code, of_kind in by_kind.items():
        schemas = kinds.get(code).schemas([step.settings for step in of_kind])
        found |= {step.pk: schema for step, schema in zip(of_kind, schemas, strict=True)}
    return found


class StepListSerializer(serializers.ListSerializer[ProcessStep]):
    """A page of steps."""

    def to_representation(self, data: Any) -> Any:
        """All answers are described at once."""
        steps = list(data)
        self.child.context["answer_schemas"] = answer_schemas(steps)
        return super().to_representation(steps)


class StepSerializer(serializers.Serializer[ProcessStep]):
    """One activation of one element."""

    class Meta:
        """Those of a page know of each other."""

        list_serializer_class = StepListSerializer

    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="Kind of a human step; empty for others.")
    element_id = serializers.CharField()
    element_type = serializers.CharField()
    name = serializers.CharField()
    status = serializers.CharField(help_text="pending, completed, cancelled, failed or skipped")
    waits_on = serializers.CharField()
    performer = PerformerSerializer(source="*")
    instance = serializers.IntegerField(source="instance_id")
    instance_caption = serializers.CharField()
    activity = serializers.IntegerField(source="activity_id", allow_null=True)
    record = serializers.SerializerMethodField(help_text="Its subject, or that of its activity.")
    record_caption = serializers.CharField()
    opened_at = serializers.DateTimeField()
    starts_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_by = serializers.CharField(source="closed_by.username", default=None, allow_null=True)
    closed_for = serializers.CharField(
        source="closed_for.username", default=None, allow_null=True, help_text="In whose name it was closed."
    )
    result = PlainValueField(read_only=True)
    error = serializers.CharField()
    attempts = serializers.IntegerField()
    page_url = serializers.SerializerMethodField(help_text="Address of the page; null where it has none.")
    answer_schema = serializers.SerializerMethodField(help_text="What completes it; null when nothing does.")

    def get_record(self, step: ProcessStep) -> int | None:
        """The id of the record that it is about."""
        return step.record_id or (step.activity.record_id if step.activity else None)

    def get_page_url(self, step: ProcessStep) -> str | None:
        """Only people have pages."""
        return reverse("processes:step", args=[step.pk]) if step.is_human else None

    @extend_schema_field({"type": "object", "nullable": True})
    def get_answer_schema(self, step: ProcessStep) -> dict[str, Any] | None:
        """JSON schema of `{result, variables}`."""
        known = self.context.get("answer_schemas")
        return (answer_schemas([step]) if known is None else known).get(step.pk)


class EventSerializer(serializers.Serializer[Entry]):
    """A line of the journal."""

    id = serializers.IntegerField(source="event.pk")
    kind = serializers.CharField(source="event.kind")
    at = serializers.DateTimeField(source="event.at")
    by = serializers.CharField(source="event.by.username", default=None, allow_null=True)
    on_behalf_of = serializers.CharField(
        source="event.on_behalf_of.username", default=None, allow_null=True, help_text="In whose name."
    )
    step = serializers.IntegerField(source="event.step_id", allow_null=True)
    text = serializers.CharField()
    data = serializers.JSONField(source="event.data")
