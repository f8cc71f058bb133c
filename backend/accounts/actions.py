"""What people do to accounts."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from backend.accounts.models import User
from backend.lifecycle.actions import record
from backend.web.problems import Invalid, NotAllowed


def change_password(*, current: str, new: str, by: User) -> None:
    """Give the account a new password. Raises NotAllowed for demonstration accounts, Invalid naming the field."""
    if by.is_demo:
        raise NotAllowed("演示账户的密码是公开的，不能修改")
    if not by.check_password(current):
        raise Invalid("当前密码不正确", field="current", code="wrong_credentials")
    try:
        validate_password(new, by)
    except ValidationError as error:
        raise Invalid("；".join(error.messages), field="new", code="weak_password") from None
    with transaction.atomic():
        by.set_password(new)
        by.save(update_fields=["password"])
        record(by, "password_changed", by=by)


def change_email(*, email: str, by: User) -> None:
    """Say where letters to the account go; blank for nowhere. The event does not repeat the address. Raises NotAllowed
    for demonstration accounts, whose password everybody knows."""
    if by.is_demo:
        raise NotAllowed("演示账户的密码是公开的，不能登记邮箱", field="email")
    with transaction.atomic():
        by.email = email
        by.save(update_fields=["email"])
        record(by, "email_changed", by=by)
