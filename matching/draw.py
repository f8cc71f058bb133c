"""Pictures for a human eye, as SVG: every pair of a solution, the flows between its groups, or what is in conflict.

Helpers stand on the left and recipients on the right, grouped; each is placed near those it is joined to (the
barycentre heuristic of Sugiyama, Tagawa & Toda 1981), so that lines cross little. Colours can be told apart by
colour-blind eyes (Okabe & Ito 2008), and every mark has a tooltip.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from matching import svg, views
from matching.problem import Problem
from matching.solve import Conflict, Solution
from matching.views import Node

MOST_IN_DETAIL = 150  # nodes with pairs on one side; more are drawn as flows between groups
MOST_FAINT = 400  # pairs that are possible but not picked, drawn faintly behind; more would hide the rest

Block = tuple[str, list[Node]]  # an outermost group and those in it

BLACK, GREY, FAINT, BLUE, ORANGE, GREEN, RED = "#222", "#888", "#e3e3e3", "#0072B2", "#D55E00", "#009E73", "#c00"
_HUES = (BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9", "#7f6000", "#5b4a9e")
_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 1000.0, 330.0, 670.0, 22.0, 96.0
_SWEEPS, _SPREAD = 6, 3.0
_WORDS = {
    "zh": {
        "title": "结对方案", "objective": "总目标", "coverage": "覆盖", "fit": "契合", "stability": "延续",
        "pairs": "对", "new": "新结对", "kept": "延续原有结对", "locked": "必须保留", "ended": "不再延续",
        "possible": "其他可选", "alone": "无人帮扶", "score": "得分", "all": "未分组", "flows": "各组之间的结对数",
        "conflict": "矛盾所在", "missing": "结对缺口", "around": "方相关", "inside": "相互矛盾", "candidate": "可选",
    },
    "en": {
        "title": "Matching", "objective": "objective", "coverage": "coverage", "fit": "fit", "stability": "stability",
        "pairs": "pairs", "new": "new", "kept": "kept", "locked": "locked", "ended": "ended",
        "possible": "possible, not picked", "alone": "without a helper", "score": "score", "all": "no group",
        "flows": "pairs between groups", "conflict": "Conflict", "missing": "pairs missing:",
        "around": "helpers and recipients involved", "inside": "in the conflict", "candidate": "eligible",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a picture speaks: `names` by id (else the extra column `name`, else the id), and "zh" or "en"."""

    names: Mapping[str, str] = field(default_factory=dict)
    language: str = "zh"

    def word(self, key: str) -> str:
        return _WORDS[self.language][key]


def solution_picture(solution: Solution, style: Style = Style()) -> str:
    """A solution as SVG: pair by pair, or between groups when it is too large for that.

    Raises ValueError for an infeasible solution; see `conflict_picture`.
    """
    graph = views.solution_graph(solution)
    busy = max(sum(graph.degree(node) > 0 for node in graph if node[0] == side) for side in ("helper", "recipient"))
    return _in_detail(solution, graph, style) if busy <= MOST_IN_DETAIL else flow_picture(solution, style)


def conflict_picture(problem: Problem, conflict: Conflict, style: Style = Style()) -> str:
    """The helpers and recipients whose bounds contradict each other, and everyone they could still turn to."""
    graph = views.conflict_graph(problem, conflict)
    called = _called(problem, style)
    title = style.word("conflict")
    summary = f"{style.word('missing')} {conflict.shortfall} · {graph.number_of_nodes()} {style.word('around')}"
    page = _Page(graph, called, style)
    inside = nx.get_node_attributes(graph, "inside")
    lines = [
        page.line(h, r, tip=_tip(called, h, r), stroke=RED if inside[h] and inside[r] else GREY, stroke_width=1.2)
        for h, r in _ends(graph)
        if graph.edges[h, r]["state"] != "banned"
    ]
    marks = page.marks(lambda node: RED if inside[node] else GREY, _bounds)
    return page.document(title, summary, lines + marks, [(RED, "inside", ""), (GREY, "candidate", "")])


