"""Applying the cheapest cure of a conflict: the policy's next version with exceptions for the counties concerned; of
firms and villages, with lower bounds for all."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from backend.accounts.models import User
from backend.places.models import Area
from backend.programmes.actions import publish_policy
from backend.programmes.models import Policy
from backend.runs import actions
from backend.runs.models import Run
from backend.web.problems import Conflict

# What a version holds besides its number, its words and its maker.
_CONTENT = (
    "weights", "prefer_near", "helper_min", "helper_max", "share_evenly", "recipient_min", "recipient_max",
    "coverage_deep", "coverage_poor", "stability", "four_eyes",
)  # fmt: skip
NOTE = 1000  # characters


def apply_cure(*, run: Run, by: User) -> Run:
    """Publish the policy with the cure of this run's conflict as exceptions, and ask for a run under it.

    What the run was told by pins and bans is told to the new one. Raises Conflict for a run without a cure and where
    the policy has a newer version meanwhile, NotAllowed for whoever may not make policy.
    """
    cure = (run.conflict or {}).get("cure") if run.status == Run.Status.INFEASIBLE else None
    if not cure:
        raise Conflict("这次运行没有可以应用的放宽办法")
    if not cure["changes"]:
        raise Conflict("冲突只来自必须保留的结对或固定，放宽上下限不能消除，请先处理这些结对")
    old = run.policy
    with transaction.atomic():
        policy = publish_policy(
            channel=run.channel,
            based_on=old.version,
            by=by,
            name=old.name,
            note=_note(run, cure),
            exceptions=excepted(old, cure),
            **{name: getattr(old, name) for name in _CONTENT} | _for_all(cure),
        )
        return actions.repeat(run=run, policy=policy, by=by)


def _note(run: Run, cure: dict[str, Any]) -> str:
    said = f"为消除第 {run.pk} 次运行的条件冲突：" + "；".join(change["zh"] for change in cure["changes"])
    return said if len(said) <= NOTE else f"{said[: NOTE - 1]}…"


def _for_all(cure: dict[str, Any]) -> dict[str, int]:
    """The policy's own bounds that change."""
    return {f"{one['side'].lower()}_{one['end']}": one["to"] for one in cure["changes"] if not one["code"]}


def excepted(policy: Policy, cure: dict[str, Any]) -> list[dict[str, Any]]:
    """The policy's exceptions with the cure's bounds in them."""
    changes = [change for change in cure["changes"] if change["code"]]
    codes = {change["code"] for change in changes}
    areas = {area.code: area for area in Area.objects.current().filter(code__in=codes)}
    found: dict[tuple[str, int], dict[str, Any]] = {
        (one.side, one.area_id): {"side": one.side, "area": one.area, "min": one.min, "max": one.max}
        for one in policy.exceptions.select_related("area")
    }
    for change in changes:
        area = areas[change["code"]]
        blank = {"side": change["side"], "area": area, "min": None, "max": None}
        found.setdefault((change["side"], area.pk), blank)[change["end"]] = change["to"]
    return list(found.values())
