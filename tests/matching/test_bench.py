"""The benchmark compares like with like: every peer finds the matcher's optimum."""

from __future__ import annotations

from pathlib import Path

import matching
from matching import bench, network


def test_every_peer_finds_the_same_optimum_on_the_same_arrays() -> None:
    problem = bench.random_problem(12, 5)
    peers = {"bare": bench.bare_ortools, "simplex": bench.network_simplex, "highs": bench.highs}
    rows = bench.compare("small", problem, peers, repeats=1)
    assert [row.agree for row in rows] == ["equal optimum"] * 3
    assert bench.bare_ortools(network.build(problem)) == matching.solve(problem).objective


def test_bids_are_read_with_their_bounds(tmp_path: Path) -> None:
    (tmp_path / "bids.in").write_text("2 3\n0.5 0.25 1.0\n0.0 0.75 0.5\n")
    problem = bench.bids(tmp_path / "bids.in", 1)
    assert (problem.helpers, problem.recipients, problem.edges) == (3, 2, 6)
    assert sorted(problem.edge_score.tolist()) == [0, 2500, 5000, 5000, 7500, 10000]
    assert set(problem.recipient_min.tolist()) == {3}


def test_report_names_every_comparison_and_a_difference_in_capitals() -> None:
    rows = [
        bench.Row("toy", "peer", 1.0, 2.0, "equal optimum"),
        bench.Row("toy", "liar", 1.0, 4.0, "DIFFERS: 1 against 2"),
    ]
    page = bench.report(rows)
    assert "| toy | peer | 1.000 | 2.000 | 0.50 | equal optimum |" in page
    assert "DIFFERS: 1 against 2" in page
