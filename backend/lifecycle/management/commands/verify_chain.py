"""`python -m backend verify_chain [--head SEQ:HASH] [--heads FILE]`: 0 when the record is whole, 1 with the faults."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.lifecycle import chain


class Command(BaseCommand):
    help = "核对事件链：逐条重算封印；可与此前导出的链头比对"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", metavar="SEQ:HASH", help="a head printed earlier, kept outside the database")
        parser.add_argument(
            "--heads", metavar="FILE", type=Path, help="heads exported earlier; the daily file by default"
        )

    def handle(self, *args: Any, head: str | None = None, heads: Path | None = None, **options: Any) -> None:
        lines = [head] if head else []
        heads = heads or (settings.CHAIN_HEADS_FILE if settings.CHAIN_HEADS_FILE.exists() else None)
        if heads:
            lines += heads.read_text(encoding="utf-8").splitlines()
        try:
            known = [chain.Head.parse(line) for line in lines if line.strip()]
        except chain.NotAHead as error:
            raise CommandError(str(error)) from None
        faults = chain.verify(*known)
        for fault in faults:
            self.stderr.write(f"seal {fault.seq} event {fault.event_id}: {fault.what}")
        if faults:
            sys.exit(1)
        self.stdout.write(str(chain.head()))
