"""Code lists of parties, and the 统一社会信用代码."""

from __future__ import annotations

from django.db import models
from stdnum.cn import uscc as standard
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength

from backend.web.problems import Invalid


class Industry(models.TextChoices):
    """Sections of GB/T 4754-2017."""

    A = "A", "农、林、牧、渔业"
    B = "B", "采矿业"
    C = "C", "制造业"
    D = "D", "电力、热力、燃气及水生产和供应业"
    E = "E", "建筑业"
    F = "F", "批发和零售业"
    G = "G", "交通运输、仓储和邮政业"
    H = "H", "住宿和餐饮业"
    I = "I", "信息传输、软件和信息技术服务业"  # noqa: E741  (the standard's own letter)
    J = "J", "金融业"
    K = "K", "房地产业"
    L = "L", "租赁和商务服务业"
    M = "M", "科学研究和技术服务业"
    N = "N", "水利、环境和公共设施管理业"
    O = "O", "居民服务、修理和其他服务业"  # noqa: E741  (likewise)
    P = "P", "教育"
    Q = "Q", "卫生和社会工作"
    R = "R", "文化、体育和娱乐业"
    S = "S", "公共管理、社会保障和社会组织"
    T = "T", "国际组织"


class UnitType(models.TextChoices):
    """Kinds of central unit; each has one lead for designated assistance (`SECTOR_LEADS`)."""

    ORGAN = "ORGAN", "党政机关"
    STATE_ENTERPRISE = "STATE_ENTERPRISE", "央企"
    FINANCE = "FINANCE", "金融企业"
    UNIVERSITY = "UNIVERSITY", "高校"
    DEMOCRATIC_PARTY = "DEMOCRATIC_PARTY", "民主党派"
    MILITARY = "MILITARY", "军队"
    OTHER = "OTHER", "其他"


# 牵头部门 (DOMAIN §1.4); a unit of another type has none on record.
SECTOR_LEADS: dict[str, str] = {
    UnitType.ORGAN: "中央和国家机关工作委员会",
    UnitType.STATE_ENTERPRISE: "国务院国有资产监督管理委员会",
    UnitType.FINANCE: "中国人民银行",
    UnitType.UNIVERSITY: "教育部",
    UnitType.DEMOCRATIC_PARTY: "中央统战部",
    UnitType.MILITARY: "中央军委政治工作部",
}


def sound_uscc(text: str, field: str = "uscc") -> str:
    """The code as it is stored: 18 capitals and digits. Raises Invalid that says what is wrong with it."""
    code: str = standard.compact(text)
    try:
        return str(standard.validate(code))
    except InvalidLength:
        said = f"统一社会信用代码应为 18 位，现在是 {len(code)} 位"
    except InvalidFormat:
        said = "统一社会信用代码由数字和大写字母组成，前 8 位是数字，不含字母 I、O、Z、S、V，请对照营业执照核对"
    except InvalidChecksum:
        due = standard.calc_check_digit(code[:17])
        said = f"统一社会信用代码的最后一位（校验码）应为 {due}，现在是 {code[-1]}，请逐位核对"
    raise Invalid(said, field=field, code="uscc")
