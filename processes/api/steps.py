"""`/steps/`: the work itself - look, complete, hand on, repair."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from activities.serializers import PostponeSerializer, ReassignSerializer
from bpm_portal.common.errors import NotFound
from bpm_portal.common.filters import IdFilter, YesNoFilter
from bpm_portal.common.rest import BranchedListMixin
from processes.api.base import PROBLEMS, AnyValueField, Base, VariablesField
from processes.api.instances import ReasonSerializer
from processes.api.serializers import StepSerializer
from processes.models import ProcessStep
from processes.services import handing, steps
from records.models import Record


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer as `answer_schema` of the step describes it."""

    result = AnyValueField(default=None, allow_null=True)
    variables = VariablesField(default=dict)
    details = serializers.CharField(default="", allow_blank=True)


class CompletionSerializer(serializers.Serializer[Any]):
    """Where a completion leads."""

    next_step = serializers.IntegerField(
        source="next_step_id", allow_null=True, help_text="My next step of the same instance, if any."
    )
    next_url = serializers.CharField(help_text="Its page; empty: none.")
    count = serializers.IntegerField(help_text="The number on my bell now.")
    is_done = serializers.BooleanField(help_text="False: what was sent is kept, but the step waits on.")
    note = serializers.CharField(help_text="Then: what it waits for.")


class SkipSerializer(ReasonSerializer):
    """Why, and for an element with several ways out, by which flow to go on."""

    flow = serializers.CharField(required=False, allow_null=True)


class BeginSerializer(serializers.Serializer[Any]):
    """Which element of the ad-hoc sub-process."""

    element = serializers.CharField(help_text="Its id in the diagram")


class StepFilter(django_filters.FilterSet):
    """`?mine=&status=&record=&process=&instance=`."""

    mine = YesNoFilter(method="only_mine", label="Waits for me: mine, or of my roles and not taken")
    status = django_filters.ChoiceFilter(choices=ProcessStep.Status.choices)
    record = IdFilter(method="on_record", label="Id of a record that it is about")
    process = django_filters.CharFilter(method="of_process", label="Key of a process")
    instance = IdFilter(method="of_instance", label="Id of an instance")

    class Meta:
        """Nothing comes from the model by itself."""

        model = ProcessStep
        fields = ("status",)

    def only_mine(self, queryset: Any, name: str, value: bool) -> Any:
        """For me to do."""
        return queryset.for_performer(self.request.user) if value else queryset

    def on_record(self, queryset: Any, name: str, value: int) -> Any:
        """About one record."""
        return queryset.on_record(value)

    def of_process(self, queryset: Any, name: str, value: str) -> Any:
        """Of one process."""
        return queryset.of_process(value)

    def of_instance(self, queryset: Any, name: str, value: int) -> Any:
        """Of one instance."""
        return queryset.of_instance(value)


