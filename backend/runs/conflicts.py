"""Why no set of pairs meets every bound, in words with names, and the cheapest bounds to move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matching
from matching.gap_words import Words, say_conflict, say_relaxation
from matching.gaps import Bound, MinimalConflict, Relaxation, cheapest_relaxation, minimal_conflict

_NOUNS = {"zh": {"helper": "帮扶方", "recipient": "受援县"}, "en": {"helper": "helper", "recipient": "county"}}


def told_conflict(problem: matching.Problem, names: Mapping[str, str]) -> dict[str, Any] | None:
    """The smallest conflict and the cheapest cure as a run stores them; None when there is no conflict.

    {message, message_en, shortfall, proven_minimal, recipients: [{code, name}], helpers: [...], pairs: [...],
    cure: {cost, changes: [{side, code, name, end, was, to, zh, en}]}}. Cost: up to half a second at county size.
    """
    found = minimal_conflict(problem)
    if found is None:
        return None
    zh, en = (Words(language, names, _NOUNS[language]) for language in ("zh", "en"))
    return {
        "message": say_conflict(found, zh),
        "message_en": say_conflict(found, en),
        "shortfall": found.shortfall,
        "proven_minimal": found.minimal,
        "recipients": _named(found, "recipient", names),
        "helpers": _named(found, "helper", names),
        "pairs": [
            {"helper": names[one.id], "recipient": names[one.other]} for one in found.bounds if one.kind == "pair"
        ],
        "cure": _cure(cheapest_relaxation(problem), names, zh, en),
    }


def _named(conflict: MinimalConflict, kind: str, names: Mapping[str, str]) -> list[dict[str, str]]:
    codes = dict.fromkeys(bound.id for bound in conflict.bounds if bound.kind == kind)
    return [{"code": code, "name": names[code]} for code in codes]


def _cure(cure: Relaxation, names: Mapping[str, str], zh: Words, en: Words) -> dict[str, Any]:
    said = zip(cure.changes, say_relaxation(cure, zh), say_relaxation(cure, en), strict=True)
    return {
        "cost": cure.cost,
        "changes": [
            _side(change.bound, names) | {"was": change.bound.value, "to": change.to, "zh": in_zh, "en": in_en}
            for change, in_zh, in_en in said
        ],
    }


def _side(bound: Bound, names: Mapping[str, str]) -> dict[str, str]:
    return {"side": bound.kind.upper(), "code": bound.id, "name": names[bound.id], "end": bound.end}
