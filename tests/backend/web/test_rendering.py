"""Answers are written as the base class would write them, whatever they hold."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from backend.needs.models import Need
from backend.web.rendering import Json

ANSWERS: dict[str, Any] = {
    "plain": {"名称": ["丰宁", 1, 2.5, 1e22, True, None, {}], "": "\t\"\\\x00"},
    "times": [dt.datetime(2020, 1, 2, 3, 4, 5, 678_901, dt.UTC), dt.date(2020, 1, 2), dt.timedelta(days=1)],
    "choices": {Need.Status.MET: Need.Category.WATER, 3: "number"},
    "others": [Decimal("1.20"), uuid.UUID(int=7), gettext_lazy("Monday"), np.int64(3), (1, 2)],
    "beyond 64 bits": {"objective": 2**70, "when": dt.date(2020, 1, 2)},
    "nothing": None,
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_written_as_the_base_class_writes(answer: Any) -> None:
    assert Json().render(answer) == JSONRenderer().render(answer)
