"""Amounts that one tap answers."""

from __future__ import annotations

from dialogs.fields import Number
from tests.dialogs.fields.asked import given


def test_what_is_suggested_can_be_read_and_any_other_amount_too() -> None:
    perimeter = Number("perimeter", "周囲長", unit="m", least=1, most=2000, suggest=(20, 40))
    [asked] = perimeter.inputs(given())

    assert [each.key for each in asked.options] == ["20", "40"]
    assert [perimeter.read({"": each.key}, given()) for each in asked.options] == [20, 40]
    assert perimeter.read("33", given()) == 33
