"""Addresses of steps, library, log and statistics."""

from django.urls import URLPattern, path

from processes.views import (
    cancelling,
    elements,
    handing,
    instance,
    library,
    log,
    process,
    records,
    start,
    statistics,
    steps,
)

app_name = "processes"
urlpatterns: list[URLPattern] = [
    path("steps/<int:pk>/", steps.step_page, name="step"),
    path("steps/<int:pk>/draft/", steps.save_draft, name="draft"),
    path("steps/<int:pk>/recall/", steps.recall, name="recall"),
    path("steps/<int:pk>/state/", steps.step_state, name="step-state"),
    path("steps/<int:pk>/answer/", steps.answer, name="answer"),
    path("steps/<int:pk>/take/", handing.take, name="take"),
    path("steps/<int:pk>/give-back/", handing.give_back, name="give-back"),
    path("steps/<int:pk>/postpone/", handing.postpone, name="postpone"),
    path("steps/<int:pk>/reassign/", handing.reassign, name="reassign"),
    path("continue/<int:record_id>/", steps.continue_record, name="continue"),
    path("records/<int:record_id>/next-steps/", records.next_steps, name="next-steps"),
    path("start/<int:pk>/", start.start, name="start"),
    path("deploy/", library.deploy, name="deploy"),
    path("processes/", library.library, name="library"),
    path("processes/<str:key>/", process.process_page, name="process"),
    path("processes/<str:key>/roles/", process.roles, name="roles"),
    path("processes/<str:key>/enable/", process.enable, name="enable"),
    path("processes/<str:key>/disable/", process.disable, name="disable"),
    path("processes/<str:key>/versions/<int:number>.bpmn", process.version_source, name="version"),
    path("log/", log.log, name="log"),
    path("log/cancel/", cancelling.cancel, name="cancel"),
    path("log/cancellations/", cancelling.job_list, name="cancel-jobs"),
    path("log/cancellations/<int:pk>/", cancelling.job_page, name="cancel-job"),
    path("log/cancellations/<int:pk>/report.csv", cancelling.job_report, name="cancel-report"),
    path("log/cancellations/<int:pk>/<slug:move>/", cancelling.move_job, name="cancel-move"),
    path("log/unassigned/", log.unassigned, name="unassigned"),
    path("log/<int:pk>/", instance.instance_page, name="instance"),
    path("log/<int:pk>/diagram.bpmn", instance.instance_source, name="instance-source"),
    path("log/elements/<int:pk>/retry/", elements.retry, name="retry"),
    path("log/elements/<int:pk>/skip/", elements.skip, name="skip"),
    path("log/elements/<int:pk>/reassign/", elements.reassign, name="reassign-dialog"),
    path("statistics/", statistics.statistics_page, name="statistics"),
    path("statistics/export.csv", statistics.export, name="statistics-export"),
]
