"""Drafting, offering, signing, revising and voiding agreements.

Callers hold the row locks: of the pairing first, where there is one, then of the agreement.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, TextChoices

from backend.accounts.models import Role, User
from backend.agreements.kinds import Signatory, signatories
from backend.agreements.models import Agreement, Signature, Target
from backend.agreements.scopes import signatory_of
from backend.lifecycle.actions import move, record
from backend.pairings.models import Pairing, Side
from backend.pairings.scopes import side_of
from backend.parties.models import Party
from backend.web.problems import Conflict, Invalid, NotAllowed, StaleStatus

Status = Agreement.Status
CONTENT = ("title", "start_date", "end_date", "clauses")


class Step(TextChoices):
    """What can be done with an agreement once it is there."""

    CHANGE = "CHANGE", "修改"
    OFFER = "OFFER", "提交签署"
    SEND_BACK = "SEND_BACK", "退回修改"
    SIGN = "SIGN", "签署"
    REVISE = "REVISE", "重新起草"
    VOID = "VOID", "作废"


_FROM = {
    Step.CHANGE: {Status.DRAFT},
    Step.OFFER: {Status.DRAFT},
    Step.SEND_BACK: {Status.OFFERED},
    Step.SIGN: {Status.OFFERED},
    Step.REVISE: {Status.SIGNED},
    Step.VOID: {Status.DRAFT, Status.OFFERED, Status.SIGNED},
}


def draft(
    *,
    pairing: Pairing | None,
    unit: Party | None,
    kind: str,
    targets: Iterable[Mapping[str, Any]],
    by: User,
    **content: Any,
) -> Agreement:
    """Begin an agreement; only the drafting side sees it until it is offered.

    Raises NotAllowed for anybody who is on neither side (for a letter: who does not act for the unit). The database
    refuses a pairing that is not agreed, a period beyond it, and a second draft for the same period.
    """
    side = side_of(by, pairing) if pairing else Side.HELPER if unit and by.party_id == unit.pk else None
    if side is None:
        raise NotAllowed("只有协议的签署方可以起草")
    with transaction.atomic():
        agreement = Agreement.objects.create(
            pairing=pairing, unit=unit, kind=kind, drafted_by_side=side, drafted_by=by, **content
        )
        _write(agreement, targets)
        record(agreement, "drafted", by=by, to_status=agreement.status)
        return agreement


def change(*, agreement: Agreement, targets: Iterable[Mapping[str, Any]], by: User, **content: Any) -> None:
    """Reword a draft. Raises as every step (`_allow`)."""
    _allow(Step.CHANGE, agreement, by)
    with transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(
            **{name: content[name] for name in CONTENT}, version=F("version") + 1
        )
        agreement.targets.all().delete()
        _write(agreement, targets)
        record(agreement, "reworded", by=by)


def _write(agreement: Agreement, targets: Iterable[Mapping[str, Any]]) -> None:
    Target.objects.bulk_create([Target(agreement=agreement, **target) for target in targets])


def offer(*, agreement: Agreement, by: User) -> None:
    """Put a draft to both sides for signature; its words are frozen from here on. Raises as every step, Invalid for an
    agreement that says nothing."""
    _allow(Step.OFFER, agreement, by)
    if not agreement.clauses and not agreement.targets.exists():
        raise Invalid("协议没有条款也没有目标，不能提交签署", field="clauses")
    move(agreement, Status.OFFERED, by=by, round=agreement.round + 1)
    _tell_the_pairing(agreement, "agreement_offered", by)


def send_back(*, agreement: Agreement, reason: str, by: User) -> None:
    """Make an offer a draft again; signatures under it count no more. Raises as every step, Invalid without reason."""
    _allow(Step.SEND_BACK, agreement, by)
    move(agreement, Status.DRAFT, by=by, verb="sent_back", reason=_said(reason))


def sign(
    *, agreement: Agreement, signatory_name: str, signatory_post: str, signed_date: dt.date, by: User
) -> Signature:
    """Sign for one's side. The second signature concludes the agreement, supersedes the one it revises, and brings an
    agreed pairing into force; exactly once, since callers are put in order by the row lock.

    Raises as every step, StaleStatus for a side that signed before.
    """
    side = _allow(Step.SIGN, agreement, by)
    signed = agreement.signatures.filter(round=agreement.round)
    with transaction.atomic():
        signature = Signature.objects.create(
            agreement=agreement,
            round=agreement.round,
            side=side,
            signatory_name=signatory_name.strip(),
            signatory_post=signatory_post.strip(),
            signed_date=signed_date,
            content_sha256=digest(agreement),
            by=by,
        )
        record(agreement, f"{str(side).lower()}_signed", by=by, payload={"signatory": signature.signatory_name})
        if signed.count() == len(signatories(agreement.kind)):
            _conclude(agreement, max(one.signed_date for one in signed), by)
    return signature


def _conclude(agreement: Agreement, day: dt.date, by: User) -> None:
    if agreement.supersedes is not None:
        move(agreement.supersedes, Status.SUPERSEDED, by=by)
    move(agreement, Status.SIGNED, by=by, signed_date=day)
    _tell_the_pairing(agreement, "agreement_signed", by)
    if agreement.pairing is not None and agreement.pairing.status == Pairing.Status.AGREED:
        move(agreement.pairing, Pairing.Status.IN_FORCE, by=by)


def revise(*, agreement: Agreement, by: User) -> Agreement:
    """Begin a draft from a signed agreement, to supersede it. Raises as every step."""
    _allow(Step.REVISE, agreement, by)
    content = {name: getattr(agreement, name) for name in CONTENT}
    targets = agreement.targets.values("indicator", "quantity", "note")
    return draft(
        pairing=agreement.pairing, unit=agreement.unit, kind=agreement.kind, targets=targets, supersedes=agreement,
        by=by, **content,
    )  # fmt: skip


def void(*, agreement: Agreement, reason: str, by: User) -> None:
    """Take an agreement back for good. Raises as every step, Invalid without a reason."""
    _allow(Step.VOID, agreement, by)
    words = _said(reason)
    move(agreement, Status.VOID, by=by, reason=words, void_reason=words)
    if agreement.signed_date:
        _tell_the_pairing(agreement, "agreement_voided", by)


def digest(agreement: Agreement) -> str:
    """SHA-256 of what is signed: parties, kind, period, words and figures."""
    content = {
        "kind": agreement.kind,
        "pairing": agreement.pairing_id,
        "unit": agreement.unit_id,
        **{name: str(getattr(agreement, name)) for name in ("title", "start_date", "end_date")},
        "clauses": agreement.clauses,
        "targets": [[one.indicator, str(one.quantity), one.note] for one in agreement.targets.all()],
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _tell_the_pairing(agreement: Agreement, verb: str, by: User) -> None:
    """The life of a pairing is read off the pairing's own events."""
    if agreement.pairing is not None:
        record(agreement.pairing, verb, by=by, payload={"agreement": agreement.pk, "title": agreement.title})


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid("请写明理由", field="reason")
    return reason.strip()


