"""The compact files: comma-separated UTF-8 with a header, larger ones gzipped, all of them deterministic."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

DATA = Path(__file__).with_name("data")

Row = dict[str, str]


def read(name: str, folder: Path = DATA) -> list[Row]:
    """Return the rows of `name` (with or without .gz); an empty string is an unknown value."""
    path = folder / name
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")))


def write(name: str, fields: Sequence[str], rows: Iterable[Mapping[str, object]], folder: Path = DATA) -> int:
    """Write `rows` and return their number; the same rows give the same bytes (no time inside the gzip header)."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fields, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    raw = text.getvalue().encode("utf-8")
    path = folder / name
    path.write_bytes(gzip.compress(raw, compresslevel=9, mtime=0) if path.suffix == ".gz" else raw)
    return count


def digest(folder: Path = DATA) -> str:
    """SHA-256 over the name and the bytes of every data file."""
    total = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz"), *folder.glob("*.json")]):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
