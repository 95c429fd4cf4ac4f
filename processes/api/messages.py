"""`/messages/` and `/signals/`: what happens outside and concerns processes."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from bpm_portal.common.parsing import ExactJSONParser
from processes.api.base import PROBLEMS, VariablesField
from processes.services import messages


class SignalSerializer(serializers.Serializer[Any]):
    """A signal reaches everybody who waits for its name."""

    name = serializers.CharField(max_length=200)
    variables = VariablesField(default=dict)


class MessageSerializer(SignalSerializer):
    """A message reaches one process."""

    correlation = serializers.CharField(
        default="", allow_blank=True, help_text="Which of several that wait for this name is meant."
    )


class DeliveredSerializer(serializers.Serializer[Any]):
    """Ids of the instances in which it was taken, or that it has started."""

    instances = serializers.ListField(child=serializers.IntegerField())


class MessageViewSet(ViewSet):
    """Messages from outside."""

    parser_classes = [ExactJSONParser]

    @extend_schema(
        summary="Send a message",
        operation_id="messages_create",
        request=MessageSerializer,
        responses={200: DeliveredSerializer, **PROBLEMS},
    )
    def create(self, request: Request) -> Response:
        """200 with whom it has reached; 404 when nobody waits for it, 409 when all who do are disabled."""
        return _deliver(request, MessageSerializer, messages.send_message)


class SignalViewSet(ViewSet):
    """Signals from outside."""

    parser_classes = [ExactJSONParser]

    @extend_schema(
        summary="Throw a signal",
        operation_id="signals_create",
        request=SignalSerializer,
        responses={200: DeliveredSerializer, **PROBLEMS},
    )
    def create(self, request: Request) -> Response:
        """200 with whom it has reached; 404 when nobody waits for it, 409 when all who do are disabled."""
        return _deliver(request, SignalSerializer, messages.throw_signal)


def _deliver(request: Request, serializer: type[SignalSerializer], send: Callable[..., Any]) -> Response:
    sent = serializer(data=request.data)
    sent.is_valid(raise_exception=True)
    values = sent.validated_data
    reached = send(by=request.user, now=timezone.now(), **values)
    return Response({"instances": [instance.pk for instance in reached]})
