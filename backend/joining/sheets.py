"""Firms from a spreadsheet: the columns, what is held against them, and their undoing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from backend.accounts.models import User
from backend.exchange.importable import Column, Fault, Importable, Kind, Lookup, Row, Tell, register
from backend.joining.authority import seats, seats_of
from backend.joining.enrolling import ENROLLING, Entry, enrol, take_out, touched
from backend.parties.codes import Industry, sound_uscc
from backend.parties.help import HelpCategory
from backend.parties.models import DEMO_MARK, GOOD_STANDINGS, JOINING_KINDS, PHONE, ContactPerson, Party
from backend.places.models import Area, FactStatus
from backend.web.problems import Invalid

_SHORTEST_NAME = 2
_TOUCHED_NAMED = 5  # firms that a refusal names

COLUMNS = (
    Column(
        "name", "名称", required=True, longest=120, width=36, example="示例农产品加工有限公司",
        hint="营业执照上的全称，2 至 120 个字",
    ),
    Column(
        "uscc", "统一社会信用代码", Kind.CODE, required=True, lengths=(18,), width=24, example="91999900DEM000001Q",
        hint="营业执照上的 18 位代码。单元格须为“文本”格式，否则 Excel 会改掉末几位",
    ),
    Column(
        "area", "所在县代码", Kind.CODE, required=True, lengths=(6,), width=14, example="120117",
        hint="县（市、区）6 位行政区划代码，由您核实的各县见“代码表”工作表",
    ),
    Column(
        "industry", "行业", Kind.CHOICE, choices=tuple(Industry.choices), width=28, example="制造业",
        hint="国民经济行业分类的门类；不知道就留空",
    ),
    Column(
        "kind", "类别", Kind.CHOICE, choices=tuple((kind.value, str(kind.label)) for kind in JOINING_KINDS), width=12,
        example="企业", hint="留空即企业",
    ),
    Column(
        "offers", "帮扶能力", Kind.CHOICE, several=True, choices=tuple(HelpCategory.choices), width=24,
        example="产业、就业", hint="可多选，用“、”隔开；数量和依据由单位自己补充。不知道就留空",
    ),
    Column("contact", "联系人", longest=60, width=12, example="王某", hint="不公开，只有本单位和核实的工商联可见"),
    Column("phone", "联系电话", longest=20, width=18, example="022-24980000", hint="填了联系人就要填电话"),
)  # fmt: skip


def check(rows: Sequence[Row], by: User) -> list[Fault]:
    """What `enrol` and the database would refuse. Cost: five queries, however many rows."""
    faults = [*_of_names(rows, by), *_of_codes(rows), *_of_seats(rows, by), *_of_contacts(rows)]
    return sorted(faults, key=lambda fault: fault.number)


def _of_names(rows: Sequence[Row], by: User) -> Iterator[Fault]:
    for row in rows:
        name = row.values.get("name", "")
        if name and len(name) < _SHORTEST_NAME:
            yield Fault(row.number, "name", "too_short", "请填写营业执照上的全称")
        elif name.startswith(DEMO_MARK) and not by.is_demo:
            yield Fault(row.number, "name", "demo_mark", f"{DEMO_MARK}只用于虚构的单位，请填写营业执照上的名称")


def _of_codes(rows: Sequence[Row]) -> Iterator[Fault]:
    codes = {row.values["uscc"] for row in rows if "uscc" in row.values}
    holders = Party.objects.filter(uscc__in=codes).values_list("uscc", "name", "standing")
    taken = {code: f"（{name}）" if standing in GOOD_STANDINGS else "" for code, name, standing in holders}
    first: dict[str, int] = {}
    for row in rows:
        code = row.values.get("uscc")
        if code is None:
            continue
        if code in taken:
            words = f"统一社会信用代码 {code} 已登记{taken[code]}，请删除这一行"
            yield Fault(row.number, "uscc", "registered", words)
        elif code in first:
            yield Fault(row.number, "uscc", "repeated", f"与第 {first[code]} 行的统一社会信用代码相同")
        elif unsound := _unsound(code):
            yield Fault(row.number, "uscc", "unsound_code", unsound)
        first.setdefault(code, row.number)


def _unsound(code: str) -> str:
    try:
        sound_uscc(code)
    except Invalid as error:
        return str(error.detail)
    return ""


def _of_seats(rows: Sequence[Row], by: User) -> Iterator[Fault]:
    foreign = {row.values["area"] for row in rows if "area" in row.values} - set(_own_seats(by))
    places = dict(Area.objects.current().filter(code__in=foreign).values_list("code", "full_name"))
    counties = set(seats().filter(code__in=foreign).values_list("code", flat=True))
    for row in rows:
        code = row.values.get("area")
        if code in counties:
            yield Fault(row.number, "area", "foreign_place", f"{places[code]}的单位不由您核实")
        elif code in places:
            yield Fault(row.number, "area", "not_a_county", f"请填到县（市、区），{code} 是{places[code]}")
        elif code in foreign:
            yield Fault(row.number, "area", "no_such_place", f"没有行政区划代码 {code}，请对照“代码表”工作表")


def _own_seats(by: User) -> dict[str, Area]:
    return {area.code: area for area in seats_of(by)}


def _of_contacts(rows: Sequence[Row]) -> Iterator[Fault]:
    for row in rows:
        name, phone = row.values.get("contact"), row.values.get("phone")
        if phone and not re.fullmatch(PHONE, phone):
            yield Fault(row.number, "phone", "not_a_phone", "电话应为 5 至 20 位数字，可含 + - 和空格")
        elif name and "phone" in row.values and not phone:
            yield Fault(row.number, "phone", "required", "填了联系人，请一并填写电话")
        elif phone and "contact" in row.values and not name:
            yield Fault(row.number, "contact", "required", "填了电话，请一并填写联系人")


def commit(rows: Sequence[Row], by: User, origin: dict[str, Any], tell: Tell) -> list[int]:
    places = _own_seats(by)
    entries = [_entry(row.values, places) for row in rows]
    return enrol(entries, by=by, origin=origin, tell=tell)


def _entry(values: dict[str, Any], places: dict[str, Area]) -> Entry:
    party = Party(
        kind=values["kind"] or Party.Kind.ENTERPRISE, name=values["name"], uscc=values["uscc"],
        area=places[values["area"]], industry=values["industry"] or "", status=FactStatus.UNVERIFIED,
        is_demo=values["name"].startswith(DEMO_MARK),
    )  # fmt: skip
    contact = ContactPerson(name=values["contact"], phone=values["phone"]) if values["contact"] else None
    return Entry(party, values["offers"], contact)


def dependent(keys: QuerySet[Any]) -> str:
    """Why the firms can no longer be taken out together."""
    found = touched(keys)
    named = list(found.values_list("name", flat=True)[:_TOUCHED_NAMED])
    if not named:
        return ""
    return (
        f"其中 {found.count()} 家已有更正、账号、邀请、配对或其他记录（{'、'.join(named)} 等），"
        "不能整批撤销，请逐家处理"
    )


def undo(keys: QuerySet[Any], by: User, tell: Tell) -> None:
    take_out(list(keys.values_list("subject_id", flat=True)), by=by, reason="撤销表格导入", tell=tell)


def lookup(by: User) -> Lookup:
    """The counties that the log-in answers for."""
    places = seats_of(by).order_by("code").values_list("code", "full_name")
    return Lookup(("所在县代码", "县（市、区）"), list(places))


register(
    Importable(
        key="enterprises",
        title="企业名单",
        roles=ENROLLING,
        columns=COLUMNS,
        check=check,
        commit=commit,
        dependent=dependent,
        undo=undo,
        path="/registrations?who=all&status=VERIFIED&ordering=-submitted_at",
        notes=("入库即为“已核实”：由您核实其所在地的企业、社会组织和商会，名单由您负责",),
        lookup=lookup,
    )
)
