import pytest

from dialogs.fields import Control, Number
from tests.dialogs.fields.asked import given, refusal
from tests.dialogs.worlds import JAPANESE, PlainWords

PERIMETER = Number("perimeter", "周囲長", unit="m", least=1, most=2000, example="40")
VOLTAGE = Number("voltage", "電圧", unit="kV", least=0, most=9.9, decimals=1)
ENGLISH = PlainWords("en", {"セット": "sets", "{number}{unit}": "{number} {unit}"})


@pytest.mark.parametrize("text", ["40", "４０ｍ", "四十メートル", "約40mです", "40.0"])
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    value = PERIMETER.read(text, given())

    assert value == 40
    assert type(value) is int


def test_a_number_that_may_have_decimals_is_a_float() -> None:
    value = VOLTAGE.read("5", given())

    assert value == 5
    assert type(value) is float


def test_minus_nothing_is_nothing() -> None:
    assert str(Number("n", "数", least=-1, most=1, decimals=1).read("-0", given())) == "0.0"


@pytest.mark.parametrize("text", ["", "たくさん", "40〜50", "²", "1e5", "40kg", "NaN", "1" * 501])
def test_what_is_no_number_is_refused_with_the_example(text: str) -> None:
    assert refusal(PERIMETER, text) == (
        "",
        "数字を読み取れませんでした。「40」のように、数字で入力してください。",
    )


def test_the_bounds_themselves_are_taken() -> None:
    assert PERIMETER.read("1", given()) == 1
    assert PERIMETER.read("2,000", given()) == 2000
    assert VOLTAGE.read("9.9", given()) == 9.9


def test_too_small_and_too_large_are_told_apart() -> None:
    assert refusal(PERIMETER, "0") == ("", "小さすぎます。1m以上の数を入力してください。例：40")
    assert refusal(PERIMETER, "2001") == ("", "大きすぎます。2,000m以下の数を入力してください。例：40")
    assert refusal(VOLTAGE, "10") == ("", "大きすぎます。9.9kV以下の数を入力してください。例：0")


def test_decimals_are_refused_where_only_whole_numbers_make_sense() -> None:
    assert refusal(PERIMETER, "40.5") == (
        "",
        "小数は使えません。「40」のように、整数で入力してください。",
    )


def test_too_many_decimals_are_refused() -> None:
    assert refusal(VOLTAGE, "5.25") == ("", "小数点の下は1けたまでです。「0」のように入力してください。")


def test_a_unit_may_be_typed_in_the_readers_language() -> None:
    sets = Number("sets", "セット数", unit="セット", least=1, most=5)
    visits = Number("visits", "回数", unit="セット", least=1, most=5)

    assert sets.read("2 sets", given(words=ENGLISH)) == 2
    assert visits.read("2", given(words=ENGLISH)) == 2


def test_a_number_without_a_unit_is_read_in_any_language() -> None:
    people = Number("people", "人数", least=1, most=5)

    assert people.read("2", given(words=ENGLISH)) == 2
    assert refusal(people, "9") == ("", "大きすぎます。5以下の数を入力してください。例：1")


def test_a_number_is_shown_with_its_unit_in_the_readers_language() -> None:
    assert PERIMETER.show(1200, JAPANESE) == "1,200m"
    assert Number("sets", "数", unit="セット", least=1, most=5).show(2, ENGLISH) == "2 sets"
    assert Number("people", "人数", least=1, most=5).show(2, JAPANESE) == "2"


def test_the_export_holds_a_number_to_add_up() -> None:
    assert PERIMETER.cells(40, JAPANESE) == (40,)
    assert PERIMETER.cells(None, JAPANESE) == (None,)


def test_a_tiny_number_is_given_back_in_digits() -> None:
    assert VOLTAGE.raw(0.00001) == {"": "0.00001"}


@pytest.mark.parametrize(
    ("number", "inputmode"),
    [(PERIMETER, "numeric"), (VOLTAGE, "decimal"), (Number("t", "気温", least=-40, most=40), "")],
)
def test_the_keys_of_a_telephone_fit_the_number(number: Number, inputmode: str) -> None:
    (drawn,) = number.inputs(given())

    assert drawn.control is Control.NUMBER
    assert drawn.inputmode == inputmode
    assert drawn.unit == number.unit
    assert drawn.example
