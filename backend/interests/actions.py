"""Expressing an interest, taking it back, and what becomes of it when the pair is proposed."""

from __future__ import annotations

from django.db import transaction

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.interests.helped import with_helpers
from backend.interests.models import Interest
from backend.lifecycle.actions import move, record
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes.actions import working_year
from backend.programmes.models import Channel
from backend.web.problems import Conflict, Invalid, NotAllowed, StaleStatus

Status = Interest.Status


def express(*, party: Party, area: Area, channel: Channel | None = None, note: str = "", by: User) -> Interest:
    """Say that one's own party would help a village; whoever helps it already is no hindrance.

    Without a channel it is the one by which parties of this kind help villages. Raises NotAllowed for anybody but the
    people of a verified party, Invalid for a place that is no village of a poor county or a channel that does not fit,
    Conflict where the party helps the village already or has said so before, or while nothing says for which year.
    """
    require_role(by, Role.COMPANY, to="表达帮扶意愿")
    if by.party_id != party.pk:
        raise NotAllowed("只能以本单位名义表达意愿")
    if area.level != Area.Level.VILLAGE:
        raise Invalid("只能对贫困县的村表达意愿，请选择一个村", field="area")
    through = channel or channel_of(party)
    with transaction.atomic():
        interest = Interest.objects.create(
            party=party, area=area, channel=through, year=working_year(through), note=note.strip(), expressed_by=by
        )
        if with_helpers(Interest.objects.filter(pk=interest.pk)).get().is_helping:  # type: ignore[attr-defined]
            raise Conflict("贵单位已与这个村结对，不需要再表达意愿", field="area")
        record(interest, "expressed", by=by, to_status=interest.status)
        return interest


def withdraw(*, interest: Interest, reason: str = "", by: User) -> None:
    """Take an interest back. Raises NotAllowed for anybody but the party's own people, StaleStatus (409) for one that
    was taken up or taken back before."""
    refusal = why_not_withdraw(interest, by)
    if refusal:
        raise NotAllowed(refusal)
    if interest.status != Status.OPEN:
        raise StaleStatus(f"这条意愿的状态是“{interest.get_status_display()}”，不能撤回")
    move(interest, Status.WITHDRAWN, by=by, reason=reason.strip())


def why_not_withdraw(interest: Interest, user: User) -> str | None:
    """Why this log-in may not take the interest back; None when it may, as far as its status allows."""
    if user.role == Role.COMPANY and user.party_id == interest.party_id:
        return None
    return "只有表达意愿的单位可以撤回"


def take_up(*, party: int, area: int, year: int, pairing: int, by: User | None) -> None:
    """The pair (by the keys of both) is put to its sides: the interest in it, if there is one, has led somewhere."""
    _follow(Status.OPEN, Status.TAKEN_UP, party, area, year, pairing, by)


def release(*, party: int, area: int, year: int, pairing: int, by: User | None) -> None:
    """The proposal was taken back before anybody answered: the interest stands as before."""
    _follow(Status.TAKEN_UP, Status.OPEN, party, area, year, pairing, by)


def _follow(
    origin: Interest.Status, to: Interest.Status, party: int, area: int, year: int, pairing: int, by: User | None
) -> None:
    with transaction.atomic():
        rows = Interest.objects.select_for_update(no_key=True)
        for interest in rows.filter(status=origin, party_id=party, area_id=area, year=year):
            verb = "taken_up" if to == Status.TAKEN_UP else "released"
            move(interest, to, by=by, verb=verb, reason=f"结对提议第 {pairing} 号")


def channel_of(party: Party) -> Channel:
    """The channel by which a party of this kind helps villages of its own will. Raises Invalid when there is none."""
    fitting = Channel.objects.filter(
        settled_by=Channel.Settled.CHOICE,
        helper_kinds__contains=[party.kind],
        recipient_levels__contains=[Area.Level.VILLAGE],
    )
    channel = fitting.order_by("position").first()
    if channel is None:
        raise Invalid(f"{party.get_kind_display()}没有可以自愿帮扶村的渠道", field="channel")
    return channel


def open_interests(channel: Channel, year: int) -> set[tuple[int, int]]:
    """Which party would help which area: (party, area) by their keys."""
    rows = Interest.objects.open().filter(channel=channel, year=year)
    return set(rows.values_list("party_id", "area_id"))


__all__ = [
    "channel_of", "express", "open_interests", "release", "take_up", "why_not_withdraw", "withdraw",
]  # fmt: skip
