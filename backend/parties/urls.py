from django.urls import path

from backend.parties.api import PartyDetail, PartyList

urlpatterns = [
    path("parties", PartyList.as_view(), name="parties"),
    path("parties/<int:pk>", PartyDetail.as_view(), name="party"),
]
