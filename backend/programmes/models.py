"""Channels, region pairs and policies."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from backend.lifecycle.triggers import append_only
from backend.parties.models import Party
from backend.places.facts import Fact, sourced_facts_name_a_source
from backend.places.models import Area
from backend.web.problems import explain

EAST_WEST = "east_west_cooperation"
COUNTY_PAIRING = "county_pairing"
PAIRED_AID = "paired_aid"
DESIGNATED = "designated_assistance"
FIRMS_VILLAGES = "wqbwc"  # 万企帮万村


def _words(choices: type[models.TextChoices], label: str) -> ArrayField[Any, Any]:
    """Several of `choices`, as codes."""
    return ArrayField(models.CharField(max_length=20, choices=choices.choices), verbose_name=label, default=list)


class Channel(models.Model):
    """One of the ways in which assistance reaches a place, and who decides on its relations (DOMAIN §1.1).

    `helper`, `recipient`, `cardinality` and `fixed_by` say it to people. What stands beside them says it to the
    database: the kinds of party that may help (a government of which levels), the levels of area that may be helped,
    who settles a relation, and what the platform may suggest. A pairing that does not fit is refused there.
    """

    class Settled(models.TextChoices):
        AUTHORITY = "AUTHORITY", "上级确定"
        AGREEMENT = "AGREEMENT", "双方商定"
        CHOICE = "CHOICE", "自愿"

    class Cardinality(models.TextChoices):
        MANY_TO_MANY = "MANY_TO_MANY", "多对多"
        ONE_TO_MANY = "ONE_TO_MANY", "一个帮扶方对多个受援方"

    class Suggests(models.TextChoices):
        NOTHING = "NOTHING", "不提出建议"
        PAIRS = "PAIRS", "结对"
        PROJECTS = "PROJECTS", "项目"
        NEEDS = "NEEDS", "需求"

    code = models.CharField("代码", max_length=40, unique=True)
    name_zh = models.CharField("名称", max_length=40)
    name_en = models.CharField("英文名称", max_length=80)
    helper = models.CharField("帮扶方", max_length=60)
    recipient = models.CharField("受援方", max_length=60)
    cardinality = models.CharField("结对方式", max_length=60)
    fixed_by = models.CharField("由谁确定", max_length=120)
    helper_kinds = _words(Party.Kind, "可以帮扶的单位类别")
    helper_levels = _words(Area.Level, "可以帮扶的政府级别")
    recipient_levels = _words(Area.Level, "可以受援的地区级别")
    relation = models.CharField("结对数量", max_length=12, choices=Cardinality)
    settled_by = models.CharField("确定方式", max_length=9, choices=Settled)
    suggests = models.CharField("系统可以建议", max_length=8, choices=Suggests)
    explanation = models.TextField("说明")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                name="channel_kinds_are_kinds",
                condition=Q(helper_kinds__contained_by=Party.Kind.values, helper_kinds__len__gt=0),
            ),
            models.CheckConstraint(
                name="channel_levels_are_levels",
                condition=Q(helper_levels__contained_by=Area.Level.values)
                & Q(recipient_levels__contained_by=Area.Level.values, recipient_levels__len__gt=0),
            ),
            models.CheckConstraint(
                name="channel_levels_where_governments_help",
                condition=Q(helper_kinds__contains=["GOVERNMENT"], helper_levels__len__gt=0)
                | (~Q(helper_kinds__contains=["GOVERNMENT"]) & Q(helper_levels__len=0)),
            ),
            models.CheckConstraint(
                name="channel_of_an_authority_suggests_no_pairs",
                condition=~Q(settled_by="AUTHORITY", suggests="PAIRS"),
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def matchable(self) -> bool:
        """Whether the matcher may propose pairs."""
        return self.suggests == self.Suggests.PAIRS

    @property
    def reasons(self) -> type[models.TextChoices]:
        """What a score of this channel's pairs is made of."""
        return Reason if Party.Kind.GOVERNMENT in self.helper_kinds else FirmReason


class DateRange(Func):
    """`daterange(start, end, '[]')`, both days included."""

    function = "daterange"


class RegionPairQuerySet(models.QuerySet["RegionPair"]):
    def in_force(self, year: int) -> Self:
        """Pairs in force on some day of `year`."""
        return self.filter(valid_from__lte=dt.date(year, 12, 31)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=dt.date(year, 1, 1))
        )


