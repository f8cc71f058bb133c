"""Letting people in: a link that makes one account for a party, shown once and kept as a hash only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.accounts.models import PARTY_KINDS, Role, User
from backend.joining.actions import new_account, save_account
from backend.joining.models import Invitation
from backend.joining.scopes import inviting
from backend.lifecycle.actions import move, record
from backend.lifecycle.history import acting
from backend.parties.models import Party
from backend.web.problems import Conflict, Invalid, NotAllowed

Status = Invitation.Status

# One answer for a link that never was, was used, was withdrawn or is over: it tells nobody which.
NO_LINK = "这个邀请链接无效、已用过或已过期，请联系邀请您的人重新发送"


def roles_for(party: Party) -> list[Role]:
    """In which roles people may act for the party."""
    return [role for role, kinds in PARTY_KINDS.items() if party.kind in kinds]


def may_invite(party: Party, user: Any) -> bool:
    return party.in_good_standing and Party.objects.filter(inviting(user), pk=party.pk).exists()


def invite(*, party: Party, role: str, display_name: str, by: User) -> tuple[Invitation, str]:
    """Make a link for one person of the party; return the invitation and the token, which is nowhere to be read again.

    Raises NotAllowed for whoever may not let people into this party, Conflict for a party that is pending or merged,
    Invalid for a role that does not act for it.
    """
    if not party.in_good_standing:
        raise Conflict(f"{party.name}现在的登记情况是“{party.get_standing_display()}”，不能邀请")
    if not may_invite(party, by):
        raise NotAllowed(f"您不能为{party.name}邀请人员")
    if role not in roles_for(party):
        fitting = "、".join(str(one.label) for one in roles_for(party))
        raise Invalid(f"{party.get_kind_display()}的人员可以是：{fitting}", field="role")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            party=party,
            role=role,
            display_name=display_name,
            token_sha256=_hash(token),
            expires_at=timezone.now() + timedelta(days=settings.INVITATION_DAYS),
            invited_by=by,
        )
        record(invitation, "invited", by=by, to_status=invitation.status, payload={"party": party.pk, "role": role})
    return invitation, token


def look(token: str) -> Invitation:
    """What a link is for. Raises Invalid for one that cannot be used, whatever the reason."""
    rows = _usable().filter(token_sha256=_hash(token))
    invitation = rows.select_related("party").first()
    if invitation is None:
        raise Invalid(NO_LINK, field="token", code="no_invitation")
    return invitation


def accept(*, token: str, username: str, password: str) -> User:
    """Make the account that the link is for; the link is used up.

    Raises Invalid for a link that cannot be used and for a name or password that is none, Conflict for a name taken.
    """
    with transaction.atomic():
        invitation = look(token)
        # Two who use the link at once: the second waits here, and finds it used.
        if not _usable().select_for_update(no_key=True, of=("self",)).filter(pk=invitation.pk).exists():
            raise Invalid(NO_LINK, field="token", code="no_invitation")
        user = new_account(
            username, password, display_name=invitation.display_name, role=invitation.role, party=invitation.party
        )
        save_account(user)
        with acting(user):
            record(user, "account_created", by=user, payload={"invitation": invitation.pk})
            move(invitation, Status.ACCEPTED, by=user, accepted_by=user)
    return user


def withdraw(*, invitation: Invitation, by: User) -> None:
    """Take back a link that nobody has used. Raises Conflict when somebody has."""
    if invitation.status != Status.OPEN:
        raise Conflict(f"这个邀请{invitation.get_status_display()}，不能再撤回")
    move(invitation, Status.WITHDRAWN, by=by)


def _usable() -> QuerySet[Invitation]:
    standing = Q(party__standing__in=(Party.Standing.PUBLIC, Party.Standing.VERIFIED))
    return Invitation.objects.filter(standing, status=Status.OPEN, expires_at__gt=timezone.now())


def _hash(token: str) -> str:
    """256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
