"""Registering, correcting, verifying and refusing those who join.

Callers of everything but `register` and `enrol` hold the party's row lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, TextChoices
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.joining.authority import answers_for
from backend.joining.models import Registration
from backend.lifecycle.actions import move, record
from backend.lifecycle.history import acting
from backend.parties.codes import sound_uscc
from backend.parties.models import DEMO_MARK, JOINING_KINDS, Capability, ContactPerson, Party
from backend.places.models import Area, FactStatus
from backend.web.problems import Conflict, Invalid, NotAllowed, constraint_of

Status = Registration.Status

REGISTERED_ALREADY = (
    "这个统一社会信用代码已登记，不需要再登记。如果您是该单位的人员，请联系所在地工商联，由其邀请您开通账号；"
    "如果您认为有人误用了代码，也请向工商联说明"
)
# What a correction may touch; all but the industry say who it is, and have to be verified anew.
IDENTITY = ("kind", "name", "uscc", "area")
CORRECTED = (*IDENTITY, "industry")


class Step(TextChoices):
    """What can be done with a registration."""

    VERIFY = "VERIFY", "核实通过"
    REFUSE = "REFUSE", "退回"
    CORRECT = "CORRECT", "更正"


_FROM = {
    Step.VERIFY: {Status.PENDING},
    Step.REFUSE: {Status.PENDING, Status.VERIFIED},
    Step.CORRECT: {Status.PENDING, Status.REFUSED, Status.VERIFIED},
}


# --- coming in ------------------------------------------------------------------------------------------------------


def register(
    *,
    kind: str,
    name: str,
    uscc: str,
    area: Area,
    industry: str,
    contact: dict[str, str],
    capabilities: Sequence[dict[str, Any]],
    username: str,
    password: str,
) -> User:
    """A firm, organisation or chamber enters itself: the party, pending, with one log-in of its own.

    Raises Invalid naming the field, Conflict (409) for a code that is registered and for a log-in name that is taken.
    """
    fields = _sound(kind=kind, name=name, uscc=uscc, area=area, industry=industry)
    user = new_account(username, password, display_name=contact["name"], role=Role.COMPANY)
    with transaction.atomic():
        party = _insert(Party(**fields, status=FactStatus.UNVERIFIED))
        user.party = party
        save_account(user)
        with acting(user):
            ContactPerson.objects.create(party=party, **contact)
            Capability.objects.bulk_create([Capability(party=party, **one) for one in capabilities])
            registration = Registration.objects.create(party=party, submitted_at=timezone.now())
        record(user, "account_created", by=user)
        record(registration, "registered", by=user, to_status=registration.status)
    return user


def _insert(party: Party) -> Party:
    try:
        with transaction.atomic():  # a savepoint: the unique index decides between two who register at once
            party.save()
    except IntegrityError as error:
        if constraint_of(error) != "party_one_per_uscc":
            raise
        raise Conflict(REGISTERED_ALREADY, field="uscc", code="registered") from None
    party.refresh_from_db(fields=["standing"])
    return party


def _sound(*, kind: str, name: str, uscc: str, area: Area, industry: str) -> dict[str, Any]:
    """The facts as they are stored. Raises Invalid naming the field."""
    if kind not in JOINING_KINDS:
        raise Invalid("只有企业、社会组织和商会可以自行登记；政府和中央单位由管理员邀请", field="kind")
    if name.startswith(DEMO_MARK):
        raise Invalid(f"{DEMO_MARK}只用于虚构的单位，请填写营业执照上的名称", field="name")
    if not is_seat(area):
        raise Invalid("请选择到县（市、区）", field="area")
    return {"kind": kind, "name": name, "uscc": sound_uscc(uscc), "area": area, "industry": industry}


def is_seat(area: Area) -> bool:
    """A county-level place, or one of the few cities that have none below them."""
    if area.level == Area.Level.COUNTY:
        return True
    return area.level == Area.Level.PREFECTURE and not area.children.filter(level=Area.Level.COUNTY).exists()


def new_account(username: str, password: str, **fields: Any) -> User:
    """An account that is not stored yet. Raises Invalid for a name or password that is none."""
    user = User(username=username, **fields)
    try:
        User.username_validator(username)
    except ValidationError:
        raise Invalid("登录名只能用文字、数字和 @ . + - _", field="username") from None
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("；".join(error.messages), field="password", code="weak_password") from None
    user.set_password(password)
    return user


def save_account(user: User) -> None:
    """Store it. Raises Conflict when the log-in name is taken."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        if constraint_of(error) != "accounts_user_username_key":
            raise
        raise Conflict("这个登录名已有人使用，请换一个", field="username", code="taken") from None


