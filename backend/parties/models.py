"""Governments, central units, enterprises and organisations: one party, one record; and what each can do."""

from __future__ import annotations

from typing import Any, Self

import pghistory
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from backend.parties.codes import Industry, UnitType
from backend.parties.functions import NameCore, UsccSound
from backend.parties.help import HelpCategory, HelpMode
from backend.parties.triggers import standing_kept
from backend.places.facts import Fact, sourced_facts_name_a_source
from backend.places.models import Area, inside
from backend.places.naming import SpeltField, name_indexes, named, nobody_leaves_out_the_spelling, words_of
from backend.web.money import LARGEST_YUAN
from backend.web.problems import explain

DEMO_MARK = "【演示】"
PHONE = r"^[+]?[0-9][0-9 -]{3,17}[0-9]$"
DEMO_NOTE = f"以{DEMO_MARK}开头的单位是虚构的，与它有关的记录也是虚构的"


class PartyQuerySet(models.QuerySet["Party"]):
    def governments(self) -> Self:
        return self.filter(kind=Party.Kind.GOVERNMENT)

    def federations(self) -> Self:
        return self.filter(kind=Party.Kind.FEDERATION)

    def joining(self) -> Self:
        """Those who come by themselves: firms, organisations, chambers."""
        return self.filter(kind__in=JOINING_KINDS)

    def in_good_standing(self) -> Self:
        """Those whose word counts: public bodies, and whoever joined and was verified."""
        return self.filter(standing__in=GOOD_STANDINGS)

    def visible_to(self, user: Any) -> Self:
        """Whoever is in good standing is public; one's own party is seen whatever became of it.

        What is pending, refused or merged is told to those concerned only, by the room `joining`.
        """
        seen = Q(standing__in=GOOD_STANDINGS)
        mine = getattr(user, "party_id", None)
        return self.filter(seen | Q(pk=mine) if mine else seen)

    def search(self, text: str) -> Self:
        """Parties named with each word of `text`; by pinyin, initials or code also those, or those seated where an
        area's begin so."""
        words = words_of(text)
        found = named(text, "name")
        if len(words) == 1 and words[0].isascii():
            # Asked for first: nested in an OR, the places keep the database from using any index of the parties.
            seats = Area.objects.search(text).exclude(level__in=(Area.Level.TOWNSHIP, Area.Level.VILLAGE))
            found |= Q(uscc__startswith=words[0].upper()) | Q(area__in=list(seats.values_list("pk", flat=True)))
        return self.filter(found)

    def seated_within(self, area: Area) -> Self:
        """Parties whose seat is `area` or lies below it."""
        return self.filter(inside(area, "area"))

    def holder_of(self, uscc: str) -> Party | None:
        """Who a code belongs to today: itself, or the party it was merged into."""
        found = self.filter(uscc=uscc).select_related("merged_into").order_by(F("merged_into").asc(nulls_first=True))
        first = found.first()
        return first and (first.merged_into or first)


