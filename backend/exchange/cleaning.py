"""From a cell to the value that is meant, where only one can be meant; otherwise to the reason why not.

Nothing is guessed: a date without its day, an amount without a clear unit, a code that a spreadsheet has rounded are
refused with what to do about it.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from backend.exchange.importable import Column, Kind
from backend.exchange.reading.cells import DATE, ERROR, FORMULA, LONG, shown

YUAN = {"元": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000, "亿": 100_000_000}

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_STRAY = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_FOLDED = _HALF | _STRAY
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_AMOUNT = re.compile(rf"(?:人民币|¥|￥)?({_NUMBER.pattern})(元|万元|万|亿元|亿)?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:年(\d{1,2})月(\d{1,2})[日号]?|([-/.])(\d{1,2})\4(\d{1,2}))(?:T?00:00(?::00)?)?")
_DAY_OF_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NO_DAY = re.compile(r"\d{4}(?:年\d{1,2}月?|[-/.]\d{1,2}|年)?")
_EXACT = 10**15  # from here on Excel does not keep the last digits of a number
_SERIALS = range(20_000, 80_000)  # 1954 to 2119; no other way of writing a date has five digits
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


class Unclear(ValueError):
    """The cell cannot be understood; the message says what to do."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


def fold(text: str) -> str:
    """Half-width, without any space: for codes, numbers, choices and headings, never for words to be stored."""
    return "".join((text if text.isascii() else text.translate(_FOLDED)).split())


def clean(column: Column, cell: Any, *, unit: int = YUAN["万元"], epoch_1904: bool = False) -> Any:
    """The value meant by `cell` (a form of `reading.cells`); `unit` is the heading's, in yuan. Raises Unclear."""
    if isinstance(cell, list) and cell[0] in (FORMULA, ERROR, LONG):
        raise _refused(cell)
    if cell is None or (isinstance(cell, str) and not fold(cell)):
        if column.required:
            raise Unclear("required", f"“{column.title}”必须填写")
        return [] if column.several else None
    if column.kind is Kind.MONEY:
        return _money(column, cell, unit)
    if column.kind is Kind.DATE:
        return _date(cell, epoch_1904)
    return _CLEANERS[column.kind](column, cell)


def _refused(cell: Any) -> Unclear:
    if cell[0] == FORMULA:
        return Unclear("formula", "这一格是公式，请复制后“选择性粘贴为数值”，只保留结果")
    if cell[0] == ERROR:
        return Unclear("error_value", f"这一格是错误值（{cell[1]}），请改成实际内容")
    return Unclear("too_long", f"这一格有 {cell[1]} 个字符，超出 Excel 自身的上限")


# --- words ----------------------------------------------------------------------------------------------------------


def _text(column: Column, cell: Any) -> str:
    if isinstance(cell, list):
        raise Unclear("not_text", "这一格是日期，请把单元格格式设为“文本”后重新填写")
    text = shown(cell).translate(_STRAY).replace("\r\n", "\n").replace("\r", "\n")
    if _TURNING.search(text):
        raise Unclear("hidden_characters", "含有会改变文字显示顺序的隐藏字符，请重新手工输入")
    if not text.isprintable() and any(
        unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") and letter not in "\n\t" for letter in text
    ):
        raise Unclear("control_characters", "含有看不见的控制字符，请重新手工输入")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = ("\n" if column.many_lines else " ").join(lines).strip()
    if len(text) > column.longest:
        raise Unclear("too_long", f"“{column.title}”最多 {column.longest} 个字，现在有 {len(text)} 个")
    return text


def _code(column: Column, cell: Any) -> str:
    rounded = isinstance(cell, int) and abs(cell) >= _EXACT
    if rounded or isinstance(cell, float) or (isinstance(cell, str) and _SCIENTIFIC.fullmatch(fold(cell))):
        raise Unclear(
            "code_as_number", "Excel 已把这个代码改成了数字，末位可能丢失：请把单元格格式设为“文本”，再重新填写完整代码"
        )
    if isinstance(cell, list | bool):
        raise Unclear("not_a_code", "这一格不是代码，请把单元格格式设为“文本”后填写")
    code = fold(str(cell)).upper()
    if not re.fullmatch("[0-9A-Z]+", code):
        raise Unclear("not_a_code", "代码只能由数字和字母组成")
    if column.lengths and len(code) not in column.lengths:
        lengths = "、".join(map(str, column.lengths))
        lost = "；若代码以 0 开头，请把单元格格式设为“文本”后重新填写" if isinstance(cell, int) else ""
        raise Unclear("code_length", f"“{column.title}”应为 {lengths} 位，现在是 {len(code)} 位{lost}")
    return code


def _choice(column: Column, cell: Any) -> Any:
    known = _folded(column.choices)
    if not column.several:
        return _one_of(known, column, shown(cell))
    parts = [part for part in re.split(r"[、，,;；\n]", shown(cell)) if fold(part)]
    return list(dict.fromkeys(_one_of(known, column, part) for part in parts))


