from django.urls import path

from backend.exchange import api

urlpatterns = [
    path("import-lists", api.ImportLists.as_view(), name="import-lists"),
    path("import-lists/<slug:key>/template", api.ImportTemplate.as_view(), name="import-template"),
    path("imports", api.Imports.as_view(), name="imports"),
    path("imports/<int:pk>", api.ImportDetail.as_view(), name="import"),
    path("imports/<int:pk>/decision", api.ImportDecision.as_view(), name="import-decision"),
    path("imports/<int:pk>/rows", api.ImportRows.as_view(), name="import-rows"),
    path("imports/<int:pk>/reasons", api.ImportReasons.as_view(), name="import-reasons"),
    path("imports/<int:pk>/file", api.ImportFile.as_view(), name="import-file"),
]
