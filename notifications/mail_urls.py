"""Addresses of what people choose about news, and of the links in e-mails and calendars.

What stands behind `/links/.../` is as good as a password: `bpm_portal.logs` hides it.
"""

from django.urls import path

from notifications.views import links, preferences

app_name = "mail"
urlpatterns = [
    path("preferences/notifications/", preferences.preferences, name="preferences"),
    path("links/answer/<str:token>/", links.answer, name="answer"),
    path("links/unsubscribe/<str:token>/", links.unsubscribe, name="unsubscribe"),
]
