"""What a firm or organisation would like to do, said by itself; nobody has promised anything yet."""

from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.interests.triggers import interest_is_possible, interest_is_their_own
from backend.lifecycle.triggers import moves_guarded
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.web.problems import explain


class InterestQuerySet(models.QuerySet["Interest"]):
    def open(self) -> Self:
        """Interests that wait to be taken up."""
        return self.filter(status=Interest.Status.OPEN)

    def search(self, text: str) -> Self:
        """Interests of parties called so, or in a village that is, or that lies in a place that is."""
        return self.filter(Q(party__in=Party.objects.search(text)) | Q(area__in=Area.objects.search(text)))


@pghistory.track()
@moves_guarded
class Interest(models.Model):
    """`party` would help `area`, a village, through `channel` in `year`.

    OPEN → TAKEN_UP once the pair is put to both sides, and OPEN again if that is taken back; or WITHDRAWN by the party.
    An open one is a reason in the next run of its channel and year, never more than that.
    """

    class Status(models.TextChoices):
        OPEN = "OPEN", "待对接"
        TAKEN_UP = "TAKEN_UP", "已提出结对"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    STANDING = (Status.OPEN, Status.TAKEN_UP)

    TRANSITIONS = {
        Status.OPEN: {Status.TAKEN_UP, Status.WITHDRAWN},
        Status.TAKEN_UP: {Status.OPEN},
        Status.WITHDRAWN: set(),
    }

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="interests", verbose_name="单位")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="interests", verbose_name="村")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="interests", verbose_name="渠道")
    year = models.PositiveSmallIntegerField("年度")
    note = models.CharField("说明", max_length=300, blank=True, default="")
    status = models.CharField("状态", max_length=9, choices=Status, default=Status.OPEN)
    expressed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="表达人"
    )
    created_at = models.DateTimeField("表达时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶意愿"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "channel", "year"], name="interest_by_status"),
            models.Index(fields=["area", "status"], name="interest_by_area"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="interest_once_at_a_time",
                fields=["party", "area", "year"],
                condition=Q(status__in=("OPEN", "TAKEN_UP")),
            ),
            models.CheckConstraint(name="interest_in_a_plausible_year", condition=Q(year__gte=2016, year__lte=2100)),
        ]
        triggers = [interest_is_possible(), interest_is_their_own()]

    def __str__(self) -> str:
        return f"{self.party} → {self.area}"


explain("interest_once_at_a_time", "贵单位已对这个村表达过意愿，不需要重复表达", field="area")
explain("interest_in_a_plausible_year", "年度应在 2016 至 2100 之间", field="year", status=400)
explain("interest_of_a_village", "只能对贫困县的村表达意愿，请选择一个村", field="area", status=400)
explain("interest_fits_channel", "这类单位不能通过这个渠道帮扶村，请换一个渠道", field="channel", status=400)
explain("interest_of_ones_own", "只能以本单位名义表达意愿，并且本单位须已核实", status=403)
