"""`python -m backend <command> [then <command> …]`: Django's management commands with the platform's settings.

Commands joined by `then` share one process: most of the time of a short command goes into starting Python.
"""

from __future__ import annotations

import os
import sys

import pghistory
from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")


def main(words: list[str]) -> None:
    while words:
        end = words.index("then") if "then" in words else len(words)
        command, words = words[:end], words[end + 1 :]
        # Whatever a command changes is on record as the platform's doing, with the command's name.
        with pghistory.context(actor=None, label="系统", command=" ".join(command[:1])):
            execute_from_command_line(["python -m backend", *command])


if __name__ == "__main__":
    main(sys.argv[1:] or ["help"])
