from django.urls import path

from backend.commitments import api

urlpatterns = [
    path("commitments", api.CommitmentList.as_view(), name="commitments"),
    path("commitments/<int:pk>", api.CommitmentDetail.as_view(), name="commitment"),
    path("commitments/<int:pk>/arrivals", api.CommitmentArrivals.as_view(), name="commitment-arrivals"),
    path("ledger-entries/<int:pk>/confirmation", api.EntryConfirmation.as_view(), name="entry-confirmation"),
]
