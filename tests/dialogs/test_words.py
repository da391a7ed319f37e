"""What is said, before it is put into a language."""

from copy import copy

import pytest

from dialogs.words import OwnText, listed, placed
from tests.dialogs.worlds import JAPANESE


@pytest.mark.parametrize(
    ("texts", "said"), [([], ""), (["長さ"], "長さ"), (["長さ", "区分", "お名前"], "長さ、区分、お名前")]
)
def test_texts_are_listed_one_after_the_other(texts: list[str], said: str) -> None:
    assert JAPANESE.say(listed(texts)) == said


@pytest.mark.parametrize(
    ("texts", "said"), [(["長さ"], "長さ"), (["PC3", "外観", "異音"], "PC3：外観：異音")]
)
def test_a_name_stands_behind_its_place(texts: list[str], said: str) -> None:
    assert JAPANESE.say(placed(texts)) == said


def test_a_text_of_ones_own_is_worded_by_itself_in_the_readers_language() -> None:
    text = OwnText("年れい", {"ja": "年れい", "ja@easy": "なんさい", "en": "Age", "ko": ""})

    assert [text.wording(each) for each in ("ja", "ja@easy", "en", "ko", "vi")] == [
        "年れい",
        "なんさい",
        "Age",
        "年れい",
        "年れい",
    ]
    assert OwnText("年れい", {"ja": "年齢"}).wording("ja@easy") == "年齢"


def test_texts_that_read_alike_in_one_language_alone_are_not_the_same() -> None:
    text = OwnText("はい", {"en": "Yes"})

    assert text == OwnText("はい", {"en": "Yes"})
    assert text != OwnText("はい", {"en": "Yeah"})
    assert text != "はい"
    assert copy(text) == text
    assert len({text: 1, "はい": 2, OwnText("はい", {"en": "Yes"}): 3}) == 2
