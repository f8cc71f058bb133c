from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.reference.load_villages import NoSuchCounty, load_villages


class Command(BaseCommand):
    help = "Load the townships and villages of the 832 counties, or of the counties named by code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", nargs="*", help="six-digit code of 2020; all 832 without any")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changes = load_villages(options["county"])
        except NoSuchCounty as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{changes.created} created, {changes.updated} updated, {changes.unchanged} unchanged")
