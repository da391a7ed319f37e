"""The polite words around an answer."""

import pytest

from dialogs.reading.manners import bare


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3番でお願いします", "3番"),
        ("3番をお願いいたします。", "3番"),
        ("3番がいいです", "3番"),
        ("3番でいいですよ", "3番"),
        ("3番にします", "3番"),
        ("3番を選びます", "3番"),
        ("3番を希望します", "3番"),
        ("えっと、3番です", "3番"),
        ("では 3番にしてください", "3番"),
        ("3番", "3番"),
        ("3番ですか", "3番ですか"),
        ("", ""),
    ],
)
def test_an_answer_is_found_inside_its_politeness(typed: str, said: str) -> None:
    assert bare(typed) == said
