"""Many threads, each with its own connection, let go at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def together(count: int, work: Callable[[int], T]) -> list[T]:
    """Call `work(0)` … `work(count - 1)` at once behind a barrier; return the results in order."""
    barrier = threading.Barrier(count)

    def one(number: int) -> T:
        try:
            barrier.wait(timeout=60)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
