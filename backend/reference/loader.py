"""Bring the database to the state of the reference files: all of it or nothing, and nothing when it is there."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction

from backend.lifecycle.actions import record
from backend.lifecycle.history import acting
from backend.reference import files, load_pairings, load_parties, load_places, load_programmes
from backend.reference.models import Load

# In this order: each step points only at rows of the steps before it.
STEPS = {
    "areas": load_places.areas,
    "successions": load_places.successions,
    "poor_counties": load_places.poor_counties,
    "flags": load_places.flags,
    "indicators": load_places.indicators,
    "indicator_values": load_places.indicator_values,
    "governments": load_parties.governments,
    "central_units": load_parties.central_units,
    "channels": load_programmes.channels,
    "region_pairs": load_programmes.region_pairs,
    "policies": load_programmes.first_policies,
    "pairings": load_pairings.pairings,
}
ROOMS = ("places", "parties", "programmes", "pairings")  # whose tables the steps fill
_LOCK = 0x7265_6665_7265  # two loaders at once would both find the same rows missing


def load(*, force: bool = False) -> Load | None:
    """Run every step in one transaction and return the record of it; None when this state is loaded already.

    `force` compares every row even so (after somebody edited reference rows by hand).
    """
    wanted = state()
    with acting(None, command="load_reference"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = Load.objects.first()
        if last and last.digest == wanted and not force:
            return None
        changes = {name: asdict(step()) for name, step in STEPS.items()}
        _analyse()
        done = Load.objects.create(digest=wanted, changes=changes)
        record(done, "loaded", by=None, payload={"digest": wanted, "changes": changes})
        return done


def _analyse() -> None:
    """Tell the planner how large the tables now are, before anybody asks: autovacuum comes only a minute later."""
    tables = sorted({table for name in ROOMS for table in _tables(name)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(connection.ops.quote_name(table) for table in tables))


def _tables(room: str) -> list[str]:
    return [model._meta.db_table for model in apps.get_app_config(room).get_models()]


def state() -> str:
    """Digest of the data files and of the code that reads them: a corrected reader loads again too."""
    here = Path(__file__).parent
    readers = b"".join(path.read_bytes() for path in sorted(here.glob("load*.py")))
    return hashlib.sha256(files.digest().encode() + readers).hexdigest()
