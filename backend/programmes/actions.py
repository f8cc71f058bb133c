"""Making a new version of a policy, and knowing which year a channel works in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.lifecycle.actions import record
from backend.parties.models import Party
from backend.programmes.models import COUNTY_PAIRING, Channel, Policy, PolicyException, RegionPair
from backend.web.problems import Conflict, Invalid, NotAllowed


def publish_policy(
    *,
    channel: Channel,
    based_on: int | None,
    exceptions: Iterable[Mapping[str, Any]] = (),
    by: User | None,
    **content: Any,
) -> Policy:
    """Store the next version of a channel's policy, which holds for the whole country.

    `based_on` is the version the editor saw, `exceptions` hold {side, area, min, max}. Raises Conflict when a newer one
    exists meanwhile, Invalid for a channel that the matcher may not touch, for weights that do not sum to 100 and for
    coverage values that increase, NotAllowed for anybody who oversees less than the country. `by` None is the platform
    itself, loading the first version.
    """
    if by is not None and require_role(by, Role.COORDINATOR, to="修改匹配政策").region_id is not None:
        raise NotAllowed("匹配政策对全国有效，只有全国协调员可以修改")
    if not channel.matchable:
        raise Invalid(f"{channel.name_zh}的结对关系由{channel.fixed_by}确定，系统不提出建议", field="channel")
    _check(channel, content)
    with transaction.atomic():
        newest = Policy.objects.filter(channel=channel).aggregate(newest=Max("version"))["newest"] or 0
        if based_on is not None and based_on != newest:
            raise Conflict(f"您修改的是第 {based_on} 版，现在已是第 {newest} 版，请在新版基础上修改", field="based_on")
        policy = Policy.objects.create(channel=channel, version=newest + 1, created_by=by, **content)
        PolicyException.objects.bulk_create(PolicyException(policy=policy, **one) for one in exceptions)
        record(policy, "published", by=by, payload={"version": policy.version, "based_on": based_on})
        return policy


def _check(channel: Channel, content: dict[str, Any]) -> None:
    weights = content["weights"]
    unknown = sorted(set(weights) - set(channel.reasons.values))
    if unknown:
        raise Invalid(f"没有这项理由：{'、'.join(unknown)}", field="weights")
    if any(isinstance(one, bool) or not isinstance(one, int) or not 0 <= one <= 100 for one in weights.values()):
        raise Invalid("各项权重应为 0 到 100 的整数", field="weights")
    if sum(weights.values()) != 100:
        raise Invalid(f"各项权重之和应为 100%，现在是 {sum(weights.values())}%", field="weights")
    for field in ("coverage_deep", "coverage_poor"):
        values = content[field]
        if values != sorted(values, reverse=True):
            raise Invalid("覆盖价值应从第 1 个帮扶方起逐个不增", field=field)
    for side in ("helper", "recipient"):
        if content[f"{side}_min"] > content[f"{side}_max"]:
            raise Invalid("下限不能大于上限", field=f"{side}_min")


def working_year(channel: Channel) -> int:
    """The latest year in which the channel's region pairs are in force: the year new pairings are made for.

    Raises Conflict while there are none.
    """
    latest = latest_framed_year(channel)
    if latest is None:
        raise Conflict("还没有录入省市间的协作关系，无法提出建议", field="channel")
    return latest


def latest_framed_year(channel: Channel) -> int | None:
    """The same, None while there are no region pairs. Firms help inside those of the county pairs."""
    frame = channel.code if Party.Kind.GOVERNMENT in channel.helper_kinds else COUNTY_PAIRING
    newest = RegionPair.objects.filter(channel__code=frame).aggregate(end=Max("valid_to"), start=Max("valid_from"))
    return max((date.year for date in newest.values() if date is not None), default=None)
