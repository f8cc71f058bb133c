"""What waits around those who come in: their registration, their first look at villages, the interest they said."""

from __future__ import annotations

from django.db.models import Count, Min, Q

from backend.accounts.models import Role, User
from backend.accounts.scopes import visible
from backend.inbox.items import LIMIT, Item
from backend.interests.models import Interest
from backend.joining.authority import answers_for
from backend.joining.models import Registration
from backend.pairings.models import Pairing


def registrations(user: User) -> list[Item]:
    """Registrations that this log-in is to vouch for, or its own that was sent back."""
    status = Registration.Status
    if user.role in (Role.FEDERATION, Role.COORDINATOR):
        waiting = Q(answers_for(user, "party__"), status=status.PENDING)
    elif user.role == Role.COMPANY:
        waiting = Q(party=user.party_id, status=status.REFUSED)
    else:
        return []
    rows = visible(Registration, user).filter(waiting).select_related("party__area").order_by("submitted_at")
    return [
        Item("REGISTRATION_REFUSED", row.decided_at, row.party.name, row.refusal, "/organisation", row.pk)
        if row.status == status.REFUSED and row.decided_at
        else Item(
            "REGISTRATION_TO_VERIFY",
            row.submitted_at,
            row.party.name,
            f"{row.party.area.full_name if row.party.area else ''}，{row.party.uscc or '没有代码'}",
            f"/registrations/{row.party_id}",
            row.pk,
        )
        for row in rows[:LIMIT]
    ]


def interests(user: User) -> list[Item]:
    """For a coordinator, in one line: who would help a village of the region and has heard nothing yet."""
    if user.role != Role.COORDINATOR:
        return []
    waiting = visible(Interest.objects.open(), user).aggregate(count=Count("pk"), since=Min("created_at"))
    if not waiting["count"]:
        return []
    title = f"{waiting['count']} 条帮扶意愿待对接"
    detail = "可牵线双方先行考察，也可在下一次匹配中作为理由"
    return [Item("INTEREST_OPEN", waiting["since"], title, detail, "/interests?status=OPEN", 0)]


def villages(user: User) -> list[Item]:
    """For a firm or organisation that was vouched for and has not begun: where to begin."""
    party = user.party if user.role == Role.COMPANY else None
    if party is None or not party.in_good_standing:
        return []
    verified = Registration.objects.filter(party=party, status=Registration.Status.VERIFIED, decided_at__isnull=False)
    begun = Interest.objects.filter(party=party).exists() or Pairing.objects.filter(helper=party).exists()
    row = None if begun else verified.first()
    if row is None or row.decided_at is None:
        return []
    says = party.capabilities.exists()
    detail = "选中的村可以表达意愿，随时可以撤回" if says else "先填写能做什么，就能看到适合的村"
    link = "/villages" if says else "/organisation"
    return [Item("VILLAGES_TO_SEE", row.decided_at, "看看哪些村适合本单位", detail, link, row.pk)]
