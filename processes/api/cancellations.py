"""`/cancellations/`: how far the cancellation of many instances is."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.request import Request

from processes.api.base import PROBLEMS, Base
from processes.models import CancelItem, CancelJob
from processes.services.instances import check_may_cancel


class CountsSerializer(serializers.Serializer[Any]):
    """Instances by what became of them."""

    pending = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    skipped = serializers.IntegerField()


class CancellationSerializer(serializers.ModelSerializer[CancelJob]):
    """A cancellation that a worker carries out."""

    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    instances = serializers.SerializerMethodField()

    class Meta:
        """What is shown."""

        model = CancelJob
        fields = ("id", "status", "reason", "by", "created_at", "ended_at", "instances")

    @extend_schema_field(CountsSerializer)
    def get_instances(self, job: CancelJob) -> dict[str, int]:
        """How many of each."""
        counts = CancelItem.objects.of_job(job).counts()
        return {status: counts.get(status, 0) for status in CancelItem.Status.values}


@extend_schema(
    summary="How far a cancellation of many is", responses={200: CancellationSerializer, **PROBLEMS}
)
class CancellationViewSet(mixins.RetrieveModelMixin, Base):
    """For whoever may cancel."""

    queryset = CancelJob.objects.select_related("by")
    serializer_class = CancellationSerializer
    lookup_value_regex = r"\d{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nobody else learns whether there is one."""
        super().initial(request, *args, **kwargs)
        check_may_cancel(request.user)
