"""Who helps a village already, which a room above this one knows; asked through the setting INTEREST_HELPERS."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from backend.interests.models import Interest


def with_helpers(rows: QuerySet[Interest]) -> QuerySet[Interest]:
    """Annotate `helpers`, how many help the village in that year, and `is_helping`, whether the party does."""
    annotate = cast(Callable[[QuerySet[Interest]], QuerySet[Interest]], import_string(settings.INTEREST_HELPERS))
    return annotate(rows)
