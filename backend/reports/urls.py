from django.urls import path

from backend.reports import api, place_api
from backend.reports.counties import CountyList
from backend.reports.projects import AreaProjects
from backend.reports.relations import RelationList
from backend.reports.results import PartyResults
from backend.web.visitors import for_visitors

urlpatterns = [
    path("workbench", api.Workbench.as_view(), name="workbench"),
    path("coverage", api.Coverage.as_view(), name="coverage"),
    path("coverage/channels", place_api.ChannelCoverage.as_view(), name="coverage-channels"),
    path("counties", for_visitors(CountyList.as_view()), name="counties"),
    path("relations", for_visitors(RelationList.as_view()), name="relations"),
    path("areas/<str:code>/money", for_visitors(place_api.AreaMoney.as_view()), name="area-money"),
    path("areas/<str:code>/projects", for_visitors(AreaProjects.as_view()), name="area-projects"),
    path("areas/<str:code>/timeline", for_visitors(place_api.AreaTimeline.as_view()), name="area-timeline"),
    path("parties/<int:pk>/money", for_visitors(place_api.PartyMoney.as_view()), name="party-money"),
    path("parties/<int:pk>/results", PartyResults.as_view(), name="party-results"),
    path("parties/<int:pk>/timeline", for_visitors(place_api.PartyTimeline.as_view()), name="party-timeline"),
]
