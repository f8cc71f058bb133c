"""Proposing, reviewing, publishing, returning, correcting and adjusting needs.

Callers hold the need's row lock, except for `propose`, `propose_all` and `withdraw_all`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, TextChoices
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.scopes import governed_area
from backend.lifecycle.actions import move, move_all, record, record_all
from backend.needs.models import Need
from backend.places.models import Area
from backend.places.naming import spelling
from backend.web.copying import create_all
from backend.web.problems import Conflict, Invalid, NotAllowed

Level, Status = Area.Level, Need.Status
_BATCH = 1000  # needs a statement

# What a correction or an adjustment may touch; the place stays, or it would be another need.
CONTENT = (
    "title", "detail", "category", "causes", "quantity", "unit", "cost_yuan", "deadline_date", "performance_target",
    "benefit_link", "beneficiaries",
)  # fmt: skip


class Step(TextChoices):
    """What can be done with a need once it is there."""

    REVIEW = "REVIEW", "审核"
    PUBLISH = "PUBLISH", "审定公布"
    SEND_BACK = "SEND_BACK", "退回"
    CHANGE = "CHANGE", "修改"
    MEET = "MEET", "确认已满足"
    WITHDRAW = "WITHDRAW", "撤回"


_FROM = {
    Step.REVIEW: {Status.PROPOSED},
    Step.PUBLISH: {Status.PROPOSED, Status.REVIEWED},
    Step.SEND_BACK: {Status.PROPOSED, Status.REVIEWED},
    Step.CHANGE: {Status.PROPOSED, Status.REVIEWED, Status.RETURNED, Status.PUBLISHED},
    Step.MEET: {Status.PUBLISHED},
    Step.WITHDRAW: {Status.PROPOSED, Status.REVIEWED, Status.RETURNED, Status.PUBLISHED},
}


def propose(*, area: Area, by: User, **content: Any) -> Need:
    """Enter a need of `area` into the project library; it is public once the county has published it.

    Raises NotAllowed for anybody but those who govern the place or a place around it, Invalid for a deadline that has
    passed.
    """
    if not _governs(by, area):
        raise NotAllowed(f"您不能替{area.full_name}提出需求", field="area")
    _in_time(content["deadline_date"])
    with transaction.atomic():
        need = Need.objects.create(area=area, proposed_by=by, is_demo=by.is_demo, **content)
        record(need, "proposed", by=by, to_status=need.status)
        return need


def propose_all(*, needs: Sequence[Need], by: User, origin: dict[str, Any], tell: Callable[[int], None]) -> list[int]:
    """Enter many needs that `propose` would take, each with its event, which carries `origin`; their keys in order.

    The caller has checked them and holds the transaction: all of them or none. `tell` hears how many are done.
    """
    keys: list[int] = []
    for start in range(0, len(needs), _BATCH):
        batch = needs[start : start + _BATCH]
        for need in batch:
            need.proposed_by, need.is_demo = by, by.is_demo
        made = [need.pk for need in create_all(batch)]
        record_all(Need, made, "proposed", by=by, to_status=Status.PROPOSED, payload=origin)
        keys += made
        tell(len(keys))
    return keys


def withdraw_all(*, keys: Sequence[int], by: User, reason: str, tell: Callable[[int], None]) -> None:
    """Take back needs of one's own that nobody has touched since they were proposed. Raises StaleStatus otherwise."""
    with transaction.atomic():
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            move_all(Need, batch, Status.PROPOSED, Status.WITHDRAWN, version=1, by=by, verb="withdrawn", reason=reason)
            tell(start + len(batch))


def review(*, need: Need, by: User) -> None:
    """The township vouches for the need of one of its villages. Raises as every step (`_allow`)."""
    _allow(Step.REVIEW, need, by)
    move(need, Status.REVIEWED, by=by, reviewed_by=by)


def publish(*, need: Need, by: User) -> None:
    """The county approves and publishes, by somebody other than who proposed. Raises as every step, and Invalid when
    the deadline has passed meanwhile."""
    _allow(Step.PUBLISH, need, by)
    _in_time(need.deadline_date)
    move(need, Status.PUBLISHED, by=by, approved_by=by, published_at=timezone.now())


def send_back(*, need: Need, reason: str, by: User) -> None:
    """Return a need to whoever proposed it, saying what is wrong. Raises as every step, Invalid without a reason."""
    _allow(Step.SEND_BACK, need, by, reason)
    move(need, Status.RETURNED, by=by, reason=reason.strip(), reviewed_by=None)


def withdraw(*, need: Need, reason: str, by: User) -> None:
    """Take a need back for good. Raises as every step, Invalid without a reason."""
    _allow(Step.WITHDRAW, need, by, reason)
    move(need, Status.WITHDRAWN, by=by, reason=reason.strip())


def meet(*, need: Need, reason: str, by: User) -> None:
    """The county says that the need is met, and how. Raises as every step, Invalid without a reason."""
    _allow(Step.MEET, need, by, reason)
    move(need, Status.MET, by=by, reason=reason.strip())


