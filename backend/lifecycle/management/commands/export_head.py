"""`python -m backend export_head [--append FILE]`: the end of the chain, to be kept where nobody can change it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from backend.lifecycle import chain


class Command(BaseCommand):
    help = "导出链头：一行“时间 序号:哈希”，存放到数据库之外，日后可证明末尾未被删去"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--append", metavar="FILE", type=Path, help="add the line to this file as well")

    def handle(self, *args: Any, append: Path | None = None, **options: Any) -> None:
        self.stdout.write(chain.export(append) if append else chain.head_line())
