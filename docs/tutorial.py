# ruff: noqa: T201
"""Matching the real counties of 2020, for somebody who enjoys graphs.

Run it whole from the root of the repository (`python -m docs.tutorial`) or cell by cell. It uses the library alone, no
platform, and the reference data as plain CSV. What is unverified there is an incumbent at most, never a fact.
"""

# %% The facts: dated areas, the 832 poor counties, the province and city pairs, the county pairs on record
import csv
import gzip
import tempfile
from dataclasses import replace
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import networkx as nx
import numpy as np

import matching
from matching import views
from matching.changes import curve
from matching.draw import Style, conflict_picture, solution_picture
from matching.explain import Explainer, sentence
from matching.fair import fairest
from matching.gap_words import Words, say_conflict, say_relaxation
from matching.gaps import apply, cheapest_relaxation, minimal_conflict

DATA = Path(__file__).resolve().parent.parent / "backend" / "reference" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (gzip.open if name.endswith(".gz") else open)(DATA / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


areas = {row["code"]: row for row in rows("areas.csv.gz") if row["from"] <= "2020" <= (row["to"] or "2020")}
poor = [row["code"] for row in rows("poor_counties.csv")]
deep = {row["code"] for row in rows("three_regions.csv")} | {
    row["code"] for row in rows("poor_counties.csv") if row["deep_poverty"] == "YES"
}
regions = {(row["helper"], row["recipient"]) for row in rows("region_pairs.csv")}
record = {(row["helper"], row["recipient"]): row["status"] for row in rows("county_pairs.csv") if row["to"] == "2020"}
print(f"{len(areas)} areas, {len(poor)} poor counties ({len(deep)} known as deeply poor), {len(regions)} region pairs")


# %% Who may help whom: the most specific region pair decides; a city without counties helps in its own name
def above(code: str) -> list[str]:
    """The area and everything it lies in, from the inside out."""
    found = []
    while code:
        found.append(code)
        code = areas[code]["parent"]
    return found


def region_of(code: str, among: set[str]) -> str | None:
    return next((one for one in above(code) if one in among), None)


helping, helped = {helper for helper, _ in regions}, {recipient for _, recipient in regions}
members: dict[str, list[str]] = {}
for code, area in areas.items():
    if area["level"] == "COUNTY" and (region := region_of(code, helping)):
        members.setdefault(region, []).append(code)
for city in helping - members.keys():
    members[city] = [city]


def kilometres(one: str, other: str) -> float:
    """Great-circle distance by the haversine formula."""
    (x1, y1), (x2, y2) = (tuple(radians(float(areas[code][at])) for at in ("lon", "lat")) for code in (one, other))
    return 12742 * asin(sqrt(sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2))


edges = [
    {
        "helper": helper,
        "recipient": recipient,
        "score": round(10_000 * max(0.0, 1 - kilometres(helper, recipient) / 3_000)),
        "incumbent": (helper, recipient) in record,
    }
    for recipient in poor
    for region, other in regions
    if other == region_of(recipient, helped)
    for helper in members[region]
    if areas[helper]["lon"]
]
recipients = sorted({str(edge["recipient"]) for edge in edges})
problem = matching.build(
    helpers=[
        {"id": helper, "max": 6, "group": region, "name": areas[helper]["name"]}
        for region, ours in members.items() for helper in ours
    ],
    recipients=[
        {"id": code, "max": 1, "tier": "deep" if code in deep else "", "group": code[:2] + "0000",
         "coverage": [200_000] if code in deep else [100_000], "name": areas[code]["name"]}
        for code in recipients
    ],
    edges=edges,
    groups=[{"side": "helper", "id": region, "name": areas[region]["name"]} for region in members]
    + [{"side": "recipient", "id": code} for code in sorted({code[:2] + "0000" for code in recipients})],
    policy=matching.Policy(stability=5_000),
)  # fmt: skip
print(problem.summary())

# %% The graph before anything is decided
graph = views.problem_graph(problem)
parts = views.components(graph)
alone = views.dependence(graph)
print(f"{len(parts)} components, the largest of {max(map(len, parts))} nodes; density {nx.density(graph):.4f}")
degrees = sorted((degree for node, degree in graph.degree if node[0] == "recipient"), reverse=True)
print(f"a county has between {degrees[-1]} and {degrees[0]} possible helpers; {len(views.bridges(graph))} bridges")
print(f"{len(alone)} helpers are somebody's only candidate")

# %% The optimum, and why nobody can do better
solution = matching.solve(problem)
print(f"{solution.status}: {len(solution.picked)} pairs, objective {solution.objective:,}, proof: {solution.proof}")
with tempfile.TemporaryDirectory() as name:
    digest = matching.write_problem(problem, Path(name) / "problem")
    matching.write_solution(solution, Path(name) / "solution", digest)
    verdict = matching.verify(Path(name) / "problem", Path(name) / "solution")
print(f"the prices prove that nothing is worth more than {verdict.bound:,}: {'proven' if verdict.ok else 'refuted'}")

# %% Where the help goes
between = views.flows(solution)
for tail, head, pairs in sorted(between.edges(data="pairs"), key=lambda edge: -edge[2])[:5]:
    print(f"  {areas[tail[1]]['name']} → {areas[head[1]]['name']}: {pairs}")

# %% Why this pair? Its regret is what the nation would lose by refusing it; the chain is who would move
explainer = Explainer(problem, solution)
names = {code: area["name"] for code, area in areas.items()}
asked = [pair for pair in solution.pairs if pair[1] in deep][:60]
regrets = [(explainer.why(*pair), pair) for pair in asked]
dearest, pair = max(regrets, key=lambda one: (len(one[0].change.added), one[0].change.loss or 0))
print(sentence(dearest, names, "en"))
print(sentence(dearest, names, "zh"))
without = matching.solve(problem.with_edge_state({problem.find_edge(*pair): matching.BANNED}))
print(
    f"solved again without it, the loss is {solution.objective - without.objective:,}, told was {dearest.change.loss:,}"
)

# %% Changing one's mind without starting over
standing = matching.Standing(solution)
after = standing.ban(*pair)
print(f"repaired after the ban: {after.objective:,}, as a fresh solve says: {without.objective:,}")

# %% What fairness costs: the worst-off county first, then the next …
small = max((part.problem for part in matching.split(problem, enough=0)), key=lambda one: one.edge_incumbent.sum())
print(f"the component with most pairs on record: {small.summary()}")
fair = fairest(small)
print(f"there fairness costs {fair.price:,} points of fit out of {fair.best_fit:,}")

# %% How much is gained by how many changes against the pairs on record
line = curve(small)
for one in line[:: max(1, len(line) // 6)]:
    print(f"  within {one.k} changes: {one.objective:,}{'' if one.proven else ' (not proven)'}")

# %% Impossible, and what to do about it
demanding = replace(
    small, recipient_min=np.ones(small.recipients, np.int64), helper_max=np.ones(small.helpers, np.int64)
)
conflict = minimal_conflict(demanding)
if conflict is None:
    print("there one pair for each helper is enough")
else:
    words = Words("en", names)
    relaxation = cheapest_relaxation(demanding)
    print(say_conflict(conflict, words))
    print(*say_relaxation(relaxation, words)[:3], sep="\n")
    print(f"after that a solution exists: {matching.solve(apply(demanding, relaxation)).status}")

# %% A picture for the eye
with tempfile.TemporaryDirectory() as name:
    picture = Path(name) / "solution.svg"
    picture.write_text(solution_picture(solution, Style(names)), encoding="utf-8")
    print(f"a picture of {picture.stat().st_size // 1024} kB")
    refused = matching.solve(demanding)
    if refused.conflict:
        picture.write_text(conflict_picture(demanding, refused.conflict, Style(names)), encoding="utf-8")
        print("and one of the conflict")
