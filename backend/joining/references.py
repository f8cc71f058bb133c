"""What points at a party, of whatever room: asked of the models, so that a room to come is not forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger

from backend.joining.models import Registration
from backend.lifecycle.triggers import append_only
from backend.parties.models import Party


def references(*, frozen: bool) -> Iterator[Any]:
    """Every foreign key to a party, but those of its registration and of history; of frozen records if asked for."""
    kept = {model for model, trigger in pgtrigger.registered() if trigger.name == append_only().name}
    for relation in Party._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        points_here = relation.auto_created and not relation.concrete
        left_out = model is Registration or hasattr(model, "pgh_tracked_model") or (model in kept and not frozen)
        if points_here and not left_out:
            yield relation.field  # type: ignore[union-attr]
