"""API addresses of this app, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from processes.api.cancellations import CancellationViewSet
from processes.api.definitions import ProcessViewSet
from processes.api.instances import InstanceViewSet
from processes.api.messages import MessageViewSet, SignalViewSet
from processes.api.statistics import StatisticsView
from processes.api.steps import PendingStepsView, StepViewSet

router = SimpleRouter()
router.register("processes", ProcessViewSet, basename="process")
router.register("instances", InstanceViewSet, basename="instance")
router.register("cancellations", CancellationViewSet, basename="cancellation")
router.register("steps", StepViewSet, basename="step")
router.register("messages", MessageViewSet, basename="message")
router.register("signals", SignalViewSet, basename="signal")
urlpatterns = [
    *router.urls,
    path("records/<int:record_id>/pending-steps/", PendingStepsView.as_view(), name="record-pending-steps"),
    path("statistics/", StatisticsView.as_view(), name="statistics"),
]
