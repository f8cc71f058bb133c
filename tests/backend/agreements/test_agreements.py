"""An agreement from its draft to both signatures, its documents and its copies."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from backend.accounts.models import Role, User
from backend.agreements import content, pdf, prefill
from backend.agreements.models import Agreement, Signature, SignedCopy
from backend.lifecycle.models import Event
from backend.pairings.models import Pairing
from backend.parties.models import Party
from backend.web.problems import constraint_of
from tests.backend.together import together
from tests.backend.world import World

CLAUSES = [{"heading": "资金管理", "text": "援助资金专款专用。\n双方按季度核对。"}]
TARGETS = [
    {"indicator": "FISCAL_AID", "quantity": "66885000.00", "note": "其中 80% 用于建档立卡贫困户"},
    {"indicator": "CADRE", "quantity": "3.00", "note": ""},
    {"indicator": "UNIT_PAIRS", "quantity": "26.00", "note": ""},
]
SIGNED = {"signatory_name": "张某", "signatory_post": "区长", "signed_date": "2020-03-05"}


@pytest.fixture
def agreed(world: World, settings: Any, tmp_path: Path) -> Pairing:
    settings.AGREEMENT_COPIES_DIR = tmp_path / "copies"
    return world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")


def body(of: Pairing | None, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "ANNUAL",
        "pairing": of and of.pk,
        "title": "2020 年携手奔小康协作协议书",
        "start_date": "2020-01-01",
        "end_date": "2020-12-31",
        "clauses": CLAUSES,
        "targets": TARGETS,
        **changes,
    }


def send(world: World, who: str, path: str, given: Any = None, version: int | None = None, method: str = "post") -> Any:
    headers = {} if version is None else {"if-match": f'"{version}"'}
    return getattr(world.client(who), method)(f"/api/{path}", given or {}, format="json", headers=headers)


def offered(world: World, pairing: Pairing, **changes: Any) -> dict[str, Any]:
    made = send(world, "dongli", "agreements", body(pairing, **changes))
    assert made.status_code == 201, made.json()
    one = made.json()
    answer = send(world, "dongli", f"agreements/{one['id']}/decision", {"step": "OFFER"}, one["version"])
    assert answer.status_code == 200, answer.json()
    return dict(answer.json())


def sign(world: World, who: str, agreement: dict[str, Any], **changes: Any) -> Any:
    return send(world, who, f"agreements/{agreement['id']}/signature", {**SIGNED, **changes}, agreement["version"])


def signed(world: World, pairing: Pairing, **changes: Any) -> dict[str, Any]:
    one = offered(world, pairing, **changes)
    assert sign(world, "dongli", one).status_code == 201
    answer = sign(world, "longhua", one, signatory_name="李某", signatory_post="县长")
    assert answer.json()["status"] == "SIGNED", answer.json()
    return dict(answer.json())


def test_agreement_signed_by_both_sides_brings_the_pairing_into_force(world: World, agreed: Pairing) -> None:
    draft = send(world, "dongli", "agreements", body(agreed)).json()
    assert world.client("longhua").get(f"/api/agreements/{draft['id']}").status_code == 404  # one's own until offered
    assert draft["my_steps"] == ["CHANGE", "OFFER", "VOID"]
    one = send(world, "dongli", f"agreements/{draft['id']}/decision", {"step": "OFFER"}, 1).json()
    waiting = world.client("longhua").get("/api/inbox").json()
    assert [(item["kind"], item["link"]) for item in waiting] == [("AGREEMENT_TO_SIGN", f"/agreements/{one['id']}")]
    first = sign(world, "dongli", one).json()
    assert (first["status"], [row["side"] for row in first["signatures"]]) == ("OFFERED", ["HELPER"])
    assert sign(world, "dongli", one).status_code == 409
    second = sign(world, "longhua", one, signed_date="2020-03-07").json()
    assert (second["status"], second["signed_date"]) == ("SIGNED", "2020-03-07")
    assert all(row["matches"] for row in second["signatures"])
    agreed.refresh_from_db()
    assert agreed.status == "IN_FORCE"
    told = Event.objects.filter(subject_type="pairings.pairing", subject_id=str(agreed.pk)).order_by("id")
    assert [event.verb for event in told] == ["agreement_offered", "agreement_signed", "in_force"]
    marks = world.client("longhua").get(f"/api/pairings/{agreed.pk}/marks").json()["marks"]
    assert {one["mark"]: one["state"] for one in marks}["DUTY"] == "EARNED"


def test_offer_sent_back_is_a_draft_and_its_signatures_count_no_more(world: World, agreed: Pairing) -> None:
    one = offered(world, agreed)
    sign(world, "dongli", one)
    path = f"agreements/{one['id']}"
    assert send(world, "longhua", f"{path}/decision", {"step": "SEND_BACK"}, 2).json()["errors"][0]["field"] == "reason"
    back = send(world, "longhua", f"{path}/decision", {"step": "SEND_BACK", "reason": "资金数有误"}, 2)
    assert back.status_code == 204
    changed = {
        name: value for name, value in body(agreed, targets=TARGETS[:1]).items() if name not in ("kind", "pairing")
    }
    assert send(world, "dongli", path, changed, 3, "put").status_code == 200
    again = send(world, "dongli", f"{path}/decision", {"step": "OFFER"}, 4).json()
    assert (again["round"], again["signatures"], len(again["targets"])) == (2, [], 1)
    assert sign(world, "longhua", again).json()["status"] == "OFFERED"
    assert sign(world, "dongli", again).json()["status"] == "SIGNED"


def test_revision_supersedes_what_was_signed(world: World, agreed: Pairing) -> None:
    first = signed(world, agreed)
    revised = send(world, "longhua", f"agreements/{first['id']}/revision", None, first["version"]).json()
    assert (revised["status"], revised["supersedes"], len(revised["targets"])) == ("DRAFT", first["id"], 3)
    one = send(world, "longhua", f"agreements/{revised['id']}/decision", {"step": "OFFER"}, 1).json()
    sign(world, "longhua", one)
    assert sign(world, "dongli", one).json()["status"] == "SIGNED"
    assert Agreement.objects.get(pk=first["id"]).status == "SUPERSEDED"


def test_new_agreement_begins_with_last_years(world: World, agreed: Pairing) -> None:
    earlier = world.pair(
        "dongli",
        "longhua",
        status="AGREED",
        origin="MANUAL",
        start_date=dt.date(2019, 1, 1),
        end_date=dt.date(2019, 12, 31),
    )
    client = world.client("longhua")
    asked = {"kind": "ANNUAL", "year": 2020, "pairing": agreed.pk}
    blank = client.get("/api/agreements/prefill", asked).json()
    assert (blank["targets"], blank["from_title"]) == ([], "")
    assert [clause["heading"] for clause in blank["clauses"]] == ["指导思想", "资金管理", "人才交流", "组织保障"]
    signed(world, earlier, title="2019 年协作协议书", start_date="2019-01-01", end_date="2019-12-31")
    filled = client.get("/api/agreements/prefill", asked).json()
    assert (filled["title"], filled["from_title"]) == ("2020 年携手奔小康协作协议书", "2019 年协作协议书")
    assert [row["quantity"] for row in filled["targets"]] == ["66885000.00", "3.00", "26.00"]
    assert client.get("/api/agreements/prefill", {**asked, "pairing": 10**9}).status_code == 400


def test_letter_of_responsibility_is_signed_by_the_unit_and_the_leading_group(world: World) -> None:
    unit = Party.objects.create(kind="CENTRAL_UNIT", name="某部", status="UNVERIFIED")
    world.users["unit"] = User.objects.create(username="unit", display_name="某部", role=Role.CENTRAL_UNIT, party=unit)
    given = body(None, kind="RESPONSIBILITY", title="2020 年定点扶贫责任书")
    made = send(world, "unit", "agreements", given).json()
    one = send(world, "unit", f"agreements/{made['id']}/decision", {"step": "OFFER"}, 1).json()
    assert sign(world, "gansu", one).status_code == 404  # a region is not the leading group
    assert sign(world, "unit", one).status_code == 201
    assert sign(world, "coordinator", one).json()["status"] == "SIGNED"
    assert send(world, "coordinator", "agreements", given).status_code == 403


@pytest.mark.parametrize(
    ("changes", "code", "field", "message"),
    [
        ({"pairing": None}, 400, "pairing", "请指明在哪一条结对之下签署"),
        ({"end_date": "2021-01-31"}, 400, "start_date", "协议的期间应在结对的期间之内"),
        ({"end_date": "2019-01-31"}, 400, "end_date", "结束日期不能早于开始日期"),
        ({"targets": [TARGETS[0], TARGETS[0]]}, 400, "targets", "同一指标只填一行"),
        ({"targets": [{"indicator": "CADRE", "quantity": "2.50"}]}, 400, "targets", "人数、个数、对数、次数应为整数"),
        ({"targets": [{"indicator": "CADRE", "quantity": "0"}]}, 400, "targets", "目标应大于 0"),
        ({"targets": [{"indicator": "LOVE", "quantity": "1"}]}, 400, "targets.0.indicator", "LOVE"),
    ],
)
def test_bad_draft_is_refused_with_its_field(
    world: World, agreed: Pairing, changes: dict[str, Any], code: int, field: str, message: str
) -> None:
    response = send(world, "dongli", "agreements", body(agreed, **changes))
    assert response.status_code == code
    error = response.json()["errors"][0]
    assert error["field"] == field
    assert message in error["message"]
    assert not Agreement.objects.exists()


def test_annual_agreement_spans_one_year_and_one_pairing_has_one_under_way(world: World, agreed: Pairing) -> None:
    Pairing.objects.filter(pk=agreed.pk).update(end_date=dt.date(2021, 12, 31))
    assert send(world, "dongli", "agreements", body(agreed, end_date="2021-06-30")).json()["errors"][0] == {
        "field": "end_date", "code": "constraint", "message": "年度协议和责任书的期间应在同一年之内",
    }  # fmt: skip
    assert send(world, "dongli", "agreements", body(agreed, kind="FRAMEWORK", end_date="2021-06-30")).status_code == 201
    assert send(world, "dongli", "agreements", body(agreed)).status_code == 201
    assert send(world, "longhua", "agreements", body(agreed)).status_code == 409
    assert send(world, "coordinator", "agreements", body(agreed)).status_code == 403


def test_database_itself_keeps_what_was_offered_and_asks_for_two_signatures(world: World, agreed: Pairing) -> None:
    """With every line of Python bypassed."""
    one, user = offered(world, agreed)["id"], world.users["dongli"].pk
    sign_as = (
        "INSERT INTO agreements_signature (agreement_id, round, side, signatory_name, signatory_post, signed_date,"
        f" content_sha256, by_id, at) VALUES ({one}, %s, '%s', '张某', '区长', '%s', '', {user}, now())"
    )
    steps = [
        (f"UPDATE agreements_agreement SET title = '另一份' WHERE id = {one}", "agreement_frozen_once_offered"),
        (f"UPDATE agreements_target SET quantity = 1 WHERE agreement_id = {one}", "agreement_frozen_once_offered"),
        (f"DELETE FROM agreements_target WHERE agreement_id = {one}", "agreement_frozen_once_offered"),
        (
            f"UPDATE agreements_agreement SET status = 'SIGNED', signed_date = '2020-03-05' WHERE id = {one}",
            "agreement_signed_by_two",
        ),
        (sign_as % (2, "HELPER", "2020-03-05"), "signature_of_what_is_offered"),
        (sign_as % (1, "AUTHORITY", "2020-03-05"), "signature_of_what_is_offered"),
        (sign_as % (1, "HELPER", "2999-03-05"), "signature_has_happened"),
        (
            f"{sign_as % (1, 'HELPER', '2020-03-05')}; {sign_as % (1, 'RECIPIENT', '2020-03-05')}",
            "signed_by_two_people",
        ),
    ]
    for sql, rule in steps:
        with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert constraint_of(refused.value) == rule, sql


def test_signed_agreement_is_voided_by_a_coordinator_only(world: World, agreed: Pairing) -> None:
    one = signed(world, agreed)
    path, given = f"agreements/{one['id']}/decision", {"step": "VOID", "reason": "主体有误"}
    assert send(world, "dongli", path, given, one["version"]).status_code == 403
    assert send(world, "coordinator", path, given, one["version"]).json()["status"] == "VOID"


# --- documents ------------------------------------------------------------------------------------------------------


def test_documents_say_what_the_record_says(world: World, agreed: Pairing) -> None:
    one = signed(world, agreed)
    client = world.client("longhua")
    names = ["天津市东丽区人民政府", "河北省承德市隆化县人民政府", "张某", "区长", "李某", "县长", "2020年3月5日"]
    word = docx.Document(io.BytesIO(client.get(f"/api/agreements/{one['id']}/docx").content))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    table = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert table == [
        ["序号", "指标", "目标", "单位", "说明"],
        ["1", "财政援助资金", "6,688.5", "万元", "其中 80% 用于建档立卡贫困户"],
        ["2", "党政干部挂职", "3", "人", ""],
        ["3", "乡镇、村、学校、医院结对", "26", "对", ""],
    ]
    signing = "\n".join(cell.text for cell in word.tables[1].rows[0].cells)
    assert all(name in text + signing for name in names)
    for line in ("2020 年携手奔小康协作协议书", "一、量化目标", "二、资金管理", "双方按季度核对。"):
        assert line in text
    title, section = word.paragraphs[0].runs[0], word.sections[0]
    assert (title.font.size.pt, round(section.top_margin.mm), round(section.left_margin.mm)) == (22, 37, 28)

    file = client.get(f"/api/agreements/{one['id']}/pdf")
    assert file.headers["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(file.content))
    read = "".join(page.extract_text() for page in pages.pages).replace("\n", "").replace(" ", "")
    for words in (*names, "6,688.5", "万元", "财政援助资金", "26", "二、资金管理", "—1—"):
        assert words in read, words
    fonts = {str(font.get_object()["/BaseFont"]) for font in pages.pages[0]["/Resources"]["/Font"].values()}
    assert all("NotoSerifSC" in font for font in fonts), fonts  # inside the file, not the reader's


def laid_out(agreed: Pairing, kind: str, targets: int) -> list[str]:
    """What stands on each page of the PDF of an unsaved agreement: the platform's own clauses and some targets."""
    filled = prefill.for_new(pairing=agreed, unit=None, kind=kind, year=2020)
    words = content.Content(
        title=filled["title"],
        mark="（第 1 稿，待签署）",
        parties=[("甲方（帮扶方）", "天津市东丽区人民政府"), ("乙方（受援方）", "河北省承德市隆化县人民政府")],
        opening="为推进携手奔小康，天津市东丽区人民政府与河北省承德市隆化县人民政府经协商一致，签订本协议。"
        "期限自2020年1月1日至2020年12月31日。",
        targets_heading="一、量化目标" if targets else "",
        targets=[content.Row(str(number), "党政干部挂职", "3", "人", "") for number in range(targets)],
        headings=[(f"条款：{one['heading']}", one["text"]) for one in filled["clauses"]],
        signings=[content.Signing(f"{one}方（盖章）", "某政府", "", "", content.BLANK_DAY) for one in "甲乙"],
        colophon="编号 1，第 1 稿，内容校验 0123456789abcdef",
    )
    pages = pypdf.PdfReader(io.BytesIO(pdf.write(words))).pages
    return [page.extract_text().replace("\n", "").replace(" ", "") for page in pages]


