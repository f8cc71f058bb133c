"""Every address: the API under /api/, the single-page application for all the rest."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from backend.web import views

urlpatterns = [
    path("api/schema/", SpectacularAPIView.as_view(permission_classes=[]), name="schema"),
    path("api/health", views.health, name="health"),
    path("api/", include("backend.places.urls")),
    path("api/", include("backend.parties.urls")),
    path("api/", include("backend.accounts.urls")),
    path("api/", include("backend.exchange.urls")),
    path("api/", include("backend.joining.urls")),
    path("api/", include("backend.needs.urls")),
    path("api/", include("backend.programmes.urls")),
    path("api/", include("backend.interests.urls")),
    path("api/", include("backend.runs.urls")),
    path("api/", include("backend.pairings.urls")),
    path("api/", include("backend.agreements.urls")),
    path("api/", include("backend.commitments.urls")),
    path("api/", include("backend.projects.urls")),
    path("api/", include("backend.inbox.urls")),
    path("api/", include("backend.search.urls")),
    path("api/", include("backend.reports.urls")),
    path("admin/", admin.site.urls),
    re_path(r"^api(/.*)?$", views.no_such_endpoint, name="no-such-endpoint"),
    re_path(r"^(?!api(?:/|$)).*$", views.application, name="application"),
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
