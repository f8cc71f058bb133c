"""Two records of one party become one: everything that points at the duplicate points at the survivor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.joining.actions import registration_of
from backend.joining.models import Registration
from backend.joining.references import references
from backend.joining.scopes import known
from backend.lifecycle.actions import move, record
from backend.parties.models import Capability, Party, YearCapacity
from backend.web.problems import Conflict, Invalid, NotAllowed, constraint_of, from_integrity_error

# What both may have said of themselves: the survivor's word stays, the duplicate's stays with the duplicate.
_ONE_PER_AREA = (Party.Kind.GOVERNMENT, Party.Kind.FEDERATION)
_OWN_WORD: dict[type[models.Model], tuple[str, ...]] = {Capability: ("category", "mode"), YearCapacity: ("year",)}


def merge(
    *, duplicate: Party, survivor: Party, reason: str, by: User, check: Callable[[Party], None] | None = None
) -> Party:
    """Make `duplicate` a record that only says: see `survivor`. Both rows are locked here, in the order of their keys.

    The duplicate keeps its name and code, which lead to the survivor. Frozen records (suggestions of a run, events,
    history) stay as they were written. The event lists every row that was moved, so that it can be undone by hand.
    `check` is asked about the duplicate once it is locked.

    Raises Invalid without a reason or for two that cannot be one, NotAllowed outside of one's region, Conflict naming
    the rule that the union would break; then nothing has moved.
    """
    require_role(by, Role.COORDINATOR, Role.ADMINISTRATOR, to="合并单位")
    if not reason.strip():
        raise Invalid("合并时请写明依据", field="reason")
    with transaction.atomic():
        list(Party.objects.select_for_update().filter(pk__in=[duplicate.pk, survivor.pk]).order_by("pk"))
        duplicate.refresh_from_db()
        survivor.refresh_from_db()
        if check:
            check(duplicate)
        _may_be_one(duplicate, survivor, by)
        moved = _move_references(duplicate, survivor)
        registration = registration_of(duplicate)
        if registration:
            move(registration, Registration.Status.MERGED, by=by, reason=reason.strip())
        Party.objects.filter(pk=duplicate.pk).update(merged_into=survivor, version=F("version") + 1)
        took_code = _take_code(duplicate, survivor)
        told = {"from": duplicate.pk, "into": survivor.pk, "moved": moved, "took_code": took_code}
        for party, verb in ((duplicate, "merged_away"), (survivor, "merged_with")):
            record(registration_of(party) or party, verb, by=by, reason=reason.strip(), payload=told)
    duplicate.refresh_from_db()
    survivor.refresh_from_db()
    return survivor


def may_merge(party: Party, user: Any) -> bool:
    """Whether the log-in may look for the record that this one is a duplicate of."""
    mergeable = party.kind not in _ONE_PER_AREA and party.merged_into_id is None
    return mergeable and getattr(user, "role", None) in (Role.COORDINATOR, Role.ADMINISTRATOR)


def _may_be_one(duplicate: Party, survivor: Party, by: User) -> None:
    if duplicate.pk == survivor.pk:
        raise Invalid("不能并入自己", field="into")
    if duplicate.kind != survivor.kind or duplicate.is_demo != survivor.is_demo:
        raise Invalid("只能合并同一类别的单位，演示单位不能与真实单位合并", field="into")
    if duplicate.merged_into_id or survivor.merged_into_id:
        raise Conflict("其中一个单位已经并入别的单位，请刷新后再试")
    if duplicate.kind in _ONE_PER_AREA:
        raise Invalid("政府和工商联一地只有一个，不能合并；区划变更请由数据维护处理", field="into")
    if not survivor.in_good_standing:
        raise Conflict(f"{survivor.name}还没有核实，不能并入", field="into")
    if by.role == Role.COORDINATOR and Party.objects.filter(known(by), pk__in=[duplicate.pk, survivor.pk]).count() < 2:
        raise NotAllowed("两个单位都要在您的管理范围之内，才能合并")


def _move_references(duplicate: Party, survivor: Party) -> dict[str, list[Any]]:
    """Point each at the survivor; return which rows were moved, by model and field."""
    moved: dict[str, list[Any]] = {}
    for field in references(frozen=False):
        model = field.model
        rows = model._default_manager.filter(**{field.name: duplicate})
        if model in _OWN_WORD:
            for said in model._default_manager.filter(**{field.name: survivor}).values(*_OWN_WORD[model]):
                rows = rows.exclude(**said)
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if keys:
            _point(model._default_manager.filter(pk__in=keys), field.name, survivor)
            moved[f"{model._meta.label_lower}.{field.name}"] = keys
    return moved


def _point(rows: models.QuerySet[Any], field: str, survivor: Party) -> None:
    try:
        with transaction.atomic():
            rows.update(**{field: survivor})
    except IntegrityError as error:
        said = from_integrity_error(error)
        words = said.detail if said else str(error)
        what = rows.model._meta.verbose_name
        raise Conflict(
            f"合并之后会违反一条规则（{constraint_of(error)}）：{words}。请先处理两个单位重复的{what}，再合并",
            field="into",
            code="would_break",
        ) from None


def _take_code(duplicate: Party, survivor: Party) -> bool:
    """A survivor without a code takes the duplicate's, which is no longer in the way."""
    if survivor.uscc or not duplicate.uscc:
        return False
    return bool(Party.objects.filter(pk=survivor.pk).update(uscc=duplicate.uscc, version=F("version") + 1))
