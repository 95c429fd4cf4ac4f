"""API addresses of this app, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from records.api import RecordViewSet

router = SimpleRouter()
router.register("records", RecordViewSet)
urlpatterns = router.urls
