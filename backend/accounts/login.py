"""Who may log in, from where, and what happens after too many wrong passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.db.models import BigIntegerField
from django.http import HttpRequest, JsonResponse

from backend.accounts.models import User
from backend.web.kept import Kept, Parameter
from backend.web.problems import CONTENT_TYPE, problem

_USER = Kept(lambda: User.objects.select_related("region", "party__area").filter(pk=Parameter("pk", BigIntegerField())))


class Accounts(ModelBackend):
    """Log-in by name and password; demonstration accounts, whose password is public, only where DEMO is on."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMO or not user.is_demo)

    def get_user(self, user_id: int) -> User | None:
        """With what every scope asks of a log-in, its organisation and its region, in one query."""
        user = next(iter(_USER(pk=user_id)), None)
        return user if user and self.user_can_authenticate(user) else None


def client_address(request: HttpRequest) -> str:
    """The address of the browser: the connection's own, or the one our PROXY_COUNT proxies saw.

    Whatever the browser itself wrote into X-Forwarded-For stands further left and is never believed.
    """
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.PROXY_COUNT and len(forwarded) >= settings.PROXY_COUNT:
        return forwarded[-settings.PROXY_COUNT]
    return request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104  (an unknown address, nothing listens on it)


def locked_out(request: HttpRequest, *_: Any) -> JsonResponse:
    """The answer while a name is locked for this address."""
    pause: timedelta = settings.AXES_COOLOFF_TIME
    minutes = round(pause.total_seconds() / 60)
    message = f"密码错误次数过多，请 {minutes} 分钟后再试，或联系管理员"
    return JsonResponse(
        problem(429, message, [{"field": "password", "code": "locked_out", "message": message}]),
        status=429,
        content_type=CONTENT_TYPE,
        headers={"Retry-After": str(round(pause.total_seconds()))},
        json_dumps_params={"ensure_ascii": False},
    )


class LongEnough(MinimumLengthValidator):
    """Django's own rule; its Chinese catalogue lacks the sentence."""

    def get_error_message(self) -> str:
        return f"密码太短，至少需要 {self.min_length} 个字符"

    def get_help_text(self) -> str:
        return f"至少 {self.min_length} 个字符"
