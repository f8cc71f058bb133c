"""Sessions in the database, as Django keeps them; finding one is worded once, since every request asks."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from backend.web.kept import Kept, Parameter

_SESSION = Kept(
    lambda: Session.objects.filter(
        session_key=Parameter("key", CharField()), expire_date__gt=Parameter("now", DateTimeField())
    )
)


class SessionStore(DatabaseStore):
    """`SESSION_ENGINE` names this module."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION(key=self.session_key, now=timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
        return found[0] if found else None
