"""Accounts as the administrator sees them: made, changed, closed, never deleted."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest

from backend.accounts.models import User
from backend.lifecycle.actions import record

# The role is the permission here; Django's groups and per-model permissions are not used.
admin.site.unregister(Group)


class _ByRole:
    """Whoever may enter the site may do what the page offers."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _CreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "display_name", "role", "region", "party")


class _ChangeForm(UserChangeForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = User
        fields = ("username", "password", "display_name", "role", "region", "party", "is_active")


@admin.register(User)
class AccountAdmin(_ByRole, UserAdmin):  # type: ignore[type-arg]  # likewise
    """Region or organisation must fit the role: the database says no otherwise, and the form says why."""

    form = _ChangeForm
    add_form = _CreationForm
    list_display = ("username", "display_name", "role", "region", "party", "is_active", "last_login")
    list_filter = ("role", "is_active", "is_demo")
    search_fields = ("username", "display_name", "party__name", "region__full_name")
    list_select_related = ("region", "party")
    raw_id_fields = ("region", "party")
    filter_horizontal = ()
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "is_active")}),
        ("职责", {"fields": ("role", "region", "party")}),
        ("登录", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "display_name", "usable_password", "password1", "password2")}),
        ("职责", {"fields": ("role", "region", "party")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            verb = "account_changed" if change else "account_created"
            by: Any = request.user
            record(obj, verb, by=by, payload={"fields": sorted(set(form.changed_data) - {"password1", "password2"})})


@admin.register(AccessAttempt)
class LockAdmin(_ByRole, admin.ModelAdmin):  # type: ignore[type-arg]  # likewise
    """Wrong passwords by name and address; deleting a row unlocks the log-in."""

    list_display = ("username", "ip_address", "failures_since_start", "attempt_time")
    search_fields = ("username", "ip_address")
    fields = readonly_fields = ("username", "ip_address", "failures_since_start", "attempt_time", "user_agent")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True
