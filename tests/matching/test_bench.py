"""The benchmark compares like with like: every peer finds the matcher's optimum, and the page says so or shouts."""

from __future__ import annotations

from pathlib import Path

import pytest

import matching
from matching import bench, bench_instances, network
from matching.__main__ import main
from matching.bench_peers import bare_ortools, highs, network_simplex
from matching.bench_report import growth, page


def test_every_peer_finds_the_same_optimum_on_the_same_arrays() -> None:
    problem = bench_instances.listed(12, 15, 5)
    peers = {"bare": (bare_ortools, None), "simplex": (network_simplex, 2.0), "highs": (highs, None)}
    rows = bench.compare("small", problem, peers, repeats=1)
    assert [row.agree for row in rows] == ["equal optimum"] * 3
    assert bare_ortools(network.build(problem)) == matching.solve(problem).objective


def test_peers_keep_minimums_and_locks(tmp_path: Path) -> None:
    (tmp_path / "bids.in").write_text("3 4\n0.5 0.25 1.0 0.1\n0.0 0.75 0.5 0.1\n0.3 0.3 0.3 0.2\n")
    problem = bench_instances.bids(tmp_path / "bids.in", 2, 3)
    net = network.build(problem)
    best = matching.solve(problem).objective
    assert (bare_ortools(net), network_simplex(net), highs(net)) == (best, best, best)


def test_bids_are_read_with_their_bounds(tmp_path: Path) -> None:
    (tmp_path / "bids.in").write_text("2 3\n0.5 0.25 1.0\n0.0 0.75 0.5\n")
    problem = bench_instances.bids(tmp_path / "bids.in", 1, 2)
    assert (problem.helpers, problem.recipients, problem.edges) == (3, 2, 6)
    assert sorted(problem.edge_score.tolist()) == [0, 2500, 5000, 5000, 7500, 10000]
    assert (set(problem.recipient_min.tolist()), set(problem.helper_max.tolist())) == ({3}, {2})


def test_listed_instance_has_as_many_different_pairs_as_asked() -> None:
    problem = bench_instances.listed(30, 40, 40)
    assert problem.edges == 30 * 40
    assert set(zip(problem.edge_helper.tolist(), problem.edge_recipient.tolist(), strict=True)) == {
        (h, r) for h in range(30) for r in range(40)
    }


def test_command_measures_everything_and_writes_page_and_picture(tmp_path: Path) -> None:
    out = tmp_path / "page.md"
    assert main(["bench", "--scale", "quick", "-o", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    for words in ("growth, 20 nodes", "dense", "network_simplex", "HiGHS", "one pin or ban, national size",
                  "files to files", "all eligible pairs", "![Seconds against nodes"):  # fmt: skip
        assert words in text
    assert "DIFFERS" not in text
    assert (tmp_path / "page.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(("ours", "told"), [(2.0, "≤ 2 |"), (2.1, "≤ 2, MISSED |")])
def test_page_shouts_where_a_goal_is_missed(ours: float, told: str) -> None:
    row = bench.Row("toy", "peer", ours, 1.0, "equal optimum", 2.0)
    assert told in page([row], None)


def test_growth_needs_two_sizes() -> None:
    rows = [bench.Row(f"growth, {nodes} nodes", "bare", 0.01, 0.02, "equal optimum") for nodes in ("20", "1,000")]
    assert growth(rows[:1]) is None
    drawn = growth(rows)
    assert drawn is not None
    assert "1,000 nodes: 0.010 s" in drawn
