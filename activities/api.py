"""The programs' door to activities: the same services and rules as the pages."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from activities import services
from activities.filters import ActivityFilter
from activities.models import Activity
from activities.serializers import (
    ActivitySerializer,
    CancelSerializer,
    ChangeSerializer,
    CompleteSerializer,
    ErrorSerializer,
    FinishedSerializer,
    NewSerializer,
    PostponeSerializer,
    ReassignSerializer,
)
from bpm_portal.common.rest import BranchedListMixin, CallersClockMixin

PROBLEMS = {
    400: OpenApiResponse(ErrorSerializer, "What was sent does not fit."),
    403: OpenApiResponse(ErrorSerializer, "Visible, but not yours to act on."),
    404: OpenApiResponse(ErrorSerializer, "It does not exist, or it is not yours to see."),
    409: OpenApiResponse(ErrorSerializer, "Somebody was faster, or the moment is wrong; says who and when."),
}


class ActivityViewSet(
    CallersClockMixin, BranchedListMixin, mixins.RetrieveModelMixin, GenericViewSet[Activity]
):
    """Activities that I may see."""

    queryset = Activity.objects.none()
    serializer_class = ActivitySerializer
    filterset_class = ActivityFilter
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Activity]:
        """Nothing that is not the caller's to see."""
        return Activity.objects.visible_to(self.request.user).for_page()

    def get_branches(self) -> Sequence[QuerySet[Activity]]:
        """The same by the ways that lead to them."""
        return Activity.objects.visible_branches(self.request.user)

    def get_rows(self) -> QuerySet[Activity]:
        """With what is shown."""
        return Activity.objects.for_page()

    @extend_schema(request=NewSerializer, responses={201: ActivitySerializer, 400: PROBLEMS[400]})
    def create(self, request: Request) -> Response:
        """Add an activity of people; without a performer it is my own."""
        values = self._read(NewSerializer)
        values.setdefault("due_at", None)
        made = services.create_activity(by=request.user, now=timezone.now(), **values)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangeSerializer, responses={200: ActivitySerializer, **PROBLEMS})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change an open activity of people."""
        activity = self.get_object()
        values = self._read(ChangeSerializer, partial=True)
        services.change_activity(activity=activity, values=values, by=request.user, now=timezone.now())
        return self._shown()

    @extend_schema(request=CompleteSerializer, responses={200: FinishedSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Complete it, and with it the step behind it."""
        values = self._read(CompleteSerializer)
        finished = services.complete_activity(
            activity_id=int(pk), by=request.user, now=timezone.now(), **values
        )
        return Response(FinishedSerializer(finished).data)

    @extend_schema(request=CancelSerializer, responses={200: ActivitySerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel an activity of people."""
        values = self._read(CancelSerializer)
        services.cancel_activity(activity_id=int(pk), by=request.user, now=timezone.now(), **values)
        return self._shown()

    @extend_schema(request=None, responses={200: ActivitySerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """It is in progress from now on."""
        services.start_activity(activity_id=int(pk), by=request.user, now=timezone.now())
        return self._shown()

    @extend_schema(request=PostponeSerializer, responses={200: ActivitySerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def postpone(self, request: Request, pk: str) -> Response:
        """Start it later."""
        values = self._read(PostponeSerializer)
        services.postpone_activity(activity_id=int(pk), by=request.user, now=timezone.now(), **values)
        return self._shown()

    @extend_schema(
        request=ReassignSerializer, responses={204: OpenApiResponse(None, "Given away."), **PROBLEMS}
    )
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: str) -> Response:
        """Give it to a person or a role; no body comes back, since it may not be mine to see any more."""
        values = self._read(ReassignSerializer)
        services.reassign_activity(activity_id=int(pk), by=request.user, now=timezone.now(), **values)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={200: ActivitySerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Make an activity of my role my own."""
        services.take_activity(activity_id=int(pk), by=request.user, now=timezone.now())
        return self._shown()

    @extend_schema(request=None, responses={200: ActivitySerializer, **PROBLEMS})
    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, request: Request, pk: str) -> Response:
        """Any member of the role may take it again."""
        services.give_back_activity(activity_id=int(pk), by=request.user, now=timezone.now())
        return self._shown()

    def _read(self, serializer: type[serializers.BaseSerializer[Any]], **options: Any) -> dict[str, Any]:
        data = serializer(data=self.request.data, context=self.get_serializer_context(), **options)
        data.is_valid(raise_exception=True)
        values: dict[str, Any] = data.validated_data
        return values

    def _shown(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
