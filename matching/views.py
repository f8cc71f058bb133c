"""Problem and solution as networkx graphs, and what a graph person asks of them.

Nodes are `("helper", id)` and `("recipient", id)`, since ids of the two sides may coincide. Everything known of a row
is an attribute, the columns that mean nothing to the matcher included, such as the reasons behind a score; cells that
are whole numbers become numbers. Meant for what a person looks at: up to some hundred thousand pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np

from matching.columns import Column
from matching.problem import NO_LIMIT, STATES, Groups, Ints, Problem
from matching.solve import Conflict, Solution

Node = tuple[str, str]
ALL = "all"  # the group of those that stand in none


def problem_graph(problem: Problem) -> nx.Graph:
    """Every eligible pair as an edge, banned ones included.

    Node attributes: `bipartite` (0 helper, 1 recipient), `min`, `max` (None: no limit), `group`, `groups` (from the
    outermost in), for recipients `tier` and `coverage`. Edge attributes: `score`, `state`, `incumbent`. Both carry the
    extra columns.
    """
    made = nx.Graph()
    _add_nodes(made, problem)
    _add_edges(made, problem, np.arange(problem.edges))
    return made


def solution_graph(solution: Solution) -> nx.Graph:
    """The picked pairs as edges, all helpers and recipients as nodes.

    Attributes as in `problem_graph`; every node also has its `degree` and its `price` in the certificate. Raises
    ValueError for an infeasible solution.
    """
    problem = _solved(solution)
    made = nx.Graph()
    _add_nodes(made, problem)
    _add_edges(made, problem, solution.picked)
    first = 1 + len(problem.helper_groups) + len(problem.recipient_groups)
    prices = solution.node_prices[first : first + problem.helpers + problem.recipients].tolist()
    for node, price in zip(_nodes(problem), prices, strict=True):
        made.nodes[node].update(price=price, degree=made.degree(node))
    return made


def conflict_graph(problem: Problem, conflict: Conflict) -> nx.Graph:
    """The conflict and whom it could still turn to: its helpers and recipients and every pair that leads to one.

    Nodes have `inside`: whether they belong to the conflict.
    """
    inside = {("helper", one) for one in conflict.helpers} | {("recipient", one) for one in conflict.recipients}
    around = problem_graph(problem)
    kept = around.edge_subgraph(edge for edge in around.edges if not inside.isdisjoint(edge))
    made = nx.Graph(kept)
    made.add_nodes_from((node, around.nodes[node]) for node in inside)
    nx.set_node_attributes(made, {node: node in inside for node in made}, "inside")
    return made


# --- questions ------------------------------------------------------------------------------------------------


def components(graph: nx.Graph) -> list[set[Node]]:
    """Sets of helpers and recipients that hang together, the largest first; lonely nodes are left out."""
    found = (one for one in nx.connected_components(graph) if len(one) > 1)
    return sorted(found, key=lambda one: (-len(one), min(one)))


@dataclass(frozen=True)
class Dependence:
    """What hangs on one helper: `alone` are the recipients it is the only helper of; `joins` tells whether the others
    of its component would fall apart without it (an articulation point)."""

    helper: str
    alone: tuple[str, ...]
    joins: bool


def dependence(graph: nx.Graph) -> list[Dependence]:
    """The helpers that somebody depends on alone, those with the most dependants first.

    On a solution's graph: whose withdrawal leaves recipients with nobody. On a problem's graph: who is some recipients'
    only candidate. Banned pairs do not count.
    """
    able = _without_banned(graph)
    joints = set(nx.articulation_points(able))
    found = []
    for node in sorted(one for one in able if one[0] == "helper"):
        alone = sorted(other[1] for other in able[node] if able.degree(other) == 1)
        joins = node in joints and _falls_apart(able, node)
        if alone or joins:
            found.append(Dependence(node[1], tuple(alone), joins))
    return sorted(found, key=lambda one: (-len(one.alone), one.helper))


def bridges(graph: nx.Graph) -> list[tuple[str, str]]:
    """(helper, recipient) of pairs without which their component falls in two, in order. Banned pairs do not count."""
    ends = (dict(edge) for edge in nx.bridges(_without_banned(graph)))
    return sorted((end["helper"], end["recipient"]) for end in ends)


def flows(solution: Solution, level: int = 0) -> nx.DiGraph:
    """Pairs between groups: from `("helper", group)` to `("recipient", group)`, with `pairs` and `score` added up.

    `level` 0 is the outermost group of everybody, 1 the one inside it, and so on; who has no group of that depth stands
    in the innermost there is, or in "all".
    """
    problem = _solved(solution)
    helper = _at_level(problem.helper_groups, problem.helper_group, level)
    recipient = _at_level(problem.recipient_groups, problem.recipient_group, level)
    made = nx.DiGraph()
    made.add_nodes_from(("helper", name) for name in sorted(set(helper)))
    made.add_nodes_from(("recipient", name) for name in sorted(set(recipient)))
    for edge in solution.picked.tolist():
        tail = "helper", helper[problem.edge_helper[edge]]
        head = "recipient", recipient[problem.edge_recipient[edge]]
        before = made.get_edge_data(tail, head, {"pairs": 0, "score": 0})
        made.add_edge(
            tail, head, pairs=before["pairs"] + 1, score=before["score"] + int(problem.edge_score[edge])
        )  # fmt: skip
    return made


def names(problem: Problem) -> dict[str, str]:
    """What to call the ids: the extra column `name` of helpers and recipients, where there is one."""
    called: dict[str, str] = {}
    for ids, extra in ((problem.helper_ids, problem.helper_extra), (problem.recipient_ids, problem.recipient_extra)):
        if "name" in extra:
            called.update((one, name) for one, name in zip(ids.tolist(), extra["name"].tolist(), strict=True) if name)
    return called


# --- building -------------------------------------------------------------------------------------------------


def _solved(solution: Solution) -> Problem:
    if solution.status != "optimal":
        raise ValueError("an infeasible solution has no pairs; see conflict_graph")
    return solution.problem


def _nodes(problem: Problem) -> list[Node]:
    helpers = [("helper", one) for one in problem.helper_ids.tolist()]
    return helpers + [("recipient", one) for one in problem.recipient_ids.tolist()]


def _add_nodes(made: nx.Graph, problem: Problem) -> None:
    nodes = _nodes(problem)
    tiers = [*problem.tier_names, None]
    starts = problem.coverage_start.tolist()
    values = problem.coverage.tolist()
    helpers = _attributes(
        problem.helper_extra,
        bipartite=[0] * problem.helpers,
        **_bounds(problem.helper_min, problem.helper_max),
        groups=_chains(problem.helper_groups, problem.helper_group),
    )
    recipients = _attributes(
        problem.recipient_extra,
        bipartite=[1] * problem.recipients,
        **_bounds(problem.recipient_min, problem.recipient_max),
        groups=_chains(problem.recipient_groups, problem.recipient_group),
        tier=[tiers[tier] for tier in problem.recipient_tier.tolist()],
        coverage=[tuple(values[low:high]) for low, high in pairwise(starts)],
    )
    for node, known in zip(nodes, [*helpers, *recipients], strict=True):
        made.add_node(node, **known, group=known["groups"][-1] if known["groups"] else None)


def _add_edges(made: nx.Graph, problem: Problem, edges: Ints) -> None:
    nodes = _nodes(problem)
    known = _attributes(
        {name: column.take(edges) for name, column in problem.edge_extra.items()},
        score=problem.edge_score[edges].tolist(),
        state=[STATES[state] for state in problem.edge_state[edges].tolist()],
        incumbent=problem.edge_incumbent[edges].tolist(),
    )
    tails, heads = problem.edge_helper[edges].tolist(), problem.edge_recipient[edges].tolist()
    for h, r, attributes in zip(tails, heads, known, strict=True):
        made.add_edge(nodes[h], nodes[problem.helpers + r], **attributes)


def _bounds(low: Ints, high: Ints) -> dict[str, list[int | None]]:
    return {"min": low.tolist(), "max": [None if one == NO_LIMIT else one for one in high.tolist()]}


def _attributes(extra: Mapping[str, Column], **columns: list[Any]) -> Iterable[dict[str, Any]]:
    """One dictionary per row; where an extra column has a name of ours, ours stands."""
    every = {name: [_number(cell) for cell in column.tolist()] for name, column in extra.items()} | columns
    return (dict(zip(every, row, strict=True)) for row in zip(*every.values(), strict=True))


def _number(text: str) -> int | str:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else text


def _chains(groups: Groups, of: np.typing.NDArray[np.int32]) -> list[tuple[str, ...]]:
    """The groups around each row, from the outermost in."""
    chains: list[tuple[str, ...]] = [()] * len(groups)
    for group in range(len(groups)):
        at, chain = group, []
        while at >= 0:
            chain.append(str(groups.ids[at]))
            at = int(groups.parent[at])
        chains[group] = tuple(reversed(chain))
    return [chains[group] if group >= 0 else () for group in of.tolist()]


def _at_level(groups: Groups, of: np.typing.NDArray[np.int32], level: int) -> list[str]:
    return [chain[min(level, len(chain) - 1)] if chain else ALL for chain in _chains(groups, of)]


def _without_banned(graph: nx.Graph) -> nx.Graph:
    return nx.restricted_view(graph, [], [edge for edge in graph.edges if graph.edges[edge].get("state") == "banned"])


def _falls_apart(graph: nx.Graph, node: Node) -> bool:
    """Whether the neighbours of a node that have others besides it no longer reach each other without it."""
    others = [other for other in graph[node] if graph.degree(other) > 1]
    if len(others) < 2:
        return False
    reached = nx.node_connected_component(nx.restricted_view(graph, [node], []), others[0])
    return any(other not in reached for other in others)


__all__ = [
    "ALL",
    "Dependence",
    "Node",
    "bridges",
    "components",
    "conflict_graph",
    "dependence",
    "flows",
    "names",
    "problem_graph",
    "solution_graph",
]
