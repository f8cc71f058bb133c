"""Reviewing suggestions of firms and villages: read by page, accepted, published, and what is refused of them."""

from __future__ import annotations

from typing import Any

import pytest

from backend.accounts.models import Role, User
from backend.interests import actions as interests
from backend.pairings import actions, publishing
from backend.pairings.models import Pairing
from backend.runs.firms import telling
from backend.runs.models import Run
from tests.backend.firm_world import FirmWorld, build_firms, need
from tests.backend.runs.firms.test_execution import execute
from tests.backend.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: World) -> FirmWorld:
    built = build_firms(world)
    need(world, built.villages["龙湾村"], "WATER")
    return built


@pytest.fixture
def run(made: FirmWorld) -> Run:
    return execute(made)


def rows(made: FirmWorld, run: Run, query: str = "", who: str = "coordinator") -> list[dict[str, Any]]:
    answer = made.world.client(who).get(f"/api/runs/{run.pk}/suggestions?{query}")
    assert answer.status_code == 200, answer.json()
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_reasons_are_told_from_the_stored_numbers(made: FirmWorld, run: Run) -> None:
    one = next(row for row in rows(made, run) if row["recipient"]["name"] == "龙湾村")
    assert [reason["code"] for reason in one["reasons"]] == list(made.policy.weights)
    assert sum(reason["weight"] * reason["points"] for reason in one["reasons"]) // 100 == one["score"]
    told = {reason["code"]: reason["zh"] for reason in one["reasons"]}
    assert told["need"] == "本村公布的 1 项未满足需求中，1 项是企业所能做的（饮水安全）"
    made.firms["津水公司"].capabilities.all().delete()  # what is true today changes nothing in what was told
    assert rows(made, run, "search=龙湾")[0]["reasons"][0]["zh"] == told["need"]


def test_words_of_a_doctored_run_are_refused(made: FirmWorld, run: Run) -> None:
    telling.forget()
    path = run.folder / "counties.json"
    path.write_text(path.read_text(encoding="utf-8").replace("深度贫困", "富裕"), encoding="utf-8")
    answer = made.world.client("coordinator").get(f"/api/runs/{run.pk}/suggestions")
    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        f"第 {run.pk} 次运行的存档文件 counties.json 缺失，或与入库时登记的指纹不一致，不能据此作出说明。"
        "请联系管理员从备份恢复，或重新运行"
    )


@pytest.mark.parametrize(
    ("query", "villages"),
    [
        ("tier=deep", {"河口村"}),
        ("county=130825", {"龙湾村", "上庄村"}),
        ("province=620000", {"河口村", "坪上村"}),
        ("helper_province=370000", {"坪上村"}),
        ("search=津水", {"龙湾村", "上庄村"}),
        ("page_size=1&ordering=rank", {"河口村"}),
    ],
)
def test_review_is_filtered_and_paged_by_the_server(made: FirmWorld, run: Run, query: str, villages: set[str]) -> None:
    assert {row["recipient"]["name"] for row in rows(made, run, query)} == villages


def test_coordinator_of_a_region_sees_what_touches_it(made: FirmWorld, run: Run) -> None:
    assert {row["recipient"]["name"] for row in rows(made, run, who="gansu")} == {"河口村", "坪上村"}


def test_accepted_suggestion_becomes_a_proposal_to_firm_and_village(made: FirmWorld, run: Run) -> None:
    one = rows(made, run, "search=龙湾")[0]
    client = made.world.client("coordinator")
    assert client.post(f"/api/suggestions/{one['id']}/decision", {"verdict": "ACCEPTED"}).status_code == 201
    told = client.post(f"/api/runs/{run.pk}/publications", {"suggestions": [one["id"]]})
    assert told.status_code == 201, told.json()
    pairing = Pairing.objects.get()
    assert (pairing.helper.name, pairing.recipient.name) == ("津水公司", "龙湾村")
    assert (pairing.status, pairing.channel, pairing.end_date) == (Pairing.Status.PROPOSED, made.channel, None)
    locked = execute(made).suggestions.get(state="LOCKED")
    assert (locked.helper_id, locked.recipient_id) == (pairing.helper_id, pairing.recipient_id)


def test_pair_made_by_hand_lies_inside_the_frame(made: FirmWorld) -> None:
    client, body = made.world.client("coordinator"), {"channel": made.channel.code, "start_date": "2020-01-01"}
    outside = client.post(
        "/api/pairings", {**body, "helper": made.firms["青岛食品"].pk, "recipient": made.villages["龙湾村"].code}
    )
    assert outside.status_code == 400
    assert [(one["field"], one["message"]) for one in outside.json()["errors"]] == [
        ("recipient", "青岛食品只能帮扶本省，或所在省、市对口协作地区的村；河北省承德市隆化县城关镇龙湾村不在其中")
    ]
    inside = client.post(
        "/api/pairings", {**body, "helper": made.firms["青岛食品"].pk, "recipient": made.villages["坪上村"].code}
    )
    assert inside.status_code == 201, inside.json()


def test_publishing_takes_a_firms_interest_up_and_taking_back_opens_it_again(made: FirmWorld) -> None:
    by = User.objects.create(username="jinshui", display_name="津水", role=Role.COMPANY, party=made.firms["津水公司"])
    wish = interests.express(party=made.firms["津水公司"], area=made.villages["龙湾村"], by=by)
    run = execute(made)
    suggestion = run.suggestions.get(recipient=made.villages["龙湾村"])
    coordinator = made.world.users["coordinator"]
    actions.accept(suggestion=suggestion, by=coordinator)
    wish.refresh_from_db()
    assert wish.status == "OPEN"  # accepted is not published
    publication = publishing.publish(run=run, suggestions=[suggestion], by=coordinator)
    wish.refresh_from_db()
    assert wish.status == "TAKEN_UP"
    publishing.take_back(publication=publication, reason="再商量", by=coordinator)
    wish.refresh_from_db()
    assert wish.status == "OPEN"
