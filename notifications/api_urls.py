"""API addresses of this app, below /api/v1/."""

from django.urls import path

from notifications.api import FeedView

urlpatterns = [path("feed/", FeedView.as_view(), name="feed")]
