"""Which roles do what; the refusal says so in a sentence."""

from __future__ import annotations

from typing import Any

from backend.accounts.models import Role, User
from backend.web.problems import NotAllowed


def require_role(user: Any, *roles: Role, to: str) -> User:
    """Return the user when one of `roles` is theirs; raises NotAllowed (403) naming who may do what `to` says."""
    if getattr(user, "role", None) not in roles:
        who = "、".join(str(role.label) for role in roles)
        mine = user.get_role_display() if isinstance(user, User) else "未登录"
        raise NotAllowed(f"只有{who}可以{to}，您的角色是{mine}")
    return user  # type: ignore[no-any-return]