@pytest.mark.parametrize("kind", ["ANNUAL", "FRAMEWORK", "VILLAGE", "RESPONSIBILITY"])
@pytest.mark.parametrize("targets", [0, 4, 11])
def test_nobody_signs_a_page_that_says_nothing(world: World, agreed: Pairing, kind: str, targets: int) -> None:
    pages = laid_out(agreed, kind, targets)
    last = pages[-1]
    assert "条款：" in last.partition("甲方（盖章）")[0], pages
    assert last.count("（盖章）") == 2
    assert "内容校验0123456789abcdef" in last
    assert "年月日" in last.replace("　", "")  # the blank day on one line


def test_agreement_that_nearly_fits_its_page_is_set_tighter(world: World, agreed: Pairing) -> None:
    """22 lines by the standard, which lets the lines close up before a page is begun for the seals alone."""
    assert [len(laid_out(agreed, kind, 0)) for kind in ("FRAMEWORK", "ANNUAL")] == [1, 2]


def test_pdf_says_so_where_it_has_no_character_or_no_font(
    world: World, agreed: Pairing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = offered(world, agreed, title="𣲘水协议")
    client = world.client("dongli")
    missing = client.get(f"/api/agreements/{one['id']}/pdf")
    assert missing.status_code == 409
    assert "𣲘" in missing.json()["detail"]
    assert client.get(f"/api/agreements/{one['id']}/docx").status_code == 200
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    client.raise_request_exception = False
    assert client.get(f"/api/agreements/{one['id']}/pdf").status_code == 503


def test_words_in_an_agreement_are_never_markup(world: World, agreed: Pairing) -> None:
    one = Agreement.objects.get(pk=offered(world, agreed, title='#read("/etc/passwd") *粗* $x$')["id"])
    text = pypdf.PdfReader(io.BytesIO(pdf.write(content.of(one)))).pages[0].extract_text()
    assert '#read("/etc/passwd")' in text.replace("“", '"').replace("”", '"')


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一")])
def test_headings_are_counted_in_chinese(number: int, words: str) -> None:
    assert content.numeral(number) == words


# --- signed copies --------------------------------------------------------------------------------------------------


def upload(world: World, who: str, agreement: dict[str, Any], scan: bytes, name: str = "签署件.pdf") -> Any:
    file = SimpleUploadedFile(name, scan, "application/octet-stream")
    return world.client(who).post(f"/api/agreements/{agreement['id']}/copies", {"file": file}, format="multipart")


def test_signed_copy_comes_back_to_the_byte_and_is_kept_once(world: World, agreed: Pairing, settings: Any) -> None:
    one, scan = offered(world, agreed), b"%PDF-1.7\nscan\n%%EOF\n"
    made = upload(world, "longhua", one, scan, "../../x/签署件.pdf")
    assert made.status_code == 201, made.json()
    copy = made.json()["copies"][0]
    assert (copy["name"], copy["media_type"], copy["size"]) == ("签署件.pdf", "application/pdf", len(scan))
    back = world.client("dongli").get(f"/api/signed-copies/{copy['id']}")
    assert b"".join(back.streaming_content) == scan
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert upload(world, "dongli", one, scan).status_code == 409
    assert len(list(settings.AGREEMENT_COPIES_DIR.iterdir())) == 1  # the refused twin left nothing behind
    assert world.client("fengning").get(f"/api/signed-copies/{copy['id']}").status_code == 404


@pytest.mark.parametrize(
    ("scan", "message"),
    [
        (b"<html><script>alert(1)</script></html>", "只接受完整的 PDF、JPEG 或 PNG 文件"),
        (b"%PDF-1.7\ncut short", "只接受完整的 PDF、JPEG 或 PNG 文件"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 2000, "只接受完整的 PDF、JPEG 或 PNG 文件"),
        (b"", "提交的是空文件"),
    ],
)
def test_what_is_no_scan_is_refused(world: World, agreed: Pairing, scan: bytes, message: str) -> None:
    response = upload(world, "dongli", offered(world, agreed), scan)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "file")
    assert message in response.json()["detail"] or scan == b""
    assert not SignedCopy.objects.exists()


# --- at once --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_both_sides_signing_at_once_conclude_it_exactly_once(committed_world: World) -> None:
    world = committed_world
    pairing = world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")
    one, sides = offered(world, pairing), ("dongli", "longhua")
    codes = together(50, lambda number: sign(world, sides[number % 2], one).status_code)
    assert codes.count(201) == 2
    assert set(codes) <= {201, 409, 412}  # signed before, or a version that is no longer the current one
    moves = Event.objects.filter(subject_type="agreements.agreement", to_status="SIGNED")
    assert (moves.count(), Signature.objects.count()) == (1, 2)
    pairing.refresh_from_db()
    assert (pairing.status, pairing.version) == ("IN_FORCE", 2)
