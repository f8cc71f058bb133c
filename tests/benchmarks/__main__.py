"""`python -m tests.benchmarks [-o FILE]`: the whole platform at full size; `make bench-platform` keeps the page."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.benchmarks import balances, filling, imports, load, national
from tests.benchmarks.page import page
from tests.plugins.platform import RunningPlatform

_MEASURED = (imports.measure, filling.measure, balances.measure, national.measure, load.paced, load.unpaced)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("/dev/stdout"), help="where to write the page")
    parser.add_argument("--port", type=int, default=8341)
    options = parser.parse_args()
    platform = RunningPlatform(port=options.port)
    try:
        platform.start()
        platform.command("load_villages")
        written = page([measure(platform) for measure in _MEASURED])
    finally:
        platform.stop()
    options.output.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
