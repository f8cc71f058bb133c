"""`python -m backend.embedded.commands migrate load_reference …`: several management commands in one process."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    for name in sys.argv[1:]:
        call_command(name)
