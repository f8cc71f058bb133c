"""Needs of a place: what, how much, until when, to what effect, and who vouched for it."""

from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from backend.lifecycle.triggers import moves_guarded
from backend.parties.help import HelpCategory
from backend.places.models import Area
from backend.places.naming import SpeltField, name_indexes, named, nobody_leaves_out_the_spelling
from backend.web.money import LARGEST_YUAN
from backend.web.problems import explain


class NeedQuerySet(models.QuerySet["Need"]):
    def published(self) -> Self:
        """Needs that anybody may see and answer."""
        return self.filter(status=Need.Status.PUBLISHED)

    def search(self, text: str) -> Self:
        """Needs whose title holds each word (or its pinyin or initials), or whose place is called so."""
        return self.filter(named(text, "title") | Q(area__in=Area.objects.search(text)))


def _village_reviewed_first() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="village_reviewed_first",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__status="PUBLISHED", new__reviewed_by__isnull=True),
        func="""
            IF EXISTS (SELECT FROM places_area WHERE id = NEW.area_id AND level = 'VILLAGE') THEN
                RAISE EXCEPTION 'the need of a village is published after its township reviewed it'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'need_of_village_reviewed_first';
            END IF;
            RETURN NEW;
        """,
    )


def _place_takes_needs() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="place_takes_needs",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("area_id"),  # type: ignore[no-untyped-call]
        declare=[("place", "RECORD")],
        func="""
            SELECT level, path INTO place FROM places_area WHERE id = NEW.area_id;
            IF place.level NOT IN ('COUNTY', 'TOWNSHIP', 'VILLAGE') OR NOT EXISTS (
                SELECT FROM places_poorcounty WHERE area_id::text = ANY (string_to_array(place.path, '.'))
            ) THEN
                RAISE EXCEPTION 'needs are those of poor counties and of places in them'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'need_of_a_poor_county';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["pinyin", "initials"]
)
@moves_guarded
class Need(models.Model):
    """Something a county, township or village lacks, as an entry of the county's project library.

    PROPOSED → (REVIEWED by the township, for a village) → PUBLISHED by the county, by somebody other than the proposer
    → MET or WITHDRAWN. A reviewer may return it with a reason; corrected, it is proposed again. No performance target,
    no entry (DOMAIN §3). `cost_yuan` is the estimate, None where nobody made one.
    """

    Category = HelpCategory

    class Cause(models.TextChoices):
        ILLNESS = "ILLNESS", "因病"
        DISABILITY = "DISABILITY", "因残"
        SCHOOLING = "SCHOOLING", "因学"
        DISASTER = "DISASTER", "因灾"
        LAND = "LAND", "缺土地"
        WATER = "WATER", "缺水"
        SKILL = "SKILL", "缺技术"
        LABOUR = "LABOUR", "缺劳力"
        CAPITAL = "CAPITAL", "缺资金"
        ROADS = "ROADS", "交通条件落后"
        MOTIVATION = "MOTIVATION", "自身发展动力不足"
        OTHER = "OTHER", "其他"

    class BenefitLink(models.TextChoices):
        JOBS = "JOBS", "就业带动"
        DIVIDEND = "DIVIDEND", "入股分红"
        ORDERS = "ORDERS", "订单收购"
        RENT = "RENT", "土地流转租金"
        PRODUCTION = "PRODUCTION", "帮助自主生产"
        SERVICE = "SERVICE", "公共服务受益"
        DIRECT = "DIRECT", "直接帮扶到户"

    class Status(models.TextChoices):
        PROPOSED = "PROPOSED", "待审核"
        REVIEWED = "REVIEWED", "乡镇已审核"
        PUBLISHED = "PUBLISHED", "已公布"
        RETURNED = "RETURNED", "已退回"
        MET = "MET", "已满足"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    TRANSITIONS = {
        Status.PROPOSED: {Status.REVIEWED, Status.PUBLISHED, Status.RETURNED, Status.WITHDRAWN},
        Status.REVIEWED: {Status.PUBLISHED, Status.RETURNED, Status.WITHDRAWN},
        Status.RETURNED: {Status.PROPOSED, Status.WITHDRAWN},
        Status.PUBLISHED: {Status.MET, Status.WITHDRAWN},
        Status.MET: set(),
        Status.WITHDRAWN: set(),
    }

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="needs", verbose_name="地区")
    title = models.CharField("名称", max_length=80)
    detail = models.TextField("说明", max_length=2000, blank=True)
    category = models.CharField("类别", max_length=14, choices=Category)
    causes = ArrayField(models.CharField(max_length=10, choices=Cause), default=list, blank=True, verbose_name="原因")
    quantity = models.DecimalField("数量", max_digits=14, decimal_places=2)
    unit = models.CharField("单位", max_length=10)
    cost_yuan = models.DecimalField("估算投资", max_digits=18, decimal_places=2, null=True, blank=True)
    deadline_date = models.DateField("期限")
    performance_target = models.CharField("绩效目标", max_length=300)
    benefit_link = models.CharField("带贫减贫机制", max_length=10, choices=BenefitLink)
    beneficiaries = models.PositiveIntegerField("受益贫困人口", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PROPOSED)
    is_demo = models.BooleanField("演示", default=False)
    pinyin = SpeltField("拼音", of="title", max_length=480)
    initials = SpeltField("拼音首字母", of="title", initials=True, max_length=80)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="审定人"
    )
    published_at = models.DateTimeField("公布时间", null=True)
    created_at = models.DateTimeField("提出时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需求"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "category", "-id"], name="need_by_status_category"),
            models.Index(fields=["area", "status"], name="need_by_area"),
            *name_indexes("need", "title", "title", "pinyin", "initials"),
        ]
        constraints = [
            nobody_leaves_out_the_spelling("need"),
            models.CheckConstraint(name="need_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="need_cost_plausible",
                condition=Q(cost_yuan__isnull=True) | Q(cost_yuan__gt=0, cost_yuan__lte=LARGEST_YUAN),
            ),
            models.CheckConstraint(name="need_has_target", condition=~Q(performance_target="")),
            models.CheckConstraint(
                name="need_four_eyes", condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="need_published_by_somebody",
                condition=~Q(status__in=("PUBLISHED", "MET"))
                | Q(approved_by__isnull=False, published_at__isnull=False),
            ),
        ]
        triggers = [_village_reviewed_first(), _place_takes_needs()]

    def __str__(self) -> str:
        return self.title


explain("need_quantity_positive", "数量应大于 0", field="quantity", status=400)
explain("need_cost_plausible", "估算投资应大于 0，且不超过 100 亿元，请核对单位", field="cost_yuan", status=400)
explain("need_has_target", "没有绩效目标的项目不能入库", field="performance_target", status=400)
explain("need_four_eyes", "提出和审定不能是同一个人，请由另一位同事审定", status=409)
explain("need_of_village_reviewed_first", "村级需求须先经乡镇审核，再由县级审定", status=409)
explain("need_of_a_poor_county", "需求应属于 832 个贫困县及其乡镇、村", field="area", status=400)
