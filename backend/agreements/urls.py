from django.urls import path

from backend.agreements import api

urlpatterns = [
    path("agreements", api.AgreementList.as_view(), name="agreements"),
    path("agreements/prefill", api.AgreementPrefill.as_view(), name="agreement-prefill"),
    path("agreements/<int:pk>", api.AgreementDetail.as_view(), name="agreement"),
    path("agreements/<int:pk>/decision", api.AgreementDecision.as_view(), name="agreement-decision"),
    path("agreements/<int:pk>/signature", api.AgreementSignature.as_view(), name="agreement-signature"),
    path("agreements/<int:pk>/revision", api.AgreementRevision.as_view(), name="agreement-revision"),
    path("agreements/<int:pk>/docx", api.AgreementDocx.as_view(), name="agreement-docx"),
    path("agreements/<int:pk>/pdf", api.AgreementPdf.as_view(), name="agreement-pdf"),
    path("agreements/<int:pk>/copies", api.AgreementCopies.as_view(), name="agreement-copies"),
    path("agreements/<int:pk>/events", api.AgreementEvents.as_view(), name="agreement-events"),
    path("signed-copies/<int:pk>", api.SignedCopyFile.as_view(), name="signed-copy"),
]
