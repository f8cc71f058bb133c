"""Django's admin with our own rule of who may enter it."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class SiteConfig(AdminConfig):
    default_site = "backend.accounts.site.AccountsSite"
