from django.urls import path

from backend.pairings import api, life_api, review_api, reviewing_api

urlpatterns = [
    path("runs/<int:pk>/review", review_api.RunReview.as_view(), name="run-review"),
    path("runs/<int:pk>/suggestions", review_api.SuggestionList.as_view(), name="run-suggestions"),
    path("runs/<int:pk>/publications", review_api.RunPublications.as_view(), name="run-publications"),
    path("publications/<int:pk>/taking-back", review_api.PublicationTakeBack.as_view(), name="publication-taking-back"),
    path("suggestions/<int:pk>/decision", review_api.SuggestionDecision.as_view(), name="suggestion-decision"),
    path(
        "suggestions/<int:pk>/second-look", reviewing_api.SuggestionSecondLook.as_view(), name="suggestion-second-look"
    ),
    path("runs/<int:pk>/assignments", reviewing_api.RunAssignments.as_view(), name="run-assignments"),
    path("suggestions/<int:pk>/notes", review_api.SuggestionNotes.as_view(), name="suggestion-notes"),
    path("pairings", api.PairingList.as_view(), name="pairings"),
    path("pairings/<int:pk>", api.PairingDetail.as_view(), name="pairing"),
    path("pairings/<int:pk>/acknowledgement", api.PairingAcknowledgement.as_view(), name="pairing-acknowledgement"),
    path("pairings/<int:pk>/events", api.PairingEvents.as_view(), name="pairing-events"),
    path("pairings/<int:pk>/end", life_api.PairingEnd.as_view(), name="pairing-end"),
    path("pairings/<int:pk>/marks", life_api.PairingMarks.as_view(), name="pairing-marks"),
    path("pairings/<int:pk>/contacts", life_api.ContactList.as_view(), name="pairing-contacts"),
    path("contacts/<int:pk>/void", life_api.ContactVoid.as_view(), name="contact-void"),
    path("sub-pairings", life_api.SubPairingList.as_view(), name="sub-pairings"),
    path("sub-pairings/counts", life_api.SubPairingCounts.as_view(), name="sub-pairing-counts"),
    path("sub-pairings/<int:pk>/decision", life_api.SubPairingDecision.as_view(), name="sub-pairing-decision"),
]
