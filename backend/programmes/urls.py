from django.urls import path

from backend.programmes import api

urlpatterns = [
    path("channels", api.ChannelList.as_view(), name="channels"),
    path("region-pairs", api.RegionPairList.as_view(), name="region-pairs"),
    path("reasons", api.ReasonList.as_view(), name="reasons"),
    path("policies", api.PolicyList.as_view(), name="policies"),
    path("policies/<int:pk>", api.PolicyDetail.as_view(), name="policy"),
]
