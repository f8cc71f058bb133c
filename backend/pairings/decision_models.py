"""What coordinators decide about suggestions, and what a second person says of it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.lifecycle.triggers import append_only
from backend.pairings.decision_triggers import decided_and_undone_once, looked_at_by_another, undone_leaves_room
from backend.runs.models import Suggestion
from backend.web.problems import explain


class Decision(models.Model):
    """What a coordinator decided about one suggestion: `about` it for good, its `suggestion` while the decision stands.

    One decision stands at a time. An acceptance undone before it was published lets go of its suggestion and stays on
    record; nothing else about a decision ever changes.
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "ACCEPTED", "采纳"
        REFUSED = "REFUSED", "不采纳"

    about = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="decisions")
    suggestion = models.OneToOneField(Suggestion, on_delete=models.PROTECT, null=True, related_name="decision")
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="refusal_has_a_reason", condition=~Q(verdict="REFUSED") | ~Q(reason="")),
            models.CheckConstraint(
                name="decision_stands_for_its_suggestion", condition=Q(suggestion=None) | Q(suggestion=F("about"))
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete), decided_and_undone_once()]

    def __str__(self) -> str:
        return f"{self.about} {self.get_verdict_display()}"


explain("refusal_has_a_reason", "不采纳时请写明理由", field="reason", status=400)
explain("decision_let_go_only_when_undone", "决定已经留存，不能改动")


class SecondLook(models.Model):
    """What became of an acceptance before it was published: a second person confirmed it or sent it back, or whoever
    accepted it took it back. After the latter two the suggestion is undecided again."""

    class Outcome(models.TextChoices):
        CONFIRMED = "CONFIRMED", "复核通过"
        SENT_BACK = "SENT_BACK", "复核退回"
        TAKEN_BACK = "TAKEN_BACK", "本人收回"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="looks")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="undone_for_a_reason", condition=Q(outcome="CONFIRMED") | ~Q(reason="")),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(outcome="CONFIRMED"), name="acceptance_confirmed_once"
            ),
            models.UniqueConstraint(
                fields=["decision"], condition=~Q(outcome="CONFIRMED"), name="decision_undone_once"
            ),
        ]
        triggers = [append_only(), looked_at_by_another(), undone_leaves_room()]

    def __str__(self) -> str:
        return f"{self.decision} {self.get_outcome_display()}"


explain("undone_for_a_reason", "请写明理由，它会与原来的决定一起留存", field="reason", status=400)
explain("acceptance_confirmed_once", "这条采纳已经复核，请刷新后查看")
explain("decision_undone_once", "这条采纳已经退回或收回，请刷新后查看")
explain("second_look_at_what_stands", "只有还有效的采纳可以复核、退回或收回，请刷新后查看")
explain("second_look_by_another", "采纳和复核须由两个人完成，请由另一位协调员复核")
explain("taken_back_by_whoever_accepted", "只有采纳的本人可以收回；其他协调员请用“退回”")
explain("undone_before_publication", "这条建议已经发布，请先撤回发布的提议")
explain("published_after_a_second_look", "政策要求第二人复核，还没有复核的采纳不能发布")
