import pytest

from dialogs.reading.shortcuts import is_skip, says_all, says_same, says_until


@pytest.mark.parametrize(
    "text", ["なし", "特になし。", "無し", "「なし」", "スキップ", "ＳＫＩＰ", "none", "No", "なしです"]
)
def test_nothing_is_understood(text: str) -> None:
    assert is_skip(text)


@pytest.mark.parametrize("text", ["", "なしと言えない", "あり", "名無し", "はい", "なし" * 100])
def test_what_says_something_is_no_skip(text: str) -> None:
    assert not is_skip(text)


def test_all_and_same_are_understood() -> None:
    assert says_all("全部です")
    assert says_all("ALL")
    assert not says_all("全部ではない")
    assert says_same("同じです")
    assert says_same("同上")
    assert not says_same("同じではない")


@pytest.mark.parametrize(
    ("text", "until"),
    [("7月31日まで", True), ("7月31日までです。", True), ("7月31日", False), ("7月31日から", False)],
)
def test_a_last_day_says_so(text: str, until: bool) -> None:
    assert says_until(text) is until
