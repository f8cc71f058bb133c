"""The reading process: takes away its own rights first, then opens the file."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.exchange.reading import archive, delimited, workbook
from backend.exchange.reading.refusals import Refused

CPU_SECONDS = 90
MEMORY_BYTES = 1 << 30
OPEN_FILES = 64
MOST_ROWS = 50_000 + 20  # rows, with a title, a heading and an example


def confine() -> None:
    """No more time, memory or files than a large honest table needs, nothing written to any disk, no core dump."""
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def lines(path: Path, wanted: str, ignored: list[str]) -> Iterator[Any]:
    """Everything the parent is told. Raises Refused."""
    try:
        said = workbook.read(path, wanted, ignored) if archive.is_workbook(path) else delimited.read(path)
        yield next(said)
        count = 0
        for count, row in enumerate(said, start=1):
            if count > MOST_ROWS:
                raise Refused("too_many_rows", "超过 5 万行，请分成几个文件上传")
            yield row
        yield {"end": count}
    except Refused as refused:
        yield {"refused": {"rule": refused.rule, "message": refused.message}}
    except (MemoryError, RecursionError):
        yield {"refused": {"rule": "too_much", "message": "读取这个文件需要的内存超出限制，请删除多余的内容后再上传"}}


def main() -> None:
    confine()
    for one in lines(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]):
        sys.stdout.write(json.dumps(one, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
