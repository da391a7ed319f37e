from dataclasses import replace

import pytest

from dialogs.fields import Control, PostalAddress, Raw, Value
from tests.dialogs.fields.asked import given, refusal
from tests.dialogs.worlds import JAPANESE, TOWNS, Towns

HOME = PostalAddress("address", "住所", personal=True)
SITE = PostalAddress("site", "設置場所住所", personal=True, in_city=True, same_as="address")
FUJINO: Value = {
    "postcode": "0612285",
    "prefecture": "北海道",
    "city": "札幌市",
    "ward": "南区",
    "town": "藤野五条",
    "in_city": True,
}
WHOLE: Value = {**FUJINO, "rest": "3丁目1-2"}
IZUMI: Value = {
    "postcode": "9813133",
    "prefecture": "宮城県",
    "city": "仙台市",
    "ward": "泉区",
    "town": "泉中央",
    "in_city": False,
    "rest": "2-1-1",
}
WRITE_CODE = "郵便番号を「061-2285」のように7けたの数字で入力してください。"
WRITE_NUMBER = "番地を「3丁目1-2」のように入力してください。番地がないときは「番地なし」と書いてください。"
WRITE_WHOLE = (
    "住所を読み取れませんでした。"
    "郵便番号から「〒061-2285 札幌市南区藤野五条3丁目1-2」のように入力してください。"
)
WHICH_TOWN = (
    "この郵便番号には町がいくつかあります。町名まで入力してください。"
    "例：宮城県仙台市宮城野区苦竹／宮城県仙台市宮城野区原町苦竹"
)
OUTSIDE = "設置場所住所は、札幌市の中の住所を入力してください。ほかの市町村の住所では申請できません。"


def page(postcode: str = "061-2285", area: str = "", rest: str = "3丁目1-2", **more: str) -> Raw:
    return {"postcode": postcode, "area": area, "rest": rest, **more}


# -- a page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("postcode", ["061-2285", "0612285", "〒０６１－２２８５", " 061-2285 "])
def test_the_code_of_one_town_is_enough(postcode: str) -> None:
    assert HOME.read(page(postcode), given()) == WHOLE


@pytest.mark.parametrize(
    "area",
    [
        "北海道札幌市南区藤野五条",
        "札幌市南区藤野５条",
        "札幌南区藤野五条",
        "南区　藤野五条",
        "藤野5条",
        "札幌市南区",
        "北海道",
    ],
)
def test_the_town_may_be_written_in_part_and_in_any_spelling(area: str) -> None:
    assert HOME.read(page(area=area), given()) == WHOLE


@pytest.mark.parametrize(
    ("area", "rest"),
    [
        ("札幌市南区藤野五条３丁目", "１－２"),
        ("藤野五条3", "1-2"),
        ("藤野五条3丁目1-2", ""),
        ("", "札幌市南区藤野五条3丁目1-2"),
        ("札幌市南区", "南区藤野五条3丁目1-2"),
        ("", "、3丁目1-2\u3000"),
    ],
)
def test_what_was_written_in_the_wrong_line_finds_its_place(area: str, rest: str) -> None:
    value = HOME.read(page(area=area, rest=rest), given())

    assert value in (WHOLE, {**FUJINO, "rest": "3-1-2"})


def test_a_building_stays_as_it_was_written() -> None:
    value = HOME.read(page(rest="３丁目１ー２　見本マンション３０１"), given())

    assert value["rest"] == "3丁目1-2\u3000見本マンション301"


@pytest.mark.parametrize("postcode", ["", "061-228", "見本", " " * 50_000, "1" * 31])
def test_a_code_that_is_none_is_refused(postcode: str) -> None:
    assert refusal(HOME, page(postcode)) == ("postcode", WRITE_CODE)


def test_an_unknown_code_is_refused() -> None:
    part, sentence = refusal(HOME, page("061-9999"))

    assert part == "postcode"
    assert "見つかりませんでした" in sentence


