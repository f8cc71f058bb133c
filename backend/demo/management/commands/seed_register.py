from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.demo.loader import DemoForbidden, ReferenceMissing
from backend.demo.register import seed


class Command(BaseCommand):
    help = "Fill a demonstration to full size: real villages, invented firms and needs, all of these marked 【演示】."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--villages", action="store_true", help="load all townships and villages of the 832 counties"
        )
        parser.add_argument("--firms", type=int, default=127_000)
        parser.add_argument("--needs", type=int, default=50_000)
        parser.add_argument("--seed", type=int, default=20170623, help="the same number gives the same rows")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = {name: options[name] for name in ("villages", "firms", "needs", "seed")}
        try:
            done = seed(**asked)
        except (DemoForbidden, ReferenceMissing) as error:
            raise CommandError(str(error)) from None
        for kind, changes in done.items():
            self.stdout.write(
                f"{kind}: {changes.created} created, {changes.updated} updated, {changes.unchanged} there"
            )
