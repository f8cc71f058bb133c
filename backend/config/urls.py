"""Every address: the API under /api/, the single-page application for all the rest."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from backend.accounts import urls as accounts
from backend.agreements import urls as agreements
from backend.commitments import urls as commitments
from backend.exchange import urls as exchange
from backend.inbox import urls as inbox
from backend.interests import urls as interests
from backend.joining import urls as joining
from backend.needs import urls as needs
from backend.pairings import urls as pairings
from backend.parties import urls as parties
from backend.places import urls as places
from backend.programmes import urls as programmes
from backend.projects import urls as projects
from backend.reports import urls as reports
from backend.runs import urls as runs
from backend.search import urls as search
from backend.web import views

# In one list, what is asked most at its head: addresses are tried one after the other, and a resolver of its own for
# each room would note all that it tried before the next one is asked.
_ROOMS = (
    inbox, commitments, needs, search, reports, pairings, parties, places, accounts, exchange, joining, programmes,
    interests, runs, agreements, projects,
)  # fmt: skip

urlpatterns = [
    path("api/schema/", SpectacularAPIView.as_view(permission_classes=[]), name="schema"),
    path("api/health", views.health, name="health"),
    path("api/", include([address for room in _ROOMS for address in room.urlpatterns])),
    path("admin/", admin.site.urls),
    re_path(r"^api(/.*)?$", views.no_such_endpoint, name="no-such-endpoint"),
    re_path(r"^(?!api(?:/|$)).*$", views.application, name="application"),
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
