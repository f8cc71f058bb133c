"""The Celery application: it only carries wake-up calls; the job row is the truth of background work."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

app = Celery("xieshou")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()  # of every room: one left out would never do its work, and nobody would hear of it
