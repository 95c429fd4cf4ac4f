"""The programs' door to the bell: `GET /api/v1/feed/`, exactly what it shows."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bpm_portal.common.errors import Invalid
from notifications.reading import my_feed
from processes.feed import COUNT_CAP, FeedItem, Filters, Position


class FeedItemSerializer(serializers.Serializer[FeedItem]):
    """A step that waits for me, as its card shows it."""

    step = serializers.IntegerField(source="step_id")
    kind = serializers.CharField()
    element_id = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField(help_text="What should be done.")
    instance = serializers.IntegerField(source="instance_id")
    instance_caption = serializers.CharField()
    record = serializers.IntegerField(source="record_id", allow_null=True)
    record_caption = serializers.CharField()
    activity = serializers.IntegerField(source="activity_id", allow_null=True)
    assignee = serializers.IntegerField(
        source="assignee_id", allow_null=True, help_text="Empty while nobody has taken it."
    )
    role = serializers.IntegerField(source="role_id", allow_null=True)
    role_name = serializers.CharField()
    starts_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    members = serializers.IntegerField(
        help_text=f"How many steps of this element of this instance wait for me, at most {COUNT_CAP}; "
        "this is the most urgent of them."
    )
    altogether = serializers.IntegerField(
        allow_null=True, help_text="How many they are for everybody, where I have that many."
    )
    url = serializers.SerializerMethodField(help_text="Address of the page of the step.")

    def get_url(self, item: FeedItem) -> str:
        """The page of the step."""
        return reverse("processes:step", args=[item.step_id])


class FeedGroupsSerializer(serializers.Serializer[Any]):
    """The work in its three groups."""

    overdue = FeedItemSerializer(many=True)
    today = FeedItemSerializer(many=True)
    later = FeedItemSerializer(many=True)


class FeedSerializer(serializers.Serializer[Any]):
    """The bell and the panel."""

    count = serializers.IntegerField(
        help_text=f"What waits for me through the end of today, at most {COUNT_CAP}."
    )
    matching = serializers.IntegerField(help_text="How many of them the filters let pass.")
    groups = FeedGroupsSerializer()
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page; empty on the last.")


class FeedQuerySerializer(serializers.Serializer[Any]):
    """What may be asked."""

    future = serializers.BooleanField(default=False, help_text="Also what starts after today.")
    limit = serializers.IntegerField(default=50, min_value=1, max_value=200)
    process = serializers.IntegerField(required=False, min_value=1, help_text="Only of this process (id).")
    record = serializers.IntegerField(required=False, min_value=1, help_text="Only about this record.")
    role = serializers.IntegerField(required=False, min_value=1, help_text="Only for this role.")
    cursor = serializers.CharField(
        required=False, allow_blank=True, help_text="From `next` of the page before."
    )


class FeedView(APIView):
    """What the bell shows."""

    @extend_schema(parameters=[FeedQuerySerializer], responses=FeedSerializer, operation_id="feed_retrieve")
    def get(self, request: Request) -> Response:
        """The steps that wait for me, by start, and how many are due through the end of today in my time zone."""
        query = FeedQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        with timezone.override(request.user.time_zone):  # a token passes by the middleware of preferences
            feed = my_feed(
                request.user,
                timezone.now(),
                future=asked["future"],
                limit=asked["limit"],
                after=read_cursor(asked.get("cursor", "")),
                filters=Filters(asked.get("process"), asked.get("record"), asked.get("role")),
            )
            page = {
                "count": feed.count,
                "matching": feed.matching,
                "groups": feed.groups,
                "next": write_cursor(feed.next),
            }
            return Response(FeedSerializer(page).data)


def write_cursor(position: Position | None) -> str | None:
    """A position as text for the address of the next page."""
    if position is None:
        return None
    facts = [position.starts_at.isoformat(), position.instance_id, position.element_id, position.branch]
    text = json.dumps(facts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Position | None:
    """The position in a cursor. Raises Invalid for what `write_cursor` has not written."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, instance_id, element_id, branch = json.loads(text)
        position = Position(datetime.fromisoformat(at), int(instance_id), str(element_id), int(branch))
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise Invalid(cursor=_("Use the value of “next” of the page before.")) from None
    odd = timezone.is_naive(position.starts_at) or abs(position.instance_id) >= 2**63
    if odd or "\0" in position.element_id:
        raise Invalid(cursor=_("Use the value of “next” of the page before."))
    return position
