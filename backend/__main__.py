"""`python -m backend <command>`: Django's management commands with the platform's settings."""

from __future__ import annotations

import os
import sys

import pghistory
from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

if __name__ == "__main__":
    # Whatever a command changes is on record as the platform's doing, with the command's name.
    with pghistory.context(actor=None, label="系统", command=" ".join(sys.argv[1:2])):
        execute_from_command_line(["python -m backend", *sys.argv[1:]])
