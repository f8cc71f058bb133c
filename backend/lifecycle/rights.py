"""What the application's role may not do, for migrations of append-only tables."""

from __future__ import annotations

from django.db import migrations

_ROLE = "xieshou_app"


def withhold(table: str, *rights: str) -> migrations.RunSQL:
    """Take `rights` (INSERT, UPDATE, DELETE) on `table` from the application's role, where that role exists."""
    listed = ", ".join(rights)
    return migrations.RunSQL(  # names from our own migrations, never input
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{_ROLE}') THEN"
        f" REVOKE {listed} ON {table} FROM {_ROLE}; END IF; END $$",
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{_ROLE}') THEN"
        f" GRANT {listed} ON {table} TO {_ROLE}; END IF; END $$",
    )
