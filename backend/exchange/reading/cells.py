"""The forms of a cell on their way out of the reading process, and how each is shown to people."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.utils.escape import unescape

LONGEST = 32_767  # characters that Excel itself allows in a cell
_SHOWN = 200  # of a cell that is longer

DATE, FORMULA, ERROR, LONG = "date", "formula", "error", "long"


def form(value: Any, data_type: str = "") -> Any:
    """The JSON form of a value as the workbook gives it; `data_type` is openpyxl's."""
    if value is None or isinstance(value, bool):
        return value
    if data_type in ("f", "e"):
        return [FORMULA if data_type == "f" else ERROR, str(getattr(value, "text", value))[:_SHOWN]]
    if isinstance(value, str):
        value = unescape(value) if "_x" in value else value  # Excel's own way of writing control characters
        return value if len(value) <= LONGEST else [LONG, len(value), value[:_SHOWN]]
    if isinstance(value, int | float):
        return value if math.isfinite(value) else [ERROR, str(value)]
    if isinstance(value, datetime | date):
        return [DATE, value.isoformat()]
    if isinstance(value, time | timedelta):
        return str(value)
    return [ERROR, type(value).__name__]


def shown(cell: Any) -> str:
    """The cell as a person sees it: 15 significant digits as in Excel, dates without a midnight."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, list):
        text = str(cell[-1])
        return text.removesuffix("T00:00:00") if cell[0] == DATE else f"{text}…" if cell[0] == LONG else text
    return str(cell)
