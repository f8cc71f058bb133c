"""Wiring: settings, urls, Celery and WSGI. The top room: it may import every other, and none imports it."""

from backend.config.celery import app as celery_app

__all__ = ["celery_app"]
