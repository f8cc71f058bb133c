"""Start a temporary PostgreSQL before Django reads its settings (conftest would be too late).

The tests connect as the owner role, which is no superuser: superusers bypass the very rules under test.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from backend.embedded.postgres import ADMIN, DATABASE, OWNER, Postgres
from backend.embedded.services import ROOT
from backend.embedded.valkey import Valkey

_servers: list[Postgres] = []
_folders: list[Path] = []
_MIGRATED = ROOT / "var" / "test-postgres"


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
    os.environ["VISITORS_SECONDS"] = "0"  # a test reads what it has just written
    return (yield)


def migrated_database() -> str | None:
    """The database that test databases may be copied from; None on a server given from outside."""
    return DATABASE if _servers else None


def _start_postgres() -> str:
    server = Postgres(_folder("postgres"), durable=False)
    _servers.append(server)
    _migrate(server)
    server.start()
    return server.url(OWNER)


def _migrate(server: Postgres) -> None:
    """Put a cluster whose database is migrated where the server expects one.

    Migrating takes longer than most tests, so it is done once for a state of the migrations and copied from then on.
    """

    def make(partial: Path) -> None:
        server.start()
        try:
            with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
                admin.execute(f"ALTER ROLE {OWNER} CREATEDB")
            _run_migrations(server.url(OWNER))
        finally:
            server.stop()
        copied(server.data, partial)

    sources = [*ROOT.glob("backend/*/migrations/*.py"), *ROOT.glob("backend/embedded/*.py"), ROOT / "requirements.lock"]
    with made_once(_MIGRATED, digest_of(sources, str(server.binaries.major)), make) as kept:
        if not server.data.exists():
            copied(kept, server.data)


@contextmanager
def made_once(shelf: Path, state: str, make: Callable[[Path], None]) -> Iterator[Path]:
    """A folder on the `shelf` that `make` fills for a state of what it depends on; whatever was kept for another one
    goes. Nobody else makes or throws away any while the block runs: several processes of one session ask at once."""
    shelf.mkdir(parents=True, exist_ok=True)
    kept = shelf / state
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in shelf.glob("*/"):
                shutil.rmtree(old)
            make(kept.with_suffix(".partial"))
            kept.with_suffix(".partial").rename(kept)
        yield kept


def digest_of(sources: Iterable[Path], beside: str = "") -> str:
    """Of the names and contents of files of the project."""
    digest = hashlib.sha256(beside.encode())
    for path in sorted(sources):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def copied(folder: Path, to: Path) -> None:
    """With owners and permissions: a database may run as another account, and insists on both."""
    subprocess.run(["cp", "--archive", folder, to], check=True)


def _run_migrations(url: str) -> None:
    environment = os.environ | {"DATABASE_URL": url, "MIGRATION_DATABASE_URL": url, "SECRET_KEY": "only-for-tests"}
    command = [sys.executable, "-m", "backend", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


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