@pghistory.track()
class RegionPair(Fact):
    """A province or city that helps a province or prefecture: inside it, and only there, counties may be paired."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="region_pairs")
    helper_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    recipient_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True)

    objects = RegionPairQuerySet.as_manager()

    class Meta:
        ordering = ["helper_area__code", "recipient_area__code"]
        constraints = [
            sourced_facts_name_a_source("region_pair_sourced_has_source"),
            models.CheckConstraint(
                name="region_pair_dates_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(name="region_pair_joins_two_regions", condition=~Q(helper_area=F("recipient_area"))),
            ExclusionConstraint(
                name="region_pair_once_at_a_time",
                expressions=[
                    (F("channel"), "="),
                    (F("helper_area"), "="),
                    (F("recipient_area"), "="),
                    (DateRange(F("valid_from"), F("valid_to"), Value("[]")), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper_area.name} → {self.recipient_area.name}"


class Reason(models.TextChoices):
    """What a score of a county pair is made of, in the order of display."""

    DEPTH = "depth", "贫困深度"
    STRENGTH = "strength", "力量与困难相称"
    LIKENESS = "likeness", "产业结构相近"
    DISTANCE = "distance", "地理距离"
    CAPACITY = "capacity", "承接余力"
    TIES = "ties", "已有协作基础"


class FirmReason(models.TextChoices):
    """What a score of a firm and a village is made of, in the order of display."""

    NEED = "need", "需求与能力"
    DEPTH = "depth", "贫困深度"
    LIKENESS = "likeness", "行业相近"
    DISTANCE = "distance", "地理距离"
    CAPACITY = "capacity", "承接余力"
    TIES = "ties", "同省或协作省市"
    INTEREST = "interest", "企业意愿"


class PolicyQuerySet(models.QuerySet["Policy"]):
    def current(self, channel: str) -> Policy | None:
        """The newest version for a channel."""
        return self.filter(channel__code=channel).order_by("-version").first()


@pghistory.track()
class Policy(models.Model):
    """What a run of the matcher is told. A version never changes; editing makes the next one.

    `weights` are whole percents by reason, summing to 100. `coverage_deep` and `coverage_poor` are the values of a
    county's 1st, 2nd, … helper in score points. Quotas count pairs. With `share_evenly` a helper's maximum is used up
    only where the counties it may help could not be covered otherwise. With `four_eyes` nothing is published that a
    second person has not confirmed.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="policies")
    version = models.PositiveIntegerField("版本")
    name = models.CharField("名称", max_length=60)
    weights = models.JSONField("权重（%）")
    prefer_near = models.BooleanField("优先就近", default=True)
    helper_min = models.PositiveSmallIntegerField("每个帮扶方至少结对", default=0)
    helper_max = models.PositiveSmallIntegerField("每个帮扶方至多结对", default=2)
    share_evenly = models.BooleanField("均摊结对任务", default=True)
    recipient_min = models.PositiveSmallIntegerField("每个受援县至少有", default=0)
    recipient_max = models.PositiveSmallIntegerField("每个受援县至多有", default=2)
    coverage_deep = ArrayField(models.PositiveIntegerField(), verbose_name="深度贫困县覆盖价值")
    coverage_poor = ArrayField(models.PositiveIntegerField(), verbose_name="其他贫困县覆盖价值")
    stability = models.PositiveIntegerField("保持待核实关系的价值", default=0)
    four_eyes = models.BooleanField("采纳须由第二人复核", default=False)
    note = models.TextField("说明", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["channel", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "version"], name="policy_version_once_per_channel"),
            models.CheckConstraint(
                name="policy_quotas_in_order",
                condition=Q(helper_min__lte=F("helper_max"), recipient_min__lte=F("recipient_max")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} 第 {self.version} 版"


explain("policy_version_once_per_channel", "刚刚有人保存了新的版本，请刷新后在其基础上修改", field="based_on")
explain("policy_quotas_in_order", "下限不能大于上限", field="helper_min", status=400)
explain("policy_weights_sum_to_100", "各项权重之和应为 100%", field="weights", status=400)
explain("policy_weights_are_percents", "各项权重应为 0 到 100 的整数", field="weights", status=400)
explain("policy_coverage_never_increases", "覆盖价值应从第 1 个帮扶方起逐个不增", field="coverage_deep", status=400)


class PolicyException(models.Model):
    """Other bounds for one county under one version of a policy; None leaves that bound as the policy has it.

    An exception outranks the sharing of pairs: the county gets these bounds and everybody else keeps theirs.
    """

    class Side(models.TextChoices):
        HELPER = "HELPER", "帮扶方"
        RECIPIENT = "RECIPIENT", "受援方"

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="exceptions")
    side = models.CharField(max_length=9, choices=Side)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    min = models.PositiveSmallIntegerField("至少", null=True)
    max = models.PositiveSmallIntegerField("至多", null=True)

    class Meta:
        ordering = ["side", "area__code"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "side", "area"], name="policy_exception_once_per_county"),
            models.CheckConstraint(
                name="policy_exception_says_something", condition=Q(min__isnull=False) | Q(max__isnull=False)
            ),
            models.CheckConstraint(
                name="policy_exception_bounds_in_order",
                condition=Q(min__isnull=True) | Q(max__isnull=True) | Q(min__lte=F("max")),
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.policy} {self.area}"


explain("policy_exception_once_per_county", "同一个县只能有一条例外", field="exceptions", status=400)
explain("policy_exception_says_something", "例外应至少给出下限或上限之一", field="exceptions", status=400)
explain("policy_exception_bounds_in_order", "例外的下限不能大于上限", field="exceptions", status=400)
