"""Problem and solution as networkx graphs."""

from __future__ import annotations

import networkx as nx
import pytest

import matching
from matching import views
from tests.matching.instances import FEATURES, problem


@pytest.fixture
def instance() -> matching.Problem:
    """Two provinces on each side; B alone carries z, and joins the two halves."""
    return matching.build(
        helpers=[
            {"id": "A", "max": 2, "group": "a-city", "name": "甲区"},
            {"id": "B", "max": 3, "group": "b-city", "name": ""},
            {"id": "C", "max": 1},
        ],
        recipients=[
            {"id": "x", "min": 1, "tier": "deep", "group": "north", "coverage": [90, 10], "name": "子县"},
            {"id": "y", "group": "north", "coverage": [50]},
            {"id": "z", "min": 1, "group": "south"},
        ],
        edges=[
            {"helper": "A", "recipient": "x", "score": 7, "industry": 12, "remark": "old friends"},
            {"helper": "A", "recipient": "y", "score": 5, "industry": -3, "incumbent": True},
            {"helper": "B", "recipient": "y", "score": 4},
            {"helper": "B", "recipient": "z", "score": 3, "state": "locked"},
            {"helper": "C", "recipient": "z", "score": 9, "state": "banned"},
        ],
        groups=[
            {"side": "helper", "id": "a-city", "parent": "east"},
            {"side": "helper", "id": "b-city", "parent": "east"},
            {"side": "helper", "id": "east", "max": 9},
            {"side": "recipient", "id": "north"},
            {"side": "recipient", "id": "south"},
        ],
        policy=matching.Policy(stability=1),
    )


def test_problem_graph_holds_everything_known_of_a_row(instance: matching.Problem) -> None:
    graph = views.problem_graph(instance)
    assert nx.is_bipartite(graph)
    assert graph.nodes["helper", "A"] == {
        "bipartite": 0, "min": 0, "max": 2, "group": "a-city", "groups": ("east", "a-city"), "name": "甲区",
    }  # fmt: skip
    assert graph.nodes["recipient", "x"] == {
        "bipartite": 1, "min": 1, "max": None, "group": "north", "groups": ("north",), "tier": "deep",
        "coverage": (90, 10), "name": "子县",
    }  # fmt: skip
    assert graph.nodes["recipient", "z"]["tier"] is None
    assert graph.nodes["helper", "C"]["group"] is None
    assert graph.edges[("helper", "A"), ("recipient", "x")] == {
        "score": 7, "state": "free", "incumbent": False, "industry": 12, "remark": "old friends",
    }  # fmt: skip
    assert graph.edges[("helper", "A"), ("recipient", "y")]["industry"] == -3
    assert graph.edges[("helper", "C"), ("recipient", "z")]["state"] == "banned"


def test_solution_graph_holds_the_picked_pairs_and_the_prices(instance: matching.Problem) -> None:
    solution = matching.solve(instance)
    graph = views.solution_graph(solution)
    assert sorted((h, r) for (_, h), (_, r) in graph.edges) == solution.pairs
    assert graph.degree(("helper", "C")) == 0
    assert graph.nodes["helper", "B"]["degree"] == 2
    # A full helper's price is what another place of it would be worth; here every wish is met already.
    net_price = dict(graph.nodes(data="price"))
    assert set(net_price) == set(graph.nodes)
    assert all(isinstance(price, int) for price in net_price.values())


def test_graphs_agree_with_the_arrays_on_random_instances() -> None:
    for seed in range(60):
        one = problem(seed, FEATURES["everything"])
        graph = views.problem_graph(one)
        assert graph.number_of_edges() == one.edges
        assert graph.number_of_nodes() == one.helpers + one.recipients
        solution = matching.solve(one)
        if solution.status == "optimal":
            picked = views.solution_graph(solution)
            assert sum(score for *_, score in picked.edges(data="score")) == solution.fit
        else:
            with pytest.raises(ValueError, match="see conflict_graph"):
                views.solution_graph(solution)


def test_dependence_names_who_is_left_alone_and_who_joins_the_parts(instance: matching.Problem) -> None:
    candidates = views.dependence(views.problem_graph(instance))
    assert candidates == [
        views.Dependence("A", ("x",), joins=False),
        views.Dependence("B", ("z",), joins=False),
    ]
    chain = nx.Graph()
    chain.add_edges_from([(("helper", h), ("recipient", r)) for h, r in ("1a", "1b", "2b", "2c", "3c", "3d")])
    assert views.dependence(chain) == [
        views.Dependence("1", ("a",), joins=False),
        views.Dependence("3", ("d",), joins=False),
        views.Dependence("2", (), joins=True),
    ]


def test_dependence_is_what_withdrawing_each_helper_shows() -> None:
    for seed in range(100):
        graph = views.problem_graph(problem(seed, FEATURES["locks"]))
        able = nx.Graph((u, v) for u, v, state in graph.edges(data="state") if state != "banned")
        found = {one.helper: one for one in views.dependence(graph)}
        for node in [one for one in able if one[0] == "helper"]:
            rest = nx.Graph(able)
            rest.remove_node(node)
            alone = tuple(sorted(other[1] for other in able[node] if rest.degree(other) == 0))
            others = {frozenset(nx.node_connected_component(rest, o)) for o in able[node] if rest.degree(o)}
            expected = views.Dependence(node[1], alone, joins=len(others) > 1)
            assert found.get(node[1], views.Dependence(node[1], (), joins=False)) == expected


def test_bridges_and_components_leave_banned_pairs_and_lonely_nodes_out(instance: matching.Problem) -> None:
    graph = views.problem_graph(instance)
    assert views.bridges(graph) == [("A", "x"), ("A", "y"), ("B", "y"), ("B", "z")]
    solved = views.solution_graph(matching.solve(instance))
    (one,) = views.components(solved)
    assert ("helper", "C") not in one
    assert len(one) == 5


def test_flows_add_up_pairs_between_groups_at_each_level(instance: matching.Problem) -> None:
    solution = matching.solve(instance)
    top = views.flows(solution)
    assert sorted(top.edges(data="pairs")) == [
        (("helper", "east"), ("recipient", "north"), 3),
        (("helper", "east"), ("recipient", "south"), 1),
    ]
    assert ("helper", views.ALL) in top  # C stands in no group and has no pair
    inner = views.flows(solution, level=1)
    assert inner.edges[("helper", "a-city"), ("recipient", "north")] == {"pairs": 2, "score": 12}
    assert sum(score for *_, score in inner.edges(data="score")) == solution.fit


def test_conflict_graph_shows_the_conflict_and_whom_it_can_turn_to() -> None:
    one = matching.build(
        helpers=[{"id": "A", "max": 1}, {"id": "B"}],
        recipients=[{"id": "x", "min": 1}, {"id": "y", "min": 1}, {"id": "z", "min": 1}],
        edges=[{"helper": h, "recipient": r} for h, r in ("Ax", "Ay", "Bz")],
    )
    solution = matching.solve(one)
    assert solution.conflict is not None
    graph = views.conflict_graph(one, solution.conflict)
    assert dict(graph.nodes(data="inside"))[("recipient", "x")] is True
    assert ("helper", "B") not in graph
    assert nx.is_connected(graph)


def test_names_come_from_the_extra_column(instance: matching.Problem) -> None:
    assert views.names(instance) == {"A": "甲区", "x": "子县"}
