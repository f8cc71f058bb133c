"""Filters of suggestions under review, and of what hangs under a pairing."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from backend.pairings.decision_models import Decision
from backend.pairings.models import SubPairing
from backend.places.depth import Tier
from backend.places.models import Area, inside_code
from backend.runs.models import Suggestion
from backend.web.filters import AnyOf


def either_side(text: str) -> Q:
    """The condition that one side is called so: a helper by its name, either area as the register is searched."""
    areas = Area.objects.search(text)
    return Q(helper__name__icontains=text.strip()) | Q(recipient__in=areas) | Q(helper__area__in=areas)


class SuggestionFilter(django_filters.FilterSet):
    """Filters of the review; all may be combined."""

    state = django_filters.ChoiceFilter(choices=Suggestion.State.choices, label="状态")
    tier = django_filters.ChoiceFilter(choices=Tier.choices, label="贫困程度")
    decision = django_filters.ChoiceFilter(
        method="by_decision",
        choices=[
            ("OPEN", "待审阅"),
            ("AWAITS_SECOND", "等第二人复核"),
            ("PUBLISHED", "已发布"),
            *Decision.Verdict.choices,
        ],
        label="决定",
    )
    regret = django_filters.ChoiceFilter(
        method="by_regret",
        choices=[("NONE", "可无损替换"), ("SOME", "替换有代价"), ("INDISPENSABLE", "不可缺少")],
        label="不采纳的代价",
    )
    assigned = django_filters.ChoiceFilter(
        method="by_assignment", choices=[("MINE", "分派给我的"), ("NOBODY", "未分派的")], label="分派"
    )
    changed = django_filters.BooleanFilter(field_name="changed", label="与上次运行相比有变化")
    province = django_filters.CharFilter(method="by_province", label="受援省份代码")
    county = django_filters.CharFilter(method="by_province", label="受援县代码")
    helper_province = django_filters.CharFilter(method="by_helper_province", label="帮扶方省份代码")
    search = django_filters.CharFilter(method="by_search", label="任一方的名称、代码、拼音或首字母")

    class Meta:
        model = Suggestion
        fields = ["state", "tier"]

    def by_decision(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Still open, accepted (waiting for a second person, or to be published), published, or refused."""
        if value == "OPEN":
            return rows.filter(decision__isnull=True, state=Suggestion.State.FREE)
        if value == "REFUSED":
            return rows.filter(decision__verdict=value)
        if value == "AWAITS_SECOND":
            return rows.filter(Q(awaits_second=True, is_published=False))
        unpublished = Q(is_published=False, awaits_second=False)
        return rows.filter(
            Q(is_published=True) if value == "PUBLISHED" else unpublished, decision__verdict=Decision.Verdict.ACCEPTED
        )

    def by_regret(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Suggestions without which nothing, or something, is lost; or those that cannot be missed."""
        wanted = {"NONE": Q(regret=0), "SOME": Q(regret__gt=0), "INDISPENSABLE": Q(indispensable=True)}
        return rows.filter(wanted[value])

    def by_assignment(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Assigned to the log-in itself, or to nobody."""
        return rows.filter(Q(assignee=self.request.user.pk) if value == "MINE" else Q(assignee=None))

    def by_province(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Six-digit code of the recipient's province, or of any division below it."""
        return rows.filter(inside_code(value, "recipient"))

    def by_helper_province(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Six-digit code of the province where the helper has its seat."""
        return rows.filter(inside_code(value, "helper__area"))

    def by_search(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Name, code, pinyin or initials of either side."""
        return rows.filter(either_side(value))


class SubPairingFilter(django_filters.FilterSet):
    pairing = django_filters.NumberFilter(field_name="pairing_id", label="县级结对编号")
    kind = AnyOf(choices=SubPairing.Kind.choices, label="类别")
    status = AnyOf(choices=SubPairing.Status.choices, label="状态")

    class Meta:
        model = SubPairing
        fields: list[str] = []
