"""What an answer costs the database: few questions, and none of them once for each row."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.architecture.conftest import Stage
from tests.architecture.permission_matrix import MATRIX
from tests.architecture.test_permission_matrix import WHO, ask

pytestmark = pytest.mark.django_db

MOST = 16
# A dozen kinds, each asked for its keys, and for its rows only where there are any: here, for once, of nearly all.
MOST_OF = {"inbox": 26}
REPEATED = 2  # two sides of a pairing, two figures of a page


def asked(stage: Stage, name: str) -> dict[str, Counter[str]]:
    """By role, how often the answer asked each question, whatever the numbers and names in it."""
    found = {}
    for role in sorted(MATRIX["GET", name].roles):
        with CaptureQueriesContext(connection) as queries:
            ask(stage, WHO[role], "GET", name)
        shapes = (re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in queries.captured_queries)
        found[role] = Counter(shape for shape in shapes if shape.startswith(("SELECT", "WITH")))
    return found


@pytest.mark.parametrize("name", sorted(name for method, name in MATRIX if method == "GET"))
def test_answer_asks_few_questions_and_none_for_each_row(stage: Stage, name: str) -> None:
    for role, shapes in asked(stage, name).items():
        repeated: list[Any] = [shape for shape, times in shapes.items() if times > REPEATED]
        assert repeated == [], role
        assert shapes.total() <= MOST_OF.get(name, MOST), role
