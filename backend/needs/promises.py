"""How far a need is met by promises, which rooms above this one keep; asked through the setting NEED_PROMISES."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from backend.needs.models import Need


def with_promised(rows: QuerySet[Need]) -> QuerySet[Need]:
    """The needs with `promised_yuan` and `gap_yuan`, None where nobody estimated."""
    annotate = cast(Callable[[QuerySet[Need]], QuerySet[Need]], import_string(settings.NEED_PROMISES))
    return annotate(rows)
