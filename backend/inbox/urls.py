from django.urls import path

from backend.inbox.api import DigestChoice, Inbox

urlpatterns = [
    path("inbox", Inbox.as_view(), name="inbox"),
    path("inbox/digest", DigestChoice.as_view(), name="digest"),
]
