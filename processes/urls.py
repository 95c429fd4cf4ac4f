"""Addresses of steps, library, log and statistics."""

from django.urls import URLPattern, path

from processes.views import handing, start, steps

app_name = "processes"
urlpatterns: list[URLPattern] = [
    path("steps/<int:pk>/", steps.step_page, name="step"),
    path("steps/<int:pk>/draft/", steps.save_draft, name="draft"),
    path("steps/<int:pk>/state/", steps.step_state, name="step-state"),
    path("steps/<int:pk>/answer/", steps.answer, name="answer"),
    path("steps/<int:pk>/take/", handing.take, name="take"),
    path("steps/<int:pk>/give-back/", handing.give_back, name="give-back"),
    path("steps/<int:pk>/postpone/", handing.postpone, name="postpone"),
    path("steps/<int:pk>/reassign/", handing.reassign, name="reassign"),
    path("continue/<int:record_id>/", steps.continue_record, name="continue"),
    path("start/<int:pk>/", start.start, name="start"),
]
