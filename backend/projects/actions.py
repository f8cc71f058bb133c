"""Proposing a project from a need, consenting to it, starting, accepting, closing and stopping it.

Callers hold the project's row lock, except for `propose`. Every verb raises as `steps.allow`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from backend.accounts.models import User
from backend.lifecycle.actions import move, record
from backend.needs.models import Need
from backend.pairings.models import Pairing, Side
from backend.pairings.scopes import side_of
from backend.projects import money
from backend.projects.models import Asset, Consent, Milestone, Project, Source
from backend.projects.steps import Step, allow
from backend.web.problems import Invalid, NotAllowed

Status = Project.Status
CONTENT = ("construction_type", "responsible_unit", "start_date", "end_date", "participation")
Rows = Iterable[Mapping[str, Any]]


def propose(
    *, pairing: Pairing, need: Need, sources: Rows, milestones: Rows, by: User, **content: Any
) -> Project:  # fmt: skip
    """The county proposes to carry out a published need with money of a pairing.

    Raises NotAllowed for anybody but the recipient. The database refuses a need that is not published, of another
    county or already a project, a pairing that is not confirmed, and money that is not there or planned twice.
    """
    if side_of(by, pairing) != Side.RECIPIENT:
        raise NotAllowed("项目由受援县提出", field="pairing")
    with transaction.atomic():
        project = Project.objects.create(pairing=pairing, need=need, proposed_by=by, **content)
        _plan(project, sources, milestones)
        record(project, "proposed", by=by, to_status=project.status)
        return project


def change(*, project: Project, sources: Rows, milestones: Rows, by: User, **content: Any) -> None:
    """Word a proposal anew while nobody has agreed to it."""
    allow(Step.CHANGE, project, by)
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(
            **{name: content[name] for name in CONTENT}, proposed_by=by, version=F("version") + 1
        )
        project.sources.all().delete()
        project.milestones.all().delete()
        _plan(project, sources, milestones)
        record(project, "reworded", by=by)


def _plan(project: Project, sources: Rows, milestones: Rows) -> None:
    Source.objects.bulk_create([Source(project=project, **source) for source in sources])
    Milestone.objects.bulk_create([Milestone(project=project, **milestone) for milestone in milestones])


def consent(*, project: Project, by: User) -> Consent:
    """Agree for one's side; the second consent makes the project stand.

    The first leaves the version as it is: the plan is the one that the other side has before it.
    """
    side = allow(Step.CONSENT, project, by)
    with transaction.atomic():
        made = Consent.objects.create(project=project, side=side, by=by)
        record(project, "consented", by=by, payload={"side": side})
        if Consent.objects.filter(project=project).count() == len(Side):
            move(project, Status.CONSENTED, by=by, verb="agreed_by_both")
        return made


def decline(*, project: Project, reason: str, by: User) -> None:
    """Do not agree, or take the proposal back. Raises also Invalid without a reason."""
    allow(Step.DECLINE, project, by)
    words = _said(reason)
    move(project, Status.DECLINED, by=by, reason=words, end_reason=words)


def start(*, project: Project, by: User) -> None:
    """Work begins today."""
    allow(Step.START, project, by)
    move(project, Status.UNDERWAY, by=by, verb="started", started_date=timezone.localdate())


def stop(*, project: Project, reason: str, by: User) -> None:
    """Give the project up; what was allotted and not spent is free again. Raises also Invalid without a reason."""
    allow(Step.STOP, project, by)
    words = _said(reason)
    with transaction.atomic():
        money.return_surplus(project=project, reason=words, by=by)
        move(project, Status.STOPPED, by=by, reason=words, end_reason=words)


def report(*, project: Project, quantity: Decimal, beneficiaries: int | None, note: str, by: User) -> None:
    """Say once what was achieved, in the need's own unit, for a colleague to accept; until then it can be said anew."""
    allow(Step.REPORT, project, by)
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(
            result_quantity=quantity, result_beneficiaries=beneficiaries, result_note=note.strip(), reported_by=by,
            version=F("version") + 1,
        )  # fmt: skip
        record(project, "result_reported", by=by, payload={"quantity": str(quantity), "beneficiaries": beneficiaries})


def accept(*, project: Project, by: User) -> None:
    """A colleague accepts the result. The database refuses open milestones and a result that nothing shows."""
    allow(Step.ACCEPT, project, by)
    move(project, Status.COMPLETED, by=by, verb="accepted", accepted_by=by, completed_date=timezone.localdate())


def close(*, project: Project, by: User, **asset: Any) -> Asset:
    """Record the asset, worth what was accepted, and give back what was not spent.

    The database refuses while spending is not accepted, and a project of which nothing was.
    """
    allow(Step.CLOSE, project, by)
    with transaction.atomic():
        money.return_surplus(project=project, reason="结项结余", by=by)
        made = Asset.objects.create(project=project, by=by, value_yuan=0, **asset)
        made.refresh_from_db(fields=["value_yuan"])
        move(project, Status.CLOSED, by=by)
        record(project, "asset_recorded", by=by, payload=_told(made))
        return made


def correct(*, asset: Asset, reason: str, by: User, **content: Any) -> Asset:
    """Record an asset anew, beside what was wrong. Raises also Invalid without a reason."""
    allow(Step.CORRECT, asset.project, by)
    words = _said(reason)
    with transaction.atomic():
        made = Asset.objects.create(
            project=asset.project, corrects=asset, reason=words, by=by, value_yuan=asset.value_yuan, **content
        )
        record(asset.project, "asset_corrected", by=by, reason=words, payload=_told(made))
        return made


def _told(asset: Asset) -> dict[str, Any]:
    names = ("asset_class", "name", "owner", "maintainer")
    return {"asset": asset.pk, "value_yuan": str(asset.value_yuan), **{name: getattr(asset, name) for name in names}}


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid("请写明理由", field="reason")
    return reason.strip()


__all__ = [
    "accept", "change", "close", "consent", "correct", "decline", "propose", "report", "start", "stop",
]  # fmt: skip
