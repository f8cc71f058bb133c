from django.urls import path

from backend.commitments import api, overviews, targets_api

urlpatterns = [
    path("commitments", api.CommitmentList.as_view(), name="commitments"),
    path("commitments/summary", overviews.YearSummary.as_view(), name="commitments-summary"),
    path("commitments/<int:pk>", api.CommitmentDetail.as_view(), name="commitment"),
    path("commitments/<int:pk>/arrivals", api.CommitmentArrivals.as_view(), name="commitment-arrivals"),
    path("commitments/<int:pk>/spendings", api.CommitmentSpendings.as_view(), name="commitment-spendings"),
    path("commitments/<int:pk>/withdrawal", api.CommitmentWithdrawal.as_view(), name="commitment-withdrawal"),
    path("commitment-kinds", api.CommitmentKinds.as_view(), name="commitment-kinds"),
    path("ledger-entries/<int:pk>/confirmation", api.EntryConfirmation.as_view(), name="entry-confirmation"),
    path("ledger-entries/<int:pk>/acceptance", api.EntryAcceptance.as_view(), name="entry-acceptance"),
    path("ledger-entries/<int:pk>/reversal", api.EntryReversal.as_view(), name="entry-reversal"),
    path("ledger-entries/<int:pk>/files", api.EntryFiles.as_view(), name="entry-files"),
    path("entry-files/<int:pk>", api.EntryFileContent.as_view(), name="entry-file"),
    path("reversal-requests/<int:pk>/answer", api.ReversalAnswer.as_view(), name="reversal-answer"),
    path("differences", overviews.DifferenceList.as_view(), name="differences"),
    path("discrepancies/<int:pk>/explanation", api.DiscrepancyExplanation.as_view(), name="discrepancy-explanation"),
    path("discrepancies/<int:pk>/answer", api.DiscrepancyAnswer.as_view(), name="discrepancy-answer"),
    path("postings/<int:pk>/end", api.PostingEnd.as_view(), name="posting-end"),
    path("agreements/<int:pk>/targets", targets_api.AgreementTargets.as_view(), name="agreement-targets"),
    path("pairings/<int:pk>/targets", targets_api.PairingTargets.as_view(), name="pairing-targets"),
    path("counties/<str:code>/balance", overviews.CountyBalance.as_view(), name="county-balance"),
]
