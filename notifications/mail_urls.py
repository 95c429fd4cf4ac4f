"""Addresses of what people choose about news, and of the links in e-mails and calendars.

What stands behind `/links/.../` is as good as a password: `bpm_portal.logs` hides it.
"""

from django.urls import path

from notifications.views import calendar_feed, links, mails, pops, preferences

app_name = "mail"
urlpatterns = [
    path("preferences/notifications/", preferences.preferences, name="preferences"),
    path("preferences/notifications/calendar/", calendar_feed.make, name="calendar-make"),
    path("preferences/notifications/calendar/revoke/", calendar_feed.revoke, name="calendar-revoke"),
    path("mails/", mails.mails, name="kept-list"),
    path("mails/<slug:name>/<int:number>/", mails.mail, name="kept"),
    path("panel/pops/", pops.pops, name="pops"),
    path("links/answer/<str:token>/", links.answer, name="answer"),
    path("links/unsubscribe/<str:token>/", links.unsubscribe, name="unsubscribe"),
    path("links/calendar/<str:token>.ics", calendar_feed.feed, name="calendar"),
]
