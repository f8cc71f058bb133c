from django.urls import path

from backend.pairings import api

urlpatterns = [
    path("runs/<int:pk>/suggestions", api.SuggestionList.as_view(), name="run-suggestions"),
    path("suggestions/<int:pk>/decision", api.SuggestionDecision.as_view(), name="suggestion-decision"),
    path("pairings", api.PairingList.as_view(), name="pairings"),
    path("pairings/<int:pk>", api.PairingDetail.as_view(), name="pairing"),
    path("pairings/<int:pk>/acknowledgement", api.PairingAcknowledgement.as_view(), name="pairing-acknowledgement"),
    path("pairings/<int:pk>/events", api.PairingEvents.as_view(), name="pairing-events"),
]
