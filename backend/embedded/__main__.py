"""`python -m backend.embedded run|db|status|reset`: the platform on one machine."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from backend.embedded.binaries import PostgresUnavailable
from backend.embedded.folder import DataFolder, Held
from backend.embedded.plans import WholePlatform, database_alone, developer_environment, welcome
from backend.embedded.postgres import OWNER, Postgres
from backend.embedded.process import ServiceFailed, end_leftovers
from backend.embedded.services import ROOT
from backend.embedded.supervisor import Supervisor
from backend.embedded.valkey import BrokerUnavailable

_OTHERS_START_SECONDS = 300


def main() -> int:
    options = _options()
    act: Callable[[argparse.Namespace], int] = {"run": run, "db": db, "status": status, "reset": reset}[options.command]
    try:
        return act(options)
    except (ServiceFailed, PostgresUnavailable, BrokerUnavailable, LookupError) as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m backend.embedded", description=__doc__)
    parser.add_argument("command", choices=["run", "db", "status", "reset"])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("DATA_DIR", ROOT / "var")))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="the next free one is used when it is taken")
    parser.add_argument("--no-demo", action="store_true", help="no invented data and no published log-ins")
    return parser.parse_args()


def say(line: str) -> None:
    print(line, flush=True)


def run(options: argparse.Namespace) -> int:
    """Run until Ctrl-C; when the platform already runs from this data folder, say where, and be content."""
    plan = WholePlatform(host=options.host, port=options.port, demo=not options.no_demo)
    deadline = time.monotonic() + _OTHERS_START_SECONDS
    while time.monotonic() < deadline:
        try:
            Supervisor(options.data, say=say).run(plan)
        except Held:
            told = DataFolder(options.data).told()
            if "address" in told:
                say(f"Already running (process {told['pid']}).")
                say(welcome(told["address"], told["accounts"]))
                return 0
            if "database" in told:
                say(f"`make db` holds {options.data} (process {told['pid']}): end it first.")
                return 1
            time.sleep(0.5)  # somebody is starting, or just ending
        else:
            return 0
    say(f"Another process holds {options.data} and does not come up.")
    return 1


def db(options: argparse.Namespace) -> int:
    """Print the environment of the local database; when nothing runs, run PostgreSQL alone until Ctrl-C."""
    folder = DataFolder(options.data.resolve())
    try:
        Supervisor(options.data, say=say).run(database_alone)
    except Held:
        say(developer_environment(Postgres(folder.path).url(OWNER), folder.secret()))
    return 0


def status(options: argparse.Namespace) -> int:
    """Say what runs from this data folder; exit status 1 when nothing does."""
    folder = DataFolder(options.data)
    try:
        with folder.hold():
            say("Nothing is running.")
            return 1
    except Held:
        told = folder.told()
        say(told.get("address") or told.get("database") or "Starting …")
        return 0


def reset(options: argparse.Namespace) -> int:
    """Throw the local data away: database, broker, files of runs, logs. Refused while they are in use."""
    folder = DataFolder(options.data.resolve())
    try:
        with folder.hold():
            end_leftovers(folder.path)
            Postgres(folder.path).destroy()
            for entry in folder.path.iterdir():
                if entry.name != "lock":
                    shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    except Held:
        say(f"{folder.path} is in use; stop the platform first.")
        return 1
    say(f"{folder.path} is empty.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
