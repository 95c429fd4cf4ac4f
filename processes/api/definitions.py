"""`/processes/`: the library, deployment, start, enable and disable."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from activities.serializers import VisibleRecordField
from bpm_portal.common.filters import YesNoFilter
from bpm_portal.common.parsing import ExactJSONParser
from processes.api.base import PROBLEMS, Base, VariablesField
from processes.api.cancellations import CancellationSerializer
from processes.api.instances import shown_instance
from processes.api.serializers import DeployedSerializer, InstanceSerializer, ProcessSerializer
from processes.errors import problem_as_dict
from processes.models import Process
from processes.services import definitions, instances
from records.models import Record


@extend_schema_field(OpenApiTypes.BINARY)
class UploadField(serializers.FileField):
    """A file on its way in."""


class DeploySerializer(serializers.Serializer[Any]):
    """A BPMN file, and the DMN files with the decisions that it refers to."""

    file = serializers.ListField(
        child=UploadField(allow_empty_file=True),
        allow_empty=False,
        max_length=definitions.MAX_FILES,
        help_text="One diagram, or several files beside each other: the field may be sent as often as needed.",
    )


class StartSerializer(serializers.Serializer[Any]):
    """What the instance begins with."""

    variables = VariablesField(default=dict)
    record = VisibleRecordField(queryset=Record.objects.all(), default=None, allow_null=True)
    caption = serializers.CharField(default="", allow_blank=True, max_length=250)


class DisableSerializer(serializers.Serializer[Any]):
    """What becomes of running instances."""

    running = serializers.ChoiceField(choices=("finish", "cancel"))
    reason = serializers.CharField(default="", allow_blank=True, max_length=2000)


class DisabledSerializer(ProcessSerializer):
    """The process, and the cancellation of its instances, if there were any to cancel."""

    cancellation = CancellationSerializer(allow_null=True)


class ProcessFilter(django_filters.FilterSet):
    """`?enabled=&section=&q=`."""

    enabled = YesNoFilter(method="only_enabled", label="Can be started, or not")
    section = django_filters.CharFilter(method="of_section", label="Code of a section")
    q = django_filters.CharFilter(method="matching", label="A part of the caption or the key")

    class Meta:
        """Nothing comes from the model by itself."""

        model = Process
        fields = ()

    def only_enabled(self, queryset: Any, name: str, value: bool) -> Any:
        """Those that can be started, or those that cannot."""
        return queryset.enabled(value)

    def of_section(self, queryset: Any, name: str, value: str) -> Any:
        """Of one section."""
        return queryset.of_section(value)

    def matching(self, queryset: Any, name: str, value: str) -> Any:
        """With this text."""
        return queryset.search(value)


@extend_schema_view(
    list=extend_schema(summary="The processes I may start; all for process administrators"),
    retrieve=extend_schema(summary="One process"),
)
class ProcessViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """Processes by key."""

    queryset = Process.objects.none()
    serializer_class = ProcessSerializer
    filterset_class = ProcessFilter
    lookup_field = "key"
    lookup_value_regex = r"[^/]+"
    parser_classes = [ExactJSONParser, MultiPartParser]

    def get_queryset(self) -> QuerySet[Process]:
        """Nothing that is not the caller's to see."""
        if getattr(self, "swagger_fake_view", False):
            return Process.objects.none()
        found: QuerySet[Process] = Process.objects.visible_to(self.request.user).for_library()
        return found

    @extend_schema(
        summary="Deploy a diagram, with the files of the decisions that it refers to",
        request={"multipart/form-data": DeploySerializer},
        responses={
            201: OpenApiResponse(
                DeployedSerializer, "The version; a list where the file has several processes."
            ),
            **{code: PROBLEMS[code] for code in (400, 403)},
        },
    )
    def create(self, request: Request) -> Response:
        """201 with key and version; 400 with every problem of the files at once, and nothing of them stored."""
        files = definitions.files_of(self.read(DeploySerializer)["file"])
        versions = definitions.deploy_files(files=files, by=request.user, now=timezone.now())
        checked = definitions.check_files(files)
        problems = [problem_as_dict(problem) for each in checked for problem in each.problems]
        shown = [
            DeployedSerializer({"process": v.process, "number": v.number, "problems": problems}).data
            for v in versions
        ]
        return Response(shown[0] if len(shown) == 1 else shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Start an instance",
        request=StartSerializer,
        responses={201: InstanceSerializer, **PROBLEMS},
    )
    @action(detail=True, methods=["post"], parser_classes=[ExactJSONParser])
    def start(self, request: Request, key: str) -> Response:
        """201 with the instance; 409 `process_disabled`."""
        process = self.get_object()
        values = self.read(StartSerializer)
        instance = instances.start_process(process=process, by=request.user, now=timezone.now(), **values)
        return Response(shown_instance(instance.pk, request.user), status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Refuse every start from now on",
        request=DisableSerializer,
        responses={200: DisabledSerializer, **PROBLEMS},
    )
    @action(detail=True, methods=["post"], parser_classes=[ExactJSONParser])
    def disable(self, request: Request, key: str) -> Response:
        """Running instances finish, or a worker cancels them: `cancellations/{id}/` says how far it is."""
        process = self.get_object()
        definitions.check_may_disable(request.user)
        values = self.read(DisableSerializer)
        job = definitions.disable_process(process=process, by=request.user, now=timezone.now(), **values)
        shown = self.get_serializer(self.get_object()).data
        return Response({**shown, "cancellation": CancellationSerializer(job).data if job else None})

    @extend_schema(
        summary="Let it be started again", request=None, responses={200: ProcessSerializer, **PROBLEMS}
    )
    @action(detail=True, methods=["post"], parser_classes=[ExactJSONParser])
    def enable(self, request: Request, key: str) -> Response:
        """Reverses disable."""
        definitions.enable_process(process=self.get_object(), by=request.user, now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)