def flow_picture(solution: Solution, style: Style = Style()) -> str:
    """How many pairs run between the outermost groups, as bands."""
    flows = views.flows(solution)
    called = _called(solution.problem, style)
    total = max(sum(pairs for *_, pairs in flows.edges(data="pairs")), 1)
    scale = min(6.0, 900 / total)
    stretch = _stretches(flows, scale)
    height = _TOP + max((end for side in stretch.values() for _, end in side.values()), default=0.0) + 40
    hue = {name: _HUES[i % len(_HUES)] for i, name in enumerate(stretch["helper"])}
    body = _heading(solution, style, style.word("flows"))
    begun = {node: low for side in stretch.values() for node, (low, _) in side.items()}
    for tail in stretch["helper"]:
        for head in (one for one in stretch["recipient"] if flows.has_edge(tail, one)):
            pairs = flows.edges[tail, head]["pairs"]
            a, b, thick = begun[tail], begun[head], pairs * scale
            begun[tail], begun[head] = a + thick, b + thick
            tip = f"{_group(called, tail, style)} → {_group(called, head, style)}: {pairs} {style.word('pairs')}"
            path = svg.ribbon(_LEFT, _TOP + a, _TOP + a + thick, _RIGHT, _TOP + b, _TOP + b + thick)
            body.append(svg.shape("path", tip, d=path, fill=hue[tail], fill_opacity=0.45))
    for side, x, anchor in (("helper", _LEFT - 10, "end"), ("recipient", _RIGHT, "start")):
        for node, (low, high) in stretch[side].items():
            pairs = flows.out_degree(node, "pairs") + flows.in_degree(node, "pairs")
            body.append(svg.shape("rect", x=x, y=_TOP + low, width=10.0, height=high - low, fill=hue.get(node, BLACK)))
            label = f"{_group(called, node, style)}  {pairs}"
            at = x - 8 if side == "helper" else x + 18
            body.append(svg.text(at, _TOP + (low + high) / 2 + 4, label, text_anchor=anchor))
    return svg.document(_WIDTH, height, style.word("title"), _summary(solution, style), body)


# --- pair by pair ---------------------------------------------------------------------------------------------


def _in_detail(solution: Solution, graph: nx.Graph, style: Style) -> str:
    problem = solution.problem
    called = _called(problem, style)
    page = _Page(graph, called, style)
    whole = views.problem_graph(problem)
    others = [ends for ends in _ends(whole) if not graph.has_edge(*ends) and whole.edges[ends]["state"] != "banned"]
    ended = [ends for ends in others if whole.edges[ends]["incumbent"]]
    possible = [ends for ends in others if not whole.edges[ends]["incumbent"]]
    body = [page.line(*ends, stroke=FAINT, stroke_width=1) for ends in possible if len(possible) <= MOST_FAINT]
    body += [
        page.line(*ends, tip=f"{_tip(called, *ends)} · {style.word('ended')}", stroke=GREY, stroke_width=1.2,
                  stroke_dasharray="4 4")
        for ends in ended
    ]  # fmt: skip
    highest = max((score for *_, score in graph.edges(data="score")), default=0)
    for h, r in _ends(graph):
        known = graph.edges[h, r]
        kind = "locked" if known["state"] == "locked" else "kept" if known["incumbent"] else "new"
        colour = {"locked": BLACK, "kept": BLUE, "new": ORANGE}[kind]
        tip = f"{_tip(called, h, r)} · {style.word(kind)} · {style.word('score')} {known['score']}"
        weight = 1.2 + 2.8 * max(known["score"], 0) / max(highest, 1)
        body.append(page.line(h, r, tip=tip, stroke=colour, stroke_width=float(weight)))
    body += page.marks(lambda node: RED if node[0] == "recipient" and not graph.degree(node) else BLACK, _load)
    legend = [(ORANGE, "new", ""), (BLUE, "kept", ""), (BLACK, "locked", "")]
    legend += [(GREY, "ended", "4 4")] if ended else []
    legend += [(RED, "alone", "")] if any(node[0] == "recipient" for node in nx.isolates(graph)) else []
    legend += [(FAINT, "possible", "")] if 0 < len(possible) <= MOST_FAINT else []
    return page.document(style.word("title"), _summary(solution, style), body, legend)


