"""A query that is worded once must not carry the moment in which it was."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest

from backend.inbox.items import Kind
from backend.pairings.scopes import _worded
from backend.reports.workbench import _of_the_country
from backend.web.kept import Kept


def _kept() -> Iterator[tuple[str, Kept[object]]]:
    import_module("backend.config.urls")  # and with it every view
    for module in [module for name, module in sys.modules.items() if name.startswith("backend.")]:
        for name, value in vars(module).items():
            if isinstance(value, (Kept, Kind)):
                yield f"{module.__name__}.{name}", value.keys if isinstance(value, Kind) else value
    yield "whose", _worded(("helper", "helper__area__path__startswith"))
    yield "marks", _of_the_country(("is_recorded", "is_confirmed", "is_unconfirmed", "is_unverified"))


@pytest.mark.django_db
def test_no_kept_query_carries_a_day_or_an_hour() -> None:
    found = dict(_kept())
    assert len(found) > 15
    dated = {name for name, kept in found.items() if any(isinstance(one, dt.date) for one in kept.worded[3])}
    assert dated == set()
