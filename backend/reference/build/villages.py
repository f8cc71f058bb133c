"""Townships and villages of the 832 counties → one file, parents before children."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backend.reference.files import read, write

FILE = "villages.csv.gz"
FIELDS = ["code", "name", "parent"]


def build(facts: Path, into: Path) -> Iterator[tuple[str, int]]:
    """`parent` is a township's county; blank for a village, which lies in the township of its first nine digits."""
    rows = [
        {"code": row["town_code_2023"], "name": row["town_name"], "parent": row["county_id"]}
        for row in sorted(read("towns_2023.csv", facts), key=lambda row: row["town_code_2023"])
    ]
    rows += [
        {"code": row["village_code_2023"], "name": row["village_name"], "parent": ""}
        for row in sorted(read("villages_2023.csv.gz", facts), key=lambda row: row["village_code_2023"])
    ]
    yield FILE, write(FILE, FIELDS, rows, into)