def change(*, need: Need, reason: str = "", by: User, **content: Any) -> None:
    """Correct a need that is not public yet, or adjust one that is, as counties do every quarter.

    What was returned or reviewed is thereby proposed anew, by whoever changed it. Raises as every step, Invalid for a
    published need without a reason and for a deadline that has passed.
    """
    public = need.status == Status.PUBLISHED
    _allow(Step.CHANGE, need, by, reason if public else None)
    _in_time(content["deadline_date"])
    changed = {name: content[name] for name in CONTENT if getattr(need, name) != content[name]}
    told = {name: [_plain(getattr(need, name)), _plain(value)] for name, value in changed.items()}
    with transaction.atomic():
        if need.status == Status.REVIEWED:
            move(need, Status.RETURNED, by=by, reason="修改后须重新审核", reviewed_by=None)
        if need.status == Status.RETURNED:
            move(need, Status.PROPOSED, by=by)
        if "title" in changed:
            changed["pinyin"], changed["initials"] = spelling(changed["title"])
        mine = {} if public else {"proposed_by": by}  # whoever words it does not approve it
        Need.objects.filter(pk=need.pk).update(**changed, **mine, version=F("version") + 1)
        record(need, "adjusted" if public else "corrected", by=by, reason=reason.strip(), payload=told)


def take(step: str, *, need: Need, reason: str = "", by: User) -> None:
    """Take a step by its name; `change` is not among them, since it needs content."""
    if step == Step.REVIEW:
        review(need=need, by=by)
    elif step == Step.PUBLISH:
        publish(need=need, by=by)
    else:
        {Step.SEND_BACK: send_back, Step.MEET: meet, Step.WITHDRAW: withdraw}[Step(step)](
            need=need, reason=reason, by=by
        )


def open_steps(need: Need, user: Any) -> list[Step]:
    """What this log-in may do with the need as it stands."""
    if not isinstance(user, User) or not _governs(user, need.area):
        return []  # whoever has a word in it governs the place, or one around it
    # Most steps are past: no refusal is put into words that nobody reads.
    return [step for step in Step if need.status in _FROM[step] and _refusal(step, need, user) is None]


# --- who may --------------------------------------------------------------------------------------------------------


def _allow(step: Step, need: Need, by: User, reason: str | None = None) -> None:
    """Raises Conflict when the need is past the step, NotAllowed for the wrong government, Conflict for the proposer's
    own approval, Invalid when a reason is due and missing."""
    refusal = _refusal(step, need, by)
    if refusal is not None:
        raise refusal
    if reason is not None and not reason.strip():
        raise Invalid(f"{step.label}时请写明理由", field="reason")


def _refusal(step: Step, need: Need, by: User) -> Conflict | NotAllowed | None:
    village = need.area.level == Level.VILLAGE
    if need.status not in _FROM[step] or (step == Step.REVIEW and not village):
        return Conflict(f"这条需求的状态是“{need.get_status_display()}”，不能{step.label}")
    if not _governs(by, _authority(step, need)):
        return NotAllowed(f"您不能{step.label}{need.area.full_name}的需求")
    if step == Step.PUBLISH and village and need.status != Status.REVIEWED:
        return Conflict("村级需求须先经乡镇审核，再由县级审定")
    if step == Step.PUBLISH and need.proposed_by_id == by.pk:
        return Conflict("提出和审定不能是同一个人，请由另一位同事审定")
    return None


def _authority(step: Step, need: Need) -> Area:
    """Whose word the step is: the place's own, its township's, or its county's."""
    if step == Step.REVIEW or (step == Step.SEND_BACK and need.area.level == Level.VILLAGE):
        return up_to(Level.TOWNSHIP, need.area)
    county = step in (Step.PUBLISH, Step.MEET, Step.SEND_BACK) or need.status == Status.PUBLISHED
    return up_to(Level.COUNTY, need.area) if county else need.area


def up_to(level: Area.Level, area: Area) -> Area:
    """The place itself or the one around it, whichever is of that level."""
    while area.level != level and area.parent is not None:
        area = area.parent
    return area


def _governs(by: User, area: Area) -> bool:
    """Whether the log-in acts for the government of `area`, or of a place around it up to the county."""
    own = governed_area(by) if by.role == Role.RECIPIENT else None
    at: Area | None = area
    while own is not None and at is not None:
        if own.pk == at.pk:
            return True
        at = at.parent if at.level != Level.COUNTY else None
    return False


def _in_time(deadline_date: Any) -> None:
    if deadline_date < timezone.localdate():
        raise Invalid("期限不能早于今天", field="deadline_date")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, list) else str(value)


__all__ = [
    "Step", "change", "meet", "open_steps", "propose", "propose_all", "publish", "review", "send_back", "take",
    "withdraw", "withdraw_all",
]  # fmt: skip
