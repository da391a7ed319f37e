"""Personal data typed into a talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.masking import HIDDEN, Masked, mask
from tests.nasty import NASTY

PERSONAL = """
phone|電話は011-211-2879です|電話は＊＊＊です
phone|０９０－１２３４－５６７８|＊＊＊
phone|090ー1234ー5678まで|＊＊＊まで
phone|tel09012345678|tel＊＊＊
phone|+81 90 1234 5678|＊＊＊
phone|自宅011-211-2879、携帯090-1234-5678|自宅＊＊＊、携帯＊＊＊
email|mihon@example.jpへ|＊＊＊へ
email|ＭＩＨＯＮ＠ｅｘａｍｐｌｅ．ｊｐ|＊＊＊
email|連絡先はmihon.taro+1@mail.example.co.jp。|連絡先は＊＊＊。
address|〒060-8611|＊＊＊
address|〒0608611|＊＊＊
address|〒 ０６０－８６１１|＊＊＊
address|060-8611|＊＊＊
address|060ー8611です|＊＊＊です
address|札幌市中央区北1条西2丁目|＊＊＊
address|家は札幌市中央区北一条西二丁目です|家は＊＊＊です
address|北海道札幌市中央区北1条西2丁目3番地4|＊＊＊
address|北1条西2丁目3-4 コーポ見本201号室|＊＊＊
address|北1条西2丁目40m|＊＊＊40m
address|札幌市北区あいの里1条5丁目3番1号に住んでいます|＊＊＊に住んでいます
address|札幌市中央区北1西2|＊＊＊
address|南３条西４丁目１２－５|＊＊＊
address|宮城県仙台市青葉区国分町3-7-1|＊＊＊
address|国分町3-7-1|＊＊＊
address|さいたま市浦和区常盤六丁目4番4号|＊＊＊
address|宮の森2丁目3番|宮の森＊＊＊
address|札幌市南区真駒内 17番地|＊＊＊
my_number|123456789018|＊＊＊
my_number|マイナンバーは１２３４５６７８９０１８です|マイナンバーは＊＊＊です
my_number|1234-5678-9018|＊＊＊
my_number|1234 5678 9018|＊＊＊
my_number|１２３４ー５６７８ー９０１８|＊＊＊
my_number|123-456-789-018|＊＊＊
card|4111111111111111|＊＊＊
card|4111 1111 1111 1111|＊＊＊
card|５５５５－５５５５－５５５５－４４４４|＊＊＊
card|3782 822463 10005|＊＊＊
card|30569309025904|＊＊＊
"""

HARMLESS = """
周囲40m×30m
40〜50m
100-2000m
100-2000 人
40.5×30.25
6/15〜8/31
6-15-8-31
2027-06-15
2027-06-15から2027-08-31
2027-06-15 2027-08-31
20270615-20270831
2027-06-15 1234
令和9年6月15日(火) 午前9時から午後4時
受付は9:00-16:00です
中央区の受付9-16時
札幌市 6-15から
札幌市役所9-16
R9-0001
R9-0001-0123
札幌対第 123号
003-31
第3条第2項
札幌市の要領第3条
札幌市様式1-2
町内会3-1
1番と3番
1,3
3番
3丁目2頭
中央区は3番を選びます
中央区で3頭見ました
札幌市で12件
25件
6000V
5,000円
120,000円
電池4本
123-45-6789
1234567
12345678
申請番号 123456789012
1234567890182
1234 5678 9018 1
4111111111111112
1111 1111 1111 1111
110番
110番と119番
@見本
a@b
見本 太郎
熊が出ました。助けてください。
http://127.0.0.1:8000/
1.2.3.4
はい
"""


def _rows(text: str) -> list[list[str]]:
    return [line.split("|") for line in text.strip().splitlines()]


@pytest.mark.parametrize(("kind", "typed", "kept"), _rows(PERSONAL))
def test_personal_data_is_made_unreadable(kind: str, typed: str, kept: str) -> None:
    masked = mask(typed)

    assert masked == Masked(kept, frozenset({kind}))


@pytest.mark.parametrize("typed", HARMLESS.strip().splitlines())
def test_what_is_not_personal_stays(typed: str) -> None:
    masked = mask(typed)

    assert (masked.text, masked.kinds) == (typed, frozenset())


def test_all_kinds_in_one_text_are_found() -> None:
    masked = mask(
        "〒060-8611 札幌市中央区北1条西2丁目\n011-211-2879 a@example.jp 123456789018 4111111111111111"
    )

    assert masked.kinds == {"address", "phone", "email", "my_number", "card"}
    assert not any(digit in masked.text for digit in "0123456789")


def test_an_invisible_character_hides_nothing_from_the_mask() -> None:
    assert mask("090\u200b1234\u20605678").text == HIDDEN


@given(st.from_regex("[0-9]{11}", fullmatch=True), st.sampled_from(["", "-", " ", "ー"]))
def test_every_my_number_is_masked(eleven: str, between: str) -> None:
    total = sum(int(d) * w for d, w in zip(eleven, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    digits = f"{eleven}{0 if total <= 1 else 11 - total}"
    typed = between.join((digits[:4], digits[4:8], digits[8:]))

    assert mask(f"番号は{typed}です").text == f"番号は{HIDDEN}です"


@given(st.from_regex("0[789]0[-ー ]?[1-9][0-9]{3}[-ー ]?[0-9]{4}", fullmatch=True))
def test_no_telephone_is_taken_for_a_my_number(typed: str) -> None:
    assert "my_number" not in mask(typed).kinds


@given(st.from_regex("[0-9]{3}-[0-9]{4}", fullmatch=True))
def test_every_postal_code_is_masked_and_taken_for_nothing_else(typed: str) -> None:
    assert mask(typed).kinds == {"address"}


@given(
    st.dates().map(str) | st.integers(0, 10**7 - 1).map(str) | st.times().map(lambda time: f"{time:%H:%M}")
)
def test_dates_times_and_counts_are_never_masked(typed: str) -> None:
    assert not mask(typed).kinds


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_what_is_masked_holds_nothing_more_to_mask(text: str) -> None:
    masked = mask(text)

    assert mask(masked.text).kinds == frozenset()


@given(st.text() | st.text("0123456789-〒市区町北条西丁目番号の @.aー", max_size=30))
def test_no_text_at_all_breaks_the_mask(text: str) -> None:
    mask(text)
