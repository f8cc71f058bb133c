"""Files beside entries of the ledger."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.commitments.models.ledger import LedgerEntry
from backend.lifecycle.triggers import append_only
from backend.web.files import MEDIA_TYPES
from backend.web.problems import explain

MOST = 20


def _of_a_happening() -> pgtrigger.Trigger:
    """Both sides show what arrived, was spent or accepted; under the commitment's lock, so that twenty are twenty."""
    return pgtrigger.Trigger(
        name="of_a_happening",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("entry", "commitments_ledgerentry")],
        func=f"""
            SELECT * INTO entry FROM commitments_ledgerentry WHERE id = NEW.entry_id;
            PERFORM FROM commitments_commitment WHERE id = entry.commitment_id FOR NO KEY UPDATE;
            IF entry.stage = 'AGREED' OR entry.reverses_id IS NOT NULL THEN
                PERFORM commitments_refuse('nothing has happened yet', 'entry_file_of_a_happening');
            ELSIF commitments_side(NEW.by_id, entry.commitment_id) IS NULL THEN
                PERFORM commitments_refuse('brought by a stranger', 'entry_file_by_a_side');
            ELSIF (SELECT count(*) FROM commitments_entryfile WHERE entry_id = NEW.entry_id) >= {MOST} THEN
                PERFORM commitments_refuse('too many files', 'entry_files_at_most');
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (a number of our own)
    )


class EntryFile(models.Model):
    """A paper or photograph beside an arrival, a spending or an acceptance: never overwritten, its digest on record."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="files")
    name = models.CharField("文件名", max_length=160)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "sha256"], name="entry_file_once"),
            models.CheckConstraint(
                name="entry_file_of_a_known_type", condition=Q(media_type__in=MEDIA_TYPES, size__gt=0)
            ),
        ]
        triggers = [append_only(), _of_a_happening()]

    def __str__(self) -> str:
        return self.name


explain("entry_file_once", "这个文件已经上传过", field="file")
explain("entry_file_of_a_happening", "佐证材料附在到位、支出或验收之下", field="file")
explain("entry_file_by_a_side", "只有结对双方可以上传佐证材料")
explain("entry_files_at_most", f"每笔入账最多附 {MOST} 个文件", field="file")
