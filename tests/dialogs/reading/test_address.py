"""Addresses as people write them.  Towns and codes are the post office's; lots and buildings are samples."""

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.reading.address import (
    AddressMatcher,
    Match,
    Town,
    read_postcode,
    show_postcode,
    split_postcode,
)
from dialogs.reading.address_note import admits

TABLE = Path(__file__).parents[3] / "bot" / "data" / "postal.txt.gz"


@cache
def towns_of(city: str) -> tuple[Town, ...]:
    lines = gzip.decompress(TABLE.read_bytes()).decode().splitlines()[1:]
    return tuple(town for town in (Town(*line.split("\t")) for line in lines) if town.city == city)


@cache
def sapporo() -> AddressMatcher:
    return AddressMatcher(towns_of("札幌市"))


@cache
def sendai() -> AddressMatcher:
    return AddressMatcher(towns_of("仙台市"))


def seen(match: Match | None) -> tuple[str, str, str, str] | None:
    if match is None:
        return None
    return match.town.postcode, match.town.ward, match.town.town, match.rest


SAPPORO = [
    ("西区西野８条３ー２", "0630038", "西区", "西野八条", "3-2"),
    ("〒061-2285 南区藤野五条3丁目", "0612285", "南区", "藤野五条", "3丁目"),
    ("〒０６１－２２８５　札幌市南区藤野５条３丁目", "0612285", "南区", "藤野五条", "3丁目"),
    ("0612285南区藤野5条3丁目", "0612285", "南区", "藤野五条", "3丁目"),
    ("中央区旭ヶ丘5", "0640941", "中央区", "旭ケ丘", "5"),
    ("中央区旭ケ丘５丁目１－２", "0640941", "中央区", "旭ケ丘", "5丁目1-2"),
    ("中央区旭が丘5‐1‐2", "0640941", "中央区", "旭ケ丘", "5-1-2"),
    ("北海道札幌市中央区北1条西2丁目", "0600001", "中央区", "北一条西", "2丁目"),
    ("札幌市中央区北一条西二丁目", "0600001", "中央区", "北一条西", "二丁目"),
    ("札幌市中央区北１条西２丁目", "0600001", "中央区", "北一条西", "2丁目"),
    ("札幌中央区北1条西2丁目", "0600001", "中央区", "北一条西", "2丁目"),
    ("北1条西2丁目", "0600001", "中央区", "北一条西", "2丁目"),
    ("北一條西2丁目", "0600001", "中央区", "北一条西", "2丁目"),
    ("北1西2", "0600001", "中央区", "北一条西", "2"),
    ("北1条西19丁目", "0600001", "中央区", "北一条西", "19丁目"),
    ("北1条西20丁目", "0640821", "中央区", "北一条西", "20丁目"),
    ("北1条西２５－３", "0640821", "中央区", "北一条西", "25-3"),
    ("大通西5丁目", "0600042", "中央区", "大通西", "5丁目"),
    ("大通西二十一丁目", "0640820", "中央区", "大通西", "二十一丁目"),
    ("〒064-0821 北1条西", "0640821", "中央区", "北一条西", ""),
    ("南30条西8丁目2-1", "0050030", "南区", "南三十条西", "8丁目2-1"),
    ("南30条西10丁目", "0640930", "中央区", "南三十条西", "10丁目"),
    ("南三十条西10丁目", "0640930", "中央区", "南三十条西", "10丁目"),
    ("北5条東5丁目", "0600905", "東区", "北五条東", "5丁目"),
    ("東区北5条東8丁目", "0650005", "東区", "北五条東", "8丁目"),
    ("北5条東2丁目", "0600035", "中央区", "北五条東", "2丁目"),
    ("中央区北4条東", "0600034", "中央区", "北四条東", ""),
    ("北区北24条西5丁目", "0010024", "北区", "北二十四条西", "5丁目"),
    ("北区北二四条西5丁目", "0010024", "北区", "北二十四条西", "5丁目"),
    ("北区北10条西4丁目", "0010010", "北区", "北十条西", "4丁目"),
    ("北区北10条西5丁目", "0600810", "北区", "北十条西", "5丁目"),
    ("北海道 札幌市 北区 百合ヶ原 7丁目", "0028081", "北区", "百合が原", "7丁目"),
    ("北区新川715番地", "0010930", "北区", "新川", "715番地"),
    ("白石区南郷通1丁目南2-1", "0030022", "白石区", "南郷通", "1丁目南2-1"),
    ("白石区南郷通１丁目北２番１号", "0030023", "白石区", "南郷通", "1丁目北2番1号"),
    ("白石区本通南1-2", "0030026", "白石区", "本通", "南1-2"),
    ("厚別区もみじ台東1-2-3", "0040011", "厚別区", "もみじ台東", "1-2-3"),
    ("厚別区下野幌テクノパ－ク1-1", "0040015", "厚別区", "下野幌テクノパーク", "1-1"),
    ("豊平区羊ヶ丘1番地", "0620045", "豊平区", "羊ケ丘", "1番地"),
    ("豊平区中ノ島1条2丁目", "0620921", "豊平区", "中の島一条", "2丁目"),
    ("清田区美しが丘三条4丁目5-6", "0040813", "清田区", "美しが丘三条", "4丁目5-6"),
    ("清田区美しヶ丘3条4丁目5-6", "0040813", "清田区", "美しが丘三条", "4丁目5-6"),
    ("南区定山渓温泉西4丁目", "0612303", "南区", "定山渓温泉西", "4丁目"),
    ("南区定山溪温泉西4丁目", "0612303", "南区", "定山渓温泉西", "4丁目"),
    ("南区南澤3条2丁目", "0050823", "南区", "南沢三条", "2丁目"),
    ("南区眞駒内南町1丁目", "0050016", "南区", "真駒内南町", "1丁目"),
    ("南区真駒内17番地", "0050008", "南区", "真駒内", "17番地"),
    ("南区真駒内1-2", "0050861", "南区", "真駒内", "1-2"),
    ("南区常盤100番地", "0050865", "南区", "常盤", "100番地"),
    ("南区常盤200番地", "0050863", "南区", "常盤", "200番地"),
    ("南区藤野400番地", "0050840", "南区", "藤野", "400番地"),
    ("南区藤野400-2", "0050840", "南区", "藤野", "400-2"),
    ("南区藤野400-3", "0612271", "南区", "藤野", "400-3"),
    ("南区簾舞380番地", "0612272", "南区", "簾舞", "380番地"),
    ("西区二十四軒四条1丁目", "0630804", "西区", "二十四軒四条", "1丁目"),
    ("西区24軒4条1丁目", "0630804", "西区", "二十四軒四条", "1丁目"),
    ("西区八軒十条東1-2", "0630870", "西区", "八軒十条東", "1-2"),
    ("8軒10条東1-2", "0630870", "西区", "八軒十条東", "1-2"),
    ("西区平和1条3丁目", "0630021", "西区", "平和一条", "3丁目"),
    ("〒063-0049 西区西野3", "0630049", "西区", "西野", "3"),
    (
        "手稲区手稲本町二条3丁目4-5 見本ハイツ１０１",
        "0060022",
        "手稲区",
        "手稲本町二条",
        "3丁目4-5 見本ハイツ101",
    ),
    ("手稲區星置南1丁目", "0060050", "手稲区", "星置南", "1丁目"),
    ("〒060-8611 札幌市中央区北1条西2丁目", "0600001", "中央区", "北一条西", "2丁目"),
    ("西区西野8条3丁目2の1", "0630038", "西区", "西野八条", "3丁目2の1"),
]
SENDAI = [
    ("宮城県仙台市泉区泉中央2-1-1", "9813133", "泉区", "泉中央", "2-1-1"),
    ("仙台市青葉区国分町三丁目7番1号", "9800803", "青葉区", "国分町", "三丁目7番1号"),
    ("仙台港北1-2", "9830007", "宮城野区", "仙台港北", "1-2"),
    ("青葉区大字芋沢字横前1", "9893212", "青葉区", "芋沢", "字横前1"),
    ("青葉区荒巻字青葉6-3", "9800845", "青葉区", "荒巻", "字青葉6-3"),
    ("青葉区荒巻西雷神5", "9810945", "青葉区", "荒巻", "西雷神5"),
    ("青葉区荒巻字仁田谷地5", "9810945", "青葉区", "荒巻", "字仁田谷地5"),
    ("太白区長町越路1", "9820837", "太白区", "長町", "越路1"),
    ("長町1-2", "9820011", "太白区", "長町", "1-2"),
    ("若林区六丁の目中町1", "9840012", "若林区", "六丁の目中町", "1"),
    ("五橋3-1", "9840022", "若林区", "五橋", "3-1"),
    ("五橋1丁目2", "9800022", "青葉区", "五橋", "1丁目2"),
    ("宮城野区榴ヶ岡5", "9830851", "宮城野区", "榴ケ岡", "5"),
    ("港5-1", "9850901", "宮城野区", "港", "5-1"),
    ("青葉区中央1-3-1", "9800021", "青葉区", "中央", "1-3-1"),
    ("青葉区中央アエル20階", "9806120", "青葉区", "中央アエル", "20階"),
    ("青葉区土樋1-5-3", "9800065", "青葉区", "土樋", "1-5-3"),
    ("青葉区郷六3-2", "9893121", "青葉区", "郷六", "3-2"),
]


