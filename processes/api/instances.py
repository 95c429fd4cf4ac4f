"""`/instances/`: the log, cancellation, the steps and events of one instance."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bpm_portal.common.filters import IdFilter
from bpm_portal.common.rest import BranchedListMixin
from processes.api.base import PROBLEMS, Base, VariablesField
from processes.api.serializers import EventSerializer, InstanceSerializer, StepSerializer
from processes.models import ProcessInstance, ProcessStep
from processes.services.guards import check_sees_inside
from processes.services.instances import cancel_instance, check_may_cancel, set_variables
from processes.services.journal import in_words
from processes.services.waiting import waiting_by_instance


class ReasonSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=2000)


class VariablesSerializer(serializers.Serializer[Any]):
    """Variables by name."""

    variables = VariablesField()


class InstanceFilter(django_filters.FilterSet):
    """`?status=&process=&record=&starter=&q=`; the search comes last, as it fences what is found so far."""

    status = django_filters.ChoiceFilter(choices=ProcessInstance.Status.choices)
    process = django_filters.CharFilter(method="of_process", label="Key of a process")
    record = IdFilter(method="on_record", label="Id of a record it works on")
    starter = django_filters.CharFilter(field_name="starter__username", label="User name of the starter")
    q = django_filters.CharFilter(method="matching", label="A part of the caption or of the record's caption")

    class Meta:
        """Nothing comes from the model by itself."""

        model = ProcessInstance
        fields = ("status", "process", "record", "starter", "q")

    def of_process(self, queryset: Any, name: str, value: str) -> Any:
        """Of one process."""
        return queryset.of_process(value)

    def on_record(self, queryset: Any, name: str, value: int) -> Any:
        """On one record."""
        return queryset.on_record(value)

    def matching(self, queryset: Any, name: str, value: str) -> Any:
        """With this text."""
        return queryset.search(value)


def for_api(instances: Any) -> Any:
    """With what the serializer shows, in one query."""
    return instances.for_page().defer("version__source", "parent_step__instance__variables")


def shown_instance(instance_id: int, user: Any) -> Any:
    """One instance as the API shows it."""
    instance = for_api(ProcessInstance.objects.visible_to(user)).get(pk=instance_id)
    waiting = waiting_by_instance([instance], now=timezone.now())
    return InstanceSerializer(instance, context={"waiting": waiting, "user": user}).data


@extend_schema_view(
    list=extend_schema(summary="Instances that I started or take part in; all for process administrators"),
)
class InstanceViewSet(BranchedListMixin, Base):
    """Process instances."""

    queryset = ProcessInstance.objects.none()
    serializer_class = InstanceSerializer
    filterset_class = InstanceFilter
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[ProcessInstance]:
        """Nothing that is not the caller's to see."""
        if getattr(self, "swagger_fake_view", False):
            return ProcessInstance.objects.none()
        found: QuerySet[ProcessInstance] = for_api(ProcessInstance.objects.visible_to(self.request.user))
        return found

    def get_branches(self) -> Sequence[QuerySet[ProcessInstance]]:
        """The same by the ways that lead to them."""
        found: Sequence[QuerySet[ProcessInstance]] = ProcessInstance.objects.visible_branches(
            self.request.user
        )
        return found

    def get_rows(self) -> QuerySet[ProcessInstance]:
        """With what is shown."""
        found: QuerySet[ProcessInstance] = for_api(ProcessInstance.objects.all())
        return found

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """What a whole page waits for is looked up at once."""
        serializer = super().get_serializer(*args, **kwargs)
        if args:
            found = args[0] if kwargs.get("many") else [args[0]]
            serializer.context["user"] = self.request.user
            serializer.context["waiting"] = waiting_by_instance(found, now=timezone.now())
        return serializer

    @extend_schema(summary="One instance", responses={200: InstanceSerializer, 404: PROBLEMS[404]})
    def retrieve(self, request: Request, pk: str) -> Response:
        """With its variables and what it waits for."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Cancel it with everything that is open in it",
        request=ReasonSerializer,
        responses={200: InstanceSerializer, **PROBLEMS},
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """200 with the instance; 409 when it has ended."""
        instance = self.get_object()
        check_may_cancel(request.user)
        reason = self.read(ReasonSerializer)["reason"].strip()
        cancel_instance(instance_id=instance.pk, reason=reason, by=request.user, now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Set variables of it, while it runs",
        request=VariablesSerializer,
        responses={200: InstanceSerializer, **PROBLEMS},
    )
    @action(detail=True, methods=["post"])
    def variables(self, request: Request, pk: str) -> Response:
        """For administrators; those not named stay. 409 when it has ended."""
        instance = self.get_object()
        values = self.read(VariablesSerializer)["variables"]
        set_variables(instance_id=instance.pk, values=values, by=request.user, now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="Its steps, the latest first", responses=StepSerializer(many=True), filters=False)
    @action(detail=True)
    def steps(self, request: Request, pk: str) -> Response:
        """Those that the caller may see: all for the starter and administrators, else one's own."""
        steps = ProcessStep.objects.visible_to(request.user).of_instance(self.get_object()).for_list()
        page = self.paginate_queryset(steps)
        return self.get_paginated_response(StepSerializer(page, many=True).data)

    @extend_schema(
        summary="Its journal, the latest first", responses=EventSerializer(many=True), filters=False
    )
    @action(detail=True)
    def events(self, request: Request, pk: str) -> Response:
        """What happened, each with a sentence in the caller's language; for the starter and administrators."""
        instance = self.get_object()
        check_sees_inside(instance, request.user)
        events = instance.events.select_related("step", "by", "on_behalf_of")
        page = self.paginate_queryset(events) or []
        return self.get_paginated_response(EventSerializer(in_words(page), many=True).data)
