from django.urls import path

from backend.search.api import Search
from backend.web.visitors import for_visitors

urlpatterns = [
    path("search", for_visitors(Search.as_view()), name="search"),
]