@pytest.mark.parametrize(("text", "postcode", "ward", "town", "rest"), SAPPORO)
def test_an_address_in_sapporo_is_understood(
    text: str, postcode: str, ward: str, town: str, rest: str
) -> None:
    assert seen(sapporo().match(text)) == (postcode, ward, town, rest)


@pytest.mark.parametrize(("text", "postcode", "ward", "town", "rest"), SENDAI)
def test_an_address_in_sendai_is_understood(
    text: str, postcode: str, ward: str, town: str, rest: str
) -> None:
    assert seen(sendai().match(text)) == (postcode, ward, town, rest)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("two codes, and no 丁目 says which", "中央区北1条西"),
        ("two codes in two wards", "南30条西"),
        ("a 丁目 that neither has", "北1条西40丁目"),
        ("番地 where 丁目 decide", "北1条西3番地"),
        ("a 丁目 that the neighbouring ward claims", "中央区北5条東5丁目"),
        ("a 丁目 of another ward", "中央区北4条東9丁目"),
        ("a ward where the town is not", "東区西野8条3-2"),
        ("a prefecture where the town is not", "宮城県西区西野8条3-2"),
        ("a postal code of another town", "〒060-0001 南区藤野5条3丁目"),
        ("a street that the quarter does not have", "北区新川9条1丁目"),
        ("a number that may be a street", "西区西野8-3-2"),
        ("a number that may be a street, as 丁目", "西区西野8丁目"),
        ("a quarter of streets, and no street", "西区西野"),
        ("a direction that no town has", "南区石山西1丁目"),
        ("a lot whose branches the post office leaves open", "真駒内17-3"),
        ("two codes by lot, and no lot", "南区藤野"),
        ("only one direction of two", "白石区南郷通1丁目"),
        ("大通 is east or west", "中央区大通5丁目"),
        ("a name that goes on", "中央区旭ケ丘公園前"),
        ("only a city", "札幌市"),
        ("only a ward", "札幌市南区"),
        ("only a postal code", "060-0001"),
        ("a code of a whole ward and no town", "〒060-0000 札幌市中央区"),
        ("another city", "旭川市1条通5丁目"),
        ("another city with a ward of that name", "東京都中央区銀座8-1"),
        ("a street in no city of ours", "石狩市花川北1条1丁目"),
        ("no address", "よくわかりません"),
        ("nothing", ""),
        ("only spaces", " \u3000\n"),
    ],
)
def test_what_may_be_several_places_or_none_is_not_guessed(why: str, text: str) -> None:
    assert sapporo().match(text) is None, why


