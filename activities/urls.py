"""Addresses of the Activities section."""

from django.urls import path

from activities.views import (
    calendar,
    connections,
    editing,
    listing,
    many,
    page,
    preview,
    talking,
    walking,
    working,
)

app_name = "activities"
urlpatterns = [
    path("", listing.activity_list, name="list"),
    path("walk/", walking.walk, name="walk"),
    path("calendar/", calendar.calendar_page, name="calendar"),
    path("add/", editing.add, name="add"),
    path("bulk/<slug:action>/", many.ask, name="bulk"),
    path("bulk/<slug:action>/run/", many.run, name="bulk-run"),
    path("<int:pk>/", page.activity_page, name="detail"),
    path("<int:pk>/preview/", preview.preview, name="preview"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/start/", working.start, name="start"),
    path("<int:pk>/complete/", working.complete, name="complete"),
    path("<int:pk>/cancel/", working.cancel, name="cancel"),
    path("<int:pk>/postpone/", working.postpone, name="postpone"),
    path("<int:pk>/reschedule/", calendar.reschedule, name="reschedule"),
    path("<int:pk>/reassign/", working.reassign, name="reassign"),
    path("<int:pk>/take/", working.take, name="take"),
    path("<int:pk>/give-back/", working.give_back, name="give-back"),
    path("<int:pk>/comments/", talking.comments, name="comments"),
    path("<int:pk>/comment/", talking.comment, name="comment"),
    path("comments/<int:pk>/delete/", talking.delete_comment, name="comment-delete"),
    path("<int:pk>/participants/add/", talking.add_participant, name="participant-add"),
    path(
        "<int:pk>/participants/<int:user_id>/remove/", talking.remove_participant, name="participant-remove"
    ),
    path("<int:pk>/connect/", talking.connect, name="connect"),
    path("<int:pk>/connections/<int:record_id>/remove/", talking.disconnect, name="disconnect"),
    path("<int:pk>/remind/", talking.remind, name="remind"),
    path("<int:pk>/files/add/", talking.attach, name="file-add"),
    path("files/<int:pk>/", talking.download, name="file"),
    path("files/<int:pk>/delete/", talking.delete_file, name="file-delete"),
    path("records/", connections.record_options, name="record-options"),
]
