from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.accounts.models import User


class Command(BaseCommand):
    help = "List the demonstration log-ins with their role, whom they act for, and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: there are no demonstration log-ins")
        accounts = User.objects.filter(is_demo=True, is_active=True).select_related("party").order_by("pk")
        for account in accounts:
            where = account.party.name if account.party else "全国"
            self.stdout.write(f"{account.username}\t{account.get_role_display()}\t{where}")
        self.stdout.write(f"password of each: {settings.DEMO_PASSWORD}")