@extend_schema_view(
    list=extend_schema(summary="Steps that I may see, the latest first"),
    retrieve=extend_schema(summary="One step"),
)
class StepViewSet(BranchedListMixin, mixins.RetrieveModelMixin, Base):
    """Steps of process instances."""

    queryset = ProcessStep.objects.none()
    serializer_class = StepSerializer
    filterset_class = StepFilter
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[ProcessStep]:
        """Nothing that is not the caller's to see."""
        if getattr(self, "swagger_fake_view", False):
            return ProcessStep.objects.none()
        found: QuerySet[ProcessStep] = ProcessStep.objects.visible_to(self.request.user).for_list()
        return found

    def get_branches(self) -> Sequence[QuerySet[ProcessStep]]:
        """The same by the ways that lead to them."""
        found: Sequence[QuerySet[ProcessStep]] = ProcessStep.objects.visible_branches(self.request.user)
        return found

    def get_rows(self) -> QuerySet[ProcessStep]:
        """With what is shown."""
        found: QuerySet[ProcessStep] = ProcessStep.objects.for_list()
        return found

    @extend_schema(
        summary="Answer it", request=AnswerSerializer, responses={200: CompletionSerializer, **PROBLEMS}
    )
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """200 with my next step and my new count; 409 `step_already_closed` with `by` and `at`."""
        values = self.read(AnswerSerializer)
        done = steps.complete_step(step_id=int(pk), by=request.user, now=timezone.now(), **values)
        return Response(CompletionSerializer(done).data)

    @extend_schema(
        summary="Make a step of my role mine", request=None, responses={200: StepSerializer, **PROBLEMS}
    )
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """409 `step_taken` when a colleague was faster."""
        handing.take_step(step_id=int(pk), by=request.user, now=timezone.now())
        return self._shown()

    @extend_schema(
        summary="Give it back to its role", request=None, responses={200: StepSerializer, **PROBLEMS}
    )
    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, request: Request, pk: str) -> Response:
        """Any member of the role may take it again."""
        handing.give_back_step(step_id=int(pk), by=request.user, now=timezone.now())
        return self._shown()

    @extend_schema(
        summary="Give it to a person or a role",
        request=ReassignSerializer,
        responses={
            200: StepSerializer,
            204: OpenApiResponse(None, "Given away; it is not the caller's to see any more."),
            **PROBLEMS,
        },
    )
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: str) -> Response:
        """Exactly one of `assignee` (user name) and `role` (name)."""
        step = self.get_object()
        values = self.read(ReassignSerializer)
        handing.reassign_step(step_id=step.pk, by=request.user, now=timezone.now(), **values)
        return self._shown()

    @extend_schema(
        summary="Ask for it later", request=PostponeSerializer, responses={200: StepSerializer, **PROBLEMS}
    )
    @action(detail=True, methods=["post"])
    def postpone(self, request: Request, pk: str) -> Response:
        """`until` lies ahead."""
        values = self.read(PostponeSerializer)
        handing.postpone_step(step_id=int(pk), by=request.user, now=timezone.now(), **values)
        return self._shown()

    @extend_schema(
        summary="Run a failed element again", request=None, responses={200: StepSerializer, **PROBLEMS}
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """409 when it has not failed."""
        step = self.get_object()
        steps.retry_step(step_id=step.pk, by=request.user, now=timezone.now())
        return self._shown()

    @extend_schema(
        summary="Lead the token past an element",
        request=SkipSerializer,
        responses={200: StepSerializer, **PROBLEMS},
    )
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """With a reason."""
        step = self.get_object()
        values = self.read(SkipSerializer)
        steps.skip_step(step_id=step.pk, by=request.user, now=timezone.now(), **values)
        return self._shown()

    @extend_schema(
        summary="Begin an element of an ad-hoc sub-process",
        request=BeginSerializer,
        responses={200: StepSerializer, **PROBLEMS},
    )
    @action(detail=True, methods=["post"])
    def begin(self, request: Request, pk: str) -> Response:
        """For the starter and administrators; 409 where it takes none."""
        step = self.get_object()
        element_id = self.read(BeginSerializer)["element"]
        steps.begin_element(step_id=step.pk, element_id=element_id, by=request.user, now=timezone.now())
        return self._shown()

    def _shown(self) -> Response:
        step = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if step is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(self.get_serializer(step).data)


class PendingStepsView(generics.ListAPIView[ProcessStep]):
    """The pending steps that are connected to a record, as *Continue process* offers them."""

    queryset = ProcessStep.objects.none()
    serializer_class = StepSerializer
    filter_backends = []

    def get_queryset(self) -> QuerySet[ProcessStep]:
        """Raises NotFound where the record is not the caller's to see."""
        if getattr(self, "swagger_fake_view", False):
            return ProcessStep.objects.none()
        record_id = self.kwargs["record_id"]
        if not Record.objects.visible_to(self.request.user).filter(pk=record_id).exists():
            raise NotFound
        found: QuerySet[ProcessStep] = ProcessStep.objects.connected_to(self.request.user, [record_id])
        return found.for_list()  # type: ignore[attr-defined, no-any-return]
