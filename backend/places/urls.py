from django.urls import path, re_path

from backend.places.api import AreaDetail, AreaList
from backend.web.visitors import for_visitors

urlpatterns = [
    path("areas", for_visitors(AreaList.as_view()), name="areas"),
    re_path(r"^areas/(?P<code>[0-9]{6})$", for_visitors(AreaDetail.as_view()), name="area"),
]
