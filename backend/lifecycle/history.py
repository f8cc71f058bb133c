"""Who is writing: the context that the history triggers store in every row they append."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import pghistory

from backend.lifecycle.actions import SYSTEM_LABEL, Actor


def acting(by: Actor | None, **where: Any) -> AbstractContextManager[Any]:
    """Name the actor of every tracked change inside the block; `where` says from which request, job or command.

    Contexts nest: the outermost block decides where the context begins and ends, inner ones add to it.
    """
    context: AbstractContextManager[Any] = pghistory.context(
        actor=by.pk if by else None, label=str(by) if by else SYSTEM_LABEL, **where
    )
    return context
