"""Addresses of the panel and the notification centre."""

from django.urls import path

from notifications.views import cards, centre, panel, walking

app_name = "notifications"
urlpatterns = [
    path("", panel.panel, name="panel"),
    path("work/", panel.work, name="work"),
    path("future/", panel.future, name="future"),
    path("filter/", panel.filter_work, name="filter"),
    path("filters/", panel.filters, name="filters"),
    path("walk/", walking.walk, name="walk"),
    path("bell/", panel.bell, name="bell"),
    path("count/", panel.count, name="count"),
    path("steps/", cards.steps, name="steps"),
    path("steps/take/", cards.take, name="take"),
    path("steps/<int:pk>/postpone/", cards.postpone_form, name="postpone-form"),
    path("steps/<int:pk>/reassign/", cards.reassign_form, name="reassign-form"),
    path("centre/", centre.centre, name="centre"),
    path("centre/read/", centre.read_all, name="read-all"),
    path("centre/<int:pk>/read/", centre.read, name="read"),
]
