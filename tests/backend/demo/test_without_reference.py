from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backend.accounts.models import User


@pytest.mark.django_db
def test_demonstration_says_that_reference_data_are_missing(settings: Any) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match="the reference data are not loaded: run load_reference first"):
        call_command("load_demo")
    assert not User.objects.exists()
