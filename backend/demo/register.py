"""A register of full size, invented: firms in the real mix of provinces and industries, needs of real villages.

Everything carries 【演示】, and nobody could take it for real. The same seed gives the same rows to the letter; rows
that are there already are left as they are.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import QuerySet
from stdnum.cn import uscc

from backend.accounts.models import Role, User
from backend.demo.loader import DemoForbidden, ReferenceMissing
from backend.demo.wishes import WISHES, Wish, offer_of, section_of
from backend.joining.models import Registration
from backend.lifecycle.actions import record
from backend.lifecycle.history import acting
from backend.needs.models import Need
from backend.parties.models import DEMO_MARK, Capability, Party, YearCapacity
from backend.places.models import Area, FactStatus
from backend.reference.load_villages import load_villages
from backend.reference.sync import Changes, sync

_DATA = Path(__file__).with_name("data")
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of the code's 31 characters
_BODY = "YYYY"  # how the organisation part of an invented code begins; none issued does
_WORDS = "山川云松柏竹梅兰禾麦谷桑茶泉溪湖海星辰晨曦晴朗明和安康乐丰盈信义诚嘉瑞祥宁远"
_MAKERS = ("seed_proposer", "seed_reviewer", "seed_approver")  # nobody logs in as these
_OPENED = dt.datetime(2017, 6, 23, tzinfo=dt.UTC)
_YEAR = 2020  # of what the firms can carry
PARTY_FIELDS = ("kind", "name", "area_id", "industry", "is_demo", "status", "source")
NEED_FIELDS = (
    "category", "causes", "quantity", "unit", "cost_yuan", "deadline_date", "performance_target",
    "benefit_link", "beneficiaries", "status", "is_demo", "reviewed_by_id", "approved_by_id", "published_at",
)  # fmt: skip


def seed(*, villages: bool, firms: int, needs: int, seed: int) -> dict[str, Changes]:
    """Bring the register to that size; return what changed, by kind. One transaction.

    Raises DemoForbidden where DEMO is off, ReferenceMissing before `load_reference`. Cost: a couple of minutes in full.
    """
    if not settings.DEMO:
        raise DemoForbidden("DEMO is off: invented firms and needs belong into a demonstration only")
    if not Area.objects.poor().exists():
        raise ReferenceMissing("the reference data are not loaded: run load_reference first")
    done: dict[str, Changes] = {}
    with acting(None, command="seed_register"), transaction.atomic(), connection.cursor() as cursor:
        # A foreign key that is checked at commit waits in a list that every statement of every trigger walks through.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if villages:
            done["villages"] = load_villages()
            cursor.execute("ANALYZE places_area")  # of ten times its size: what follows looks places up by the thousand
        makers = _makers()
        done["firms"] = sync(
            _firms_present(), _firms(firms, _chance(seed, "firms")), key=("uscc",), fields=PARTY_FIELDS
        )
        _say_what_they_can(_chance(seed, "offers"), verified_by=makers[-1])
        present = Need.objects.filter(is_demo=True, proposed_by=makers[0])
        wanted = _needs(needs, _chance(seed, "needs"), makers)
        done["needs"] = sync(present, wanted, key=("area_id", "title"), fields=NEED_FIELDS)
        record(makers[0], "seeded", by=None, payload={"firms": firms, "needs": needs, "seed": seed})
        cursor.execute("ANALYZE places_area, parties_party, needs_need")
    return done


def _chance(seed: int, what: str) -> random.Random:
    """Chance of its own for each kind: more firms must not change the needs."""
    return random.Random(f"{seed} {what}")  # noqa: S311  (nothing here is secret)


def _makers() -> list[User]:
    """Who the invented needs are said to come from: accounts without a password that works, switched off."""
    made = []
    for username in _MAKERS:
        account, _ = User.objects.get_or_create(
            username=username,
            defaults={
                "display_name": f"{DEMO_MARK}批量数据",
                "role": Role.COORDINATOR,
                "password": make_password(None),
                "is_active": False,
                "is_demo": True,
            },
        )
        made.append(account)
    return made


# --- firms ------------------------------------------------------------------------------------------------------------


def _firms_present() -> QuerySet[Party]:
    return Party.objects.filter(is_demo=True, kind=Party.Kind.ENTERPRISE, uscc__regex=f"^91[0-9]{{6}}{_BODY}")


def _firms(count: int, chance: random.Random) -> Iterator[Party]:
    """`count` firms spread over provinces and industries as listed private firms are, each seated in some county."""
    with (_DATA / "enterprise_mix.csv").open(encoding="utf-8", newline="") as file:
        mix = list(csv.DictReader(file))
    seats = _seats()
    mix = [row for row in mix if row["province"] in seats]
    weights = list(accumulate(int(row["firms"]) for row in mix))
    for number, row in enumerate(chance.choices(mix, cum_weights=weights, k=count)):
        seat_id, seat_code = chance.choice(seats[row["province"]])
        word = chance.choice(_WORDS) + chance.choice(_WORDS)
        name = f"{DEMO_MARK}示例{word}{row['industry']}有限公司（{row['province'][:2]}{number:06d}）"
        yield Party(
            kind=Party.Kind.ENTERPRISE, name=name, area_id=seat_id, industry=section_of(row["industry"]),
            uscc=_invented_code(seat_code, number), is_demo=True, status=FactStatus.UNVERIFIED, source="",
        )  # fmt: skip


def _say_what_they_can(chance: random.Random, verified_by: User) -> None:
    """Each firm is verified, offers what its industry suggests, and says how much it can carry in one year."""
    firms = list(_firms_present().order_by("uscc").values_list("pk", "industry"))
    mine = [pk for pk, _ in firms]
    sync(
        Registration.objects.filter(party__in=_firms_present()),
        [
            Registration(
                party_id=pk, status=Registration.Status.VERIFIED, submitted_at=_OPENED, decided_by=verified_by,
                decided_at=_OPENED,
            )
            for pk in mine
        ],
        key=("party_id",),
        fields=("status", "submitted_at", "decided_by_id", "decided_at"),
    )  # fmt: skip
    sync(
        Capability.objects.filter(party__in=_firms_present()),
        [Capability(party_id=pk, category=offer_of(industry)) for pk, industry in firms],
        key=("party_id", "category", "mode"),
        fields=("quantity", "unit"),
    )
    sync(
        YearCapacity.objects.filter(party__in=_firms_present()),
        [
            YearCapacity(
                party_id=pk, year=_YEAR, villages=chance.randint(1, 4),
                budget_yuan=Decimal(chance.randint(5, 300) * 10_000).quantize(Decimal("0.01")),
            )
            for pk in mine
        ],
        key=("party_id", "year"),
        fields=("villages", "counties", "budget_yuan"),
    )  # fmt: skip


def _seats() -> dict[str, list[tuple[int, str]]]:
    """Counties in force by the name of their province, in the order of their codes."""
    provinces = {area.code[:2]: area.name for area in Area.objects.current().filter(level=Area.Level.PROVINCE)}
    seats: dict[str, list[tuple[int, str]]] = {}
    for pk, code in Area.objects.current().counties().statutory().order_by("code").values_list("pk", "code"):
        seats.setdefault(provinces[code[:2]], []).append((pk, code))
    return seats


def _invented_code(seat: str, number: int) -> str:
    """A code whose check character is right and whose organisation part nobody was ever given."""
    serial = ""
    for _ in range(4):
        number, digit = divmod(number, len(_DIGITS))
        serial = _DIGITS[digit] + serial
    body = f"91{seat}{_BODY}{serial}X"
    return body + str(uscc.calc_check_digit(body))


# --- needs ------------------------------------------------------------------------------------------------------------


def _needs(count: int, chance: random.Random, makers: list[User]) -> Iterator[Need]:
    """`count` published needs, one wish for one place each; villages where they are loaded, else poor counties."""
    places = list(
        Area.objects.current().filter(level=Area.Level.VILLAGE).order_by("code").values_list("pk", "name")
    ) or list(Area.objects.current().poor().order_by("code").values_list("pk", "name"))
    proposer, reviewer, approver = makers
    for number in range(count):
        place, called = chance.choice(places)
        wish: Wish = chance.choice(WISHES)
        size = chance.randint(1, 40)
        title = f"{DEMO_MARK}{called[:30]}{wish.title}（{number:06d}）"
        yield Need(
            area_id=place, title=title, detail="", category=wish.category,
            causes=[wish.cause], quantity=Decimal(size).quantize(Decimal("0.01")), unit=wish.unit,
            cost_yuan=Decimal(size * wish.wan_each * 10_000).quantize(Decimal("0.01")),
            deadline_date=dt.date(chance.randint(2027, 2030), chance.randint(1, 12), 28),
            performance_target=f"建成 {size} {wish.unit}，一年内见效", benefit_link=wish.link,
            beneficiaries=size * 12, status=Need.Status.PUBLISHED, is_demo=True, proposed_by=proposer,
            reviewed_by=reviewer, approved_by=approver, published_at=_OPENED, created_at=_OPENED, version=1,
        )  # fmt: skip


__all__ = ["seed"]
