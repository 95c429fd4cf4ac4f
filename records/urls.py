"""Addresses of the sections and their records."""

from django.urls import path

from records.views import record, sections

app_name = "records"
urlpatterns = [
    path("", sections.index, name="index"),
    path("r/<int:pk>/", record.detail, name="detail"),
    path("r/<int:pk>/details/", record.details, name="details"),
    path("r/<int:pk>/edit/", record.edit, name="edit"),
    path("r/<int:pk>/delete/", record.delete, name="delete"),
    path("r/<int:pk>/changes/", record.changes, name="changes"),
    path("r/<int:pk>/process-menu/", record.process_menu, name="process-menu"),
    path("<str:code>/", sections.record_list, name="list"),
    path("<str:code>/add/", record.add, name="add"),
    path("<str:code>/counts/", sections.counts, name="counts"),
    path("<str:code>/options/", sections.options, name="options"),
]
