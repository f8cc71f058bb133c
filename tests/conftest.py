"""Which tests share a process when several processes run them."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Nothing but their own arguments: any process may take them one by one.
_INDEPENDENT = "tests/matching/"
# One platform for all journeys.
_TOGETHER = "tests/e2e/"


class ByFile(LoadScopeScheduling):
    """The tests of a file in one process, where they share what their module sets up."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        if file.startswith(_INDEPENDENT):
            return nodeid
        return _TOGETHER if file.startswith(_TOGETHER) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)
