"""Governments, central units, enterprises and organisations: one party, one record."""

from __future__ import annotations

from typing import Any, Self

import pghistory
from django.db import models
from django.db.models import Q

from backend.places.facts import Fact, sourced_facts_name_a_source
from backend.places.models import Area, inside

DEMO_MARK = "【演示】"
DEMO_NOTE = f"以{DEMO_MARK}开头的单位是虚构的，与它有关的记录也是虚构的"


class PartyQuerySet(models.QuerySet["Party"]):
    def governments(self) -> Self:
        return self.filter(kind=Party.Kind.GOVERNMENT)

    def visible_to(self, user: Any) -> Self:
        """Governments and other public bodies are public; firms and organisations are seen after log-in."""
        return self if user.is_authenticated else self.filter(kind__in=PUBLIC_KINDS)

    def search(self, text: str) -> Self:
        """Parties named with each word of `text`, or seated where its pinyin, initials or code begin an area's."""
        words = text.lower().split()
        if len(words) == 1 and words[0].isascii():
            word = words[0]
            return self.filter(
                Q(name__icontains=word)
                | Q(uscc__istartswith=word)
                | Q(area__code__startswith=word)
                | Q(area__pinyin__startswith=word)
                | Q(area__initials__startswith=word)
            )
        found = self
        for word in words:
            found = found.filter(name__icontains=word)
        return found

    def seated_within(self, area: Area) -> Self:
        """Parties whose seat is `area` or lies below it."""
        return self.filter(inside(area, "area"))


@pghistory.track()
class Party(Fact):
    """Someone who can give, promise, acknowledge and answer: a government, a unit, a firm, an organisation.

    A government's `area` is what it governs; anyone else's is where it has its seat.
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "GOVERNMENT", "人民政府"
        CENTRAL_UNIT = "CENTRAL_UNIT", "中央单位"
        ENTERPRISE = "ENTERPRISE", "企业"
        SOCIAL_ORGANISATION = "SOCIAL_ORGANISATION", "社会组织"
        CHAMBER = "CHAMBER", "商会"

    kind = models.CharField("类别", max_length=20, choices=Kind)
    name = models.CharField("名称", max_length=120)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="parties", verbose_name="所在地区"
    )
    uscc = models.CharField("统一社会信用代码", max_length=18, null=True, blank=True, unique=True)
    is_demo = models.BooleanField("演示", default=False)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["id"]
        constraints = [
            sourced_facts_name_a_source("party_sourced_has_source"),
            models.UniqueConstraint(
                name="party_one_government_per_area",
                fields=["area"],
                condition=Q(kind="GOVERNMENT"),
                violation_error_message="该地区已有人民政府。",
            ),
            models.CheckConstraint(
                name="party_government_has_area", condition=~Q(kind="GOVERNMENT") | Q(area__isnull=False)
            ),
            models.CheckConstraint(
                name="party_uscc_eighteen_characters",
                condition=Q(uscc__isnull=True) | Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
            ),
            models.CheckConstraint(
                name="party_invented_is_marked_and_unsourced",
                condition=Q(is_demo=True, name__startswith=DEMO_MARK, status="UNVERIFIED")
                | (Q(is_demo=False) & ~Q(name__startswith=DEMO_MARK)),
                violation_error_message="演示单位的名称须以【演示】开头，且不得标为有出处。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


# Public bodies answer to everyone.
PUBLIC_KINDS = (Party.Kind.GOVERNMENT, Party.Kind.CENTRAL_UNIT)
