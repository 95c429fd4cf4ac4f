"""`/statistics/`: finished instances per process and day."""

import zoneinfo
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bpm_portal.common.errors import Invalid, NotFound
from bpm_portal.common.moments import check_year
from processes.api.base import PROBLEMS
from processes.models import Process
from processes.services import statistics
from processes.services.statistics import Finished

MAX_DAYS = 731
NAMES = {"process": "process", "first": "from", "last": "to"}  # of its fields in the question


class QuestionSerializer(serializers.Serializer[Any]):
    """What may be asked; `from` is a word of Python's own."""

    process = serializers.CharField(required=False, allow_blank=True)
    first = serializers.DateField(required=False, validators=[check_year])
    last = serializers.DateField(required=False, validators=[check_year])


class DaySerializer(serializers.Serializer[Any]):
    """One process on one day."""

    process = serializers.CharField()
    day = serializers.DateField()
    completed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    failed = serializers.IntegerField(
        help_text="Instances that stand failed now, by the day of their incident."
    )
    avg = serializers.FloatField(allow_null=True, help_text="Seconds; of completed instances only.")
    p50 = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)


class StatisticsSerializer(serializers.Serializer[Any]):
    """The days of the range on which anything ended or failed."""

    first = serializers.DateField()
    last = serializers.DateField()
    results = DaySerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` and `to`, as in the question."""
        fields = super().get_fields()
        fields["from"], fields["to"] = fields.pop("first"), fields.pop("last")
        return {"from": fields["from"], "to": fields["to"], "results": fields["results"]}


class StatisticsView(APIView):
    """Statistics of the processes that the caller may see."""

    @extend_schema(
        summary="Completed, cancelled and failed instances and their durations, per process and day",
        operation_id="statistics_retrieve",
        parameters=[
            OpenApiParameter("process", str, description="Key of a process"),
            OpenApiParameter(
                "from", {"type": "string", "format": "date"}, description="Four weeks by default"
            ),
            OpenApiParameter("to", {"type": "string", "format": "date"}, description="Today by default"),
        ],
        responses={200: StatisticsSerializer, **{code: PROBLEMS[code] for code in (400, 404)}},
    )
    def get(self, request: Request) -> Response:
        """Days are those of the caller's time zone, both ends of the range included."""
        tz = zoneinfo.ZoneInfo(request.user.time_zone)
        question = _asked(request)
        with timezone.override(tz):
            first, last = _range(question)
        process = self._process(request, question.get("process", ""))
        asked = statistics.Question(request.user, first, last, tz, process)
        keys = {key: process.key for key, process in asked.processes.items()}
        failed = statistics.failed_per_day(asked)
        results = [
            _row(keys[entry.process_id or 0], entry, failed.pop((entry.process_id, entry.day), 0))  # type: ignore[arg-type]
            for entry in statistics.report(asked).per_day
        ]
        for (process_id, day), number in failed.items():
            results.append(_row(keys[process_id], Finished(process_id, day, 0, 0, None, None, None), number))
        results.sort(key=lambda row: (row["day"], row["process"]))
        return Response({"from": first, "to": last, "results": DaySerializer(results, many=True).data})

    def _process(self, request: Request, key: str) -> Process | None:
        if not key:
            return None
        process = Process.objects.visible_to(request.user).filter(key=key).first()
        if process is None:
            raise NotFound
        return process


def _asked(request: Request) -> dict[str, Any]:
    params = request.query_params
    sent = QuestionSerializer(data={name: params[key] for name, key in NAMES.items() if params.get(key)})
    if not sent.is_valid():
        raise Invalid(**{NAMES[name]: texts for name, texts in sent.errors.items()})
    values: dict[str, Any] = sent.validated_data
    return values


def _range(question: dict[str, Any]) -> tuple[date, date]:
    usual_first, today = statistics.default_range(timezone.localdate())
    last = question.get("last", today)
    first = question.get("first", last - (today - usual_first))
    if not first <= last or last - first >= timedelta(days=MAX_DAYS):
        raise Invalid(
            **{"from": [_("Ask for 1 to %(limit)d days, the first one first.") % {"limit": MAX_DAYS}]}
        )
    return first, last


def _row(key: str, entry: Finished, failed: int) -> dict[str, Any]:
    return {
        "process": key,
        "day": entry.day,
        "completed": entry.completed,
        "cancelled": entry.cancelled,
        "failed": failed,
        "avg": entry.average,
        "p50": entry.median,
        "p90": entry.p90,
    }
