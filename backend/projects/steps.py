"""What a log-in may do with a project as it stands: for the verbs, for buttons and for the inbox."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices

from backend.accounts.models import User
from backend.pairings.models import Side
from backend.pairings.scopes import side_of
from backend.projects.models import Project
from backend.web.problems import Conflict, NotAllowed, Refusal, StaleStatus

Status = Project.Status


class Step(TextChoices):
    CHANGE = "CHANGE", "修改方案"
    CONSENT = "CONSENT", "同意"
    DECLINE = "DECLINE", "退回"
    START = "START", "登记开工"
    ALLOT = "ALLOT", "安排资金"
    SPEND = "SPEND", "记录支出"
    REACH = "REACH", "登记节点"
    ATTACH = "ATTACH", "上传照片和材料"
    REPORT = "REPORT", "填报完成情况"
    ACCEPT = "ACCEPT", "验收"
    CLOSE = "CLOSE", "结项并登记资产"
    CORRECT = "CORRECT", "更正资产"
    STOP = "STOP", "中止"


_MONEY = {Status.CONSENTED, Status.UNDERWAY, Status.COMPLETED}
_FROM = {
    Step.CHANGE: {Status.PROPOSED},
    Step.CONSENT: {Status.PROPOSED},
    Step.DECLINE: {Status.PROPOSED},
    Step.START: {Status.CONSENTED},
    Step.ALLOT: _MONEY,
    Step.SPEND: _MONEY,
    Step.REACH: {Status.UNDERWAY},
    Step.ATTACH: {Status.UNDERWAY, Status.COMPLETED},
    Step.REPORT: {Status.UNDERWAY},
    Step.ACCEPT: {Status.UNDERWAY},
    Step.CLOSE: {Status.COMPLETED},
    Step.CORRECT: {Status.CLOSED},
    Step.STOP: {Status.CONSENTED, Status.UNDERWAY},
}
_EITHER_SIDE = {Step.CONSENT, Step.DECLINE, Step.ATTACH}


def open_steps(project: Project, user: Any) -> list[Step]:
    """What this log-in may do now."""
    return [step for step in Step if isinstance(user, User) and _refusal(step, project, user) is None]


def allow(step: Step, project: Project, by: User) -> Side:
    """The side for which the log-in takes the step. Raises the refusal: StaleStatus when the project is past it,
    NotAllowed for the wrong side, Conflict for one person who would check their own work."""
    refusal = _refusal(step, project, by)
    side = side_of(by, project.pairing)
    if refusal is not None or side is None:
        raise refusal or NotAllowed(_not_yours(step))
    return side


def _refusal(step: Step, project: Project, user: User) -> Refusal | None:
    side = side_of(user, project.pairing)
    if side is None or (side != Side.RECIPIENT and step not in _EITHER_SIDE):
        return NotAllowed(_not_yours(step))
    if project.status not in _FROM[step]:
        return StaleStatus(f"项目现在的状态是“{project.get_status_display()}”，不能{step.label}")
    if step == Step.CHANGE and project.consents.all():
        return Conflict("已有一方同意，方案不能再改")
    if step == Step.CONSENT:
        return _no_consent(project, user, side)
    if step == Step.ACCEPT and project.reported_by_id is None:
        return Conflict("请先填报完成情况，再由另一位同事验收")
    if step == Step.ACCEPT and project.reported_by_id == user.pk:
        return Conflict("填报完成情况和验收不能是同一个人，请由另一位同事验收")
    return None


def _no_consent(project: Project, user: User, side: Side) -> Refusal | None:
    if any(consent.side == side for consent in project.consents.all()):
        return StaleStatus("本方已经同意，请刷新后查看")
    if project.proposed_by_id == user.pk:
        return Conflict("提出和审定不能是同一个人，请由另一位同事审定")
    return None


def _not_yours(step: Step) -> str:
    return f"只有{'结对双方' if step in _EITHER_SIDE else '受援县'}可以{step.label}"
