"""Townships and villages of the 832 counties, on demand: most uses of the register do without 180 000 rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import connection, transaction

from backend.lifecycle.history import acting
from backend.places.models import Area, FactStatus
from backend.places.pinyin import spell
from backend.reference.files import Row, read
from backend.reference.load_places import AREA_FIELDS, source
from backend.reference.sync import Changes, sync

FILE = "villages.csv.gz"
FIRST_YEAR = 2016  # where the register opens: "2016 or earlier"


class NoSuchCounty(LookupError):
    """A code that is none of the counties whose villages are known."""


def load_villages(counties: Collection[str] = ()) -> Changes:
    """Bring the townships and villages of these counties (six-digit codes; all without any) to the file's state.

    One transaction. Raises NoSuchCounty before anything is written. Cost: some 15 s for all.
    """
    rows = read(FILE)
    towns = [row for row in rows if len(row["code"]) == 9]
    unknown = sorted(set(counties) - {row["parent"] for row in towns})
    if unknown:
        raise NoSuchCounty(f"no villages are known of {', '.join(unknown)}")
    wanted = {row["code"] for row in towns if not counties or row["parent"] in counties}
    villages = [{**row, "parent": row["code"][:9]} for row in rows if not row["parent"] and row["code"][:9] in wanted]
    with acting(None, command="load_villages"), transaction.atomic():
        changes = _sync(Area.Level.TOWNSHIP, [row for row in towns if row["code"] in wanted])
        changes += _sync(Area.Level.VILLAGE, villages)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE places_area")
    return changes


def _sync(level: Area.Level, rows: list[Row]) -> Changes:
    above = Area.objects.current().exclude(level=Area.Level.VILLAGE)
    parents = {area.code: area for area in above.filter(code__in={row["parent"] for row in rows})}
    present = Area.objects.filter(level=level, parent__in=parents.values())
    return sync(present, _areas(level, rows, parents), key=("code", "valid_from_year"), fields=AREA_FIELDS)


def _areas(level: Area.Level, rows: list[Row], parents: dict[str, Area]) -> Iterator[Area]:
    for row in rows:
        parent = parents[row["parent"]]
        pinyin, initials = spell(row["name"])
        yield Area(
            code=row["code"],
            name=row["name"],
            full_name=parent.full_name + row["name"],
            level=level,
            parent=parent,
            valid_from_year=FIRST_YEAR,
            is_statutory=False,  # the standard ends at the county
            pinyin=pinyin,
            initials=initials,
            status=FactStatus.UNVERIFIED,  # read as of 2023; nobody compared the years before
            source=source("villages"),
        )
