"""Addresses of the Activities section."""

from django.urls import URLPattern

app_name = "activities"
urlpatterns: list[URLPattern] = []
