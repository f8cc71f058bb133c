"""`python -m backend <command>`: Django's management commands with the platform's settings."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

if __name__ == "__main__":
    execute_from_command_line(["python -m backend", *sys.argv[1:]])
