from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from backend.reference.loader import load


class Command(BaseCommand):
    help = "Load the reference facts (areas, counties, pairs, indicators); does nothing when they are loaded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="compare every row even if the files are unchanged")

    def handle(self, *args: Any, **options: Any) -> None:
        done = load(force=options["force"])
        if done is None:
            self.stdout.write("Reference data are up to date.")
            return
        for table, changes in done.changes.items():
            counts = ", ".join(f"{count} {verb}" for verb, count in changes.items() if count)
            self.stdout.write(f"{table}: {counts}")
