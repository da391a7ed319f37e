"""Names of people in what residents ask."""

import pytest

from dialogs.reading.names import mask_names

NAMED = """
見本 太郎です。電池は何本ですか|＊＊＊です。電池は何本ですか
見本太郎と申します。電圧が低いです|＊＊＊と申します。電圧が低いです
ミホン タロウともうします|＊＊＊ともうします
私は見本といいます。草刈りは？|私は＊＊＊といいます。草刈りは？
氏名：見本 太郎、電池の件|氏名：＊＊＊、電池の件
名前は見本太郎です|名前は＊＊＊です
私の名前はみほんたろうです|私の名前は＊＊＊です
隣の見本さんの庭に入っていいですか|隣の＊＊＊さんの庭に入っていいですか
氏名：見本さん|氏名：＊＊＊
私は見本 太郎と申します|私は＊＊＊と申します
氏名：見本 太郎と申します|氏名：＊＊＊と申します
見本様と山見本さんに聞きました|＊＊＊様と＊＊＊さんに聞きました
スミスさんは借りられますか|＊＊＊さんは借りられますか
My name is Taro Mihon. Is it safe?|My name is ＊＊＊. Is it safe?
Hello, I'm Taro Mihon and I have a question|Hello, I'm ＊＊＊ and I have a question
Ask Mr. Mihon or Mihon-san|Ask Mr. ＊＊＊ or ＊＊＊-san
""".strip().splitlines()

UNNAMED = """
質問です。電池は何本ですか
夜も電気を流したままでいいですか
奥さんと息子さんが触っても平気ですか
業者さんや職員さんは来ますか
皆様と同様に様式を使いますか。仕様は？
この部品の名前はクリップですか
これは何といいますか
もう届くんですか、動くんだろうか
赤ちゃんが触ったら危ないですか
摂氏10度でも平気ですか。氏名は必要ですか
名前は何ですか
たくさんの草が生えています
お父さんとお母さんが使います
I'm not sure. Is this OK?
""".strip().splitlines()


@pytest.mark.parametrize("line", NAMED)
def test_a_name_is_hidden_where_the_words_around_it_tell_it(line: str) -> None:
    text, hidden = line.split("|")
    found = mask_names(text)

    assert (found.text, found.kinds) == (hidden, frozenset({"name"}))


@pytest.mark.parametrize("text", UNNAMED)
def test_what_names_nobody_stays_as_it_was_written(text: str) -> None:
    assert mask_names(text).text == text
    assert not mask_names(text).kinds
