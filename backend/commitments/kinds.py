"""What can be promised: each kind with its unit, whether money flows through it, and the fields it asks for.

The table below is the only place that knows. The CHECK constraints of `Commitment`, the forms (over the API) and the
summary of a year are all read off it.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from backend.parties.help import HelpMode
from backend.parties.models import Party


class Unit(models.TextChoices):
    """What the figures of a kind count. 人 and 人次 are two units: one person trained twice is 1 人 and 2 人次."""

    YUAN = "YUAN", "元"
    PERSON = "PERSON", "人"
    PERSON_TIME = "PERSON_TIME", "人次"
    PIECE = "PIECE", "个"


class Kind(models.TextChoices):
    FISCAL_AID = "FISCAL_AID", "财政援助资金"
    SOCIAL_AID = "SOCIAL_AID", "社会帮扶资金"
    SOCIAL_GOODS = "SOCIAL_GOODS", "社会帮扶物资（折价）"
    DIRECT_INPUT = "DIRECT_INPUT", "投入帮扶资金"
    INTRODUCED_FUNDS = "INTRODUCED_FUNDS", "引进帮扶资金"
    WELFARE_INPUT = "WELFARE_INPUT", "公益投入"
    INDUSTRY_INPUT = "INDUSTRY_INPUT", "产业投入"
    GUIDED_FIRM = "GUIDED_FIRM", "引导企业（实际投资）"
    WORKSHOP = "WORKSHOP", "扶贫车间"
    PARK = "PARK", "共建产业园区"
    PURCHASE = "PURCHASE", "采购农产品"
    ASSISTED_SALES = "ASSISTED_SALES", "帮助销售农产品"
    CADRE = "CADRE", "党政干部挂职"
    PROFESSIONAL = "PROFESSIONAL", "专业技术人才"
    TRAINING = "TRAINING", "培训（人次）"
    TRAINED_PEOPLE = "TRAINED_PEOPLE", "培训（人）"
    STARTUP = "STARTUP", "致富带头人创业"
    LABOUR_TO_HELPER = "LABOUR_TO_HELPER", "劳务：到帮扶方就业"
    LABOUR_OWN_PROVINCE = "LABOUR_OWN_PROVINCE", "劳务：省内就近就业"
    LABOUR_ELSEWHERE = "LABOUR_ELSEWHERE", "劳务：其他地区就业"
    JOBS_PLACED = "JOBS_PLACED", "安置就业"
    SKILLS_TRAINED = "SKILLS_TRAINED", "技能培训"


Mode = HelpMode


class Plan(models.TextChoices):
    IN_PLAN = "IN_PLAN", "计划内"
    OFF_PLAN = "OFF_PLAN", "计划外"


class Direction(models.TextChoices):
    TO_RECIPIENT = "TO_RECIPIENT", "东部到西部"
    TO_HELPER = "TO_HELPER", "西部到东部"


class Speciality(models.TextChoices):
    MEDICINE = "MEDICINE", "医疗"
    EDUCATION = "EDUCATION", "教育"
    AGRICULTURE = "AGRICULTURE", "农业"
    SCIENCE = "SCIENCE", "科技"
    OTHER = "OTHER", "其他"


class Trainees(models.TextChoices):
    CADRES = "CADRES", "基层干部"
    TECHNICIANS = "TECHNICIANS", "技术人员"
    PIONEERS = "PIONEERS", "致富带头人"
    WORKERS = "WORKERS", "贫困劳动力"


CHOOSE = "CHOOSE"  # the mode is the registrant's to say

# Fields that only some kinds have. A field that is needed may not stay blank; one that is taken may: unknown.
DETAILS = ("plan", "sector", "direction", "speciality", "trainees", "benefit_link", "poor_people", "months")
TEXT_DETAILS = DETAILS[:-2]


@dataclass(frozen=True)
class Spec:
    """One kind. `mode`: CHOOSE, a fixed mode, or "" where the notion does not apply.

    `flows`: money is handed over and spent by the recipient: agreed → arrived → spent → accepted. Everything else is
    done and then accepted: agreed → arrived → accepted.
    """

    unit: Unit
    helpers: frozenset[str]
    flows: bool = False
    mode: str = ""
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    postings: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return self.needs + self.takes


_GOVERNMENT = frozenset({Party.Kind.GOVERNMENT.value})
_UNIT = frozenset({Party.Kind.CENTRAL_UNIT.value})
_FIRM = frozenset({Party.Kind.ENTERPRISE.value, Party.Kind.SOCIAL_ORGANISATION.value, Party.Kind.CHAMBER.value})
_PUBLIC, _ANYBODY = _GOVERNMENT | _UNIT, _GOVERNMENT | _UNIT | _FIRM


def _money(helpers: frozenset[str], *takes: str) -> Spec:
    return Spec(Unit.YUAN, helpers, flows=True, mode=CHOOSE, takes=("sector", *takes))


def _labour(helpers: frozenset[str]) -> Spec:
    return Spec(Unit.PERSON, helpers, takes=("months",))


SPECS: dict[str, Spec] = {
    Kind.FISCAL_AID: _money(_GOVERNMENT, "plan"),
    Kind.SOCIAL_AID: _money(_GOVERNMENT | _FIRM),
    Kind.SOCIAL_GOODS: Spec(Unit.YUAN, _GOVERNMENT | _FIRM, mode=CHOOSE, takes=("sector",)),
    Kind.DIRECT_INPUT: _money(_UNIT),
    Kind.INTRODUCED_FUNDS: _money(_UNIT),
    Kind.WELFARE_INPUT: _money(_FIRM),
    Kind.INDUSTRY_INPUT: Spec(Unit.YUAN, _FIRM, mode=Mode.INVESTMENT, needs=("benefit_link",), takes=("poor_people",)),
    Kind.GUIDED_FIRM: Spec(Unit.YUAN, _PUBLIC, mode=Mode.INVESTMENT, needs=("benefit_link",), takes=("poor_people",)),
    Kind.WORKSHOP: Spec(Unit.PIECE, _ANYBODY, takes=("poor_people",)),
    Kind.PARK: Spec(Unit.PIECE, _PUBLIC, takes=("poor_people",)),
    Kind.PURCHASE: Spec(Unit.YUAN, _ANYBODY, mode=Mode.PURCHASE),
    Kind.ASSISTED_SALES: Spec(Unit.YUAN, _ANYBODY, mode=Mode.PURCHASE),
    Kind.CADRE: Spec(Unit.PERSON, _PUBLIC, needs=("direction",), postings=True),
    Kind.PROFESSIONAL: Spec(Unit.PERSON, _PUBLIC, needs=("direction", "speciality"), postings=True),
    Kind.TRAINING: Spec(Unit.PERSON_TIME, _PUBLIC, mode=Mode.TRAINING, needs=("trainees",)),
    Kind.TRAINED_PEOPLE: Spec(Unit.PERSON, _PUBLIC, mode=Mode.TRAINING, needs=("trainees",)),
    Kind.STARTUP: Spec(Unit.PIECE, _ANYBODY, takes=("poor_people",)),
    Kind.LABOUR_TO_HELPER: _labour(_PUBLIC),
    Kind.LABOUR_OWN_PROVINCE: _labour(_PUBLIC),
    Kind.LABOUR_ELSEWHERE: _labour(_PUBLIC),
    Kind.JOBS_PLACED: _labour(_FIRM),
    Kind.SKILLS_TRAINED: Spec(Unit.PERSON, _FIRM, mode=Mode.TRAINING),
}


def chosen_modes() -> list[str]:
    """The kinds for which somebody says how help is given: money and goods handed over."""
    return [kind for kind, spec in SPECS.items() if spec.mode == CHOOSE]


def _where(wanted: Callable[[Spec], bool], rule: Q | None = None) -> Q | None:
    """Rows of the kinds wanted, for which `rule` holds; None when there is no such kind."""
    kinds = sorted(str(kind) for kind, spec in SPECS.items() if wanted(spec))
    if not kinds:
        return None
    return Q(kind__in=kinds) & rule if rule else Q(kind__in=kinds)


def _either(*parts: Q | None) -> Q:
    return functools.reduce(operator.or_, (part for part in parts if part is not None))


def unit_fits() -> Q:
    """The unit and the flow of money are those of the kind."""
    return _either(
        *(
            _where(lambda spec, at=(unit, flows): (spec.unit, spec.flows) == at, Q(unit=unit.value, flows=flows))  # type: ignore[misc]
            for unit in Unit
            for flows in (True, False)
        )
    )


def mode_fits() -> Q:
    """The mode is said where it is to be said, and is the kind's own otherwise."""
    fixed = (_where(lambda spec, mode=mode: spec.mode == mode, Q(mode=mode)) for mode in ["", *Mode.values])  # type: ignore[misc]
    return _either(_where(lambda spec: spec.mode == CHOOSE, ~Q(mode="")), *fixed)


def detail_fits(name: str) -> Q:
    """The field is filled where the kind needs it and blank where the kind does not have it."""
    blank = Q(**{name: ""}) if name in TEXT_DETAILS else Q(**{f"{name}__isnull": True})
    return _either(
        _where(lambda spec: name in spec.needs, ~blank),
        _where(lambda spec: name in spec.takes),
        _where(lambda spec: name not in spec.fields, blank),
    )