class _Page:
    """Where everybody stands, and the marks that say so."""

    def __init__(self, graph: nx.Graph, called: Mapping[str, str], style: Style) -> None:
        self.graph, self.called, self.style = graph, called, style
        self.blocks = _arranged(graph)
        self.at: dict[Node, tuple[float, float]] = {}
        self.headings: list[tuple[str, str, float]] = []
        rows = {side: _rows(blocks) for side, blocks in self.blocks.items()}
        tallest = max(end for _, _, end in rows.values())
        for side, x in (("helper", _LEFT), ("recipient", _RIGHT)):
            headings, places, end = rows[side]
            # The shorter side is spread out, so that its lines need not run steeply.
            spread = min(tallest / max(end, 1.0), _SPREAD)
            self.headings += [(side, group, _TOP + y * spread) for group, y in headings]
            self.at |= {node: (x, _TOP + y * spread) for node, y in places}
        self.height = _TOP + tallest + 20

    def line(self, helper: Node, recipient: Node, tip: str = "", **style: object) -> str:
        (x1, y1), (x2, y2) = self.at[helper], self.at[recipient]
        return svg.shape("path", tip, d=svg.curve(x1 + 6, y1, x2 - 6, y2), fill="none", **style)

    def marks(self, colour: Callable[[Node], str], note: Callable[[nx.Graph, Node], str]) -> list[str]:
        """A dot, a name and a note for everybody, and a heading for every group."""
        body = []
        for side, group, y in self.headings:
            left = side == "helper"
            words = svg.cut_to(self.called.get(group, group) or self.style.word("all"), 13, _LEFT - 30)
            body.append(
                svg.text(20 if left else _WIDTH - 20, y + 4, words, font_weight="bold", fill=GREY,
                         text_anchor="start" if left else "end")
            )  # fmt: skip
        for node, (x, y) in self.at.items():
            left, shade = node[0] == "helper", colour(node)
            name = svg.cut_to(self.called.get(node[1], node[1]), 13, _LEFT - 90)
            tier = self.graph.nodes[node].get("tier")
            words = "  ".join(one for one in (name, tier and f"[{tier}]", note(self.graph, node)) if one)
            body.append(svg.shape("circle", words, cx=x, cy=y, r=5, fill=shade))
            body.append(
                svg.text(x - 12 if left else x + 12, y + 4.5, words, fill=shade, text_anchor="end" if left else "start")
            )
        return body

    def document(self, title: str, summary: str, body: Sequence[str], legend: Sequence[tuple[str, str, str]]) -> str:
        head = [svg.text(20, 34, title, 20, font_weight="bold"), svg.text(20, 56, summary, 13, fill=GREY)]
        x = 20.0
        for colour, key, dashes in legend:
            dashed = {"stroke_dasharray": dashes} if dashes else {}
            head.append(svg.shape("line", x1=x, y1=72, x2=x + 26, y2=72, stroke=colour, stroke_width=3, **dashed))
            head.append(svg.text(x + 32, 76, self.style.word(key), 12))
            x += 56 + svg.width_of(self.style.word(key), 12)
        return svg.document(_WIDTH, self.height, title, summary, [*head, *body])


def _rows(blocks: Sequence[Block]) -> tuple[list[tuple[str, float]], list[tuple[Node, float]], float]:
    """How far down the headings and the nodes of one side stand, and where it ends."""
    y, headings, places = 0.0, [], []
    for group, nodes in blocks:
        if group or len(blocks) > 1:
            headings.append((group, y))
            y += _ROW
        for node in nodes:
            places.append((node, y))
            y += _ROW
        y += _ROW / 2
    return headings, places, y


def _arranged(graph: nx.Graph) -> dict[str, list[Block]]:
    """Both sides as (outermost group, nodes) blocks, ordered by where their partners stand."""
    sides: dict[str, dict[str, list[Node]]] = {"helper": {}, "recipient": {}}
    for node in sorted(graph):
        group = (graph.nodes[node].get("groups") or ("",))[0]
        sides[node[0]].setdefault(group, []).append(node)
    blocks = {side: sorted(groups.items()) for side, groups in sides.items()}
    for sweep in range(_SWEEPS):
        moved, fixed = ("recipient", "helper") if sweep % 2 == 0 else ("helper", "recipient")
        order = [node for _, nodes in blocks[fixed] for node in nodes]
        rank = {node: i / max(len(order), 1) for i, node in enumerate(order)}
        blocks[moved] = _sorted_by_partners(graph, blocks[moved], rank)
    return blocks


