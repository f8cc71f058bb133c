from django.urls import path, re_path

from backend.places.api import AreaDetail, AreaList

urlpatterns = [
    path("areas", AreaList.as_view(), name="areas"),
    re_path(r"^areas/(?P<code>[0-9]{6})$", AreaDetail.as_view(), name="area"),
]
