"""What can be agreed on: kinds of agreement and who signs each, indicators and their units (DOMAIN §1.2–1.4).

The codes of indicators are those of commitments wherever there is such a commitment, so that a signed target becomes
one without anybody translating.
"""

from __future__ import annotations

from django.db.models import TextChoices


class Kind(TextChoices):
    ANNUAL = "ANNUAL", "年度协作协议书"
    FRAMEWORK = "FRAMEWORK", "框架协议"
    VILLAGE = "VILLAGE", "村企结对帮扶协议"
    RESPONSIBILITY = "RESPONSIBILITY", "责任书"


# These are for one calendar year.
YEARLY = (Kind.ANNUAL, Kind.RESPONSIBILITY)


class Signatory(TextChoices):
    """Who signs: the two sides of a pairing; a letter of responsibility goes from a unit to the leading group."""

    HELPER = "HELPER", "帮扶方"
    RECIPIENT = "RECIPIENT", "受援方"
    AUTHORITY = "AUTHORITY", "扶贫开发领导小组"


def signatories(kind: str) -> tuple[Signatory, Signatory]:
    other = Signatory.AUTHORITY if kind == Kind.RESPONSIBILITY else Signatory.RECIPIENT
    return Signatory.HELPER, other


class Unit(TextChoices):
    """人 and 人次 are two units: one person trained twice is 1 人 and 2 人次."""

    YUAN = "YUAN", "元"
    PERSON = "PERSON", "人"
    PERSON_TIME = "PERSON_TIME", "人次"
    PIECE = "PIECE", "个"
    PAIR = "PAIR", "对"
    TIME = "TIME", "次"


class Indicator(TextChoices):
    FISCAL_AID = "FISCAL_AID", "财政援助资金"
    SOCIAL_AID = "SOCIAL_AID", "社会帮扶资金"
    DIRECT_INPUT = "DIRECT_INPUT", "投入帮扶资金"
    INTRODUCED_FUNDS = "INTRODUCED_FUNDS", "引进帮扶资金"
    GUIDED_FIRM = "GUIDED_FIRM", "引导企业实际投资"
    INDUSTRY_INPUT = "INDUSTRY_INPUT", "产业投入"
    WELFARE_INPUT = "WELFARE_INPUT", "公益投入"
    PURCHASE = "PURCHASE", "采购农产品"
    ASSISTED_SALES = "ASSISTED_SALES", "帮助销售农产品"
    CADRE = "CADRE", "党政干部挂职"
    PROFESSIONAL = "PROFESSIONAL", "专业技术人才"
    TRAINING = "TRAINING", "培训（人次）"
    TRAINED_PEOPLE = "TRAINED_PEOPLE", "培训（人）"
    LABOUR_TO_HELPER = "LABOUR_TO_HELPER", "到帮扶方就业"
    LABOUR_OWN_PROVINCE = "LABOUR_OWN_PROVINCE", "省内就近就业"
    LABOUR_ELSEWHERE = "LABOUR_ELSEWHERE", "其他地区就业"
    JOBS_PLACED = "JOBS_PLACED", "安置就业"
    WORKSHOP = "WORKSHOP", "扶贫车间"
    PARK = "PARK", "共建产业园区"
    UNIT_PAIRS = "UNIT_PAIRS", "乡镇、村、学校、医院结对"
    JOINT_MEETINGS = "JOINT_MEETINGS", "联席会议"


_UNITS: dict[str, Unit] = {
    Indicator.CADRE: Unit.PERSON,
    Indicator.PROFESSIONAL: Unit.PERSON,
    Indicator.TRAINING: Unit.PERSON_TIME,
    Indicator.TRAINED_PEOPLE: Unit.PERSON,
    Indicator.LABOUR_TO_HELPER: Unit.PERSON,
    Indicator.LABOUR_OWN_PROVINCE: Unit.PERSON,
    Indicator.LABOUR_ELSEWHERE: Unit.PERSON,
    Indicator.JOBS_PLACED: Unit.PERSON,
    Indicator.WORKSHOP: Unit.PIECE,
    Indicator.PARK: Unit.PIECE,
    Indicator.UNIT_PAIRS: Unit.PAIR,
    Indicator.JOINT_MEETINGS: Unit.TIME,
}
MONEY = tuple(str(one) for one in Indicator if one not in _UNITS)
# Kept by the pairing's own records; nobody commits to them by an entry in the ledger.
NOT_COMMITMENTS = (Indicator.UNIT_PAIRS, Indicator.JOINT_MEETINGS)


def unit_of(indicator: str) -> Unit:
    return _UNITS.get(indicator, Unit.YUAN)
