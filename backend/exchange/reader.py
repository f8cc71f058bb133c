"""The parent's side of reading: starts the confined process, takes its lines, survives whatever happens to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

WALL_SECONDS = 180.0
_LONGEST_LINE = 64 << 20  # bytes; a row of 200 cells of 32 767 characters, escaped, is shorter
# Nothing of ours is passed on: the process that reads strangers' files knows no secret and no database.
_PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONHOME", "SYSTEMROOT")


class Unreadable(Exception):
    """The file could not be read; `rule` and the message say why."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


def command(path: Path, sheet: str, ignored: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "backend.exchange.reading", str(path), sheet, *ignored]


def read(asked: Sequence[str], wall_seconds: float = WALL_SECONDS) -> Iterator[Any]:
    """The heading and the rows that the process writes; raises Unreadable when it refuses, dies or takes too long.

    Rows arrive while it is still reading: the caller's work on them goes on beside it.
    """
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    environment |= {"PYTHONIOENCODING": "utf-8", "OPENPYXL_LXML": "False", "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(  # noqa: S603  (our own module; the file's name is one of ours)
        asked,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,
    ) as child:
        slow = threading.Event()

        def stop() -> None:
            slow.set()
            child.kill()

        watch = threading.Timer(wall_seconds, stop)
        watch.start()
        try:
            yield from _lines(cast(IO[bytes], child.stdout), slow)
        finally:
            watch.cancel()
            child.kill()


def _lines(said_by_child: IO[bytes], slow: threading.Event) -> Iterator[Any]:
    while line := said_by_child.readline(_LONGEST_LINE):
        try:
            said = json.loads(line)
        except ValueError:
            break  # cut off in the middle
        if isinstance(said, dict) and "refused" in said:
            raise Unreadable(said["refused"]["rule"], said["refused"]["message"])
        if isinstance(said, dict) and "end" in said:
            return
        yield said
    if slow.is_set():
        raise Unreadable("too_slow", "读取这个文件用时过长，已停止；请删除多余的内容，或分成几个文件上传")
    raise Unreadable("reader_died", "读取这个文件时超出了时间或内存的限制，或文件已损坏；请重新保存或分成几个文件上传")
