from django.urls import path

from backend.reports import api

urlpatterns = [
    path("workbench", api.Workbench.as_view(), name="workbench"),
    path("coverage", api.Coverage.as_view(), name="coverage"),
]
