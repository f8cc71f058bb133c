"""Which roles do what; the refusal says so in a sentence."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from backend.accounts.models import Role, User
from backend.web.problems import NotAllowed


def user_of(request: Request) -> User:
    """Who asks. Raises TypeError where an endpoint lets strangers in and forgot them."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("the endpoint requires a log-in")
    return user


def require_role(user: Any, *roles: Role, to: str) -> User:
    """Return the user when one of `roles` is theirs and their party stands.

    Raises NotAllowed (403) naming who may do what `to` says, or that the party has not been verified.
    """
    if getattr(user, "role", None) not in roles:
        who = "、".join(str(role.label) for role in roles)
        mine = user.get_role_display() if isinstance(user, User) else "未登录"
        raise NotAllowed(f"只有{who}可以{to}，您的角色是{mine}")
    if user.party is not None and not user.party.in_good_standing:
        raise NotAllowed(f"{user.party.name}还没有通过工商联核实，核实之后才能{to}", code="not_verified")
    return user  # type: ignore[no-any-return]
