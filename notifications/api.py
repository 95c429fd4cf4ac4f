"""The programs' door to the bell: `GET /api/v1/feed/`, exactly what it shows."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bpm_portal.accounts.models import User
from bpm_portal.accounts.substitution import absent_behind
from bpm_portal.common.errors import Invalid
from notifications.choices import NAMES, View, chosen_view
from notifications.reading import my_feed
from processes.feed import COUNT_CAP, FeedItem, Filters, Position


class FeedItemSerializer(serializers.Serializer[FeedItem]):
    """A step that waits for me, as its card shows it."""

    step = serializers.IntegerField(source="step_id")
    kind = serializers.CharField()
    element_id = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField(help_text="What should be done.")
    instance = serializers.IntegerField(source="instance_id")  # type: ignore[assignment]
    instance_caption = serializers.CharField()
    record = serializers.IntegerField(source="record_id", allow_null=True)
    record_caption = serializers.CharField()
    activity = serializers.IntegerField(source="activity_id", allow_null=True)
    assignee = serializers.IntegerField(
        source="assignee_id", allow_null=True, help_text="Empty while nobody has taken it."
    )
    role = serializers.IntegerField(source="role_id", allow_null=True)
    role_name = serializers.CharField()
    on_behalf_of = serializers.SerializerMethodField(
        help_text="The person for whom I stand in with it; empty where it is my own."
    )
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

    def get_on_behalf_of(self, item: FeedItem) -> str | None:
        """By user name."""
        absent = absent_behind(self.context["user"], item.assignee_id, item.role_id)
        return absent.username if absent else None

    def get_url(self, item: FeedItem) -> str:
        """The page of the step."""
        return reverse("processes:step", args=[item.step_id])


class FeedGroupsSerializer(serializers.Serializer[Any]):
    """The work in its three groups."""

    overdue = FeedItemSerializer(many=True)
    today = FeedItemSerializer(many=True)
    later = FeedItemSerializer(many=True)


class FeedFiltersSerializer(serializers.Serializer[Filters]):
    """The filters in force; empty: all pass."""

    process = serializers.IntegerField(source="process_id", allow_null=True)
    record = serializers.IntegerField(source="record_id", allow_null=True)
    role = serializers.IntegerField(source="role_id", allow_null=True)


class FeedSerializer(serializers.Serializer[Any]):
    """The bell and the panel."""

    count = serializers.IntegerField(
        help_text=f"What waits for me through the end of today, at most {COUNT_CAP}."
    )
    matching = serializers.IntegerField(help_text="How many of them the filters let pass.")
    future = serializers.BooleanField(help_text="Whether what starts after today is among the groups.")
    filters = FeedFiltersSerializer(help_text="Which filters are in force.")
    groups = FeedGroupsSerializer()
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page; empty on the last.")


class FeedQuerySerializer(serializers.Serializer[Any]):
    """What may be asked. Any filter that is named replaces those chosen in the panel, an empty one by none."""

    future = serializers.BooleanField(
        required=False,
        allow_null=True,
        help_text="Also what starts after today; unless asked, as chosen in the panel.",
    )
    limit = serializers.IntegerField(default=50, min_value=1, max_value=200)
    process = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Only of this process (id)."
    )
    record = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Only about this record."
    )
    role = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Only for this role."
    )
    cursor = serializers.CharField(
        required=False, allow_blank=True, help_text="From `next` of the page before."
    )


class FeedView(APIView):
    """What the bell shows."""

    @extend_schema(parameters=[FeedQuerySerializer], responses=FeedSerializer, operation_id="feed_retrieve")
    def get(self, request: Request) -> Response:
        """What the panel shows me, and the number on the bell: how much is due through the end of today where I am.

        Whether the future is shown and what is filtered is as I have chosen it in the panel, unless it is asked for.
        """
        query = FeedQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        view = _view(request.user, asked)
        reader = cast(User, request.user)
        with timezone.override(reader.time_zone):  # a token passes by the middleware of preferences
            feed = my_feed(
                reader,
                timezone.now(),
                future=view.future,
                limit=asked["limit"],
                after=read_cursor(asked.get("cursor", "")),
                filters=view.filters,
            )
            page = {
                "count": feed.count,
                "matching": feed.matching,
                "future": view.future,
                "filters": view.filters,
                "groups": feed.groups,
                "next": write_cursor(feed.next),
            }
            return Response(FeedSerializer(page, context={"user": request.user}).data)


def _view(user: Any, asked: Mapping[str, Any]) -> View:
    """What is asked for, and where nothing is, what was chosen in the panel."""
    chosen = chosen_view(user)
    future, named = asked.get("future"), any(name in asked for name in NAMES)
    return View(
        chosen.future if future is None else future,
        Filters(*(asked.get(name) for name in NAMES)) if named else chosen.filters,
    )


def write_cursor(position: Position | None) -> str | None:
    """A position as text for the address of the next page."""
    if position is None:
        return None
    facts = [position.at.isoformat(), *astuple(position)[1:]]
    text = json.dumps(facts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Position | None:
    """The position in a cursor. Raises Invalid for what `write_cursor` has not written."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, instance_id, element_id, branch, is_overdue = json.loads(text)
        place = (int(instance_id), str(element_id), int(branch), bool(is_overdue))
        position = Position(datetime.fromisoformat(at), *place)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise Invalid(cursor=_("Use the value of “next” of the page before.")) from None
    odd = timezone.is_naive(position.at) or abs(position.instance_id) >= 2**63
    if odd or "\0" in position.element_id:
        raise Invalid(cursor=_("Use the value of “next” of the page before."))
    return position