@cache
def _folded(choices: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {fold(label): value for value, label in choices}


def _one_of(known: dict[str, str], column: Column, text: str) -> str:
    asked = fold(text)
    if asked in known:
        return known[asked]
    near = difflib.get_close_matches(asked, known, n=1, cutoff=0.5) or [one for one in known if asked in one]
    hint = f"，是否为“{near[0]}”？" if near else "，请从下拉列表中选择"
    raise Unclear("unknown_choice", f"“{column.title}”没有“{text.strip()[:20]}”这一项{hint}")


def _bool(column: Column, cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    try:
        return {"是": True, "否": False}[fold(shown(cell))]
    except KeyError:
        raise Unclear("yes_or_no", f"“{column.title}”请填“是”或“否”") from None


# --- numbers --------------------------------------------------------------------------------------------------------


def _plain(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _number(column: Column, cell: Any) -> Decimal:
    """A bare number: what a workbook stores, to Excel's own 15 digits, or what a person types."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(shown(cell))
    found = None if isinstance(cell, list | bool) else _plain(fold(cell))
    if found is None:
        raise Unclear("not_a_number", f"“{column.title}”只填一个数，不带单位和文字，现在是“{shown(cell)[:20]}”")
    return found


def _whole(column: Column, cell: Any) -> int:
    number = _bounded(column, _number(column, cell))
    if number != int(number):
        raise Unclear("not_whole", f"“{column.title}”应为整数")
    return int(number)


def _decimal(column: Column, cell: Any) -> Decimal:
    return _exact(column, _bounded(column, _number(column, cell)), f"最多 {column.places} 位小数")


def _money(column: Column, cell: Any, unit: int) -> Decimal:
    """Yuan. A unit in the cell counts before the heading's."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        yuan = Decimal(shown(cell)) * unit
    else:
        found = None if isinstance(cell, list | bool) else _AMOUNT.fullmatch(fold(cell))
        if found is None:
            raise Unclear(
                "not_an_amount",
                f"看不懂金额“{shown(cell)[:20]}”：只填一个数，可带单位元、万元或亿元，不要写范围、约数或其他单位",
            )
        yuan = (_plain(found[1]) or Decimal(0)) * (YUAN[found[2]] if found[2] else unit)
    return _exact(column, _bounded(column, yuan), "最多精确到分")


def _bounded(column: Column, number: Decimal) -> Decimal:
    if column.least is not None and number < column.least:
        raise Unclear("too_small", f"“{column.title}”应大于 0" if column.least > 0 else f"“{column.title}”不能是负数")
    if column.largest is not None and number > column.largest:
        unit = "，请核对单位是元还是万元" if column.kind is Kind.MONEY else "，请核对"
        raise Unclear("too_large", f"“{column.title}”大得不合常理{unit}")
    return number


def _exact(column: Column, number: Decimal, rule: str) -> Decimal:
    try:
        rounded = number.quantize(Decimal(1).scaleb(-column.places))
    except InvalidOperation:
        raise Unclear("too_large", f"“{column.title}”大得不合常理，请核对") from None
    if rounded != number:
        raise Unclear("too_precise", f"“{column.title}”{rule}")
    return rounded


# --- days -----------------------------------------------------------------------------------------------------------


def _date(cell: Any, epoch_1904: bool) -> date:
    if isinstance(cell, list):
        return datetime.fromisoformat(cell[-1]).date()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell in _SERIALS and cell == int(cell):
            return _EPOCHS[epoch_1904] + timedelta(days=int(cell))
        cell = shown(cell)
    text = fold(shown(cell))
    found = _DAY.fullmatch(text)
    digits = _DAY_OF_DIGITS.fullmatch(text)
    if found:
        return _day(text, found[1], found[2] or found[5], found[3] or found[6])
    if digits:
        return _day(text, digits[1], digits[2], digits[3])
    if _NO_DAY.fullmatch(text):
        raise Unclear("day_missing", f"日期“{text}”缺少具体的日，请写成 2020-06-30 的样子")
    raise Unclear("not_a_date", f"看不懂日期“{shown(cell)[:20]}”，请写成 2020-06-30 的样子（年份四位，年月日依次）")


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unclear("no_such_day", f"没有“{text}”这一天") from None


_CLEANERS: dict[Kind, Callable[[Column, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.CHOICE: _choice,
    Kind.WHOLE: _whole,
    Kind.DECIMAL: _decimal,
    Kind.BOOL: _bool,
}


# --- between the steps ----------------------------------------------------------------------------------------------


def pack(value: Any) -> Any:
    """The value as JSON keeps it while the row waits."""
    return str(value) if isinstance(value, Decimal | date) else value


def unpack(column: Column, packed: Any) -> Any:
    if packed is None:
        return None
    if column.kind in (Kind.DECIMAL, Kind.MONEY):
        return Decimal(packed)
    return date.fromisoformat(packed) if column.kind is Kind.DATE else packed


def understood(column: Column, packed: Any) -> str:
    """How a waiting value is shown, so that people see what was made of their cell."""
    if packed is None or packed == []:
        return ""
    if column.kind is Kind.CHOICE:
        labels = dict(column.choices)
        return "、".join(labels[one] for one in (packed if column.several else [packed]))
    if column.kind is Kind.MONEY:
        return f"{(Decimal(packed) / YUAN['万元']).normalize():f} 万元"
    if column.kind is Kind.BOOL:
        return "是" if packed else "否"
    return f"{Decimal(packed).normalize():f}" if column.kind is Kind.DECIMAL else str(packed)


__all__ = ["DATE", "YUAN", "Unclear", "clean", "fold", "pack", "understood", "unpack"]
