from django.urls import path

from backend.needs import api

urlpatterns = [
    path("needs", api.NeedList.as_view(), name="needs"),
    path("needs/<int:pk>", api.NeedDetail.as_view(), name="need"),
    path("needs/<int:pk>/decision", api.NeedDecision.as_view(), name="need-decision"),
]
