"""Addresses of the panel and the notification centre."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.panel, name="panel"),
    path("work/", views.work, name="work"),
    path("future/", views.future, name="future"),
    path("bell/", views.bell, name="bell"),
    path("count/", views.count, name="count"),
    path("steps/<int:pk>/postpone/", views.postpone_form, name="postpone-form"),
    path("steps/<int:pk>/reassign/", views.reassign_form, name="reassign-form"),
    path("centre/", views.centre, name="centre"),
    path("centre/read/", views.read_all, name="read-all"),
    path("centre/<int:pk>/", views.open_notification, name="open"),
    path("centre/<int:pk>/read/", views.read, name="read"),
]
