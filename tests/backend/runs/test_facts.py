"""Measures: each county at its latest year, ranked among the values of that year."""

from __future__ import annotations

import numpy as np

from backend.runs.facts import measure


def test_value_is_ranked_among_the_values_of_its_own_year() -> None:
    """Incomes grow: 9 000 of 2016 is the best of its year, though it would be the last of 2020."""
    rows = [(0, 2016, 9000.0, True), (1, 2016, 8000.0, True), (2, 2016, 7000.0, True)]
    rows += [(3, 2020, 12000.0, True), (4, 2020, 11000.0, False)]
    found = measure(6, rows)
    assert found.place.tolist() == [3, 2, 1, 2, 1, 0]
    assert found.peers.tolist() == [3, 3, 3, 2, 2, 0]
    np.testing.assert_array_equal(found.rank, [1, 0.5, 0, 1, 0, np.nan])
    assert found.verified.tolist() == [True, True, True, True, False, False]


def test_latest_year_of_a_county_counts_and_its_earlier_value_stays_a_peer() -> None:
    found = measure(3, [(0, 2016, 1.0, True), (1, 2016, 2.0, True), (2, 2016, 3.0, True), (0, 2020, 9.0, True)])
    assert (found.value[0], found.year[0]) == (9.0, 2020)
    assert np.isnan(found.rank[0])  # alone in its year
    assert (found.place[1], found.peers[1], found.rank[1]) == (2, 3, 0.5)


def test_equal_values_share_the_middle_of_their_places() -> None:
    found = measure(4, [(0, 2020, 5.0, True), (1, 2020, 5.0, True), (2, 2020, 1.0, True), (3, 2020, 9.0, True)])
    assert found.rank[0] == found.rank[1] == 0.5
    assert found.place.tolist() == [2, 2, 1, 4]