@pytest.mark.parametrize(
    "text",
    [
        "青葉区中央1-3-1アエル20階",  # the tower has codes of its own
        "青葉区中央アエル",  # one code a floor
        "太白区長町",  # or 長町 越路
        "土樋1-5",  # 青葉区 or 若林区
        "青葉区郷63-2",  # 郷六 3-2 or 郷 63-2: nobody can tell
        "札幌市西区西野8条3-2",
    ],
)
def test_sendai_is_not_guessed_either(text: str) -> None:
    assert sendai().match(text) is None


def test_every_town_is_understood_as_it_is_printed() -> None:
    for matcher, towns in ((sapporo(), towns_of("札幌市")), (sendai(), towns_of("仙台市"))):
        for town in towns:
            if town.town and not town.note:
                found = matcher.match(f"〒{show_postcode(town.postcode)} {town.address}999番地")

                assert found in (None, Match(town, "999番地"))
                assert found or any(other.note for other in towns if other.town == town.town)


def test_a_town_is_never_taken_for_another_when_its_ward_is_left_out() -> None:
    for town in towns_of("札幌市"):
        if town.town:
            found = sapporo().match(f"{town.town}3丁目2-1")

            assert found is None or found.town.town == town.town


def test_nothing_but_the_lot_and_the_building_is_left_and_it_stays_as_written() -> None:
    found = sapporo().match("中央区北１条西３－２　見本ビル　福　ー１階")

    assert found is not None
    assert found.rest == "3-2\u3000見本ビル\u3000福\u3000ー1階"


