"""Needs from a spreadsheet: the columns, the rules of `propose` for many rows at once, and their undoing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.scopes import governed_area
from backend.exchange.importable import Column, Fault, Importable, Kind, Lookup, Row, Tell, register
from backend.needs import actions
from backend.needs.models import Need
from backend.places.models import Area, PoorCounty, inside
from backend.web.money import LARGEST_YUAN

_FEN = Decimal("0.01")
_CHANGED_NAMED = 5  # needs that a refusal names

COLUMNS = (
    Column(
        "area", "地区代码", Kind.CODE, required=True, lengths=(6, 9, 12), width=16, example="130826100",
        hint="县 6 位、乡镇 9 位、村 12 位行政区划代码，本地各级代码见“代码表”工作表",
    ),
    Column(
        "title", "需求名称", required=True, longest=80, width=36, example="修建 3.5 公里水渠",
        hint="一句话说清要办什么，最多 80 字",
    ),
    Column("category", "类别", Kind.CHOICE, required=True, choices=tuple(Need.Category.choices), example="饮水安全"),
    Column(
        "causes", "致贫原因", Kind.CHOICE, several=True, choices=tuple(Need.Cause.choices), width=20,
        example="缺水、缺资金", hint="可多选，用“、”隔开",
    ),
    Column(
        "quantity", "数量", Kind.DECIMAL, required=True, least=_FEN, largest=Decimal("999999999999.99"), width=10,
        example="3.5", hint="只填数，单位写在“单位”列",
    ),
    Column("unit", "单位", required=True, longest=10, width=8, example="公里", hint="如 公里、户、人次"),
    Column(
        "cost_yuan", "估算投资", Kind.MONEY, least=_FEN, largest=LARGEST_YUAN, width=14, example="26.5",
        hint="单位万元；写明单位的（如 265000元）按所写单位。没有估算就留空",
    ),
    Column(
        "deadline_date", "期限", Kind.DATE, required=True, width=12, example="2099-10-31",
        hint="年月日齐全，如 2099-10-31，不早于今天",
    ),
    Column(
        "performance_target", "绩效目标", required=True, longest=300, width=40, example="灌溉 400 亩",
        hint="没有绩效目标的项目不能入库；最多 300 字",
    ),
    Column(
        "benefit_link", "带贫减贫机制", Kind.CHOICE, required=True, choices=tuple(Need.BenefitLink.choices), width=16,
        example="帮助自主生产",
    ),
    Column(
        "beneficiaries", "受益贫困人口", Kind.WHOLE, least=Decimal(0), largest=Decimal(10_000_000), width=14,
        example="410", hint="人数；不知道就留空",
    ),
    Column("detail", "说明", longest=2000, many_lines=True, width=50, hint="选填，最多 2000 字"),
)  # fmt: skip


def check(rows: Sequence[Row], by: User) -> list[Fault]:
    """What `propose` would refuse, and what is there already. Cost: four queries, however many rows."""
    faults = [*_of_places(rows, by), *_of_deadlines(rows), *_repeated(rows), *_there_already(rows, by)]
    return sorted(faults, key=lambda fault: fault.number)


def _of_places(rows: Sequence[Row], by: User) -> Iterator[Fault]:
    own = set(_own_places(by).values_list("code", flat=True))
    foreign = {row.values["area"] for row in rows if "area" in row.values} - own
    names = dict(Area.objects.current().filter(code__in=foreign).values_list("code", "full_name"))
    for row in rows:
        code = row.values.get("area")
        if code in names:
            yield Fault(row.number, "area", "foreign_place", f"您不能替{names[code]}提出需求")
        elif code in foreign:
            yield Fault(row.number, "area", "no_such_place", f"没有行政区划代码 {code}，请对照“代码表”工作表")


def _own_places(by: User) -> Any:
    """The places that the log-in may propose needs of: its government's own and those below, in a poor county."""
    own = governed_area(by) if by.role == Role.RECIPIENT else None
    if own is None or own.level not in (Area.Level.COUNTY, Area.Level.TOWNSHIP, Area.Level.VILLAGE):
        return Area.objects.none()
    if not PoorCounty.objects.filter(area=actions.up_to(Area.Level.COUNTY, own)).exists():
        return Area.objects.none()
    return Area.objects.current().filter(inside(own))


def _of_deadlines(rows: Sequence[Row]) -> Iterator[Fault]:
    today = timezone.localdate()
    for row in rows:
        deadline = row.values.get("deadline_date")
        if deadline is not None and deadline < today:
            yield Fault(row.number, "deadline_date", "deadline_passed", f"期限不能早于今天（{today:%Y-%m-%d}）")


def _same(row: Row) -> tuple[Any, ...]:
    """What makes two rows the same need."""
    return tuple(row.values.get(key) for key in ("area", "title", "deadline_date"))


def _repeated(rows: Sequence[Row]) -> Iterator[Fault]:
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        same = _same(row)
        if None in same:
            continue
        if same in first:
            yield Fault(row.number, "title", "repeated", f"与第 {first[same]} 行是同一条需求（地区、名称、期限都相同）")
        first.setdefault(same, row.number)


def _there_already(rows: Sequence[Row], by: User) -> Iterator[Fault]:
    own = governed_area(by)
    if own is None:
        return
    standing = Need.objects.filter(inside(own, "area")).exclude(status=Need.Status.WITHDRAWN)
    known = {key: pk for *key_parts, pk in standing.values_list("area__code", "title", "deadline_date", "pk")
             for key in [tuple(key_parts)]}  # fmt: skip
    for row in rows:
        pk = known.get(_same(row))
        if pk is not None:
            words = f"已有同一条需求（编号 {pk}；地区、名称、期限都相同），若是另一项请改名称"
            yield Fault(row.number, "title", "there_already", words)


def commit(rows: Sequence[Row], by: User, origin: dict[str, Any], tell: Tell) -> list[int]:
    places = {area.code: area for area in _own_places(by).filter(code__in={row.values["area"] for row in rows})}
    contents = [{**row.values, "detail": row.values["detail"] or ""} for row in rows]
    needs = [Need(**{**content, "area": places[content["area"]]}) for content in contents]
    return actions.propose_all(needs=needs, by=by, origin=origin, tell=tell)


def dependent(keys: QuerySet[Any]) -> str:
    """Why the needs can no longer be withdrawn together."""
    touched = Need.objects.filter(pk__in=keys).exclude(status=Need.Status.PROPOSED, version=1).order_by("pk")
    named = [str(pk) for pk in touched.values_list("pk", flat=True)[:_CHANGED_NAMED]]
    if not named:
        return ""
    return f"其中 {touched.count()} 条需求已被修改或办理（编号 {'、'.join(named)} 等），不能整批撤销，请逐条处理"


def undo(keys: QuerySet[Any], by: User, tell: Tell) -> None:
    actions.withdraw_all(keys=list(keys.values_list("subject_id", flat=True)), by=by, reason="撤销表格导入", tell=tell)


def lookup(by: User) -> Lookup:
    """The codes of the log-in's own places."""
    places = _own_places(by).order_by("code").values_list("code", "full_name")
    return Lookup(("地区代码", "地区"), list(places))


register(
    Importable(
        key="needs",
        title="需求清单",
        roles=(Role.RECIPIENT,),
        columns=COLUMNS,
        check=check,
        commit=commit,
        dependent=dependent,
        undo=undo,
        path="/needs",
        notes=("入库后为“待审核”，由另一位同事审定后才公布；村级需求须先经乡镇审核",),
        lookup=lookup,
    )
)
