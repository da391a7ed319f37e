import pytest

from dialogs.fields import Control, Email, Field, Kana, LongText, Name, Phone, Text
from dialogs.reading.mynumber import is_my_number
from tests.dialogs.fields.asked import given, refusal

LINE = Text("reason_other", "その他の理由", example="近くの畑に足あとがあったため")
PARAGRAPH = LongText("note", "伝えたいこと")
NAME = Name("name", "申請者氏名")
KANA = Kana("kana", "フリガナ")
PHONE = Phone("phone", "電話")
EMAIL = Email("email", "メールアドレス")
KINDS: tuple[Field, ...] = (LINE, PARAGRAPH, NAME, KANA, PHONE, EMAIL)
MY_NUMBER = "123456789018"


def test_a_line_is_kept_as_typed_but_for_its_line_ends_and_what_is_invisible() -> None:
    assert LINE.read(" 足あと\r\nふん\u200b（神 ㈱）\u202e ", given()) == "足あと ふん（神 ㈱）"


def test_a_paragraph_keeps_its_lines() -> None:
    assert PARAGRAPH.read("一行目\r\n\n三行目\n", given()) == "一行目\n\n三行目"


def test_a_text_of_a_page_is_read_like_a_typed_one() -> None:
    assert LINE.read({"": "足あと"}, given()) == "足あと"


@pytest.mark.parametrize("raw", ["", "　", "\u200b", {"": ""}, {}])
def test_a_text_that_says_nothing_is_refused_with_the_example(raw: str) -> None:
    assert refusal(LINE, raw) == ("", "その他の理由を入力してください。例：近くの畑に足あとがあったため")


def test_without_an_example_the_refusal_names_only_the_question() -> None:
    assert refusal(PARAGRAPH, "") == ("", "伝えたいことを入力してください。")


def test_length_is_counted_as_people_see_it() -> None:
    family = "👨‍👩‍👧‍👦"

    assert Text("t", "本文", longest=3).read(family * 3, given()) == family * 3
    assert refusal(Text("t", "本文", longest=3), family * 4) == (
        "",
        "長すぎます。3文字までで入力してください。",
    )


def test_one_character_with_endless_marks_is_too_long() -> None:
    assert "長すぎます" in refusal(LINE, "a" + "\u0301" * 5000)[1]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@pytest.mark.parametrize("text", [MY_NUMBER, "番号は１２３４ ５６７８ ９０１８ です", "1234-5678-9018"])
def test_what_looks_like_an_individual_number_is_refused_everywhere(kind: Field, text: str) -> None:
    assert is_my_number(MY_NUMBER)
    assert "マイナンバー" in refusal(kind, text)[1]


@pytest.mark.parametrize(
    "name",
    ["髙橋　﨑", "葛\U000e0100城 見本", "神\ufa19", "𠮷野", "O'Brien 見本", "外字\ue000", "\ue000", "㍿見本"],
)
def test_a_name_is_kept_exactly_as_typed(name: str) -> None:
    assert NAME.read(name, given()) == name


def test_between_the_parts_of_a_name_one_space_is_kept_as_wide_as_it_was() -> None:
    assert NAME.read("  見本　 太郎 ", given()) == "見本　太郎"
    assert NAME.read("見本 　太郎", given()) == "見本 太郎"
    assert NAME.read("見本\n太郎", given()) == "見本 太郎"


@pytest.mark.parametrize("text", ["123", "１２３", "---", "🐻", "。"])
def test_a_name_without_a_letter_is_refused(text: str) -> None:
    assert refusal(NAME, text) == ("", "申請者氏名は文字で、「見本 太郎」のように入力してください。")


def test_a_name_of_more_than_sixty_characters_is_refused() -> None:
    assert NAME.read("あ" * 60, given()) == "あ" * 60
    assert "60文字" in refusal(NAME, "あ" * 61)[1]


@pytest.mark.parametrize("text", ["みほん たろう", "ﾐﾎﾝ ﾀﾛｳ", "ミホン　タロウ"])
def test_a_reading_becomes_full_width_katakana(text: str) -> None:
    assert KANA.read(text, given()) == "ミホン　タロウ"


def test_a_reading_in_kanji_is_refused() -> None:
    assert refusal(KANA, "見本") == ("", "フリガナはカタカナで、「ミホン タロウ」のように入力してください。")


def test_a_telephone_number_is_completed_with_the_area_code_of_the_office() -> None:
    assert PHONE.read("２１１ー２８７９", given()) == "011-211-2879"
    assert PHONE.read("09012345678", given()) == "090-1234-5678"


def test_what_is_no_telephone_number_is_refused() -> None:
    assert refusal(PHONE, "110") == (
        "",
        "電話番号を読み取れませんでした。市外局番から「011-211-2879」のように入力してください。",
    )


def test_an_e_mail_address_is_read_in_any_width() -> None:
    assert EMAIL.read("Ｍihon＠EXAMPLE.jp", given()) == "Mihon@example.jp"


def test_what_is_no_e_mail_address_is_refused() -> None:
    assert refusal(EMAIL, "mihon@") == (
        "",
        "メールアドレスを読み取れませんでした。「mihon@example.jp」のように入力してください。",
    )


@pytest.mark.parametrize(
    ("kind", "control", "autocomplete", "inputmode", "longest"),
    [
        (LINE, Control.LINE, "", "", 200),
        (PARAGRAPH, Control.LINES, "", "", 1000),
        (NAME, Control.LINE, "name", "", 60),
        (Name("org", "団体", autocomplete="organization"), Control.LINE, "organization", "", 60),
        (KANA, Control.LINE, "", "", 60),
        (PHONE, Control.LINE, "tel", "tel", 40),
        (EMAIL, Control.LINE, "email", "email", 254),
    ],
)
def test_each_kind_is_drawn_so_that_devices_can_help(
    kind: Field, control: Control, autocomplete: str, inputmode: str, longest: int
) -> None:
    (drawn,) = kind.inputs(given())

    assert (drawn.control, drawn.label) == (control, kind.label)
    assert (drawn.autocomplete, drawn.inputmode, drawn.longest) == (autocomplete, inputmode, longest)
    assert drawn.example == kind.example