@pytest.mark.parametrize("area", ["札幌市西区西野八条", "藤野六条", "藤野五条通", "藤野五十条"])
def test_a_town_that_contradicts_the_code_is_refused_with_the_towns_name(area: str) -> None:
    assert refusal(HOME, page(area=area)) == (
        "area",
        "この郵便番号は「北海道札幌市南区藤野五条」です。郵便番号か町名を直してください。",
    )


@pytest.mark.parametrize("area", ["", "仙台市宮城野区", "見本"])
def test_a_code_of_several_towns_asks_which(area: str) -> None:
    assert refusal(HOME, page("983-0036", area)) == (
        "area",
        WHICH_TOWN,
    )


@pytest.mark.parametrize(
    ("area", "town"), [("苦竹", "苦竹"), ("仙台市宮城野区原町苦竹", "原町苦竹"), ("原町", "原町苦竹")]
)
def test_of_several_towns_the_one_that_is_named_is_taken(area: str, town: str) -> None:
    assert HOME.read(page("983-0036", area), given())["town"] == town


def test_of_two_towns_that_begin_alike_the_longer_name_is_taken() -> None:
    spring = replace(TOWNS[0], town="春日")
    towns = Towns((spring, replace(spring, town="春日一番割")))

    value = HOME.read(page(area="春日一番割", rest="5"), given(postal=towns))

    assert (value["town"], value["rest"]) == ("春日一番割", "5")


def test_no_more_than_five_towns_are_listed() -> None:
    many = tuple(replace(TOWNS[0], town=f"見本{name}") for name in "東西南北中央")

    sentence = refusal(HOME, page(), given(postal=Towns(many)))[1]

    assert sentence.count("／") == 4


@pytest.mark.parametrize(
    ("area", "rest", "town", "kept"),
    [
        ("江別市萌えぎ野", "1-2", "萌えぎ野", "1-2"),
        ("北海道江別市萌えぎ野中央１", "2", "萌えぎ野中央", "1-2"),
        ("江別市", "萌えぎ野1-2", "", "萌えぎ野1-2"),
        ("", "江別市1-2", "", "1-2"),
        ("江別市\ue000", "1-2", "\ue000", "1-2"),
    ],
)
def test_behind_the_code_of_a_whole_city_the_town_is_what_was_written(
    area: str, rest: str, town: str, kept: str
) -> None:
    value = HOME.read(page("067-0000", area, rest), given())

    assert (value["city"], value["town"], value["rest"]) == ("江別市", town, kept)
    assert HOME.read(HOME.raw(value), given()) == value


def test_behind_the_code_of_a_whole_city_the_city_must_fit() -> None:
    assert refusal(HOME, page("067-0000", "北広島市中央"))[0] == "area"


def test_a_number_that_belongs_to_a_name_is_not_cut_off_the_town() -> None:
    value = HOME.read(page("980-0811", "", "一番町3-7-1"), given())

    assert (value["town"], value["rest"]) == ("一番町", "3-7-1")


def test_a_town_written_again_and_again_is_kept_once() -> None:
    assert HOME.read(page("980-0811", "", "一番町一番町3-7-1"), given())["rest"] == "3-7-1"


@pytest.mark.parametrize("rest", ["", "見本マンション", "藤野五条"])
def test_without_a_lot_an_address_is_not_complete(rest: str) -> None:
    assert refusal(HOME, page(rest=rest)) == ("rest", WRITE_NUMBER)


@pytest.mark.parametrize("rest", ["番地なし", "無番地", "三丁目", "地先"])
def test_a_place_without_a_lot_can_say_so(rest: str) -> None:
    assert HOME.read(page(rest=rest), given())["rest"] == rest


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (page(area="あ" * 201), "area"),
        (page("067-0000", f"江別市{'あ' * 61}"), "area"),
        (page(rest="1" * 101), "rest"),
        (page(area="藤野五条3丁目", rest="1" * 99), "rest"),
    ],
)
def test_endless_lines_are_refused(raw: Raw, part: str) -> None:
    assert "長すぎます" in refusal(HOME, raw)[1]
    assert refusal(HOME, raw)[0] == part


