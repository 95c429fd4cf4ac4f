"""All addresses: each app brings its own pages, `api.py` the programs' ones."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="activities:list"), name="home"),
    path("", include("bpm_portal.accounts.urls")),
    path("activities/", include("activities.urls")),
    path("records/", include("records.urls")),
    path("", include("processes.urls")),
    path("panel/", include("notifications.urls")),
    path("api/", include("bpm_portal.api")),
    path("admin/", admin.site.urls),
]
