"""`python -m backend verify_chain [--head SEQ:HASH]`: 0 when the record is whole, 1 with the faults otherwise."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.lifecycle import chain


class Command(BaseCommand):
    help = "核对事件链：逐条重算封印；可与此前导出的链头比对"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", metavar="SEQ:HASH", help="a head printed earlier, kept outside the database")

    def handle(self, *args: Any, head: str | None = None, **options: Any) -> None:
        faults = chain.verify(_parse(head) if head else None)
        for fault in faults:
            self.stderr.write(f"seal {fault.seq} event {fault.event_id}: {fault.what}")
        if faults:
            sys.exit(1)
        current = chain.head()
        self.stdout.write(f"{current.seq}:{current.hash}")


def _parse(text: str) -> chain.Head:
    seq, _, digest = text.partition(":")
    if not seq.isdigit() or len(digest) != 64:
        raise CommandError(f"链头应为“序号:64位十六进制”，收到 {text!r}")
    return chain.Head(int(seq), digest)
