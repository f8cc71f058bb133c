"""Start a temporary PostgreSQL before Django reads its settings (conftest would be too late).

The tests connect as the owner role, which is no superuser: superusers bypass the very rules under test.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import psycopg
import pytest

from backend.embedded.postgres import ADMIN, OWNER, Postgres
from backend.embedded.valkey import Valkey

_servers: list[Postgres] = []
_folders: list[Path] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Bring the server up once per test session; an address given from outside is used as it is.

    A wrapper, because pytest-django loads the settings in its own `tryfirst` implementation of this hook.
    """
    url = os.environ.get("TEST_DATABASE_URL") or _start_postgres()
    os.environ["DATABASE_URL"] = os.environ["MIGRATION_DATABASE_URL"] = url
    os.environ["SECRET_KEY"] = "only-for-tests"
    os.environ["DATA_DIR"] = str(_folder("data"))
    os.environ["BROKER_URL"] = "memory://"
    os.environ["DEMO"] = "0"
    return (yield)


def _start_postgres() -> str:
    server = Postgres(_folder("postgres"), durable=False)
    _servers.append(server)
    server.start()
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER ROLE {OWNER} CREATEDB")
    return server.url(OWNER)


def _folder(purpose: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"xieshou-test-{purpose}-"))
    folder.chmod(0o755)  # as root, the server runs as another account
    _folders.append(folder)
    return folder


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """The address of a real broker, started when a test first asks for it."""
    folder = Path(tempfile.mkdtemp(prefix="xieshou-test-broker-"))
    broker = Valkey(folder)
    try:
        broker.start()
        yield broker.url
    finally:
        broker.stop()
        shutil.rmtree(folder)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    while _servers:
        server = _servers.pop()
        server.stop()
        server.destroy()
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)
