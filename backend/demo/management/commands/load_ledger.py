"""`python -m backend load_ledger [--commitments N]`: an invented ledger of national size, to measure how fast it reads.

Only on a demonstration platform, and only once. Written past the triggers that keep history and sums, as a restore
would be; the totals are then recounted in one statement, and `reconcile` checks every one of them.
"""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from backend.accounts.models import Role, User
from backend.commitments.models import Commitment
from backend.demo.cast import RECIPIENT_CODE
from backend.pairings.models import Pairing
from backend.parties.models import DEMO_MARK, Party
from backend.places.models import Area
from backend.programmes.models import COUNTY_PAIRING, Channel

_TABLES = ("commitments_commitment", "commitments_ledgerentry", "commitments_confirmation")
_TITLE = f"{DEMO_MARK}负载"

# Of each ten: all agreed and arrived, nine confirmed, eight spent (some of it), five accepted: 33 entries.
_COMMITMENTS = """
INSERT INTO commitments_commitment (pairing_id, kind, unit, flows, mode, year, title, amount_yuan, plan, sector,
    direction, speciality, trainees, benefit_link, status, registered_by_id, created_at, version)
SELECT (%(pairings)s::bigint[])[1 + n %% cardinality(%(pairings)s::bigint[])], 'FISCAL_AID', 'YUAN', true,
       CASE WHEN n %% 7 = 0 THEN 'DIRECT' ELSE 'PRODUCTION_REWARD' END, 2016 + n %% 5, %(title)s || n,
       10000 + n %% 90000, '', '', '', '', '', '', 'REGISTERED', %(helper)s, now(), 1
FROM generate_series(1, %(count)s) n
"""
_ENTRIES = """
INSERT INTO commitments_ledgerentry (commitment_id, stage, amount_yuan, occurred_date, reference, evidence, reason,
    reported_by_side, reported_by_id, accepts_id, accepts_by_id, created_at)
SELECT id, '{stage}', {amount}, make_date(year, {month}, 1 + (id %% 28)::int), '', {evidence}, '', '{side}', {by},
       {accepts}, {accepts_by}, now()
FROM commitments_commitment promise WHERE title LIKE %(title)s || '%%' AND id %% 10 < {part}
"""
_SPENT = "(SELECT id FROM commitments_ledgerentry spent WHERE spent.commitment_id = promise.id AND stage = 'SPENT')"
_STAGES: list[dict[str, Any]] = [
    {"stage": "AGREED", "amount": "amount_yuan", "month": 1, "side": "HELPER", "part": 10},
    {"stage": "ARRIVED", "amount": "amount_yuan", "month": 3, "side": "HELPER", "part": 10},
    {"stage": "SPENT", "amount": "amount_yuan - id %% 5000", "month": 8, "side": "RECIPIENT", "part": 8},
    {"stage": "ACCEPTED", "amount": "amount_yuan - id %% 5000", "month": 11, "side": "RECIPIENT", "part": 5},
]
_CONFIRMED = """
INSERT INTO commitments_confirmation (entry_id, answer, amount_yuan, reason, by_id, at)
SELECT entry.id, 'CONFIRMED', entry.amount_yuan, '', %(recipient)s, now()
FROM commitments_ledgerentry entry JOIN commitments_commitment promise ON promise.id = entry.commitment_id
WHERE promise.title LIKE %(title)s || '%%' AND entry.stage = 'ARRIVED' AND promise.id %% 10 < 9
"""
_TOTALS = """
INSERT INTO commitments_totals (commitment_id, flows, agreed, arrived, confirmed, spent, accepted, unspent_since)
SELECT promise.id, promise.flows, agreed, arrived, confirmed, spent, accepted,
       CASE WHEN confirmed > spent THEN first_arrival END  -- each has one arrival, and money flows through all
FROM commitments_commitment promise JOIN (
    SELECT commitment_id,
           coalesce(sum(value) FILTER (WHERE stage = 'AGREED'), 0) AS agreed,
           coalesce(sum(value) FILTER (WHERE stage = 'ARRIVED'), 0) AS arrived,
           coalesce(sum(confirmed), 0) AS confirmed, coalesce(sum(value) FILTER (WHERE stage = 'SPENT'), 0) AS spent,
           coalesce(sum(value) FILTER (WHERE stage = 'ACCEPTED'), 0) AS accepted,
           min(occurred_date) FILTER (WHERE stage = 'ARRIVED') AS first_arrival
    FROM commitments_standing GROUP BY commitment_id
) sums ON sums.commitment_id = promise.id
WHERE promise.title LIKE %(title)s || '%%'
"""


class Command(BaseCommand):
    help = "生成全国规模的演示台账，用于测量读取速度（仅限演示环境）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--commitments", type=int, default=300_000, help="at most 300 000")

    def handle(self, *args: Any, commitments: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: this ledger is invented")
        if not 1 <= commitments <= 300_000:
            raise CommandError("between 1 and 300 000 commitments")
        if Commitment.objects.filter(title__startswith=_TITLE).exists():
            raise CommandError("it is loaded already")
        helper = User.objects.get(username="partner", role=Role.PARTNER)
        recipient, colleague = (User.objects.get(username=name) for name in ("recipient", "approver"))
        with transaction.atomic(), connection.cursor() as cursor:
            given: dict[str, Any] = {
                "title": _TITLE,
                "count": commitments,
                "helper": helper.pk,
                "recipient": recipient.pk,
            }
            given["pairings"] = _pairings(helper)
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(_COMMITMENTS, given)
            for stage in _STAGES:
                cursor.execute(_entries(stage, helper, recipient, colleague), given)
            cursor.execute(_CONFIRMED, given)
            cursor.execute(_TOTALS, given)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        with connection.cursor() as cursor:
            for table in (*_TABLES, "commitments_totals"):
                cursor.execute(f"ANALYZE {table}")
        self.stdout.write(f"{commitments} commitments")


def _entries(stage: dict[str, Any], helper: User, recipient: User, colleague: User) -> str:
    accepted = stage["stage"] == "ACCEPTED"
    by = helper if stage["side"] == "HELPER" else colleague if accepted else recipient
    return _ENTRIES.format(
        **stage,
        by=by.pk,
        evidence="'【演示】'" if accepted else "''",
        accepts=_SPENT if accepted else "NULL",
        accepts_by=recipient.pk if accepted else "NULL",
    )


def _pairings(helper: User) -> list[int]:
    """One invented pairing of every poor county, of the years before the real ones: the two log-ins have one with each
    other, the rest are spread over the governments of the east."""
    channel = Channel.objects.get(code=COUNTY_PAIRING)
    eastern = list(Party.objects.governments().filter(area__in=Area.objects.current().eastern_helpers()).order_by("pk"))
    made = Pairing.objects.bulk_create(
        Pairing(
            helper=helper.party if county.code == RECIPIENT_CODE else eastern[number % len(eastern)],
            recipient=county,
            channel=channel,
            start_date=dt.date(2010, 1, 1),
            end_date=dt.date(2010, 12, 31),
            status=Pairing.Status.AGREED,
            origin=Pairing.Origin.MANUAL,
            source=_TITLE,
        )
        for number, county in enumerate(Area.objects.current().poor().order_by("code"))
    )
    return [pairing.pk for pairing in made]
