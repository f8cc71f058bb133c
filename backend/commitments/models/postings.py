"""People sent: which post, what duty, from when to when."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from backend.commitments.models.ledger import LedgerEntry, posted_kinds
from backend.web.problems import explain


def _of_an_arrival() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="of_an_arrival",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("entry_id", "start_date"),  # type: ignore[no-untyped-call]
        func=f"""
            IF NOT EXISTS (
                SELECT FROM commitments_ledgerentry entry
                JOIN commitments_commitment commitment ON commitment.id = entry.commitment_id
                WHERE entry.id = NEW.entry_id AND entry.stage = 'ARRIVED' AND entry.reverses_id IS NULL
                  AND entry.occurred_date = NEW.start_date AND commitment.kind IN ({posted_kinds()})
            ) THEN
                RAISE EXCEPTION 'entry % is no arrival of people on that day', NEW.entry_id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_of_an_arrival_of_people';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track()
class Posting(models.Model):
    """What an arrival of people tells beside their number: taking up the post *is* the arrival.

    The start is the entry's date. `end_date` is None while nobody has said when it ends. Names are shown to the two
    sides and their overseers only, and may be left out.
    """

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="posting")
    unit = models.CharField("任职单位", max_length=80)
    post = models.CharField("职务", max_length=60)
    duty = models.CharField("分工", max_length=200, blank=True)
    end_date = models.DateField("结束日期", null=True, blank=True)
    start_date = models.DateField("开始日期")
    names = models.CharField("姓名", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="posting_dates_in_order", condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date"))
            ),
        ]
        triggers = [_of_an_arrival()]

    def __str__(self) -> str:
        return f"{self.unit} {self.post}"


explain("posting_dates_in_order", "结束日期不能早于开始日期", field="end_date", status=400)
explain("posting_of_an_arrival_of_people", "只有人员到岗才登记任职")
explain("arrival_of_people_has_a_posting", "请填写任职单位和职务", field="unit", status=400)
