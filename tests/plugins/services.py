"""Start a temporary PostgreSQL before Django reads its settings (conftest would be too late).

The tests connect as the owner role, which is no superuser: superusers bypass the very rules under test.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from backend.embedded.postgres import ADMIN, OWNER, Postgres

_started: list[tuple[Postgres, Path]] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Bring the server up once per test session; an address given from outside is used as it is.

    A wrapper, because pytest-django loads the settings in its own `tryfirst` implementation of this hook.
    """
    _start()
    return (yield)


def _start() -> None:
    if "TEST_DATABASE_URL" in os.environ:
        url = os.environ["TEST_DATABASE_URL"]
    else:
        folder = Path(tempfile.mkdtemp(prefix="xieshou-test-"))
        folder.chmod(0o755)
        server = Postgres(folder, durable=False)
        server.start()
        _started.append((server, folder))
        url = server.url(OWNER)
        _allow_owner_to_make_databases(server)
    os.environ["DATABASE_URL"] = os.environ["MIGRATION_DATABASE_URL"] = url
    os.environ.setdefault("SECRET_KEY", "only-for-tests")
    os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="xieshou-test-data-"))
    os.environ["BROKER_URL"] = "memory://"
    os.environ["DEMO"] = "0"


def _allow_owner_to_make_databases(server: Postgres) -> None:
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER ROLE {OWNER} CREATEDB")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    while _started:
        server, folder = _started.pop()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(os.environ["DATA_DIR"], ignore_errors=True)
