"""Activities as programs see them: people by user name, roles by name, as in diagrams."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.urls import reverse
from rest_framework import serializers

from activities.access import people_known_to, roles_known_to
from activities.models import Activity
from activities.services.editing import CHANGEABLE
from bpm_portal.accounts.models import User
from bpm_portal.common.moments import check_year
from records.models import Record


class VisibleRecordField(serializers.PrimaryKeyRelatedField[Record]):
    """The id of a record; one that the caller may not see does not exist."""

    def get_queryset(self) -> Any:
        """Asked for every value."""
        return Record.objects.visible_to(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Record:
        """The database would make an id of half a number."""
        if isinstance(data, Decimal):
            self.fail("incorrect_type", data_type="decimal")
        return super().to_internal_value(data)


class PersonField(serializers.SlugRelatedField[User]):
    """The user name of somebody who has not left and whom the caller may know."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="username", queryset=User.objects.all(), **options)

    def get_queryset(self) -> Any:
        """Asked for every value."""
        return people_known_to(self.context["request"].user)


class RoleField(serializers.SlugRelatedField[Group]):
    """The name of a role that the caller may know."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="name", queryset=Group.objects.all(), **options)

    def get_queryset(self) -> Any:
        """Asked for every value."""
        return roles_known_to(self.context["request"].user)


class OfferSerializer(serializers.Serializer[Any]):
    """A result that may be given."""

    code = serializers.CharField(max_length=100)
    label = serializers.CharField(max_length=250, required=False)
    outcome = serializers.ChoiceField(choices=("success", "neutral", "failure"), default="neutral")


class ActivitySerializer(serializers.ModelSerializer[Activity]):
    """One activity, complete."""

    owner = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    role = serializers.SlugRelatedField("name", read_only=True, allow_null=True)
    author = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    closed_by = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    closed_for = serializers.SlugRelatedField(
        "username", read_only=True, allow_null=True, help_text="In whose name."
    )
    allowed_results = OfferSerializer(many=True, read_only=True)
    managed = serializers.BooleanField(
        source="is_managed",
        read_only=True,
        help_text="A process completes it: its fields are not changed here.",
    )
    url = serializers.SerializerMethodField(help_text="Address of its page.")

    class Meta:
        """Everything but reminders of others' interest."""

        model = Activity
        fields = (
            "id",
            "url",
            "title",
            "details",
            "category",
            "status",
            "priority",
            "owner",
            "role",
            "author",
            "starts_at",
            "due_at",
            "remind_owner_at",
            "remind_author_at",
            "in_calendar",
            "record",
            "record_caption",
            "process_caption",
            "managed",
            "allowed_results",
            "result",
            "result_details",
            "created_at",
            "closed_at",
            "closed_by",
            "closed_for",
        )
        read_only_fields = fields

    def get_url(self, activity: Activity) -> str:
        """Relative, as pages are where the API is."""
        return reverse("activities:detail", args=[activity.pk])


class ChangeSerializer(serializers.ModelSerializer[Activity]):
    """What can be given to an ad-hoc activity at any time while it is open."""

    owner = PersonField(required=False, allow_null=True)
    role = RoleField(required=False, allow_null=True)
    record = VisibleRecordField(queryset=Record.objects.all(), required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True, validators=[check_year])

    class Meta:
        """What the service lets people change."""

        model = Activity
        fields = CHANGEABLE
        extra_kwargs = {
            name: {"validators": [check_year]}
            for name in ("starts_at", "remind_owner_at", "remind_author_at")
        }


class NewSerializer(ChangeSerializer):
    """A new ad-hoc activity; without a performer it is the author's own."""

    allowed_results = OfferSerializer(many=True, required=False)

    class Meta(ChangeSerializer.Meta):
        """Results can be limited only at the start."""

        fields = (*ChangeSerializer.Meta.fields, "allowed_results")


class CompleteSerializer(serializers.Serializer[Any]):
    """The result; one of the allowed ones where they are limited."""

    result = serializers.CharField(max_length=100, allow_blank=True, default="")
    details = serializers.CharField(allow_blank=True, default="")


class FinishedSerializer(serializers.Serializer[Any]):
    """Where a completion leads."""

    next_url = serializers.CharField(help_text="Page of my next step of the same process; empty: none.")
    count = serializers.IntegerField(
        allow_null=True, help_text="My pending steps; null for an ad-hoc activity."
    )


class CancelSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(allow_blank=True, default="")


class PostponeSerializer(serializers.Serializer[Any]):
    """To when."""

    until = serializers.DateTimeField(validators=[check_year])


class ReassignSerializer(serializers.Serializer[Any]):
    """To whom: exactly one of the two."""

    assignee = PersonField(required=False, allow_null=True)
    role = RoleField(required=False, allow_null=True)


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error."""

    code = serializers.CharField()
    message = serializers.CharField()
    detail = serializers.JSONField()
