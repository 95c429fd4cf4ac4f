"""`/metrics/` for Prometheus: requests of this process, and what the whole portal has to do."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from notifications.models import Letter
from processes.models import ProcessEvent, ProcessInstance, ProcessStep


def measures(now: datetime) -> Iterator[tuple[str, str, float]]:
    """Yield (name, meaning, value) of what tells that something hangs; all counted on partial indexes."""
    instances, steps = ProcessInstance.objects, ProcessStep.objects
    yield "portal_instances_running", "Instances that run", instances.with_status("running").count()
    yield (
        "portal_instances_failed",
        "Instances that wait for a repair",
        instances.with_status("failed").count(),
    )
    yield "portal_steps_unassigned", "Human steps without a performer", steps.unassigned().count()
    yield "portal_timers_overdue", "Timers whose time has come", steps.due_timers(now).count()
    yield "portal_letters_failed", "E-mails about news that were given up", Letter.objects.failed().count()
    unpublished = ProcessEvent.objects.filter(published_at__isnull=True)
    yield "portal_events_unpublished", "Events that the worker has not published", unpublished.count()
    oldest = unpublished.order_by("id").values_list("at", flat=True).first()
    age = (now - oldest).total_seconds() if oldest else 0.0
    yield "portal_events_lag_seconds", "Age of the oldest unpublished event", age


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For superusers and for who sends METRICS_TOKEN as a bearer token; raises PermissionDenied for others."""
    given = request.headers.get("Authorization", "")
    if not (constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}") or request.user.is_superuser):
        raise PermissionDenied
    registry = CollectorRegistry()
    for name, meaning, value in measures(timezone.now()):
        Gauge(name, meaning, registry=registry).set(value)
    answer: HttpResponse = ExportToDjangoView(request)
    answer.content += generate_latest(registry)
    return answer


urlpatterns = [path("", metrics, name="metrics")]