def test_signs_that_only_choose_a_drawing_do_not_hide_a_town() -> None:
    assert seen(sapporo().match("南区藤\U000e0100野5条3丁目")) == ("0612285", "南区", "藤野五条", "3丁目")


def test_half_width_kana_is_read() -> None:
    assert seen(sapporo().match("東区ﾓｴﾚ沼公園1-1")) == ("0070011", "東区", "モエレ沼公園", "1-1")


def test_a_sign_for_several_letters_is_not_cut_in_two() -> None:
    town = Town("0000001", "見本県", "見本市", "", "株", "", "")

    assert AddressMatcher([town]).match("㍿1") is None
    assert AddressMatcher([town]).match("株1") == Match(town, "1")


def test_oaza_in_the_table_is_found_with_and_without() -> None:
    town = Town("0000001", "見本県", "見本村", "", "大字山", "", "")
    matcher = AddressMatcher([town])

    assert matcher.match("見本村大字山1") == matcher.match("見本県見本村山1") == Match(town, "1")


def test_one_town_with_two_readings_is_one_place() -> None:
    towns = [Town("0000001", "見本県", "見本市", "", "和坂", kana, "") for kana in ("カニガサカ", "ワサカ")]

    assert seen(AddressMatcher(towns).match("見本市和坂1")) == ("0000001", "", "和坂", "1")


def test_parts_of_a_town_that_share_one_code_are_one_place() -> None:
    towns = [Town("0000001", "見本県", "見本市", "", "山", "", note) for note in ("東町", "西町")]

    assert seen(AddressMatcher(towns).match("見本市山")) == ("0000001", "", "山", "")


def test_no_towns_match_nothing() -> None:
    assert AddressMatcher([]).match("札幌市南区藤野5条3丁目") is None


def test_a_town_says_its_address() -> None:
    assert towns_of("札幌市")[0].address.startswith("北海道札幌市")