def _sorted_by_partners(graph: nx.Graph, blocks: list[Block], rank: Mapping[Node, float]) -> list[Block]:
    def centre(nodes: Sequence[Node]) -> float:
        partners = [rank[other] for node in nodes for other in graph[node]]
        return sum(partners) / len(partners) if partners else 1.0  # those without partners go last

    inner = [(group, sorted(nodes, key=lambda node: (centre([node]), node))) for group, nodes in blocks]
    return sorted(inner, key=lambda block: (centre(block[1]), block[0]))


# --- words ----------------------------------------------------------------------------------------------------


def _called(problem: Problem, style: Style) -> dict[str, str]:
    return views.names(problem) | dict(style.names)


def _ends(graph: nx.Graph) -> list[tuple[Node, Node]]:
    """(helper, recipient) of every edge, in order."""
    ends = (tuple(sorted(edge)) for edge in graph.edges)  # "helper" sorts before "recipient"
    return sorted((first, second) for first, second in ends)


def _tip(called: Mapping[str, str], helper: Node, recipient: Node) -> str:
    return f"{called.get(helper[1], helper[1])} – {called.get(recipient[1], recipient[1])}"


def _load(graph: nx.Graph, node: Node) -> str:
    """How many pairs of how many: "2/3", or "2" without a limit."""
    most = graph.nodes[node]["max"]
    return f"{graph.degree(node)}" if most is None else f"{graph.degree(node)}/{most}"


def _bounds(graph: nx.Graph, node: Node) -> str:
    known = graph.nodes[node]
    low, high = known["min"], known["max"]
    return f"{low}" if low == high else f"{low}–{'∞' if high is None else high}"


def _group(called: Mapping[str, str], node: Node, style: Style) -> str:
    return style.word("all") if node[1] == views.ALL else called.get(node[1], node[1])


def _stretches(flows: nx.DiGraph, scale: float) -> dict[str, dict[Node, tuple[float, float]]]:
    """Where each group with pairs begins and ends along its side, ordered by where its partners stand."""
    size = {node: flows.out_degree(node, "pairs") + flows.in_degree(node, "pairs") for node in flows}
    around = flows.to_undirected(as_view=True)
    order = {
        side: sorted((one for one in size if one[0] == side and size[one]), key=lambda one: (-size[one], one))
        for side in ("helper", "recipient")
    }
    for sweep in range(_SWEEPS):
        moved, fixed = ("recipient", "helper") if sweep % 2 == 0 else ("helper", "recipient")
        rank = {node: i / len(order[fixed]) for i, node in enumerate(order[fixed])}
        centre = {
            node: sum(rank[to] * known["pairs"] for to, known in around[node].items()) / size[node]
            for node in order[moved]
        }
        order[moved].sort(key=centre.__getitem__)
    return {side: _stacked(nodes, size, scale) for side, nodes in order.items()}


def _stacked(nodes: Sequence[Node], size: Mapping[Node, int], scale: float) -> dict[Node, tuple[float, float]]:
    at, found = 0.0, {}
    for node in nodes:
        thick = size[node] * scale
        found[node] = at, at + thick
        at += max(thick, 16.0) + 6  # thin groups still get the height of their label
    return found


def _summary(solution: Solution, style: Style) -> str:
    parts = [
        f"{style.word('objective')} {solution.objective}",
        *(f"{style.word(name)} {getattr(solution, name)}" for name in ("coverage", "fit", "stability")),
        f"{len(solution.picked)} {style.word('pairs')}",
    ]
    return " · ".join(parts)


def _heading(solution: Solution, style: Style, more: str) -> list[str]:
    return [
        svg.text(20, 34, f"{style.word('title')} · {more}", 20, font_weight="bold"),
        svg.text(20, 56, _summary(solution, style), 13, fill=GREY),
    ]


__all__ = ["MOST_IN_DETAIL", "Style", "conflict_picture", "flow_picture", "solution_picture"]
