"""What is said, before it is put into a language."""

import pytest

from dialogs.words import listed, placed
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
