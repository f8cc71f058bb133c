"""Which account a server runs as, and which folders that account can reach."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """An account of this machine, with its own group and no other."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """PostgreSQL refuses to run as root; return the account to run it as, or None when we are not root.

    Raises LookupError when we are root and the machine has neither `postgres` nor `nobody`.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LookupError("PostgreSQL does not run as root, and this machine has neither an account postgres nor nobody")


def enterable(path: Path, account: Account) -> bool:
    """Whether the account may enter every folder down to `path` (which need not exist yet)."""
    for folder in [path, *path.parents]:
        if not folder.exists():
            continue
        info = folder.stat()
        shift = 6 if info.st_uid == account.uid else 3 if info.st_gid == account.gid else 0
        if not (info.st_mode >> shift) & 1:
            return False
    return True


def open_to_read(tree: Path) -> None:
    """Let every account enter and read what lies below `tree`, whatever the umask was; never anything above it."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
