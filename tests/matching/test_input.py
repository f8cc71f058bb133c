# ruff: noqa: E501  (a table of cases reads better in long lines)
"""What is refused on the way in, and how precisely; and that nothing at all makes the command crash."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import matching
from matching.__main__ import main
from tests.matching.instances import FEATURES, problem

GOOD = {
    "helpers.csv": "id,min,max,group\nA,0,2,north\nB,1,1,\n",
    "recipients.csv": "id,min,max,tier,group,coverage\nx,1,2,deep,,9;3\ny,0,,poor,valley,5\n",
    "edges.csv": "helper,recipient,score,state,incumbent,remark\nA,x,70,free,1,ignored\nA,y,50,,0,\nB,x,20,locked,0,\n",
    "groups.csv": "side,id,parent,min,max\nhelper,north,,0,\nrecipient,valley,,0,3\n",
    "tiers.csv": "helper,tier,min,max\nA,deep,0,1\n",
    "policy.json": '{"stability": 5, "fair": false, "at_most_changes": null, "tie_break": "canonical"}',
}


def folder(path: Path, **replaced: str | None) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, good in GOOD.items():
        text = replaced.get(name.replace(".", "_"), good)
        if text is not None:
            (path / name).write_text(text, encoding="utf-8")
    return path


def test_good_folder_is_read_solved_and_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", str(folder(tmp_path / "in")), "-o", str(tmp_path / "out")]) == 0
    told = capsys.readouterr()
    assert told.out == "proven optimal: objective 162 = bound 162\n"  # 9+3+5 coverage, 140 scores, 5 stability
    assert "2 helpers, 2 recipients, 3 eligible pairs (1 locked, 0 banned)" in told.err
    assert main(["verify", str(tmp_path / "in"), str(tmp_path / "out")]) == 0


def test_columns_left_out_take_their_defaults(tmp_path: Path) -> None:
    (tmp_path / "helpers.csv").write_text("id\nA\n")
    (tmp_path / "recipients.csv").write_text("id\nx\n")
    (tmp_path / "edges.csv").write_text("helper,recipient\nA,x\n")
    read = matching.read_problem(tmp_path)
    assert (read.helper_min[0], read.helper_max[0]) == (0, matching.NO_LIMIT)
    assert (read.edge_score[0], read.edge_state[0], read.edge_incumbent[0]) == (0, matching.FREE, False)


@pytest.mark.parametrize(
    ("file", "text", "line", "column", "value", "reason"),
    [
        ("helpers.csv", "id,min\nA,-1\nB,0\n", 2, "min", "-1", "must not be negative"),
        ("helpers.csv", "id,min,max\nA,0,1\nB,3,2\n", 3, "min", "3", "min 3 is greater than max 2"),
        ("helpers.csv", "id\nA\nA\n", 3, "id", "A", "this id stands twice"),
        ("helpers.csv", "id,min\nA,0\nB,two\n", 3, "min", "two", "must be a whole number"),
        ("helpers.csv", "id,min\nA,1.5\nB,0\n", 2, "min", "1.5", "must be a whole number"),
        ("helpers.csv", "id,min\nA,1_0\nB,0\n", 2, "min", "1_0", "must be a whole number"),
        ("helpers.csv", "id,group\nA,south\nB,\n", 2, "group", "south", "unknown group"),
        ("helpers.csv", "id,min\nA\nB,0\n", 2, None, "A", "has 1 fields, the header 2"),
        ("helpers.csv", "name\nA\n", 1, "id", None, "this column is required"),
        ("helpers.csv", "id,id\nA,A\n", 1, "id", "id", "this column stands twice"),
        ("helpers.csv", "id\nA\n\"\"\n", 3, "id", "", "an id may not be empty"),
        ("helpers.csv", "", 1, None, None, "the file is empty; its header row is missing"),
        ("helpers.csv", "\n", 1, None, None, "the file is empty; its header row is missing"),
        ("recipients.csv", "id,tier,coverage\nx,deep,3;9\ny,,\n", 2, "coverage", "3;9", "values must not increase"),
        ("recipients.csv", "id,tier,coverage\nx,deep,9;a\ny,,\n", 2, "coverage", "9;a", "must be whole numbers joined by ';'"),
        ("recipients.csv", "id,tier,coverage\nx,deep,9;-1\ny,,\n", 2, "coverage", "9;-1", "values must lie between 0"),
        ("edges.csv", "helper,recipient\nA,x\nA,x\n", 3, "recipient", "x", "the pair A – x stands twice"),
        ("edges.csv", "helper,recipient,state\nA,x,locked\nA,x,banned\n", 3, "recipient", "x", "is both locked and banned"),
        ("edges.csv", "helper,recipient,state\nA,x,locked;banned\n", 2, "state", "locked;banned", "both locked and banned"),
        ("edges.csv", "helper,recipient,state\nA,x,perhaps\n", 2, "state", "perhaps", "must be free, locked or banned"),
        ("edges.csv", "helper,recipient\nA,x\nC,x\n", 3, "helper", "C", "unknown helper"),
        ("edges.csv", "helper,recipient\nA,q\n", 2, "recipient", "q", "unknown recipient"),
        ("edges.csv", "helper,recipient,incumbent\nA,x,2\n", 2, "incumbent", "2", "must lie between 0 and 1"),
        ("edges.csv", "helper,recipient,score\nA,x,9999999999999999999\n", 2, "score", "9999999999999999999", "whole number"),
        ("groups.csv", "side,id,parent\nhelper,north,south\nhelper,south,north\nrecipient,valley,\n", 2, "parent", "south",
         "this group contains itself"),
        ("groups.csv", "side,id,parent\nhelper,north,up\nrecipient,valley,\n", 2, "parent", "up", "unknown helper group"),
        ("groups.csv", "side,id\nnorth,north\n", 2, "side", "north", "must be helper or recipient"),
        ("tiers.csv", "helper,tier\nA,rich\n", 2, "tier", "rich", "no recipient is of this tier"),
        ("tiers.csv", "helper,tier\nA,deep\nA,deep\n", 3, "tier", "deep", "this helper and tier stand twice"),
        ("policy.json", '{"stability": "much"}', None, "stability", "much", "must be int"),
        ("policy.json", '{"stability": true}', None, "stability", "True", "must be int"),
        ("policy.json", '{"tie_break": "random"}', None, "tie_break", "random", "the only rule is 'canonical'"),
        ("policy.json", '{"at_most_changes": -1}', None, "at_most_changes", "-1", "must not be negative"),
        ("policy.json", "{", 1, None, None, "is not JSON"),
    ],
)  # fmt: skip
def test_malformed_input_is_refused_with_file_line_column_and_value(
    tmp_path: Path, file: str, text: str, line: int | None, column: str | None, value: str | None, reason: str
) -> None:
    path = folder(tmp_path / "in", **{file.replace(".", "_"): text})
    with pytest.raises(matching.ProblemError) as refusal:
        matching.read_problem(path)
    found = refusal.value
    assert (found.file, found.line, found.column) == (file, line, column)
    assert value is None or str(found.value) == value
    assert reason in str(found)
    assert main(["solve", str(path), "-o", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()


def test_missing_file_is_named(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "edges.csv").unlink()
    with pytest.raises(matching.ProblemError, match=r"edges\.csv: this file is required"):
        matching.read_problem(path)


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "helpers.csv").write_bytes("id\n长顺\n".encode("gbk"))
    with pytest.raises(matching.ProblemError, match=r"helpers\.csv, line 2: is not UTF-8"):
        matching.read_problem(path)


def test_infeasible_problem_exits_with_one_and_names_the_conflict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder(tmp_path / "in", recipients_csv="id,min,max,tier,group,coverage\nx,1,2,deep,,\ny,2,,poor,valley,5\n")
    assert main(["solve", str(path), "-o", str(tmp_path / "out")]) == 1
    conflict = json.loads((tmp_path / "out" / "conflict.json").read_text(encoding="utf-8"))
    assert conflict["shortfall"] == 1
    assert conflict["recipients"] == ["y"]
    assert "infeasible: 1 pairs are missing among recipients y" in capsys.readouterr().out


def test_doctored_solution_exits_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(tmp_path / "in")
    main(["solve", str(path), "-o", str(tmp_path / "out")])
    pairs = tmp_path / "out" / "pairs.csv"
    pairs.write_text("\n".join(pairs.read_text().splitlines()[:-1]) + "\n")
    assert main(["verify", str(path), str(tmp_path / "out")]) == 1
    assert "refuted: locked: 1 locked pairs are missing" in capsys.readouterr().out


@pytest.mark.parametrize("quarter", range(4))
def test_ten_thousand_mutated_folders_never_crash_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], quarter: int
) -> None:
    """Bytes deleted, repeated, replaced and moved between files: the status is 0, 1 or 2 and never a traceback."""
    pick = random.Random(20170623 + quarter)  # noqa: S311  (not for secrets)
    statuses = {0: 0, 1: 0, 2: 0}
    source, out = tmp_path / "in", tmp_path / "out"
    originals = {name: text.encode() for name, text in GOOD.items()}
    for _ in range(2_500):
        source.mkdir(exist_ok=True)
        mutated = dict(originals)
        for _ in range(pick.choice([1, 1, 1, 2, 3])):
            name = pick.choice(sorted(mutated))
            mutated[name] = _mutate(pick, mutated[name])
        for name, data in mutated.items():
            (source / name).write_bytes(data)
        status = main(["solve", str(source), "-o", str(out)])
        statuses[status] += 1
        if status == 0:
            assert matching.verify(source, out).ok
        capsys.readouterr()
    assert set(statuses) == {0, 1, 2}
    assert all(statuses.values()), statuses


def _mutate(pick: random.Random, data: bytes) -> bytes:
    at = pick.randrange(len(data) + 1)
    other = pick.choice(
        [b"", b",", b"\n", b'"', b"-", b"9" * 25, b"\xff", b"\x00", "；".encode(), b"locked", b";", b"1e9"]
    )
    return pick.choice(
        [
            data[:at] + other + data[at:],
            data[:at] + other + data[at + 1 :],
            data[:at],
            data + data[at:],
            b"\n".join(pick.sample(data.split(b"\n"), len(data.split(b"\n")))),
        ]
    )


def test_written_problem_reads_back_the_same(tmp_path: Path) -> None:
    for seed in range(50):
        instance = problem(seed, FEATURES["everything"])
        digest = matching.write_problem(instance, tmp_path / "p")
        again = matching.read_problem(tmp_path / "p")
        assert again.input_sha256 == digest
        assert matching.write_problem(again, tmp_path / "q") == digest


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        (
            "groups.csv",
            "side,id,parent\nhelper,north,south\nhelper,south,north\nrecipient,valley,\n",
            "contains itself",
        ),
        ("groups.csv", "side,id\nhelper,north\nhelper,north\nrecipient,valley\n", "stands twice"),
        ("tiers.csv", "helper,tier\nA,deep\nA,deep\n", "stands twice"),
        ("helpers.csv", "id\nA\nA\n", "an id stands twice"),
    ],
)
def test_checker_refuses_what_is_no_problem_on_its_own(tmp_path: Path, file: str, text: str, reason: str) -> None:
    """It reads with code of its own, so it must not trust that somebody else has looked first."""
    path = folder(tmp_path / "in")
    main(["solve", str(path), "-o", str(tmp_path / "out")])
    (path / file).write_text(text)
    with pytest.raises(matching.Unreadable, match=reason):
        matching.verify(path, tmp_path / "out")
    assert main(["verify", str(path), str(tmp_path / "out")]) == 2
