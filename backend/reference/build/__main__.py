from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend.reference.build import areas, indicators, lists, villages
from backend.reference.files import DATA


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild backend/reference/data from collected facts.")
    parser.add_argument("facts", type=Path, help="folder with divisions_gbt2260.csv and its companions")
    parser.add_argument("--into", type=Path, default=DATA, help="where to write (default: the repository's files)")
    arguments = parser.parse_args()
    for name, rows in [
        *areas.build(arguments.facts, arguments.into),
        *lists.build(arguments.facts, arguments.into),
        *indicators.build(arguments.facts, arguments.into),
        *villages.build(arguments.facts, arguments.into),
    ]:
        sys.stdout.write(f"{name}: {rows}\n")


if __name__ == "__main__":
    main()
