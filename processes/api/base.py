"""What the views of this package share."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from activities.serializers import ErrorSerializer
from bpm_portal.common.parsing import ExactJSONParser
from bpm_portal.common.rest import CallersClockMixin
from processes.engine.feel import FeelError, encode

PROBLEMS = {
    400: OpenApiResponse(ErrorSerializer, "What was sent does not fit."),
    403: OpenApiResponse(ErrorSerializer, "Visible, but not yours to act on."),
    404: OpenApiResponse(ErrorSerializer, "It does not exist, or it is not yours to see."),
    409: OpenApiResponse(ErrorSerializer, "Somebody was faster, or the moment is wrong; says who and when."),
}


class Base(CallersClockMixin, GenericViewSet[Any]):
    """A view set that reads numbers exactly and speaks of dates as its caller's clocks do."""

    parser_classes = [ExactJSONParser]

    def read(self, serializer: type[serializers.BaseSerializer[Any]], **options: Any) -> dict[str, Any]:
        """What was sent, checked. Raises ValidationError with all problems."""
        sent = serializer(data=self.request.data, context=self.get_serializer_context(), **options)
        sent.is_valid(raise_exception=True)
        values: dict[str, Any] = sent.validated_data
        return values


class AnyValueField(serializers.JSONField):
    """Any JSON that can be stored as a value of a process."""

    def to_internal_value(self, data: Any) -> Any:
        """As it came; refused where the database or the expressions could not take it."""
        check_value(data)
        return data


class VariablesField(serializers.DictField):
    """Variables by name; fractions arrive as decimals."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """As they came."""
        if not isinstance(data, Mapping):
            self.fail("not_a_dict", input_type=type(data).__name__)
        check_value(data)
        return dict(data)


def check_value(value: Any) -> None:
    """Raise ValidationError for what can be sent as JSON and not be kept."""
    try:
        encode(value)
    except FeelError as problem:
        raise serializers.ValidationError(str(problem)) from problem
