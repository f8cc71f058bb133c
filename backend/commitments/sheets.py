"""Commitments from a spreadsheet: the columns, the rules of `register` for every row, and their undoing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.accounts.models import Role, User
from backend.commitments import actions, kinds
from backend.commitments.models import Commitment, LedgerEntry, Stage
from backend.exchange.importable import Column, Fault, Importable, Kind, Lookup, Row, Tell, register
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.web.money import LARGEST_YUAN
from backend.web.problems import Conflict, Refusal

_CHANGED_NAMED = 5  # commitments that a refusal names
_IF_ASKED = "该类别有此项才填"

COLUMNS = (
    Column(
        "recipient", "受援地代码", Kind.CODE, required=True, lengths=(6, 9, 12), width=16, example="621225",
        hint="双方已确认结对的受援县、乡镇或村的行政区划代码，见“代码表”工作表",
    ),
    Column(
        "channel", "渠道", longest=60, width=16,
        hint="与同一受援地有几条渠道的结对时填写，名称见“代码表”工作表",
    ),
    Column(
        "year", "年度", Kind.WHOLE, required=True, least=Decimal(1990), largest=Decimal(2100), width=8, example="2020",
        hint="四位年份，在结对期间之内",
    ),
    Column("kind", "类别", Kind.CHOICE, required=True, choices=tuple(kinds.Kind.choices), width=20,
           example="财政援助资金"),
    Column("title", "名称", required=True, longest=120, width=36, example="饮水管网"),
    Column(
        "amount_yuan", "协议金额", Kind.MONEY, least=Decimal("0.01"), largest=LARGEST_YUAN, width=16, example="300",
        hint="按金额计的类别填写；单位万元，写明单位的（如 3000000元）按所写单位",
    ),
    Column(
        "quantity", "协议数量", Kind.WHOLE, least=Decimal(1), largest=Decimal(10_000_000), width=12,
        hint="按人、人次、个计的类别填写，只填数",
    ),
    Column(
        "mode", "帮扶方式", Kind.CHOICE, choices=tuple(kinds.Mode.choices), example="以工代赈", width=16,
        hint="资金和物资须填；其他类别的方式是固定的，留空",
    ),
    Column("plan", "计划内外", Kind.CHOICE, choices=tuple(kinds.Plan.choices), hint=_IF_ASKED, example="计划内"),
    Column("sector", "资金投向", Kind.CHOICE, choices=tuple(Need.Category.choices), hint=_IF_ASKED, example="饮水安全"),
    Column("direction", "方向", Kind.CHOICE, choices=tuple(kinds.Direction.choices), hint=_IF_ASKED),
    Column("speciality", "专业领域", Kind.CHOICE, choices=tuple(kinds.Speciality.choices), hint=_IF_ASKED),
    Column("trainees", "培训对象", Kind.CHOICE, choices=tuple(kinds.Trainees.choices), hint=_IF_ASKED),
    Column("benefit_link", "带贫减贫机制", Kind.CHOICE, choices=tuple(Need.BenefitLink.choices), hint=_IF_ASKED),
    Column(
        "poor_people", "带动贫困人口", Kind.WHOLE, least=Decimal(0), largest=Decimal(10_000_000), hint=_IF_ASKED,
    ),
    Column("months", "稳定就业月数", Kind.WHOLE, least=Decimal(1), largest=Decimal(600), hint=_IF_ASKED),
)  # fmt: skip


def check(rows: Sequence[Row], by: User) -> list[Fault]:
    """What `register` would refuse, and what is there already. Cost: three queries, however many rows."""
    found = _Pairings(by)
    placed = [(row, found.of(row.values)) for row in rows]
    faults = [
        *(fault for row, _ in placed for fault in found.faults(row)),
        *(fault for row, pairing in placed for fault in _misfits(row, pairing, by)),
        *_twice([(row, pairing) for row, pairing in placed if pairing]),
    ]
    return sorted(faults, key=lambda fault: fault.number)


class _Pairings:
    """The pairings under which the log-in's organisation may register, by the code of the place helped."""

    def __init__(self, by: User) -> None:
        self._by_code: Mapping[str, list[Pairing]] = defaultdict(list)
        for pairing in _open(by):
            self._by_code[pairing.recipient.code].append(pairing)

    def _meant(self, values: dict[str, Any]) -> list[Pairing]:
        """Those of the channel, where one is named, and of them those whose period has the year, where any has."""
        meant = self._by_code.get(values.get("recipient", ""), [])
        if channel := values.get("channel"):
            meant = [one for one in meant if one.channel.name_zh == channel]
        year = values.get("year")
        return [one for one in meant if year and actions.has_year(one, year)] or meant

    def of(self, values: dict[str, Any]) -> Pairing | None:
        meant = self._meant(values)
        return meant[0] if len(meant) == 1 else None

    def faults(self, row: Row) -> Iterator[Fault]:
        code = row.values.get("recipient")
        if code is None or "channel" not in row.values:
            return
        meant, there = self._meant(row.values), self._by_code.get(code, [])
        if not there:
            words = f"本单位与 {code} 没有双方已确认的结对，请对照“代码表”工作表"
            yield Fault(row.number, "recipient", "no_open_pairing", words)
        elif not meant:
            yield Fault(row.number, "channel", "no_such_channel", f"与 {code} 的结对只有：{_channels(there)}")
        elif len(meant) > 1 and (year := row.values.get("year")):
            yield Fault(row.number, *_several(meant, code, year))


