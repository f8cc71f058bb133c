"""An import is seen by whoever uploaded it and by colleagues of the same organisation or region."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from backend.accounts.scopes import scope
from backend.exchange.models import Import, MadeRow, StagedRow


def _own(user: Any, batch: str = "") -> Q:
    if not user.is_authenticated:
        return Q(pk__in=[])
    same = {f"{batch}party": user.party_id, f"{batch}region": user.region_id, f"{batch}uploaded_by__role": user.role}
    return Q(**{f"{batch}uploaded_by": user}) | Q(**same)


@scope(Import)
def imports(user: Any, rows: QuerySet[Import]) -> QuerySet[Import]:
    return rows.filter(_own(user))


@scope(StagedRow)
def staged(user: Any, rows: QuerySet[StagedRow]) -> QuerySet[StagedRow]:
    return rows.filter(_own(user, "batch__"))


@scope(MadeRow)
def made(user: Any, rows: QuerySet[MadeRow]) -> QuerySet[MadeRow]:
    return rows.filter(_own(user, "batch__"))
