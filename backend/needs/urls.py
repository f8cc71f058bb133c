from django.urls import path

from backend.needs import api
from backend.web.visitors import for_visitors

urlpatterns = [
    path("needs", for_visitors(api.NeedList.as_view()), name="needs"),
    path("needs/<int:pk>", api.NeedDetail.as_view(), name="need"),
    path("needs/<int:pk>/decision", api.NeedDecision.as_view(), name="need-decision"),
]
