"""Events and their seals. Both tables are append-only: triggers refuse, and the application's role has no right to,
update or delete them."""

from __future__ import annotations

import pgtrigger
from django.db import models

from backend.lifecycle.triggers import append_only


class Event(models.Model):
    """Something that happened to a record: who did what, from which status to which, and why.

    The actor's name is stored as it was; there is no foreign key, because the record outlives accounts.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    verb = models.CharField(max_length=40)
    from_status = models.CharField(max_length=30, blank=True)
    to_status = models.CharField(max_length=30, blank=True)
    reason = models.TextField(blank=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"])]
        triggers = [
            append_only(),
            # The time is the database's: nobody can date an event back.
            pgtrigger.Trigger(
                name="stamped", when=pgtrigger.Before, operation=pgtrigger.Insert, func="NEW.at := now(); RETURN NEW;"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {self.verb}"


class EventSeal(models.Model):
    """The chain: `hash = sha256(prev_hash || canonical event)`, one seal per event, numbered without gaps.

    Written only by the deferred trigger `lifecycle_seal`, at commit, so that its order is the order of commits.
    """

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="seal")
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"#{self.seq}"
