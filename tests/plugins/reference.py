"""The real reference data for a module of tests: loaded once, seen by all of them, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def reference_data(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Everything `load_reference` loads, inside one transaction that is rolled back after the module.

    A test that asks for it still needs the `django_db` mark; its own changes are undone by its own savepoint.
    """
    from django.db import connection, transaction

    from backend.reference.loader import load

    with django_db_blocker.unblock(), transaction.atomic():
        load()
        # Otherwise every single test, when it ends, would check the 200 000 references of the load once more.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)
