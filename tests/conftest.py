"""Where test databases come from, and which tests share a process when several processes run them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.plugins.services import migrated_database

# Nothing but their own arguments: any process may take them one by one.
_INDEPENDENT = "tests/matching/"
# One platform for all journeys, and one of its own for the walk over every page, which takes as long as many of them.
_TOGETHER, _APART = "tests/e2e/", "tests/e2e/test_pages.py"

# For `--hypothesis-profile=thorough`: the promised size of the ledger's state machine.
settings.register_profile("thorough", max_examples=500, stateful_step_count=50)


class ByFile(LoadScopeScheduling):
    """The tests of a file in one process, where they share what their module sets up."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        if file.startswith(_INDEPENDENT):
            return nodeid
        return _TOGETHER if file.startswith(_TOGETHER) and file != _APART else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys first: the longest of all, they must not be what everybody else waits for in the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_TOGETHER))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Make test databases from one that is migrated already (pytest-django asks this fixture first)."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database()
