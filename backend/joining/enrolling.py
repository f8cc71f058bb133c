"""Entering many firms at once, as a federation that kept its list in Excel does: read first, written together.

    known = look_up(rows)                                   # two queries, however many rows
    prepared = [prepare_enterprise(row, known) for row in rows]
    enrol([one.party for one in prepared], by=federation)   # when none of them has faults

A row holds text, as typed: `name`, `uscc`, `area` (code), `industry` (letter, or blank), `kind` (blank: enterprise).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from stdnum.cn import uscc as standard

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.joining.authority import answers_for
from backend.joining.models import Registration
from backend.lifecycle.actions import record_all
from backend.parties.codes import Industry, sound_uscc
from backend.parties.models import DEMO_MARK, JOINING_KINDS, Party
from backend.places.models import Area, FactStatus
from backend.web.problems import Conflict, Invalid, constraint_of

Row = Mapping[str, str]


@dataclass
class Known:
    """What the rows are held against: seats by code, and codes that are registered or stood in an earlier row."""

    seats: dict[str, Area]
    taken: set[str]


@dataclass
class Prepared:
    """A party that is not stored yet, and what is wrong with it: (field, sentence)."""

    party: Party
    faults: list[tuple[str, str]] = field(default_factory=list)


def look_up(rows: Sequence[Row]) -> Known:
    """Cost: two queries."""
    below = Area.objects.filter(parent=OuterRef("pk"), level=Area.Level.COUNTY)
    places = Area.objects.current().filter(code__in={row.get("area", "").strip() for row in rows})
    seats = places.filter(level=Area.Level.COUNTY) | places.filter(~Exists(below), level=Area.Level.PREFECTURE)
    codes = {standard.compact(row.get("uscc", "")) for row in rows}
    taken = Party.objects.filter(uscc__in=codes).values_list("uscc", flat=True)
    return Known({area.code: area for area in seats}, {code for code in taken if code})


def prepare_enterprise(row: Row, known: Known) -> Prepared:
    """Hold one row against form and register, without a query; a code that is sound counts as taken from here on."""
    text = {name: row.get(name, "").strip() for name in ("name", "uscc", "area", "industry", "kind")}
    prepared = Prepared(
        Party(
            kind=text["kind"] or Party.Kind.ENTERPRISE,
            name=text["name"],
            area=known.seats.get(text["area"]),
            industry=text["industry"],
            status=FactStatus.UNVERIFIED,
        )
    )
    faults = prepared.faults
    if not 2 <= len(text["name"]) <= 120 or text["name"].startswith(DEMO_MARK):
        faults.append(("name", "请填写营业执照上的名称，2 至 120 个字"))
    if prepared.party.kind not in JOINING_KINDS:
        faults.append(("kind", f"类别应为 {'、'.join(JOINING_KINDS)} 之一"))
    if prepared.party.area is None:
        faults.append(("area", f"没有县级行政区划代码“{text['area']}”"))
    if text["industry"] and text["industry"] not in Industry.values:
        faults.append(("industry", "行业应为国民经济行业分类的门类字母 A 至 T"))
    _code(text["uscc"], prepared, known)
    return prepared


def _code(typed: str, prepared: Prepared, known: Known) -> None:
    try:
        code = sound_uscc(typed)
    except Invalid as error:
        prepared.faults.append(("uscc", str(error.detail)))
        return
    if code in known.taken:
        prepared.faults.append(("uscc", f"统一社会信用代码 {code} 已登记，或在前面的行里出现过"))
    known.taken.add(code)
    prepared.party.uscc = code


def enrol(parties: Iterable[Party], *, by: User) -> list[Party]:
    """Enter prepared parties as verified: the federation that enters them vouches for them. All or none.

    Raises NotAllowed for anybody but federations and coordinators, Invalid when a seat is not theirs to vouch for,
    Conflict when somebody registered one of the codes meanwhile.
    Cost: a few statements per thousand parties.
    """
    require_role(by, Role.FEDERATION, Role.COORDINATOR, to="录入企业")
    now = timezone.now()
    try:
        with transaction.atomic():
            made = Party.objects.bulk_create(parties, batch_size=1000)
            keys = [party.pk for party in made]
            foreign = Party.objects.filter(pk__in=keys).exclude(answers_for(by)).select_related("area").first()
            if foreign:
                raise Invalid(f"{foreign.name}所在的{foreign.area and foreign.area.full_name}不由您核实", field="area")
            verdict = {"status": Registration.Status.VERIFIED, "decided_by": by, "decided_at": now, "submitted_at": now}
            rows = Registration.objects.bulk_create(
                [Registration(party=party, **verdict) for party in made], batch_size=1000
            )
            record_all(
                Registration, [row.pk for row in rows], "enrolled", by=by, to_status=Registration.Status.VERIFIED
            )
    except IntegrityError as error:
        if constraint_of(error) != "party_one_per_uscc":
            raise
        raise Conflict("其中有单位刚刚由别人登记了，请重新核对后再提交", field="uscc") from None
    return made
