from django.urls import path

from backend.accounts.api import PasswordView, SessionView
from backend.accounts.events import EventList
from backend.accounts.history import History

urlpatterns = [
    path("session", SessionView.as_view(), name="session"),
    path("session/password", PasswordView.as_view(), name="password"),
    path("events", EventList.as_view(), name="events"),
    path("history", History.as_view(), name="history"),
]
