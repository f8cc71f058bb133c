"""How often one address may knock at the doors that need no log-in; the figures are the setting KNOCKS."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from backend.accounts.login import client_address


class Knocks(SimpleRateThrottle):
    """Counts per address of the browser and per `scope`, whoever it is logged in as."""

    def get_rate(self) -> str:
        return str(settings.KNOCKS[str(self.scope)])

    def get_cache_key(self, request: Request, view: Any) -> str:
        return f"knocks:{self.scope}:{client_address(request._request)}"


class Entering(Knocks):
    """Registering and accepting an invitation: what makes an account."""

    scope = "entering"


class Asking(Knocks):
    """Looking something up before one has an account."""

    scope = "asking"
