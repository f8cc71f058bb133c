"""How a helper's free commitments of a year could meet what its recipients lack: a proposal, computed when asked.

Nothing of it is stored; what a person accepts becomes an earmark, and the next proposal is made of the rest. Amounts go
to the matcher as whole fen. Deepest tier first, and within a tier the need that is due first, by quarter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from backend.accounts.models import User
from backend.accounts.scopes import visible
from backend.commitments.models import Commitment
from backend.needs.models import Need
from backend.needs.promises import with_promised
from backend.pairings.models import Pairing
from backend.places.depth import Tier, with_tier
from backend.places.models import Area, ids_on, inside
from backend.projects.models import Plan, Project
from backend.runs.allocating import Allocation, Reach, proven

OPEN = (Pairing.Status.AGREED, Pairing.Status.IN_FORCE)
_KIND = "YUAN"  # one transport problem: money
_FIELD: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)


@dataclass(frozen=True)
class Line:
    """So much of a commitment for a need; `gap_yuan` is what the need lacked before."""

    commitment: Commitment
    need: Need
    tier: str
    amount_yuan: Decimal
    gap_yuan: Decimal


@dataclass(frozen=True)
class Proof:
    """The needs down to `tier` can get no more: all that `cut` has, and all that the needs lack which others reach."""

    tier: str
    amount_yuan: Decimal
    cut_yuan: Decimal
    elsewhere_yuan: Decimal


@dataclass(frozen=True)
class Left:
    """What a commitment keeps, or a need still lacks, and whether anything stood on the other side at all."""

    subject: Any
    tier: str
    amount_yuan: Decimal
    reachable: bool


@dataclass(frozen=True)
class Proposal:
    """Lines with the deepest and most urgent need first, the proofs, and what is left on both sides."""

    year: int
    lines: list[Line]
    proofs: list[Proof]
    unallotted: list[Left]
    uncovered: list[Left]


def free_commitments(user: User, year: int) -> QuerySet[Commitment]:
    """The helper's own money of a year that no need and no project has yet, with `free_yuan`, as much as there is.

    Money that is handed over, of confirmed pairings; what was promised to one need from the beginning is not free.
    """
    meant = Plan.objects.filter(commitment=OuterRef("pk")).values("commitment")
    spoken = meant.annotate(total=Sum(Greatest("earmarked", "planned", "allotted"))).values("total")
    rows = visible(Commitment, user).filter(
        pairing__helper=user.party_id, pairing__status__in=OPEN, year=year, unit="YUAN", flows=True, need=None,
        status=Commitment.Status.REGISTERED,
    )  # fmt: skip
    zero = Value(Decimal("0.00"), output_field=_FIELD)
    free = F("totals__agreed") - Coalesce(Subquery(spoken, output_field=_FIELD), zero)
    found = rows.annotate(free_yuan=free).filter(free_yuan__gt=0)
    return found.select_related("pairing__helper", "pairing__recipient__parent__parent").order_by("pk")


def lacking_needs(recipients: Iterable[Area]) -> QuerySet[Need]:
    """Published needs in these places that are no project yet and whose estimate is not promised in full."""
    where = Q(pk__in=[])
    for recipient in recipients:
        where |= Q(area__in=Area.objects.filter(inside(recipient)))
    live = Project.objects.filter(need=OuterRef("pk")).exclude(status__in=Project.OVER)
    rows: QuerySet[Any] = with_promised(Need.objects.published().filter(where))
    return rows.filter(~Exists(live), gap_yuan__gt=0).select_related("area__parent__parent").order_by("pk")


def proposal(user: User, year: int) -> Proposal:
    """Cost: four queries, and a flow over the pairs of commitments and needs. Raises `runs.allocating.Refuted`."""
    commitments = list(free_commitments(user, year)) if user.party_id else []
    recipients = {one.pairing.recipient_id: one.pairing.recipient for one in commitments}
    needs = list(lacking_needs(recipients.values())) if recipients else []
    return _Desk(commitments, needs).proposal(year)


class _Desk:
    """Commitments and needs under the names by which the matcher knows them."""

    def __init__(self, commitments: list[Commitment], needs: list[Need]) -> None:
        self.commitments = {f"{one.pk:012d}": one for one in commitments}
        self.needs = {f"{one.pk:012d}": one for one in needs}
        self.committed = {(name, _KIND): _fen(one.free_yuan) for name, one in self.commitments.items()}  # type: ignore[attr-defined]
        self.gaps = {(name, _KIND): _fen(one.gap_yuan) for name, one in self.needs.items()}  # type: ignore[attr-defined]
        self.pairs = [
            (promise, lack)
            for promise, commitment in self.commitments.items()
            for lack, need in self.needs.items()
            if _fits(commitment, need)
        ]
        self.tiers = _tiers(needs)
        self.classes = {name: self._class(need) for name, need in self.needs.items()}

    def _class(self, need: Need) -> str:
        """Its place in the order: the depth of its county, then the quarter in which it is due."""
        due = need.deadline_date
        return f"{self._rank(need)} {due.year:04d}Q{(due.month + 2) // 3}"

    def _rank(self, need: Need) -> int:
        return list(Tier.values).index(self.tiers[need.pk])

    def proposal(self, year: int) -> Proposal:
        order = sorted(set(self.classes.values()))
        found = proven(self.committed, self.gaps, self.pairs, self.classes, order)
        return Proposal(year, self._lines(found), self._proofs(found, order), *self._left(found))

    def _lines(self, found: Allocation) -> list[Line]:
        lines = [
            Line(self.commitments[one.helper], need, self.tiers[need.pk], _yuan(one.amount), need.gap_yuan)  # type: ignore[attr-defined]
            for one in found.transfers
            for need in [self.needs[one.recipient]]
        ]
        return sorted(
            lines, key=lambda line: (self._rank(line.need), line.need.deadline_date, line.need.pk, line.commitment.pk)
        )

    def _proofs(self, found: Allocation, order: list[str]) -> list[Proof]:
        """One for each depth that occurs: the matcher's proof of its last quarter."""
        last = {name.partition(" ")[0]: name for name in order}
        stated = {one.tier: one for one in found.reach}
        return [self._proof(stated[name], Tier.values[int(rank)]) for rank, name in last.items()]

    def _proof(self, reach: Reach, tier: str) -> Proof:
        within = {name for name, one in self.classes.items() if one <= reach.tier}
        outside = {lack for promise, lack in self.pairs if lack in within and promise not in reach.cut}
        cut = sum(self.committed[name, _KIND] for name in reach.cut)
        return Proof(tier, _yuan(reach.amount), _yuan(cut), _yuan(sum(self.gaps[name, _KIND] for name in outside)))

    def _left(self, found: Allocation) -> tuple[list[Left], list[Left]]:
        givers, takers = {promise for promise, _ in self.pairs}, {lack for _, lack in self.pairs}
        unallotted = [
            Left(self.commitments[name], "", _yuan(amount), name in givers)
            for (name, _), amount in found.unspent.items()
        ]
        uncovered = [
            Left(self.needs[name], self.tiers[self.needs[name].pk], _yuan(amount), name in takers)
            for (name, _), amount in sorted(found.unmet.items(), key=lambda one: (self.classes[one[0][0]], one[0]))
        ]
        return unallotted, uncovered


def _fits(commitment: Commitment, need: Need) -> bool:
    inside_of = need.area.path.startswith(commitment.pairing.recipient.path)
    return inside_of and commitment.sector in ("", need.category)


def _tiers(needs: list[Need]) -> dict[int, str]:
    """By need, the depth of the poor county it lies in. Cost: one query."""
    above = {need.pk: ids_on(need.area.path) for need in needs}
    ids = {part for path in above.values() for part in path}
    rows = with_tier(Area.objects.filter(pk__in=ids, poor_county__isnull=False)) if ids else Area.objects.none()
    known: dict[int, str] = {area.pk: area.tier for area in rows}  # type: ignore[attr-defined]
    return {pk: next(known[part] for part in reversed(path) if part in known) for pk, path in above.items()}


def _fen(yuan: Decimal) -> int:
    return int(yuan * 100)


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)
