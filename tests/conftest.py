"""Which tests must share a process when several run at once."""

from __future__ import annotations

import pytest

# Nothing but their own arguments: any process may take them one by one.
_INDEPENDENT = "tests/matching/"
# One platform and one browser for all journeys.
_TOGETHER = "tests/e2e/"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process, where they share what their module sets up.

    First of all hooks: the runner reads the marks in its own.
    """
    for item in items:
        file = item.path.relative_to(item.config.rootpath).as_posix()
        if file.startswith(_INDEPENDENT):
            continue
        item.add_marker(pytest.mark.xdist_group(_TOGETHER if file.startswith(_TOGETHER) else file))
