from django.urls import path

from backend.parties.api import PartyDetail, PartyList
from backend.web.visitors import for_visitors

urlpatterns = [
    path("parties", for_visitors(PartyList.as_view()), name="parties"),
    path("parties/<int:pk>", for_visitors(PartyDetail.as_view()), name="party"),
]
