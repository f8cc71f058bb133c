"""责任到位: an agreement or a letter of responsibility signed for the day that is asked about."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from backend.agreements.models import Agreement
from backend.pairings.marks import Evidence, Mark, Provider
from backend.pairings.models import Pairing


def _signed(pairing: Pairing, day: dt.date) -> list[Evidence]:
    rows = Agreement.objects.filter(
        Q(pairing=pairing) | Q(unit=pairing.helper_id),
        status=Agreement.Status.SIGNED,
        start_date__lte=day,
        end_date__gte=day,
    )
    return [Evidence(Mark.DUTY, row.signed_date, row.title) for row in rows if row.signed_date]


SIGNED = Provider(frozenset({Mark.DUTY}), _signed)
