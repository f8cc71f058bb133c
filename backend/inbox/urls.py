from django.urls import path

from backend.inbox.api import Inbox

urlpatterns = [path("inbox", Inbox.as_view(), name="inbox")]
