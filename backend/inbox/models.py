"""The daily letter: who does not want it, and to whom it went on which day."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class DigestOptOut(models.Model):
    """A row means: no daily letter to this account."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="digest_opt_out"
    )

    def __str__(self) -> str:
        return str(self.user_id)


class Digest(models.Model):
    """One letter a day and account, however often the work is asked for. No address, and nothing of what it said."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField()
    items = models.PositiveIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