def test_an_individual_number_is_no_lot() -> None:
    part, sentence = refusal(HOME, page(rest="123456789018"))

    assert part == "rest"
    assert "マイナンバー" in sentence


def test_in_the_city_the_code_may_be_left_out() -> None:
    assert HOME.read(page("", "南区藤野五条"), given()) == WHOLE
    assert HOME.read(page("", "南区藤野5条3丁目", "1-2"), given()) == WHOLE


def test_a_town_without_its_code_that_nobody_knows_asks_for_the_code() -> None:
    assert refusal(HOME, page("", "仙台市泉区泉中央")) == ("postcode", WRITE_CODE)


# -- where it must lie, and whose it is ----------------------------------------------------------------------


def test_a_site_outside_the_city_is_refused_where_it_was_written() -> None:
    assert refusal(SITE, page("981-3133")) == ("postcode", OUTSIDE)
    assert refusal(SITE, "〒981-3133 仙台市泉区泉中央2-1-1") == ("", OUTSIDE)
    assert HOME.read(page("981-3133", rest="2-1-1"), given()) == IZUMI


def test_one_tick_takes_over_the_other_address() -> None:
    both = given(answers={"address": WHOLE})

    value = SITE.read({"same": "yes", "postcode": "", "area": "", "rest": ""}, both)

    assert value == {**WHOLE, "same": True}
    assert SITE.read(SITE.raw(value), both) == value


def test_the_same_address_follows_when_the_other_one_is_corrected() -> None:
    moved = {**WHOLE, "rest": "5丁目6"}

    value = SITE.read(SITE.raw({**WHOLE, "same": True}), given(answers={"address": moved}))

    assert value == {**moved, "same": True}


@pytest.mark.parametrize("other", [None, FUJINO, {"sealed": True, "rest": "1"}])
def test_an_address_that_is_not_there_cannot_be_taken_over(other: Value) -> None:
    part, sentence = refusal(SITE, {"same": "yes"}, given(answers={"address": other}))

    assert part == "same"
    assert "先にその住所" in sentence


def test_an_address_outside_the_city_cannot_be_taken_over_for_the_site() -> None:
    assert refusal(SITE, {"same": "on"}, given(answers={"address": IZUMI})) == ("same", OUTSIDE)


def test_an_address_that_takes_over_nothing_knows_no_tick() -> None:
    assert HOME.read(page(same="yes"), given()) == WHOLE


# -- typed words, where a deployment allows them -------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "〒061-2285 北海道札幌市南区藤野五条3丁目1-2",
        "061-2285 札幌市南区藤野5条３丁目１ー２",
        "南区藤野5条3丁目1-2",
        "藤野五条\n3丁目1-2",
    ],
)
def test_a_whole_address_is_read_with_and_without_its_code(text: str) -> None:
    assert HOME.read(text, given()) == WHOLE
    assert HOME.read({"": text}, given()) == WHOLE


def test_an_address_elsewhere_is_read_with_its_code() -> None:
    assert HOME.read("981-3133 宮城県仙台市泉区泉中央2-1-1", given()) == IZUMI


@pytest.mark.parametrize("text", ["061-2285", "061-2285です", "061-2285 南区", "南区藤野五条"])
def test_a_town_alone_is_a_beginning(text: str) -> None:
    value = HOME.read(text, given())

    assert value == FUJINO
    assert not HOME.is_complete(value)
    assert HOME.is_complete(WHOLE)


@pytest.mark.parametrize("text", ["3丁目1-2", "藤野五条3丁目1-2", "南区藤野五条3丁目1-2"])
def test_the_lot_completes_what_was_begun(text: str) -> None:
    assert HOME.read(text, given(FUJINO)) == WHOLE


