"""Every route × every role: those named in the matrix get through, nobody else does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from backend.accounts.models import Role
from tests.architecture import works
from tests.architecture.conftest import NEED, Stage
from tests.architecture.permission_matrix import MATRIX
from tests.backend.joining.conftest import FIRM
from tests.backend.world import POLICY, YEAR

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")
WHO = {
    Role.COORDINATOR: "coordinator",
    Role.PARTNER: "dongli",
    Role.CENTRAL_UNIT: "unit",
    Role.COMPANY: "firm",
    Role.FEDERATION: "federation",
    Role.RECIPIENT: "longhua",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
}


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, path)
        else:
            yield path, entry


def routes() -> set[tuple[str, str]]:
    """(METHOD, name) of everything that answers under /api/."""
    found = set()
    for path, pattern in _patterns(get_resolver()):
        if not path.startswith("api/"):
            continue
        view = getattr(pattern.callback, "view_class", None)
        methods = [method for method in METHODS if hasattr(view, method)] if view else ["get"]
        found |= {(method.upper(), pattern.name or path) for method in methods}
    return found


def test_every_route_has_its_line_and_every_line_its_route() -> None:
    assert routes() == set(MATRIX)


def test_every_route_is_named_once() -> None:
    names = [pattern.name for path, pattern in _patterns(get_resolver()) if path.startswith("api/")]
    assert len(names) == len(set(names))


# --- a request that would succeed, for each line ---------------------------------------------------------------


# Routes about one party that are not for everyone.
FIRMS_OWN = ("profile", "party-villages", "capabilities", "capacities", "contacts", "profile-events")


def _arguments(stage: Stage, method: str, name: str) -> dict[str, Any]:
    run = stage.waiting_run if name == "run-cancel" else stage.run
    if name == "run-why":
        return {"pk": run.pk, "helper": "120110", "recipient": "130825"}
    if name == "run-comparison":
        return {"pk": run.pk, "other": stage.earlier_run.pk}
    if name == "run-withdrawal":
        return {"pk": run.pk, "helper": "120110"}
    if name.startswith("run") and name != "runs":
        return {"pk": run.pk}
    if name == "suggestion-second-look":
        return {"pk": stage.accepted.pk}
    if name.startswith("suggestion-"):
        return {"pk": _open_suggestion(stage)}
    if name == "registration-decision":
        return {"pk": stage.newcomer.pk}
    if name in FIRMS_OWN:
        return {"pk": stage.users["firm"].party_id}
    if name in ("merger", "invitations"):
        return {"pk": stage.twin.pk if name == "merger" else stage.users["unit"].party_id}
    arguments: dict[str, dict[str, Any]] = {
        "area": {"code": stage.world.areas["longhua"].code},
        "area-money": {"code": stage.world.areas["longhua"].code},
        "area-projects": {"code": stage.world.areas["longhua"].code},
        "area-timeline": {"code": stage.world.areas["longhua"].code},
        "party": {"pk": stage.world.governments["dongli"].pk},
        "party-money": {"pk": stage.world.governments["dongli"].pk},
        "party-results": {"pk": stage.world.governments["dongli"].pk},
        "party-timeline": {"pk": stage.world.governments["dongli"].pk},
        "policy": {"pk": stage.world.policy.pk},
        "publication-taking-back": {"pk": stage.publication.pk},
        "pairing": {"pk": stage.agreed.pk},
        "pairing-events": {"pk": stage.agreed.pk},
        "pairing-end": {"pk": stage.agreed.pk},
        "pairing-marks": {"pk": stage.agreed.pk},
        "pairing-targets": {"pk": stage.agreed.pk},
        "pairing-contacts": {"pk": stage.agreed.pk},
        "contact-void": {"pk": stage.contact.pk},
        "sub-pairing-decision": {"pk": stage.sub.pk},
        "pairing-acknowledgement": {"pk": stage.proposed.pk},
        "agreement": {"pk": stage.drafted.pk if method == "PUT" else stage.offered.pk},
        "agreement-decision": {"pk": stage.offered.pk},
        "agreement-signature": {"pk": stage.offered.pk},
        "agreement-revision": {"pk": stage.signed.pk},
        "agreement-targets": {"pk": stage.signed.pk},
        "agreement-docx": {"pk": stage.signed.pk},
        "agreement-pdf": {"pk": stage.signed.pk},
        "agreement-copies": {"pk": stage.signed.pk},
        "agreement-events": {"pk": stage.signed.pk},
        "signed-copy": {"pk": stage.copy.pk},
        "commitment": {"pk": stage.commitment.pk},
        "commitment-arrivals": {"pk": stage.commitment.pk},
        "commitment-spendings": {"pk": stage.ledger.commitment.pk},
        "commitment-withdrawal": {"pk": stage.ledger.untouched.pk},
        "entry-confirmation": {"pk": stage.entry.pk},
        "invitation-withdrawal": {"pk": stage.invitation.pk},
        "entry-acceptance": {"pk": stage.ledger.spent.pk},
        "entry-files": {"pk": stage.ledger.sure.pk},
        "entry-file": {"pk": stage.paper.pk},
        "entry-reversal": {"pk": stage.ledger.sure.pk},
        "reversal-answer": {"pk": stage.ledger.request.pk},
        "discrepancy-explanation": {"pk": stage.ledger.difference.pk},
        "discrepancy-answer": {"pk": stage.ledger.explained.pk},
        "posting-end": {"pk": stage.ledger.posting.pk},
        "county-balance": {"code": "130825"},
        "project": {"pk": stage.works.proposed.pk},
        "project-consent": {"pk": stage.works.proposed.pk},
        "project-decision": {"pk": stage.works.proposed.pk},
        "project-result": {"pk": stage.works.underway.pk},
        "project-closing": {"pk": stage.works.completed.pk},
        "project-allotments": {"pk": stage.works.underway.pk},
        "project-spendings": {"pk": stage.works.underway.pk},
        "project-free-money": {"pk": stage.works.underway.pk},
        "project-files": {"pk": stage.works.underway.pk},
        "project-file": {"pk": stage.works.file.pk},
        "milestone-reached": {"pk": stage.works.milestone.pk},
        "asset-correction": {"pk": stage.works.asset.pk},
        "need": {"pk": stage.published.pk},
        "need-decision": {"pk": stage.published.pk},
        "interest-withdrawal": {"pk": stage.interest.pk},
        "import-template": {"key": "needs"},
        **{f"import{door}": {"pk": stage.uploaded.pk} for door in ("", "-decision", "-rows", "-reasons", "-file")},
    }
    return arguments.get(name, {})


def _open_suggestion(stage: Stage) -> int:
    free = stage.run.suggestions.filter(state="FREE", decision__isnull=True)
    return int(free.order_by("rank").values_list("pk", flat=True)[0])


def _query(stage: Stage, name: str) -> dict[str, Any]:
    queries: dict[str, dict[str, Any]] = {
        "events": {"subject_type": "pairings.pairing", "subject_id": stage.agreed.pk},
        "history": {"subject_type": "pairings.pairing", "subject_id": stage.agreed.pk},
        "agreement-prefill": {"kind": "ANNUAL", "year": YEAR, "pairing": stage.agreed.pk},
        "pairing-targets": {"year": YEAR},
        "join-code": {"uscc": FIRM["uscc"]},
        "join-alike": {"name": FIRM["name"]},
        "search": {"q": "隆化"},
    }
    return queries.get(name, {})


def _body(stage: Stage, name: str) -> dict[str, Any]:
    world = stage.world
    content = {key: value for key, value in POLICY.items() if key not in ("name", "note")}
    bodies: dict[str, dict[str, Any]] = {
        "session": {"username": "nobody", "password": "wrong"},
        "password": {"current": "wrong", "new": "wrong"},
        "policies": {**POLICY, "channel": world.channel.code},
        "policy-preview": {**content, "channel": world.channel.code},
        "runs": {"policy": world.policy.pk, "year": YEAR},
        "run-scenario": {"verb": "PIN", "helper": "120110", "recipient": "130825"},
        "run-scenario-adoption": {"reason": "两地商定"},
        "suggestion-decision": {"verdict": "REFUSED", "reason": "不合适"},
        "suggestion-notes": {"text": "待与两县商量"},
        "suggestion-second-look": {"step": "UNDO", "reason": "再议"},
        "run-assignments": {"suggestions": [_open_suggestion(stage)], "to": "second"},
        "run-publications": {"suggestions": [stage.accepted.pk]},
        "publication-taking-back": {"reason": "再商量"},
        "pairings": {
            "helper": world.governments["xiqing"].pk,
            "recipient": "130826",
            "channel": world.channel.code,
            "start_date": f"{YEAR}-01-01",
        },
        "pairing-acknowledgement": {"answer": "ACKNOWLEDGED"},
        "pairing-end": {"outcome": "ENDED", "end_date": f"{YEAR}-09-30", "reason": "上级调整"},
        "pairing-contacts": {"kind": "JOINT_MEETING", "contact_date": f"{YEAR}-05-01"},
        "contact-void": {"reason": "重复登记"},
        "sub-pairings": {
            "pairing": stage.agreed.pk,
            "kind": "SCHOOL",
            "helper_unit": "第二中学",
            "recipient_unit": "第二中学",
            "start_date": f"{YEAR}-03-01",
        },
        "sub-pairing-decision": {"step": "ACKNOWLEDGED"},
        "agreements": {**AGREEMENT, "kind": "VILLAGE", "pairing": stage.agreed.pk},
        "agreement": AGREEMENT,
        "agreement-copies": {"file": SimpleUploadedFile("scan.pdf", b"%PDF-1.7 again %%EOF")},
        "entry-files": {"file": SimpleUploadedFile("scan.pdf", b"%PDF-1.7 receipt %%EOF")},
        "agreement-decision": {"step": "SEND_BACK", "reason": "金额有误"},
        "agreement-signature": {"signatory_name": "某", "signatory_post": "某", "signed_date": f"{YEAR}-01-02"},
        "commitments": {
            "pairing": stage.agreed.pk,
            "kind": "SOCIAL_AID",
            "mode": "DIRECT",
            "year": YEAR,
            "title": "捐款",
            "amount_yuan": "5.00",
        },
        "commitment-arrivals": {"amount_yuan": "5.00", "occurred_date": f"{YEAR}-07-01"},
        "commitment-spendings": {"amount_yuan": "5.00", "occurred_date": f"{YEAR}-07-01"},
        "commitment-withdrawal": {"reason": "登记有误"},
        "entry-confirmation": {"answer": "CONFIRMED"},
        "join": {**FIRM, "area": "120110"},
        "profile": {name: FIRM[name] for name in ("kind", "name", "uscc", "area", "industry")},
        "registration-decision": {"step": "VERIFY"},
        "capabilities": {"capabilities": FIRM["capabilities"]},
        "capacities": {"capacities": [{"year": YEAR, "villages": 2}]},
        "invitations": {"role": "CENTRAL_UNIT", "display_name": "赵某"},
        "invitation-look": {"token": stage.token},
        "invitation-acceptance": {"token": stage.token, "username": "zhao", "password": FIRM["password"]},
        "merger": {"into": stage.users["unit"].party_id, "reason": "同一单位"},
        "contacts": {"contacts": [FIRM["contact"]]},
        "entry-acceptance": {"amount_yuan": "5.00", "occurred_date": f"{YEAR}-07-01", "evidence": "验收报告 1 号"},
        "entry-reversal": {"reason": "记错了"},
        "reversal-answer": {"agree": True},
        "discrepancy-explanation": {"explanation": "银行手续费"},
        "discrepancy-answer": {"agree": True},
        "posting-end": {"end_date": f"{YEAR}-12-01", "reason": "提前返回"},
        "projects": {**project_plan(stage), "pairing": stage.agreed.pk, "need": stage.works.lacking.pk},
        "project": project_plan(stage),
        "project-decision": {"step": "DECLINE", "reason": "先修路"},
        "project-result": {"quantity": "2.00", "note": "已通水"},
        "project-closing": works.ASSET,
        "project-allotments": {"entry": stage.works.arrival.pk, "amount_yuan": "5.00"},
        "digest": {"email": "", "wanted": False},
        "earmarks": {
            "commitment": stage.works.promise.pk,
            "need": stage.works.lacking.pk,
            "amount_yuan": "5.00",
        },
        "project-spendings": {
            "commitment": stage.works.promise.pk,
            "amount_yuan": "5.00",
            "occurred_date": f"{YEAR}-07-01",
        },
        "project-files": {"file": SimpleUploadedFile("scan.pdf", b"%PDF-1.7 work %%EOF")},
        "milestone-reached": {"done_date": f"{YEAR}-10-30"},
        "asset-correction": {**works.ASSET, "owner": "另一村", "reason": "填错"},
        "needs": {**NEED, "area": "130825"},
        "need": {**NEED, "reason": "按季度调整"},
        "need-decision": {"step": "MEET", "reason": "管网已通水"},
        "interests": {"area": world.areas["next_village"].code},
        "interest-withdrawal": {"reason": "另有安排"},
        "imports": {"listed": "needs", "file": SimpleUploadedFile("需求.csv", b"x")},
        "import-decision": {"step": "DISCARD"},
    }
    return bodies.get(name, {})


AGREEMENT = {
    "title": "协议",
    "start_date": f"{YEAR}-03-01",
    "end_date": f"{YEAR}-12-31",
    "clauses": [{"heading": "总则", "text": "互利"}],
    "targets": [],
}


def project_plan(stage: Stage) -> dict[str, Any]:
    return {
        **works.PLAN,
        "sources": [{"commitment": stage.works.promise.pk, "planned_yuan": "100.00"}],
        "milestones": [{"name": "通水", "due_date": f"{YEAR}-10-31"}],
    }


# What a request of these answers to those who get through, when it is not a success.
REACHED = {("POST", "run-cure"): 409, ("POST", "session"): 400, ("PUT", "password"): 400}


UPLOADS = ("agreement-copies", "entry-files", "imports", "project-files")


def _version(stage: Stage, name: str) -> int:
    """Of the record that the request is about, where it is no longer the first."""
    seen: dict[str, Any] = {
        "need": stage.published,
        "need-decision": stage.published,
        "pairing-end": stage.agreed,
        "agreement-decision": stage.offered,
        "agreement-signature": stage.offered,
        "agreement-revision": stage.signed,
        "registration-decision": stage.newcomer,
        "project-result": stage.works.underway,
        "project-closing": stage.works.completed,
        **dict.fromkeys(FIRMS_OWN, stage.users["firm"].party),
    }
    if name.startswith("import"):
        return stage.uploaded.version
    return int(seen[name].version) if name in seen else 1


def ask(stage: Stage, who: str | None, method: str, name: str) -> Any:
    """The answer; whatever the request changed is undone."""
    client = APIClient()
    client.force_authenticate(stage.users[who] if who else None)
    address = reverse(name, kwargs=_arguments(stage, method, name))
    with transaction.atomic():
        if method == "GET":
            response = client.get(address, _query(stage, name))
        else:
            headers = {"idempotency-key": uuid.uuid4().hex, "if-match": f'"{_version(stage, name)}"'}
            send = getattr(client, method.lower())
            form = "multipart" if name in UPLOADS else "json"
            response = send(address, _body(stage, name), format=form, headers=headers)
        transaction.set_rollback(True)
    return response


def refused(response: Any) -> bool:
    """No right (403), out of sight (404), or pointing at a record that is out of sight (400, "does not exist")."""
    if response.status_code == 400:
        return {error["code"] for error in response.json()["errors"]} == {"does_not_exist"}
    return response.status_code in (403, 404)


@pytest.mark.parametrize(("method", "name"), sorted(MATRIX), ids=lambda part: part)
def test_route_lets_through_whom_the_matrix_names_and_nobody_else(stage: Stage, method: str, name: str) -> None:
    rule = MATRIX[method, name]
    answers = {role: ask(stage, who, method, name) for role, who in WHO.items()}
    through = REACHED.get((method, name))
    for role, response in answers.items():
        status = response.status_code
        if role not in rule.roles:
            assert refused(response), f"{role}: {status}"
            assert not rule.hidden or status == 404, f"{role}: {status}"
        elif through:
            assert status == through, f"{role}: {status}"
        else:
            assert 200 <= status < 300, f"{role}: {status}"


@pytest.mark.parametrize(("method", "name"), sorted(MATRIX), ids=lambda part: part)
def test_route_asks_for_a_log_in_unless_it_is_public(stage: Stage, method: str, name: str) -> None:
    status = ask(stage, None, method, name).status_code
    if MATRIX[method, name].everyone:
        assert status == REACHED.get((method, name), status)
        assert status not in (401, 403, 404)
    else:
        assert status == 401


def _with_record() -> list[tuple[str, str]]:
    named = {pattern.name for path, pattern in _patterns(get_resolver()) if "<int:pk>" in path}
    return sorted((method, name) for method, name in MATRIX if name in named)


@pytest.mark.parametrize(("method", "name"), _with_record(), ids=lambda part: part)
def test_route_without_its_record_is_a_404_for_those_it_lets_through(stage: Stage, method: str, name: str) -> None:
    """Nothing answers 500, or differently, for a number that belongs to no record."""
    client = APIClient()
    role = next(iter(sorted(MATRIX[method, name].roles)))
    client.force_authenticate(stage.users[WHO[role]])
    for number in (0, 10**9, 10**30):
        address = reverse(name, kwargs={**_arguments(stage, method, name), "pk": number})
        headers = {"idempotency-key": uuid.uuid4().hex, "if-match": '"1"'}
        form = "multipart" if name in UPLOADS else "json"
        response = getattr(client, method.lower())(address, _body(stage, name), format=form, headers=headers)
        assert response.status_code == 404, number
