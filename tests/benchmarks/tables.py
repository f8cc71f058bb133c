"""Tables of full size to import: invented, marked, and the same to the letter for the same seed."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlsxwriter
from stdnum.cn import uscc

_KINDS = (  # 名称, 类别, 致贫原因, 单位, 带贫减贫机制
    ("饮水管网延伸", "饮水安全", "缺水", "公里", "公共服务受益"),
    ("通组道路硬化", "交通", "交通条件落后、缺资金", "公里", "公共服务受益"),
    ("错季蔬菜大棚", "产业", "缺资金、缺技术", "座", "订单收购"),
    ("家政护工培训", "技能培训", "缺技术", "期", "就业带动"),
    ("卫生室设备", "健康", "因病", "套", "公共服务受益"),
)


@dataclass(frozen=True)
class Table:
    """How to fill a list's template: `row` gets chance, the row's number and the codes that the template offers."""

    key: str
    title: str
    row: Callable[[random.Random, int, Sequence[str]], Sequence[Any]]

    def filled(self, template: bytes, count: int, seed: int) -> bytes:
        """A workbook under the template's own headings."""
        chance = random.Random(f"{seed} {self.key}")  # noqa: S311  (nothing here is secret)
        book = openpyxl.load_workbook(io.BytesIO(template), read_only=True)
        headings = next(book[self.title].iter_rows(max_row=1, values_only=True))
        codes = [str(code) for code, *_ in book["代码表"].iter_rows(min_row=2, values_only=True)]
        to = io.BytesIO()
        with xlsxwriter.Workbook(to, {"constant_memory": True}) as made:
            sheet = made.add_worksheet(self.title)
            sheet.write_row(0, 0, headings)
            for number in range(1, count + 1):
                sheet.write_row(number, 0, self.row(chance, number, codes))
        return to.getvalue()


def _need(chance: random.Random, number: int, codes: Sequence[str]) -> Sequence[Any]:
    title, category, causes, unit, link = chance.choice(_KINDS)
    size = chance.randint(1, 40)
    return (
        chance.choice(codes), f"【演示】{title}（{number:06d}）", category, causes, size + 0.5, unit, f"{size * 6}万元",
        f"{chance.randint(2090, 2099)}-{chance.randint(1, 12):02d}-28", f"建成 {size} {unit}，一年内见效", link,
        size * 12, "",
    )  # fmt: skip


def _firm(chance: random.Random, number: int, codes: Sequence[str]) -> Sequence[Any]:
    body = f"91999900{number:09d}"  # there is no place 999900: no firm can have such a code
    industry, offers = chance.choice(
        (("制造业", "就业、产业"), ("建筑业", "产业"), ("批发和零售业", "消费/销售"), ("", ""))
    )
    name = f"【演示】示例{chance.choice(_KINDS)[0]}有限公司（{number:06d}）"
    code = body + str(uscc.calc_check_digit(body))
    return name, code, chance.choice(codes), industry, "", offers, "王某", "022-24980000"


NEEDS = Table("needs", "需求清单", _need)
FIRMS = Table("enterprises", "企业名单", _firm)
