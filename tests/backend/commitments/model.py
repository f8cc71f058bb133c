"""A ledger in plain Python that knows nothing of the real one: what the state machine compares it with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

DAYS = [dt.date(2020, 3, 1), dt.date(2020, 6, 1), dt.date(2020, 9, 1)]


@dataclass
class Line:
    """What the model remembers of one entry that is no reversal."""

    id: int
    promise: int
    stage: str
    value: int
    day: dt.date
    by: str
    voucher: str = ""
    reversed: bool = False
    seen: int | None = None
    amount_matter: str = ""  # "", OPEN, SETTLED, CORRECTED, or who explained
    duplicate: str = ""
    accepts: Line | None = None

    @property
    def counts(self) -> bool:
        return not self.reversed and self.duplicate in ("", "SETTLED")

    @property
    def both(self) -> bool:
        return self.seen is not None and (self.seen == self.value or self.amount_matter == "SETTLED")

    @property
    def sure(self) -> int:
        return min(self.value, self.seen or 0) if self.both and self.counts else 0


@dataclass
class Model:
    promises: dict[int, tuple[bool, bool]] = field(default_factory=dict)  # id → (money flows, registered)
    lines: list[Line] = field(default_factory=list)
    owners: dict[str, Line] = field(default_factory=dict)
    requests: dict[int, tuple[Line, str, str]] = field(default_factory=dict)

    def of(self, promise: int, stage: str) -> list[Line]:
        return [one for one in self.lines if one.promise == promise and one.stage == stage and one.counts]

    def sums(self, promise: int) -> tuple[int, int, int, int]:
        def total(stage: str) -> int:
            return sum(one.value for one in self.of(promise, stage))

        sure = sum(one.sure for one in self.of(promise, "ARRIVED"))
        return total("ARRIVED"), sure, total("SPENT"), total("ACCEPTED")

    def holds(self, promise: int) -> bool:
        """Never more spent than both sides were sure of, on no day."""
        for day in DAYS:
            sure = sum(one.sure for one in self.of(promise, "ARRIVED") if one.day <= day)
            if sum(one.value for one in self.of(promise, "SPENT") if one.day <= day) > sure:
                return False
        return True

    def then(self, promise: int, day: dt.date) -> tuple[int, ...]:
        """arrived, confirmed, spent, accepted, balance, idle for a year and for two, at the end of the day."""

        def until(stage: str) -> list[Line]:
            return [one for one in self.of(promise, stage) if one.day <= day]

        arrived, spent = until("ARRIVED"), sum(one.value for one in until("SPENT"))
        left, lying = spent, []  # first in, first out
        for one in sorted(arrived, key=lambda one: one.day):
            taken = min(left, one.sure)
            left -= taken
            lying.append((one.day, one.sure - taken))
        sure = sum(one.sure for one in arrived)
        idle = [sum(rest for since, rest in lying if _years_later(since, years) <= day) for years in (1, 2)]
        figures = (sum(one.value for one in arrived), sure, spent, sum(one.value for one in until("ACCEPTED")))
        return (*figures, sure - spent, *idle)

    def accepted(self, line: Line) -> int:
        return sum(one.value for one in self.lines if one.accepts is line and not one.reversed)


def _years_later(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year + years)
