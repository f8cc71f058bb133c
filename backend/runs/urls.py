from django.urls import path

from backend.runs import api, asking, compare_api, villages_api

urlpatterns = [
    path("policies/preview", api.PolicyPreview.as_view(), name="policy-preview"),
    path("parties/<int:pk>/villages", villages_api.PartyVillages.as_view(), name="party-villages"),
    path("runs", api.RunList.as_view(), name="runs"),
    path("runs/<int:pk>", api.RunDetail.as_view(), name="run"),
    path("runs/<int:pk>/cancel", api.RunCancel.as_view(), name="run-cancel"),
    path("runs/<int:pk>/cure", api.RunCure.as_view(), name="run-cure"),
    path("runs/<int:pk>/files", api.RunFiles.as_view(), name="run-files"),
    path("runs/<int:pk>/archive", api.RunArchive.as_view(), name="run-archive"),
    path("runs/<int:pk>/pairs/<str:helper>/<str:recipient>/why", asking.PairWhy.as_view(), name="run-why"),
    path("runs/<int:pk>/comparison/<int:other>", compare_api.RunComparison.as_view(), name="run-comparison"),
    path("runs/<int:pk>/tradeoffs", compare_api.RunTradeoffs.as_view(), name="run-tradeoffs"),
    path("runs/<int:pk>/gaps", asking.RunGaps.as_view(), name="run-gaps"),
    path("runs/<int:pk>/withdrawals/<str:helper>", asking.RunWithdrawal.as_view(), name="run-withdrawal"),
    path("runs/<int:pk>/scenario", asking.RunScenario.as_view(), name="run-scenario"),
    path("runs/<int:pk>/scenario/adoption", asking.RunScenarioAdoption.as_view(), name="run-scenario-adoption"),
]
