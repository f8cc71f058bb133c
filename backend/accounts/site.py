"""The administrator's pages, at /admin/: accounts and locked log-ins, nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from backend.accounts.models import Role


class AccountsSite(AdminSite):
    """Open to the role ADMINISTRATOR, whatever Django's own staff flag says."""

    site_header = site_title = "携手账户管理"
    index_title = "账户"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_active) and getattr(user, "role", None) == Role.ADMINISTRATOR