def _several(meant: Sequence[Pairing], code: str, year: int) -> tuple[str, str, str]:
    """Column, rule and words where more than one pairing could be meant."""
    if not actions.has_year(meant[0], year):
        return "year", "not_of_the_kind", f"与 {code} 的 {len(meant)} 条结对都不含 {year} 年，期间见“代码表”工作表"
    if len({one.channel_id for one in meant}) > 1:
        return "channel", "required", f"与 {code} 有几条结对，请写明渠道：{_channels(meant)}"
    words = f"与 {code} 在这一渠道有 {len(meant)} 条结对都含 {year} 年，请在页面上逐条登记"
    return "channel", "several_pairings", words


def _channels(pairings: Iterable[Pairing]) -> str:
    return "、".join(sorted({one.channel.name_zh for one in pairings}))


def _open(by: User) -> QuerySet[Pairing]:
    mine = Pairing.objects.filter(helper=by.party_id, status__in=actions.OPEN)
    return mine.select_related("recipient", "channel").order_by("recipient__code", "pk")


def _misfits(row: Row, pairing: Pairing | None, by: User) -> Iterator[Fault]:
    """What `register` would refuse; cells that were not understood are not complained about again."""
    values = row.values
    refusals: list[Refusal] = []
    if pairing and values.get("year") is not None:
        refusals += actions.unfit_pairing(pairing, values["year"], by)
    if values.get("kind"):
        figure = actions.Figure(amount_yuan=values.get("amount_yuan"), quantity=values.get("quantity"))
        refusals += actions.unfit_content(values["kind"], values.get("mode") or "", figure, values, by)
    for refusal in refusals:
        if refusal.field is None or refusal.field in values:
            yield Fault(row.number, refusal.field, "not_of_the_kind", str(refusal.detail))


def _twice(placed: Sequence[tuple[Row, Pairing]]) -> Iterator[Fault]:
    """The same promise on two rows, or entered before: the database would refuse either."""
    known = {
        tuple(key): pk
        for *key, pk in Commitment.objects.registered()
        .filter(pairing__in={pairing.pk for _, pairing in placed})
        .values_list("pairing", "year", "kind", "title", "pk")
    }
    first: dict[tuple[Any, ...], int] = {}
    for row, pairing in placed:
        same = (pairing.pk, *(row.values.get(name) for name in ("year", "kind", "title")))
        if None in same:
            continue
        if same in first:
            words = f"与第 {first[same]} 行是同一项承诺（结对、年度、类别、名称都相同）"
            yield Fault(row.number, "title", "repeated", words)
        elif same in known:
            words = f"已登记过同一项承诺（编号 {known[same]}），若是另一项请改名称"
            yield Fault(row.number, "title", "there_already", words)
        first.setdefault(same, row.number)


def commit(rows: Sequence[Row], by: User, origin: dict[str, Any], tell: Tell) -> list[int]:
    found, keys = _Pairings(by), []
    for row in rows:
        given = {name: value for name, value in row.values.items() if name not in ("recipient", "channel")}
        given |= {name: given[name] or "" for name in ("mode", *kinds.TEXT_DETAILS)}
        pairing = found.of(row.values)
        if pairing is None:  # ended since `check` looked, a moment ago
            raise Conflict(f"第 {row.number} 行的结对刚刚有变化，没有导入任何一行，请重新上传")
        keys.append(actions.register(pairing=pairing, by=by, origin=origin, **given).pk)
        tell(len(keys))
    return keys


def dependent(keys: QuerySet[Any]) -> str:
    """Why the commitments can no longer be withdrawn together."""
    beyond = LedgerEntry.objects.filter(commitment=OuterRef("pk")).exclude(stage=Stage.AGREED)
    changed = ~Q(status=Commitment.Status.REGISTERED) | ~Q(version=1) | Q(Exists(beyond))
    touched = Commitment.objects.filter(changed, pk__in=keys).order_by("pk")
    named = [str(pk) for pk in touched.values_list("pk", flat=True)[:_CHANGED_NAMED]]
    if not named:
        return ""
    return f"其中 {touched.count()} 项承诺已有到位或已撤回（编号 {'、'.join(named)} 等），不能整批撤销，请逐项处理"


def undo(keys: QuerySet[Any], by: User, tell: Tell) -> None:
    made = Commitment.objects.filter(pk__in=keys).select_related("pairing").order_by("pk")
    for done, commitment in enumerate(made, 1):
        actions.withdraw(commitment=commitment, reason="撤销表格导入", by=by)
        tell(done)


def lookup(by: User) -> Lookup:
    """The places that the log-in's organisation helps, with the channel and the period."""
    rows = [
        (one.recipient.code, one.recipient.full_name, one.channel.name_zh, f"{one.start_date:%Y-%m-%d}",
         f"{one.end_date:%Y-%m-%d}" if one.end_date else "")
        for one in _open(by)
    ]  # fmt: skip
    return Lookup(("受援地代码", "受援地", "渠道", "起", "止"), rows)


register(
    Importable(
        key="commitments",
        title="帮扶承诺",
        roles=(Role.PARTNER, Role.CENTRAL_UNIT, Role.COMPANY),
        columns=COLUMNS,
        check=check,
        commit=commit,
        dependent=dependent,
        undo=undo,
        path="/commitments",
        notes=("入库即为“已登记”；到位、支出和验收在各项承诺的页面上办理",),
        lookup=lookup,
    )
)