# --- who may --------------------------------------------------------------------------------------------------------


def open_steps(agreement: Agreement, user: Any) -> list[Step]:
    """What this log-in may do with the agreement as it stands."""
    return [step for step in Step if isinstance(user, User) and _refusal(step, agreement, user) is None]


def _allow(step: Step, agreement: Agreement, by: User) -> Signatory:
    """For whom the log-in takes the step; the leading group where it is an overseer of both. Raises the refusal."""
    refusal = _refusal(step, agreement, by)
    if refusal is not None:
        raise refusal
    return signatory_of(by, agreement) or Signatory.AUTHORITY


def _refusal(step: Step, agreement: Agreement, user: User) -> Conflict | NotAllowed | StaleStatus | None:
    if agreement.status not in _FROM[step]:
        return StaleStatus(f"协议现在的状态是“{agreement.get_status_display()}”，不能{step.label}")
    mine = signatory_of(user, agreement)
    if step == Step.VOID and agreement.status == Status.SIGNED:
        overseer = user.role == Role.COORDINATOR
        return None if overseer else NotAllowed("双方签署的协议只能由协调员作废，或由新协议取代")
    if mine is None:
        return NotAllowed(f"只有协议的签署方可以{step.label}")
    drafting = step in (Step.CHANGE, Step.OFFER, Step.VOID)
    if drafting and mine != agreement.drafted_by_side:
        return NotAllowed(f"协议由对方起草，应由对方{step.label}")
    if step == Step.REVISE and mine == Signatory.AUTHORITY:
        return NotAllowed("责任书由单位起草")
    if step == Step.SIGN and agreement.signatures.filter(round=agreement.round, side=mine).exists():
        return StaleStatus("本方已经签署，请刷新后查看")
    return None


__all__ = ["Step", "change", "digest", "draft", "offer", "open_steps", "revise", "send_back", "sign", "void"]
