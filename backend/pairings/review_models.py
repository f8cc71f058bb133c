"""What coordinators do with the suggestions of a run beside deciding on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.lifecycle.triggers import append_only
from backend.pairings.decision_triggers import assigned_to_who_oversees_it
from backend.runs.models import Run, Suggestion
from backend.web.problems import explain


class Publication(models.Model):
    """Accepted suggestions of one run that were put to both sides together; they are its `pairings`."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="publications")
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.run} {self.at:%Y-%m-%d}"


class SuggestionNote(models.Model):
    """What a coordinator wants the others to know about a suggestion; it decides nothing and it stays."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="suggestion_note_says_something", condition=~Q(text=""))]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.suggestion}：{self.text}"


explain("suggestion_note_says_something", "批注不能为空", field="text", status=400)


class Assignment(models.Model):
    """Who is to review a suggestion: the newest says it, one `to` nobody leaves it open to all. A fact, not a lock."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="assignments")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        triggers = [append_only(), assigned_to_who_oversees_it()]

    def __str__(self) -> str:
        return f"{self.suggestion} → {self.to or '—'}"


explain("assigned_to_who_oversees_it", "只能分派给管理范围包含这条建议的协调员", field="to", status=400)
