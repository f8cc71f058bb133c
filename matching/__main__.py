"""The matcher in a shell: `python -m matching solve|verify|why|gaps|fair|draw|bench`.

Exit status: 0 solved and verified (or: verified), 1 infeasible (or: refuted), 2 bad input. Results go to files and
standard output, progress to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from matching import io
from matching.changes import TooFewChanges
from matching.draw import Style, conflict_picture, solution_picture
from matching.engines import ENGINES, UnknownEngine
from matching.explain import Explainer, sentence
from matching.explain_all import ExplainerAll
from matching.fair import fairest
from matching.fair_all import beside, beside_all
from matching.gap_words import Words, as_data, say_gaps
from matching.gaps import gaps
from matching.implicit_files import is_implicit, read_implicit
from matching.network import CostOverflow
from matching.price_out import solve_all
from matching.problem import ProblemError
from matching.readback import read_solution
from matching.settled import SETTLED, read_picked, read_settled, settle
from matching.solve import Solution, UnsupportedPolicy, conflict_in, solve
from matching.verify import Unreadable, Verdict, read_claim, verify

OK, REFUSED, BAD_INPUT = 0, 1, 2
BAR = 30
_Plain = argparse.RawDescriptionHelpFormatter
_EXAMPLES = """\
A problem is a folder of CSV files: helpers.csv (id,min,max,group), recipients.csv
(id,min,max,tier,group,coverage), edges.csv (helper,recipient,score,state,incumbent)
and, where needed, groups.csv, tiers.csv, policy.json; or blocks.csv with features
instead of listed pairs. A solution is a folder too: pairs.csv, prices.csv (the
proof), solution.json, or conflict.json where nothing fits.

