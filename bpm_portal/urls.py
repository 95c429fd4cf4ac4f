"""All addresses: each app brings its own pages, `api.py` the programs' ones."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from bpm_portal.common import walking


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon, such as the API's."""
    return redirect(static("img/mark.svg"))


handler404 = "bpm_portal.common.error_pages.page_not_found"
handler500 = "bpm_portal.common.error_pages.server_error"

urlpatterns = [
    path(
        "",
        RedirectView.as_view(pattern_name="activities:list", http_method_names=["get", "head"]),
        name="home",
    ),
    path("", include("bpm_portal.accounts.urls")),
    path("walks/<str:token>/<int:at>/", walking.go_on, name="walk"),
    path("walks/<str:token>/<int:at>/back/", walking.go_back, name="walk-back"),
    path("activities/", include("activities.urls")),
    path("records/", include("records.urls")),
    path("", include("processes.urls")),
    path("panel/", include("notifications.urls")),
    path("", include("notifications.mail_urls")),
    path("api/", include("bpm_portal.api")),
    path("admin/", admin.site.urls),
    path("favicon.ico", favicon),
]
if settings.METRICS_TOKEN:
    urlpatterns.append(path("metrics/", include("bpm_portal.metrics")))
