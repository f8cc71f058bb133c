"""A job as the rooms above show it beside what it works on."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.jobs.models import Job


class StageSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    at = serializers.DateTimeField()
    note = serializers.CharField()


class JobSerializer(serializers.ModelSerializer[Job]):
    stages = StageSerializer(many=True)

    class Meta:
        model = Job
        fields = [
            "id", "status", "stage", "progress", "stages", "attempts", "error", "cancel_requested_at", "created_at",
            "started_at", "finished_at",
        ]  # fmt: skip