examples:
  python -m matching solve problem -o solution     solve, prove, check
  python -m matching verify problem solution       check what somebody else solved
  python -m matching why problem solution A x      why A has x, or what it would cost
  python -m matching gaps problem                  what stands in the way, and the cure
  python -m matching fair problem solution         the fairest choice beside it, and its price
  python -m matching draw problem solution -o picture.svg
  python -m matching bench --scale quick           against the peers, on this machine
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except (ProblemError, Unreadable, UnsupportedPolicy, CostOverflow, UnknownEngine) as refusal:
        print(f"error: {refusal}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return BAD_INPUT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m matching", description=__doc__, epilog=_EXAMPLES, formatter_class=_Plain
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("solve", help="solve a problem folder, write a solution folder, verify it")
    one.add_argument("problem", type=Path, metavar="DIR", help="folder with helpers.csv, recipients.csv, edges.csv …")
    one.add_argument("-o", "--out", type=Path, required=True, metavar="OUT", help="folder to write the solution to")
    one.add_argument("--engine", metavar="NAME", help=f"one of {', '.join(sorted(ENGINES))}; by size when left out")
    one.set_defaults(run=_solve)
    two = commands.add_parser("verify", help="check a solution folder against its problem, without solving")
    two.add_argument("problem", type=Path, metavar="DIR")
    two.add_argument("solution", type=Path, metavar="OUT")
    two.set_defaults(run=_verify)
    three = commands.add_parser("why", help="explain one pair of a solution: its regret, or what forcing it would cost")
    three.add_argument("problem", type=Path, metavar="DIR")
    three.add_argument("solution", type=Path, metavar="OUT")
    three.add_argument("helper", metavar="HELPER")
    three.add_argument("recipient", metavar="RECIPIENT")
    three.set_defaults(run=_why)
    four = commands.add_parser(
        "gaps", help="what stands in the way: smallest conflict, cheapest relaxation, who is left"
    )
    four.add_argument("problem", type=Path, metavar="DIR")
    four.add_argument("--json", action="store_true", help="as data, with the fields of conflict.json")
    four.set_defaults(run=_gaps)
    five = commands.add_parser("draw", help="a picture of a solution, or of the conflict when there is none")
    five.add_argument("problem", type=Path, metavar="DIR")
    five.add_argument("solution", type=Path, metavar="OUT")
    five.add_argument("-o", "--out", type=Path, required=True, metavar="PICTURE.svg", help="the SVG file to write")
    five.set_defaults(run=_draw)
    fair = commands.add_parser("fair", help="the fairest choice beside a solution, and what fairness costs, as data")
    fair.add_argument("problem", type=Path, metavar="DIR")
    fair.add_argument("solution", type=Path, metavar="OUT")
    fair.add_argument("-o", "--out", type=Path, metavar="FAIR.json", help="write it there instead")
    fair.set_defaults(run=_fair)
    six = commands.add_parser("bench", help="measure the matcher against its peers, print the table")
    six.add_argument("-o", "--out", type=Path, metavar="PAGE.md", help="write it there, and the growth curve beside it")
    six.add_argument("--scale", choices=("quick", "full"), default="quick", help="quick: seconds; full: many minutes")
    six.add_argument("--data", type=Path, metavar="DIR", help="folder with aamas2015.in: conference bids")
    six.add_argument("--service", type=Path, metavar="DIR", help="checkout of openreview-matcher, to measure it too")
    six.set_defaults(run=_bench)
    for command in (three, four, five):
        command.add_argument("--language", choices=("zh", "en"), default="zh", help="of the words (zh)")
    return parser


def _solve(options: argparse.Namespace) -> int:
    _progress("read", 0.0)
    implicit = read_implicit(options.problem) if is_implicit(options.problem) else None
    problem = implicit.problem if implicit else io.read_problem(options.problem)
    beyond = f"; {implicit.pairs()} pairs of eligible blocks" if implicit else ""
    print(f"\n{problem.summary()}{beyond}", file=sys.stderr)
    try:
        if implicit:
            solution = solve_all(implicit, options.engine, _progress)
        else:
            solution = solve(problem, options.engine, _progress)
    except TooFewChanges as refusal:
        print(f"infeasible: {refusal}")
        return REFUSED
    everything = implicit is None or solution.problem.edges >= implicit.pairs()
    io.write_solution(solution, options.out, problem.input_sha256, explained=everything)
    if implicit and solution.status == "optimal":
        _progress("settle", 1.0)
        settle(implicit, solution).save(options.out / SETTLED)
    print(file=sys.stderr)
    if solution.status == "infeasible":
        _tell_conflict(solution)
        return REFUSED
    _progress("verify", 1.0)
    return _report(options.problem, options.out)


def _verify(options: argparse.Namespace) -> int:
    return _report(options.problem, options.solution)


def _why(options: argparse.Namespace) -> int:
    verdict = verify(options.problem, options.solution)
    if not verdict.ok:
        return _print_verdict(verdict)
    explainer: Explainer | ExplainerAll
    if is_implicit(options.problem):
        explainer = ExplainerAll(read_settled(options.problem, options.solution))
    else:
        problem = io.read_problem(options.problem)
        explainer = Explainer(problem, read_solution(problem, options.solution))
    try:
        answer = explainer.why(options.helper, options.recipient)
    except KeyError as error:
        print(f"error: {error.args[0]}", file=sys.stderr)
        return BAD_INPUT
    print(sentence(answer, language=options.language))
    return OK


def _gaps(options: argparse.Namespace) -> int:
    found = gaps(io.read_problem(options.problem))
    if options.json:
        left = {
            "uncovered": found.uncovered,
            "without_candidates": found.without_candidates,
            "single_helper": found.single_helper,
        }
        print(json.dumps(as_data(found.conflict, found.relaxation) | left, ensure_ascii=False, indent=1))
    else:
        print("\n".join(say_gaps(found, Words(options.language))))
    return OK if found.feasible else REFUSED


def _fair(options: argparse.Namespace) -> int:
    verdict = verify(options.problem, options.solution)
    if not verdict.ok:
        return _print_verdict(verdict)
    if is_implicit(options.problem):
        implicit = read_implicit(options.problem)
        told = beside_all(implicit, read_picked(implicit, options.solution), _progress)
    else:
        problem = io.read_problem(options.problem)
        told = beside(problem, fairest(problem), read_solution(problem, options.solution).picked)
    written = json.dumps(told, indent=1)
    if options.out:
        options.out.write_text(written, encoding="utf-8")
    else:
        print(written)
    return OK


def _draw(options: argparse.Namespace) -> int:
    problem = io.read_problem(options.problem)
    style = Style(language=options.language)
    if read_claim(options.solution).summary.get("status") == "infeasible":
        conflict = conflict_in(problem)
        if not conflict.shortfall:
            print("refuted: this says that there is no solution, but there is one")
            return REFUSED
        picture = conflict_picture(problem, conflict, style)
    else:
        verdict = verify(options.problem, options.solution)
        if not verdict.ok:
            return _print_verdict(verdict)
        picture = solution_picture(read_solution(problem, options.solution), style)
    options.out.write_text(picture, encoding="utf-8")
    return OK


def _bench(options: argparse.Namespace) -> int:
    # The peers take a second to import, which nobody else should wait for.
    from matching.bench import Row, measure
    from matching.bench_report import growth, page

    rows: list[Row] = []
    for row in measure(options.scale, options.data, options.service):
        print(f"{row.instance} / {row.peer}: {row.ratio:.3f} ({row.agree}) {row.note}", file=sys.stderr, flush=True)
        rows.append(row)
    picture = growth(rows)
    if options.out is None:
        print(page(rows, None))
    else:
        drawn = options.out.with_suffix(".svg")
        if picture:
            drawn.write_text(picture, encoding="utf-8")
        options.out.write_text(page(rows, drawn.name if picture else None), encoding="utf-8")
    return REFUSED if any(row.agree.startswith("DIFFERS") for row in rows) else OK


def _report(problem: Path, solution: Path) -> int:
    return _print_verdict(verify(problem, solution))


def _print_verdict(verdict: Verdict) -> int:
    for refutation in verdict.refutations:
        print(f"refuted: {refutation}")
    if verdict.ok:
        # The two numbers of a fair solution are weighted sums hundreds of digits long.
        numbers = "" if verdict.proves == "fair" else f": objective {verdict.objective} = bound {verdict.bound}"
        print(f"proven {verdict.proves}{numbers}")
    return OK if verdict.ok else REFUSED


def _tell_conflict(solution: Solution) -> None:
    conflict = solution.conflict
    if conflict:
        print(
            f"infeasible: {conflict.shortfall} pairs are missing among recipients"
            f" {', '.join(conflict.recipients[:10]) or '–'} and helpers {', '.join(conflict.helpers[:10]) or '–'};"
            " see conflict.json"
        )


def _progress(stage: str, fraction: float) -> None:
    """A bar on a terminal, a line per stage elsewhere."""
    if sys.stderr.isatty():
        filled = round(fraction * BAR)
        print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {stage:<10}", end="", file=sys.stderr, flush=True)
    else:
        print(f"{stage} … {fraction:.0%}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
