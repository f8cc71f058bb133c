"""Pictures are well-formed, complete, and say what they show."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import matching
from matching import draw, svg
from matching.__main__ import main
from matching.solve import conflict_in
from tests.matching.instances import FEATURES, problem

NS = "{http://www.w3.org/2000/svg}"


def tips(picture: str) -> list[str]:
    """Tooltips of the drawn lines and bands."""
    return [path.findtext(f"{NS}title") or "" for path in ET.fromstring(picture).iter(f"{NS}path")]  # noqa: S314


def words(picture: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(picture).iter(f"{NS}text")]  # noqa: S314


@pytest.fixture
def instance() -> matching.Problem:
    return matching.build(
        helpers=[{"id": "A", "max": 1, "name": "甲 & <乙>"}, {"id": "B", "max": 2}],
        recipients=[{"id": "x", "tier": "deep", "group": "north"}, {"id": "y"}, {"id": "z"}],
        edges=[
            {"helper": "A", "recipient": "x", "score": 9},
            {"helper": "B", "recipient": "x", "score": 1, "state": "locked"},
            {"helper": "B", "recipient": "y", "score": 5, "incumbent": True},
            {"helper": "A", "recipient": "y", "score": 2, "incumbent": True},
            {"helper": "A", "recipient": "z", "score": 3},
            {"helper": "B", "recipient": "z", "score": 3, "state": "banned"},
        ],
        groups=[{"side": "recipient", "id": "north"}],
    )


def test_every_pair_is_drawn_with_its_names_kind_and_score(instance: matching.Problem) -> None:
    picture = draw.solution_picture(matching.solve(instance), draw.Style(language="en"))
    assert [tip for tip in tips(picture) if tip] == [
        "甲 & <乙> – y · ended",
        "甲 & <乙> – x · new · score 9",
        "B – x · locked · score 1",
        "B – y · kept · score 5",
    ]
    assert tips(picture).count("") == 1  # A – z is possible, B – z is banned and not drawn
    assert {"甲 & <乙>  1/1", "x  [deep]  2", "z  0", "north", "without a helper"} <= set(words(picture))
    assert "objective 15 · coverage 0 · fit 15 · stability 0 · 3 pairs" in words(picture)


def test_given_names_come_before_the_column_of_names(instance: matching.Problem) -> None:
    picture = draw.solution_picture(matching.solve(instance), draw.Style({"A": "东城", "north": "北方"}))
    assert {"东城  1/1", "北方", "无人帮扶"} <= set(words(picture))


def test_random_solutions_and_conflicts_give_well_formed_pictures() -> None:
    for seed in range(80):
        one = problem(seed, FEATURES["everything"])
        solution = matching.solve(one)
        if solution.conflict:
            drawn = draw.conflict_picture(one, solution.conflict)
            assert ET.fromstring(drawn).findtext(f"{NS}title") == "矛盾所在"  # noqa: S314
            continue
        shown = [tip for tip in tips(draw.solution_picture(solution)) if "得分" in tip]
        assert len(shown) == len(solution.picked)


def test_large_solution_is_drawn_as_flows_between_groups() -> None:
    count = draw.MOST_IN_DETAIL + 1
    one = matching.build(
        helpers=[{"id": f"h{i}", "group": "east" if i % 3 else ""} for i in range(count)],
        recipients=[{"id": f"r{i}", "max": 1, "group": f"west{i % 2}"} for i in range(count)],
        edges=[{"helper": f"h{i}", "recipient": f"r{i}", "score": 1} for i in range(count)],
        groups=[{"side": "helper", "id": "east"}] + [{"side": "recipient", "id": f"west{i}"} for i in range(2)],
    )
    shown = tips(draw.solution_picture(matching.solve(one), draw.Style({"east": "东部"})))
    assert sorted(shown) == [
        "东部 → west0: 50 对",
        "东部 → west1: 50 对",
        "未分组 → west0: 26 对",
        "未分组 → west1: 25 对",
    ]


def test_infeasible_solution_has_no_picture_of_pairs() -> None:
    one = matching.build([{"id": "A", "min": 1}], [{"id": "x"}], [])
    with pytest.raises(ValueError, match="see conflict_graph"):
        draw.solution_picture(matching.solve(one))
    assert "结对缺口 1 · 1 方相关" in words(draw.conflict_picture(one, conflict_in(one)))


def test_characters_that_xml_forbids_do_not_break_the_picture() -> None:
    one = matching.build([{"id": "A\x01"}], [{"id": "]]>"}], [{"helper": "A\x01", "recipient": "]]>", "score": 1}])
    picture = draw.solution_picture(matching.solve(one))
    assert [tip for tip in tips(picture) if tip] == ["A\ufffd – ]]> · 新结对 · 得分 1"]


def test_long_names_are_shortened_to_their_place() -> None:
    assert svg.cut_to("积石山保安族东乡族撒拉族自治县", 10, 60) == "积石山保安…"
    assert svg.cut_to("短", 10, 60) == "短"


def write(folder: Path, edges: str) -> Path:
    folder.mkdir()
    (folder / "helpers.csv").write_text("id,max\nA,1\n")
    (folder / "recipients.csv").write_text("id,min\nx,1\ny,0\n")
    (folder / "edges.csv").write_text(edges)
    return folder


def test_command_draws_what_is_verified_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out, picture = (
        write(tmp_path / "in", "helper,recipient,score\nA,x,5\nA,y,9\n"),
        tmp_path / "out",
        tmp_path / "p.svg",
    )
    assert main(["solve", str(source), "-o", str(out)]) == 0
    assert main(["draw", str(source), str(out), "-o", str(picture), "--language", "en"]) == 0
    assert "A – x · new · score 5" in tips(picture.read_text(encoding="utf-8"))
    picture.unlink()
    (out / "pairs.csv").write_text("helper,recipient,score,state\nA,y,9,free\n")
    capsys.readouterr()
    assert main(["draw", str(source), str(out), "-o", str(picture)]) == 1
    assert "refuted: recipient x: has 0 pairs, allowed 1 or more" in capsys.readouterr().out
    assert not picture.exists()


def test_command_draws_the_conflict_of_an_infeasible_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out, picture = write(tmp_path / "in", "helper,recipient\nA,y\n"), tmp_path / "out", tmp_path / "p.svg"
    assert main(["solve", str(source), "-o", str(out)]) == 1
    assert main(["draw", str(source), str(out), "-o", str(picture)]) == 0
    assert "x  1–∞" in words(picture.read_text(encoding="utf-8"))
    (source / "edges.csv").write_text("helper,recipient\nA,x\n")
    capsys.readouterr()
    assert main(["draw", str(source), str(out), "-o", str(picture)]) == 1
    assert capsys.readouterr().out == "refuted: this says that there is no solution, but there is one\n"