# What is computed from the name needs no history beside the name's.
@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["pinyin", "initials"]
)
class Party(Fact):
    """Someone who can give, promise, acknowledge and answer: a government, a unit, a firm, an organisation.

    A government's or federation's `area` is what it is there for; anyone else's is where it has its seat. `standing`
    is written by the database (`triggers.standing_kept`): what its registration came to, or PUBLIC for those who need
    none. `industry` is blank for those who have none, or where nobody said. Everything a party says of itself, its
    capabilities, capacity and contacts included, shares `version`.
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "GOVERNMENT", "人民政府"
        CENTRAL_UNIT = "CENTRAL_UNIT", "中央单位"
        ENTERPRISE = "ENTERPRISE", "企业"
        SOCIAL_ORGANISATION = "SOCIAL_ORGANISATION", "社会组织"
        CHAMBER = "CHAMBER", "商会"
        FEDERATION = "FEDERATION", "工商联"

    class Standing(models.TextChoices):
        PUBLIC = "PUBLIC", "公共机构"
        PENDING = "PENDING", "待核实"
        REFUSED = "REFUSED", "已退回"
        VERIFIED = "VERIFIED", "已核实"
        MERGED = "MERGED", "已合并"

    kind = models.CharField("类别", max_length=20, choices=Kind)
    name = models.CharField("名称", max_length=120)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="parties", verbose_name="所在地区"
    )
    uscc = models.CharField("统一社会信用代码", max_length=18, null=True, blank=True)  # noqa: DJ001  (unique if known)
    unit_type = models.CharField("单位性质", max_length=16, choices=UnitType, blank=True, default="")
    industry = models.CharField("行业", max_length=1, choices=Industry, blank=True, default="")
    standing = models.CharField("登记情况", max_length=8, choices=Standing, editable=False, default="")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed", verbose_name="并入"
    )
    is_demo = models.BooleanField("演示", default=False)
    pinyin = SpeltField("拼音", of="name", max_length=720)
    initials = SpeltField("拼音首字母", of="name", initials=True, max_length=120)
    version = models.PositiveIntegerField(default=1)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["kind", "standing", "area"], name="party_by_kind_and_standing"),
            models.Index(fields=["industry", "area"], condition=~Q(industry=""), name="party_by_industry"),
            models.Index(fields=["uscc"], name="party_by_uscc"),
            GinIndex(OpClass(NameCore(F("name")), "gin_trgm_ops"), name="party_by_core_of_name"),
            *name_indexes("party", "name", "name", "pinyin", "initials"),
        ]
        constraints = [
            sourced_facts_name_a_source("party_sourced_has_source"),
            nobody_leaves_out_the_spelling("party"),
            models.UniqueConstraint(
                name="party_one_government_per_area",
                fields=["area"],
                condition=Q(kind="GOVERNMENT"),
                violation_error_message="该地区已有人民政府。",
            ),
            models.UniqueConstraint(
                name="party_one_federation_per_area", fields=["area"], condition=Q(kind="FEDERATION")
            ),
            models.UniqueConstraint(name="party_one_per_uscc", fields=["uscc"], condition=Q(merged_into__isnull=True)),
            models.CheckConstraint(
                name="party_government_has_area", condition=~Q(kind="GOVERNMENT") | Q(area__isnull=False)
            ),
            models.CheckConstraint(
                name="party_federation_has_area", condition=~Q(kind="FEDERATION") | Q(area__isnull=False)
            ),
            models.CheckConstraint(
                name="party_uscc_eighteen_characters",
                condition=Q(uscc__isnull=True) | Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
            ),
            models.CheckConstraint(name="party_uscc_check_character", condition=UsccSound(F("uscc"))),
            models.CheckConstraint(
                name="party_unit_type_of_central_units", condition=Q(unit_type="") | Q(kind="CENTRAL_UNIT")
            ),
            models.CheckConstraint(
                name="party_industry_is_a_section",
                condition=Q(industry="")
                | Q(industry__in=Industry.values, kind__in=("ENTERPRISE", "SOCIAL_ORGANISATION", "CHAMBER")),
            ),
            models.CheckConstraint(
                name="party_merged_elsewhere", condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="party_invented_is_marked_and_unsourced",
                condition=Q(is_demo=True, name__startswith=DEMO_MARK, status="UNVERIFIED")
                | (Q(is_demo=False) & ~Q(name__startswith=DEMO_MARK)),
                violation_error_message="演示单位的名称须以【演示】开头，且不得标为有出处。",
            ),
        ]
        triggers = [standing_kept(("GOVERNMENT", "CENTRAL_UNIT", "FEDERATION"))]

    def __str__(self) -> str:
        return self.name

    @property
    def in_good_standing(self) -> bool:
        """Whether its word counts; for public bodies also on an instance that has not been read back yet."""
        merged = self.merged_into_id is not None
        return not merged and (self.kind in PUBLIC_KINDS or self.standing == self.Standing.VERIFIED)


# Public bodies answer to everyone.
PUBLIC_KINDS = (Party.Kind.GOVERNMENT, Party.Kind.CENTRAL_UNIT, Party.Kind.FEDERATION)
JOINING_KINDS = (Party.Kind.ENTERPRISE, Party.Kind.SOCIAL_ORGANISATION, Party.Kind.CHAMBER)
GOOD_STANDINGS = (Party.Standing.PUBLIC, Party.Standing.VERIFIED)

explain("party_one_per_uscc", "这个统一社会信用代码已登记", field="uscc")
explain("party_one_federation_per_area", "该地区已有工商联", field="area")
explain("party_uscc_eighteen_characters", "统一社会信用代码应为 18 位数字和大写字母", field="uscc", status=400)
explain("party_uscc_check_character", "统一社会信用代码的校验码（最后一位）不对，请逐位核对", field="uscc", status=400)
explain("party_unit_type_of_central_units", "只有中央单位有单位性质", field="unit_type", status=400)
explain("party_industry_is_a_section", "行业应为国民经济行业分类的门类（A 至 T）", field="industry", status=400)
explain("party_merged_for_good", "这个单位已并入另一单位，不能恢复")


@pghistory.track()
class Capability(models.Model):
    """What a party offers to do, by category and, if it says so, by mode; public once the party is in good standing.

    `quantity` is None where nobody said how much. `proof` is a document number, a reference or an address.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="capabilities", verbose_name="单位")
    category = models.CharField("类别", max_length=14, choices=HelpCategory)
    mode = models.CharField("方式", max_length=20, choices=HelpMode, blank=True, default="")
    quantity = models.DecimalField("数量", max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField("单位", max_length=10, blank=True, default="")
    description = models.CharField("说明", max_length=500, blank=True, default="")
    proof = models.CharField("依据", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "帮扶能力"
        ordering = ["party_id", "id"]
        indexes = [models.Index(fields=["category", "party"], name="capability_by_category")]
        constraints = [
            models.UniqueConstraint(fields=["party", "category", "mode"], name="capability_stated_once"),
            models.CheckConstraint(
                name="capability_quantity_has_a_unit",
                condition=Q(quantity__isnull=True, unit="") | (Q(quantity__gt=0) & ~Q(unit="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.category}"


explain("capability_stated_once", "同一类别、同一方式只填一次", field="capabilities")
explain(
    "capability_quantity_has_a_unit", "数量应大于 0，并写明单位；没有数量时单位留空", field="capabilities", status=400
)


@pghistory.track()
class YearCapacity(models.Model):
    """How much a party can carry in one year; None where it did not say. Unit: yuan."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="capacities", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    villages = models.PositiveIntegerField("可帮村数", null=True, blank=True)
    counties = models.PositiveIntegerField("可帮县数", null=True, blank=True)
    budget_yuan = models.DecimalField("预算（元）", max_digits=18, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度承载"
        ordering = ["party_id", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["party", "year"], name="capacity_once_per_year"),
            models.CheckConstraint(
                name="capacity_says_something",
                condition=Q(villages__isnull=False) | Q(counties__isnull=False) | Q(budget_yuan__isnull=False),
            ),
            models.CheckConstraint(name="capacity_of_a_plausible_year", condition=Q(year__gte=2016, year__lte=2100)),
            models.CheckConstraint(
                name="capacity_budget_plausible",
                condition=Q(budget_yuan__isnull=True) | Q(budget_yuan__gt=0, budget_yuan__lte=LARGEST_YUAN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.year}"


explain("capacity_once_per_year", "同一年度只填一次", field="capacities")
explain("capacity_says_something", "村数、县数、预算至少填一项", field="capacities", status=400)
explain("capacity_of_a_plausible_year", "年度应在 2016 至 2100 之间", field="capacities", status=400)
explain("capacity_budget_plausible", "预算应大于 0 且不超过 100 亿元", field="capacities", status=400)


@pghistory.track()
class ContactPerson(models.Model):
    """Somebody who answers for a party: never public (`joining.scopes`)."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="contacts", verbose_name="单位")
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("电话", max_length=20)
    post = models.CharField("职务", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "联系人"
        ordering = ["party_id", "id"]
        constraints = [
            models.CheckConstraint(name="contact_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="contact_phone_is_a_number", condition=Q(phone__regex=PHONE)),
        ]

    def __str__(self) -> str:
        return self.name


explain("contact_phone_is_a_number", "电话应为 5 至 20 位数字，可含 + - 和空格", field="contacts", status=400)