# --- correcting and vouching ----------------------------------------------------------------------------------------


def correct(*, party: Party, by: User, **facts: Any) -> None:
    """The party words its facts anew; whatever says who it is has to be verified anew, too.

    Raises as every step, Invalid and Conflict as `register`.
    """
    _allow(Step.CORRECT, party, by)
    facts = _sound(**facts)
    changed = {name: facts[name] for name in CORRECTED if getattr(party, name) != facts[name]}
    told = {name: [_plain(getattr(party, name)), _plain(value)] for name, value in changed.items()}
    registration = party.registration
    with transaction.atomic():
        for name, value in changed.items():
            setattr(party, name, value)
        party.version = F("version") + 1
        spelt = ["pinyin", "initials"] if "name" in changed else []
        _update(party, [*changed, *spelt, "version"])
        record(registration, "corrected", by=by, payload=told)
        anew = registration.status == Status.REFUSED or (
            registration.status == Status.VERIFIED and any(name in IDENTITY for name in changed)
        )
        if anew:
            undecided: dict[str, Any] = {"decided_by": None, "decided_at": None, "refusal": ""}
            move(registration, Status.PENDING, by=by, verb="submitted", submitted_at=timezone.now(), **undecided)


def _update(party: Party, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            party.save(update_fields=fields)
    except IntegrityError as error:
        if constraint_of(error) != "party_one_per_uscc":
            raise
        raise Conflict(REGISTERED_ALREADY, field="uscc", code="registered") from None


def verify(*, party: Party, by: User) -> None:
    """The authority vouches for the party, which from now on is public and may act. Raises as every step."""
    _allow(Step.VERIFY, party, by)
    if not party.uscc:
        raise Conflict("没有统一社会信用代码，不能核实，请退回补填")
    move(party.registration, Status.VERIFIED, by=by, decided_by=by, decided_at=timezone.now(), refusal="")


def refuse(*, party: Party, reason: str, by: User) -> None:
    """The authority sends the registration back, or takes its word back.

    Raises as every step, Invalid without a reason.
    """
    _allow(Step.REFUSE, party, by)
    words = reason.strip()
    if not words:
        raise Invalid("退回时请写明理由，以便对方更正", field="reason")
    decided: dict[str, Any] = {"decided_by": by, "decided_at": timezone.now(), "refusal": words}
    move(party.registration, Status.REFUSED, by=by, reason=words, **decided)


def take(step: str, *, party: Party, reason: str = "", by: User) -> None:
    """Take a step by its name; `correct` is not among them, since it needs content."""
    if step == Step.VERIFY:
        verify(party=party, by=by)
    else:
        refuse(party=party, reason=reason, by=by)


def open_steps(party: Party, user: Any) -> list[Step]:
    """What this log-in may do with the registration as it stands."""
    if not isinstance(user, User) or registration_of(party) is None:
        return []
    vouches = _vouches(party, user)
    return [step for step in Step if _refusal(step, party, user, vouches) is None]


def registration_of(party: Party) -> Registration | None:
    return getattr(party, "registration", None)


def _allow(step: Step, party: Party, by: User) -> None:
    refusal = _refusal(step, party, by, _vouches(party, by))
    if refusal is not None:
        raise refusal


def _vouches(party: Party, user: User) -> bool:
    """Whether the verdict is this log-in's: nobody's own party is."""
    return user.party_id != party.pk and Party.objects.filter(answers_for(user), pk=party.pk).exists()


def _refusal(step: Step, party: Party, by: User, vouches: bool) -> Conflict | NotAllowed | None:
    registration = registration_of(party)
    if registration is None:
        return Conflict(f"{party.name}不需要登记，不能{step.label}")
    if registration.status not in _FROM[step]:
        return Conflict(f"这份登记的状态是“{registration.get_status_display()}”，不能{step.label}")
    if step == Step.CORRECT:
        return None if by.party_id == party.pk else NotAllowed("只有本单位可以更正自己的登记")
    if not vouches:
        return NotAllowed(f"{party.name}的登记不由您核实，应由其所在地的工商联核实")
    return None


def _plain(value: Any) -> Any:
    return value.full_name if isinstance(value, Area) else value


__all__ = [
    "Step",
    "correct",
    "is_seat",
    "new_account",
    "open_steps",
    "refuse",
    "register",
    "save_account",
    "take",
    "verify",
]
