"""Addresses of steps, library, log and statistics."""

from django.urls import URLPattern

app_name = "processes"
urlpatterns: list[URLPattern] = []
