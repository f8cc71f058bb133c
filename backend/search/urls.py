from django.urls import path

from backend.search.api import Search

urlpatterns = [
    path("search", Search.as_view(), name="search"),
]