@pytest.mark.parametrize(
    ("note", "rest", "expected"),
    [
        ("1〜19丁目", "3丁目2", True),
        ("1〜19丁目", "20-1", False),
        ("1〜19丁目", "3番地", None),
        ("1〜19丁目", "", None),
        ("1、2丁目", "2の5", True),
        ("1、2丁目", "2丁5", True),
        ("1、2丁目", "3", False),
        ("400、400−2番地", "400-2", True),
        ("400、400−2番地", "400番地の2", True),
        ("400、400−2番地", "400", True),
        ("400、400−2番地", "400-9", False),
        ("17番地", "17番地", True),
        ("17番地", "17-3", None),
        ("17番地", "17見本荘", True),
        ("17番地", "18-3", False),
        ("1〜131番地", "131-2", True),
        ("24−2", "24-2", True),
        ("24−2", "24", False),
        ("20階", "見本20階", True),
        ("20階", "見本19f", False),
        ("20階", "見本", None),
        ("南", "1丁目南2", True),
        ("南", "1-南2", True),
        ("南", "北2", False),
        ("南", "", None),
        ("1丁目「11を除く」", "1丁目", None),
        ("次のビルを除く", "1", None),
    ],
)
def test_a_note_says_which_lots_its_code_is_for(note: str, rest: str, expected: bool | None) -> None:
    assert admits(note, rest) is expected


@pytest.mark.parametrize(
    "text",
    [
        "〒０６０－０００１",
        "060-0001",
        "060 0001",
        "060\u30000001",
        "0600001",
        "〒060ー0001",
        " 〒 060‐0001 ",
        "060−0001",
        "郵便番号：060-0001",
        "060-0001です。",
    ],
)
def test_a_postal_code_is_read_however_it_is_written(text: str) -> None:
    assert read_postcode(text) == "0600001"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "〒",
        "060-001",
        "06000011",
        "060--0001",
        "060-0001 北1条西2",
        "011-211-2879",
        "٠٦٠-٠٠٠١",
        "060-000１１",
    ],
)
def test_what_is_no_postal_code_alone_is_refused(text: str) -> None:
    assert read_postcode(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("〒060-0001 北1条西2", ("0600001", " 北1条西2")),
        ("060-0001", ("0600001", "")),
        ("北1条西2 060-0001", (None, "北1条西2 060-0001")),
        ("0120-000-000", (None, "0120-000-000")),
        ("011-2112-879", (None, "011-2112-879")),
        ("06000011", (None, "06000011")),
    ],
)
def test_the_code_before_an_address_is_split_off(text: str, expected: tuple[str | None, str]) -> None:
    assert split_postcode(text) == expected


def test_a_postal_code_is_shown_as_it_is_printed() -> None:
    assert show_postcode("0600001") == "060-0001"


@given(st.from_regex(r"[0-9]{7}", fullmatch=True))
def test_every_code_shown_is_read_again(postcode: str) -> None:
    assert read_postcode(show_postcode(postcode)) == postcode


PLACES = "〒 060-0001 北海道 札幌市 南区 西区 大字 字 北一条西 西野 八条 南郷通 藤野 中央 3丁目".split()
SIGNS = ["二", "十", "－", "ー", "8", "-", " ", "\x00", "\ud800", "㍿", "ｶﾞ", "①", "²", "٣"]
PIECES = st.sampled_from([*PLACES, *SIGNS])


@pytest.mark.parametrize("matcher", [sapporo, sendai])
@settings(deadline=None)  # the first text waits for the table
@given(text=st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_nothing_that_is_typed_raises(matcher: Callable[[], AddressMatcher], text: str) -> None:
    found = matcher().match(text)

    assert found is None or found.town.town
    assert read_postcode(text) is None or len(str(read_postcode(text))) == 7


def test_a_very_long_text_is_answered_at_once() -> None:
    assert sapporo().match("南区藤野5条3丁目" + "あ" * 100_000) is not None
    assert sapporo().match("一" * 100_000) is None


@pytest.mark.parametrize("text", [" " * 20_000, "郵便番号" + " " * 20_000, "061-2285" + " " * 20_000 + "x"])
def test_endless_spaces_around_a_postal_code_are_read_at_once(text: str) -> None:
    began = process_time()

    assert read_postcode(text) is None
    split_postcode(text)
    assert process_time() - began < 2
