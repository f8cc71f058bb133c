"""What an invented village may lack, and what an invented firm may offer."""

from __future__ import annotations

from typing import NamedTuple

from backend.needs.models import Need
from backend.parties.help import HelpCategory

C, W, L = HelpCategory, Need.Cause, Need.BenefitLink


class Wish(NamedTuple):
    """`wan_each` is the estimate for one unit, in 万元."""

    title: str
    category: HelpCategory
    cause: Need.Cause
    unit: str
    wan_each: int
    link: Need.BenefitLink


WISHES = (
    Wish("饮水管网延伸", C.WATER, W.WATER, "公里", 18, L.SERVICE),
    Wish("蓄水池修缮", C.WATER, W.WATER, "座", 6, L.SERVICE),
    Wish("通组道路硬化", C.TRANSPORT, W.ROADS, "公里", 55, L.SERVICE),
    Wish("错季蔬菜大棚", C.INDUSTRY, W.CAPITAL, "座", 8, L.ORDERS),
    Wish("肉牛养殖小区", C.INDUSTRY, W.CAPITAL, "个", 90, L.DIVIDEND),
    Wish("中药材种苗基地", C.INDUSTRY, W.SKILL, "亩", 1, L.RENT),
    Wish("扶贫车间", C.EMPLOYMENT, W.LABOUR, "间", 40, L.JOBS),
    Wish("家政护工培训", C.SKILLS, W.SKILL, "期", 3, L.JOBS),
    Wish("电商带头人培训", C.SKILLS, W.SKILL, "期", 4, L.JOBS),
    Wish("小学食堂改造", C.EDUCATION, W.SCHOOLING, "所", 25, L.SERVICE),
    Wish("卫生室设备", C.HEALTH, W.ILLNESS, "套", 7, L.SERVICE),
    Wish("慢病随访医生", C.HEALTH, W.ILLNESS, "人", 9, L.SERVICE),
    Wish("危房改造", C.HOUSING, W.DISASTER, "户", 4, L.DIRECT),
    Wish("农网改造", C.POWER_NETWORK, W.OTHER, "公里", 20, L.SERVICE),
    Wish("护林公益岗位", C.ECOLOGY, W.LABOUR, "个", 1, L.JOBS),
    Wish("农产品集中采购", C.CONSUMPTION, W.CAPITAL, "吨", 1, L.ORDERS),
    Wish("农技员驻村", C.TALENT, W.SKILL, "人", 8, L.PRODUCTION),
)


# Industries of the stock exchanges by section of GB/T 4754; the rest are manufacturing (C).
_SECTIONS = {
    "A": "农业综合 林业 渔业 种植业",
    "B": "煤炭开采 石油开采 黄金",
    "D": "供气供热 水务 火力发电 新型电力",
    "E": "建筑工程 装修装饰",
    "F": "其他商业 商贸代理 百货 超市连锁 电器连锁 石油贸易 医药商业 汽车服务",
    "G": "仓储物流 公共交通 公路 水运 空运",
    "H": "酒店餐饮",
    "I": "互联网 软件服务",
    "J": "多元金融 证券",
    "K": "全国地产 区域地产 房产服务 园区开发",
    "L": "广告包装 旅游服务",
    "N": "环境保护 旅游景点",
    "R": "出版业 影视音像 文教休闲",
    "": "综合类",
}
_SECTION_OF = {industry: section for section, listed in _SECTIONS.items() for industry in listed.split()}
_OFFERS = {
    "C": HelpCategory.EMPLOYMENT,
    "D": HelpCategory.POWER_NETWORK,
    "E": HelpCategory.HOUSING,
    "F": HelpCategory.CONSUMPTION,
    "G": HelpCategory.TRANSPORT,
    "I": HelpCategory.SKILLS,
    "J": HelpCategory.FINANCE,
    "N": HelpCategory.ECOLOGY,
    "R": HelpCategory.EDUCATION,
}


def section_of(industry: str) -> str:
    return _SECTION_OF.get(industry, "C")


def offer_of(section: str) -> HelpCategory:
    return _OFFERS.get(section, HelpCategory.INDUSTRY)
