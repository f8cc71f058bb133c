"""Requests that must have one effect however often they are sent."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """The first answer given to a key; written in the same transaction as the effect itself."""

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    route = models.CharField(max_length=500)
    body_sha256 = models.CharField(max_length=64)
    status_code = models.SmallIntegerField(null=True)
    response = models.TextField(null=True, help_text="JSON as it was sent; jsonb would reorder it")  # noqa: DJ001
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="one_answer_per_idempotency_key")]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.key}"
