"""Addresses of the sections and their records."""

from django.urls import URLPattern

app_name = "records"
urlpatterns: list[URLPattern] = []
