"""The reasons of a stored suggestion in words, from its numbers and the files of its run."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.programmes.models import FirmReason
from backend.runs.firms.sentences import Case, explain
from backend.runs.models import Suggestion
from backend.runs.sentences import Said
from backend.runs.stored import check_file

_KEPT = 8  # runs whose counties a process remembers: some 300 kB each


def reasons_of(suggestion: Suggestion) -> list[dict[str, Any]]:
    """As pairs of counties store them. Raises Doctored when the file of the counties is not the one stored.

    `suggestion` comes with its run and the run's policy.
    """
    if isinstance(suggestion.reasons, list):
        return suggestion.reasons
    told, run = suggestion.reasons, suggestion.run
    case = Case(**{**told["case"], "categories": tuple(told["case"]["categories"])})
    counties = _counties(run.pk, run.folder)
    return explain(
        case,
        dict(zip(FirmReason.values, told["points"], strict=True)),
        run.policy.weights,
        dict(zip(FirmReason.values, told["missing"], strict=True)),
        counties[case.county],
    )


@lru_cache(maxsize=_KEPT)
def _counties(pk: int, folder: Path) -> dict[str, Said]:
    check_file(pk, folder, "counties.json")
    told = json.loads((folder / "counties.json").read_text(encoding="utf-8"))
    return {code: Said(**one) for code, one in told.items()}


def forget() -> None:
    """Read the files of every run again."""
    _counties.cache_clear()
