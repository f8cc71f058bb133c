"""A job as the rooms above show it beside what it works on."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.jobs import pace
from backend.jobs.models import Job
from backend.web.answers import Answer


class StageSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    at = serializers.DateTimeField()
    note = serializers.CharField()


class JobSerializer(Answer[Job]):
    stages = StageSerializer(many=True)
    seconds_left = serializers.SerializerMethodField()
    ahead = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id", "status", "stage", "progress", "stages", "attempts", "error", "seconds_left", "ahead",
            "cancel_requested_at", "created_at",
            "started_at", "finished_at",
        ]  # fmt: skip

    def get_seconds_left(self, job: Job) -> int | None:
        """As far as earlier jobs of the kind tell; null where they do not."""
        return pace.seconds_left(job)

    def get_ahead(self, job: Job) -> int | None:
        """How many jobs come before a waiting one."""
        line: pace.Line = self.context.setdefault("line", pace.Line())
        return line.ahead(job)
