"""Yes and no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.answers import read_yes_no
from tests.nasty import NASTY

YES = """
はい,ハイ,ﾊｲ,はい。,はーい,はいっ,はいー,うん,ええ,そうです,もちろんです,お願いします
おねがいします,よろしくお願いします
同意します,同意する,同意です,どういします,確認しました,確認済みです,かくにんしました,了解,了解です
了解しました,りょうかい
承知しました,わかりました,分かりました,オーケー,OK,ok,Okay
ＯＫです,okです,yes,Yes.,YES!,y,Y,yeah,I agree,i confirm
sure
○,〇,◯,⭕,⭕️,o,まる,👍,👍🏽,👌,🙆,✅
はい、同意します,はい。お願いします,yes agree,うん うん,はい はい
"""
NO = """
いいえ,イイエ,ｲｲｴ,いいえ。,いえ,いや,いやです,ううん,ちがいます,違います,違う,だめ,ダメです,同意しません
同意できません
確認していません,まだです
no,No.,NO,n,nope,I don't agree,do not agree,not yet,no thanks,×,✕,❌,x,X,ばつ,バツ,👎,🙅🏽
いいえ、違います,いいえ いいえ
"""
NEITHER = """
いいです,大丈夫です,結構です,けっこうです,うーん,はいいいえ,はい いいえ,はい、でも,いいえ、はい,はい？
はいですか
分かりません
たぶん,どちらでも,えっ,yes no,maybe,yesno,of course not,1
0,,。,、,うんざり,いやし
はいえな,いいえば,確認,ない,あります
"""


def _words(text: str) -> list[str]:
    return [word for line in text.strip().splitlines() for word in line.split(",")]


@pytest.mark.parametrize("typed", _words(YES))
def test_a_yes_is_understood(typed: str) -> None:
    assert read_yes_no(typed) is True


@pytest.mark.parametrize("typed", _words(NO))
def test_a_no_is_understood(typed: str) -> None:
    assert read_yes_no(typed) is False


@pytest.mark.parametrize("typed", _words(NEITHER))
def test_what_could_be_either_is_neither(typed: str) -> None:
    assert read_yes_no(typed) is None


ACCIDENTS = [text for text in NASTY if text != "👍🏽"]


@pytest.mark.parametrize("text", ACCIDENTS, ids=range(len(ACCIDENTS)))
def test_no_text_is_an_answer_by_accident(text: str) -> None:
    assert read_yes_no(text) is None


@given(st.text())
def test_no_text_at_all_breaks_the_reading_of_an_answer(text: str) -> None:
    read_yes_no(text)
