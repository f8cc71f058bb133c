from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.demo.loader import DemoForbidden, ReferenceMissing, load


class Command(BaseCommand):
    help = "Create the demonstration log-ins and invented parties, all marked 【演示】; leaves existing ones alone."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            created = load()
        except (DemoForbidden, ReferenceMissing) as error:
            raise CommandError(str(error)) from None
        names = ", ".join(account.username for account in created)
        self.stdout.write(f"Demonstration log-ins created: {names}" if names else "Demonstration log-ins are there.")
