"""Amounts as people type them: yuan with two decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

LARGEST_YUAN = Decimal("10000000000.00")  # 100 亿元: above every yearly total on record; a typing error beyond that


class AmountField(serializers.DecimalField):
    """Yuan with two decimals: more than 0, at most 100 亿元."""

    default_error_messages = {
        "invalid": "金额应为数字",
        "max_decimal_places": "金额最多两位小数（精确到分）",
        "min_value": "金额应大于 0",
        "max_value": "金额超过 100 亿元，请核对单位是元还是万元",
        "max_digits": "金额超过 100 亿元，请核对单位是元还是万元",
        "max_whole_digits": "金额超过 100 亿元，请核对单位是元还是万元",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=2, min_value=Decimal("0.01"), max_value=LARGEST_YUAN, **kwargs)
