"""`python -m backend reconcile`: 0 when every total agrees with its entries, 1 with the figures that do not."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from backend.commitments.reconciling import reconcile


class Command(BaseCommand):
    help = "逐项承诺由台账分录重算合计，与所存合计比对，结果入库"

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = reconcile()
        for finding in outcome.findings:
            self.stderr.write("commitment {commitment} {figure}: kept {kept}, recounted {recounted}".format(**finding))
        if outcome.findings:
            sys.exit(1)
        self.stdout.write(f"{outcome.commitments} commitments, {outcome.entries} entries: all agree")
