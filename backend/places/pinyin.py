"""Pinyin of place names, as the places themselves are called."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from pypinyin import lazy_pinyin

_TABLE = Path(__file__).with_name("pinyin_overrides.csv")


@cache
def _overrides() -> tuple[dict[str, list[str]], re.Pattern[str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        table = {row["text"]: row["syllables"].split(" ") for row in csv.DictReader(file)}
    longest_first = sorted(table, key=lambda text: (-len(text), text))
    return table, re.compile("|".join(map(re.escape, longest_first)))


def syllables(place_name: str) -> list[str]:
    """Return one toneless syllable per character; 吕 is `lv`, as it is typed.

    A general dictionary reads 长顺 as zhang shun and 单县 as dan xian. Where a place is called otherwise, the table
    beside this module says how: whole names first, then single characters that mean one thing in place names (长, 都).
    """
    table, pattern = _overrides()
    spelt: list[str] = []
    end = 0
    for match in pattern.finditer(place_name):
        spelt += lazy_pinyin(place_name[end : match.start()])
        spelt += table[match[0]]
        end = match.end()
    return spelt + lazy_pinyin(place_name[end:])


def spell(place_name: str) -> tuple[str, str]:
    """Return the pinyin run together and its initials: 长顺县 → (`changshunxian`, `csx`)."""
    spelt = syllables(place_name)
    return "".join(spelt), "".join(syllable[0] for syllable in spelt)