def test_another_whole_address_replaces_what_was_begun() -> None:
    value = HOME.read("中央区旭ヶ丘5-6", given(FUJINO))

    assert (value["town"], value["rest"]) == ("旭ケ丘", "5-6")


def test_a_lot_without_a_number_is_refused_in_a_talk_too() -> None:
    assert refusal(HOME, "見本マンション", given(FUJINO)) == ("", WRITE_NUMBER)


@pytest.mark.parametrize("text", ["", "あ", "仙台市泉区泉中央2-1-1"])
def test_words_that_are_no_address_are_refused_with_the_example(text: str) -> None:
    assert refusal(HOME, text or "。") == (
        "",
        WRITE_WHOLE,
    )


def test_after_a_complete_address_words_begin_anew() -> None:
    assert refusal(HOME, "3丁目1-2", given(WHOLE))[1].startswith("住所を読み取れませんでした")


@pytest.mark.parametrize("text", ["同じです", "はい", "同上"])
def test_the_same_address_can_be_said(text: str) -> None:
    assert SITE.read(text, given(answers={"address": WHOLE})) == {**WHOLE, "same": True}


# -- how it is drawn, seen and exported ----------------------------------------------------------------------


def test_a_page_shows_the_lines_of_an_address_and_lets_browsers_fill_in_ones_own() -> None:
    home, site = HOME.inputs(given()), SITE.inputs(given())

    assert [each.part for each in home] == ["postcode", "area", "rest"]
    assert [each.autocomplete for each in home] == ["postal-code", "address-level2", "address-line1"]
    assert [each.required for each in home] == [True, False, True]
    assert home[0].inputmode == "numeric"
    assert [each.part for each in site] == ["same", "postcode", "area", "rest"]
    assert site[0].control is Control.TICK
    assert {each.autocomplete for each in site} == {""}
    assert {each.required for each in site} == {False}


def test_a_talk_asks_for_the_address_and_then_for_the_lot() -> None:
    assert HOME.pending(given()).part == ""
    assert HOME.pending(given()).example == "札幌市南区藤野五条3丁目1-2"
    assert HOME.pending(given(FUJINO)).part == "rest"
    assert HOME.pending(given(WHOLE)).part == ""


def test_a_talk_offers_the_same_address_where_there_is_one() -> None:
    assert "「同じ」" in SITE.pending(given(answers={"address": WHOLE})).hint
    assert SITE.pending(given()).hint == ""
    assert HOME.pending(given(answers={"address": WHOLE})).hint == ""


def test_an_address_is_shown_with_its_code() -> None:
    assert HOME.show(WHOLE, JAPANESE) == "〒061-2285 北海道札幌市南区藤野五条3丁目1-2"
    assert HOME.show(FUJINO, JAPANESE) == "〒061-2285 北海道札幌市南区藤野五条"


def test_an_address_is_exported_with_its_ward() -> None:
    assert [column.key for column in HOME.columns()] == ["postcode", "address", "ward"]
    assert HOME.cells(WHOLE, JAPANESE) == ("061-2285", "北海道札幌市南区藤野五条3丁目1-2", "南区")
    assert HOME.cells(FUJINO, JAPANESE)[1] == "北海道札幌市南区藤野五条"
    assert HOME.cells(None, JAPANESE) == (None, None, None)


def test_outside_the_vault_only_the_ward_is_known_and_whether_it_lies_in_the_city() -> None:
    assert HOME.outline(WHOLE) == {"ward": "南区", "in_city": True}
    assert HOME.outline(IZUMI) == {"ward": "泉区", "in_city": False}


@pytest.mark.parametrize("value", [WHOLE, FUJINO, IZUMI])
def test_an_address_complete_or_not_can_be_given_again(value: Value) -> None:
    assert HOME.read(HOME.raw(value), given()) == value
