from django.urls import path

from backend.interests import api

urlpatterns = [
    path("interests", api.InterestList.as_view(), name="interests"),
    path("interests/<int:pk>/withdrawal", api.InterestWithdrawal.as_view(), name="interest-withdrawal"),
]
