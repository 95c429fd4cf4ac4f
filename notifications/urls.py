"""Addresses of the panel and the notification centre."""

from django.urls import URLPattern

app_name = "notifications"
urlpatterns: list[URLPattern] = []
