"""Fixtures for the rooms of the flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.backend import world as worlds


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> worlds.World:
    """A small country in this test's transaction; run files go to a folder of the test."""
    settings.RUNS_DIR = tmp_path / "runs"
    return worlds.build()


@pytest.fixture
def committed_world(transactional_db: None, settings: Any, tmp_path: Path) -> worlds.World:
    """The same, committed, for tests with several connections."""
    settings.RUNS_DIR = tmp_path / "runs"
    return worlds.build()
