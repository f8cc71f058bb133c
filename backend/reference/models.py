"""Which state of the reference files the database holds."""

from __future__ import annotations

from django.db import models


class Load(models.Model):
    """One completed load: the digest of what was read, and what it changed, by table."""

    digest = models.CharField(max_length=64)
    changes = models.JSONField()
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "基础数据装载"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.loaded_at:%Y-%m-%d %H:%M}"
