"""Addresses of the sections and their records."""

from django.urls import path

from records.views import exports, filters, imports, many, record, sections

app_name = "records"
urlpatterns = [
    path("", sections.index, name="index"),
    # No section can be called “-”.
    path("-/imports/<int:pk>/", imports.page, name="import-page"),
    path("-/imports/<int:pk>/state/", imports.state, name="import-state"),
    path("-/imports/<int:pk>/map/", imports.map_columns, name="import-map"),
    path("-/imports/<int:pk>/run/", imports.run, name="import-run"),
    path("-/imports/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("-/imports/<int:pk>/report/", imports.report, name="import-report"),
    path("-/filters/<str:list_code>/", filters.chips, name="filters"),
    path("-/filters/<str:list_code>/new/", filters.keep, name="filter-new"),
    path("-/filters/<str:list_code>/manage/", filters.manage, name="filters-manage"),
    path("-/filters/<str:list_code>/<int:pk>/delete/", filters.delete, name="filter-delete"),
    path("-/filters/<str:list_code>/<int:pk>/default/", filters.choose, name="filter-default"),
    path("r/<int:pk>/", record.detail, name="detail"),
    path("r/<int:pk>/details/", record.details, name="details"),
    path("r/<int:pk>/edit/", record.edit, name="edit"),
    path("r/<int:pk>/delete/", record.delete, name="delete"),
    path("r/<int:pk>/changes/", record.changes, name="changes"),
    path("r/<int:pk>/history/", record.history, name="history"),
    path("r/<int:pk>/process-menu/", record.process_menu, name="process-menu"),
    path("<str:code>/", sections.record_list, name="list"),
    path("<str:code>/add/", record.add, name="add"),
    path("<str:code>/counts/", sections.counts, name="counts"),
    path("<str:code>/options/", sections.options, name="options"),
    path("<str:code>/export/", exports.export, name="export"),
    path("<str:code>/export/options/", exports.options, name="export-options"),
    path("<str:code>/bulk/<slug:action>/", many.ask, name="bulk"),
    path("<str:code>/bulk/<slug:action>/run/", many.run, name="bulk-run"),
    path("<str:code>/import/", imports.start, name="import"),
]
