"""An inspection typed as one sentence: what is read, what is not, and why; nothing is guessed."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.fields import Answers
from dialogs.form import Sentence
from dialogs.procedures.inspection.equipment import REGISTER_R5
from dialogs.procedures.inspection.reading import LONGEST
from dialogs.procedures.inspection.sheet import sheet
from dialogs.procedures.premises import Site
from dialogs.words import Message
from tests.dialogs import worlds
from tests.dialogs.procedures.inspections import CENTER, FORM, OFFICE, begun, filled, read

SHEET = sheet(REGISTER_R5)
ROWS = {site.value: [row.key for row in SHEET.at(site)] for site in Site}

AMBIGUOUS = "どの項目のことか分かりませんでした"
ELSEWHERE = "この履行場所の点検項目にありません"
UNCLEAR = "正常か指摘かが分かりませんでした"
NUMBER = "数を読み取れませんでした"
TOO_MUCH = "容量をこえています"
UNKNOWN = "は読み取れませんでした"
CONTRADICTION = "ほかに書かれたことと合いません"
PLACE = "どの履行場所の点検か分かりません"
LEFT = "そのままにしました"


def heard(text: str, answers: Answers) -> Sentence | None:
    assert FORM.sentence
    return FORM.sentence(text, answers, worlds.world())


def said(text: str, site: str = OFFICE, **answers: Any) -> tuple[Mapping[str, str], list[str]]:
    """Return what is read of *text* about *site*, and what was said of the rest."""
    sentence = heard(text, {"site": site, **answers})
    assert sentence
    raws = {key: raw[""] for key, raw in sentence.raws.items() if isinstance(raw, Mapping)}
    return {key: str(text) for key, text in raws.items()}, [*map(told, sentence.unread)]


def told(message: Message) -> str:
    return worlds.JAPANESE.say(message)


def all_normal(site: str, **but: str) -> dict[str, str]:
    return dict.fromkeys(ROWS[site], "normal") | but


def test_the_whole_office_in_one_sentence() -> None:
    raws, unread = said("全部正常、C 210GB、D 300GB、HDD1 1.25TB、UPS 12分、PC C 90GB、PC ファン異音")

    assert unread == []
    assert raws == all_normal(
        OFFICE,
        server_disk_c_free="210",
        server_disk_d_free="300",
        server_disk_hdd1_free="1.25",
        server_ups_runtime_minutes="12",
        pc_disk_c_free="90",
        pc_noise_damage="finding",
        pc_noise_damage_remark="ファン異音",
    )


def test_the_whole_center_in_one_sentence() -> None:
    raws, unread = said("全部正常、PC1 80GB、PC2 75.5GB、PC3 HDD 90GB、PC4 C 64GB、PC3 ファン異音", CENTER)

    assert unread == []
    assert raws == all_normal(
        CENTER,
        pc1_disk_c_free="80",
        pc2_disk_c_free="75.5",
        pc3_disk_c_free="90",
        pc4_disk_c_free="64",
        pc3_noise_damage="finding",
        pc3_noise_damage_remark="ファン異音",
    )


def test_what_belongs_to_the_other_site_is_said_to_be_unread() -> None:
    text = "全部正常、C 210GB、UPS 12分、PC3 ファン異音"

    office, not_office = said(text, OFFICE)
    center, not_center = said(text, CENTER)

    # Whose noise it is must be asked: there is no PC3 here.
    noises = {"server_noise_damage", "pc_noise_damage", "laser_noise_damage"}
    measured = {"server_disk_c_free": "210", "server_ups_runtime_minutes": "12"}
    assert office == {key: raw for key, raw in all_normal(OFFICE).items() if key not in noises} | measured
    assert not_office == ["「PC3 ファン異音」は、この履行場所の点検項目にありません。"]
    assert center == all_normal(CENTER, pc3_noise_damage="finding", pc3_noise_damage_remark="ファン異音")
    assert [TOO_MUCH in not_center[0], ELSEWHERE in not_center[1]] == [True, True]


def test_such_a_sheet_still_lacks_its_numbers_and_the_urgency_of_the_finding() -> None:
    answers = begun(CENTER)
    sentence = heard("全部正常、PC3 ファン異音、PC3 90GB", answers)
    assert sentence

    left = [each.key for each in FORM.missing(read(sentence.raws, answers))]

    assert left == [
        "pc1_disk_c_free",
        "pc2_disk_c_free",
        "pc3_noise_damage_severity",
        "pc3_noise_damage_photo",
        "pc4_disk_c_free",
        "notes",
    ]


@pytest.mark.parametrize(
    ("text", "site", "raws"),
    [
        ("C 210GB", OFFICE, {"server_disk_c_free": "210"}),
        ("C210GB", OFFICE, {"server_disk_c_free": "210"}),
        ("Ｃ　２１０ＧＢ", OFFICE, {"server_disk_c_free": "210"}),
        ("Cドライブの空き容量は約210ギガです", OFFICE, {"server_disk_c_free": "210"}),
        ("C 二百十GB", OFFICE, {"server_disk_c_free": "210"}),
        ("C:210", OFFICE, {"server_disk_c_free": "210"}),
        ("D 300GB 正常", OFFICE, {"server_disk_d": "normal", "server_disk_d_free": "300"}),
        ("D 3GB 指摘", OFFICE, {"server_disk_d": "finding", "server_disk_d_free": "3"}),
        ("HDD1 1.2TB", OFFICE, {"server_disk_hdd1_free": "1.2"}),
        ("外付けHDD 1.2テラ", OFFICE, {"server_disk_hdd1_free": "1.2"}),
        ("UPS 12分", OFFICE, {"server_ups_runtime_minutes": "12"}),
        ("ﾗﾝﾀｲﾑ 十二分", OFFICE, {"server_ups_runtime_minutes": "12"}),
        ("ランタイム上限 12", OFFICE, {"server_ups_runtime_minutes": "12"}),
        ("PC 90GB", OFFICE, {"pc_disk_c_free": "90"}),
        ("PC3 HDD 90GB", CENTER, {"pc3_disk_c_free": "90"}),
        ("パソコン3号機の空き容量 90GB", CENTER, {"pc3_disk_c_free": "90"}),
        ("MA7900883 90GB", CENTER, {"pc3_disk_c_free": "90"}),
        ("RAID 指摘", OFFICE, {"server_raid": "finding"}),
        ("RAIDは異常あり", OFFICE, {"server_raid": "finding"}),
        (
            "RAID 指摘：ディスク2が故障",
            OFFICE,
            {"server_raid": "finding", "server_raid_remark": "ディスク2が故障"},
        ),
        ("RAID ディスク2 故障", OFFICE, {"server_raid": "finding", "server_raid_remark": "ディスク2 故障"}),
        (
            "電圧 102V 高い",
            OFFICE,
            {"server_ups_voltage": "finding", "server_ups_voltage_remark": "102V 高い"},
        ),
        ("異音あり PC3", CENTER, {"pc3_noise_damage": "finding", "pc3_noise_damage_remark": "異音あり"}),
        ("マウス 対象外", OFFICE, {"server_mouse": "not_applicable"}),
        ("PC1 マウス 指摘", CENTER, {"pc1_input": "finding"}),
        ("マウス 反応が悪い 指摘", OFFICE, {"server_mouse": "finding", "server_mouse_remark": "反応が悪い"}),
        ("HDD1 対象外", OFFICE, {"server_disk_hdd1": "not_applicable", "server_disk_hdd1_free": ""}),
        (
            "本体ランプ 警告点灯",
            OFFICE,
            {"server_alarm_lamp": "finding", "server_alarm_lamp_remark": "警告点灯"},
        ),
        (
            "バッテリー劣化",
            OFFICE,
            {"server_ups_battery": "finding", "server_ups_battery_remark": "バッテリー劣化"},
        ),
        ("印字 かすれ", OFFICE, {"laser_print_test": "finding", "laser_print_test_remark": "かすれ"}),
        ("ドット 印字テスト OK", CENTER, {"center_dot_print_test": "normal"}),
        (
            "HUB 対象外",
            CENTER,
            {"center_router_connection": "not_applicable", "center_router_log": "not_applicable"},
        ),
        ("モニタ 異常なし", OFFICE, {"server_monitor_cables": "normal", "server_monitor_picture": "normal"}),
        ("ルータ 問題ありません", OFFICE, {"router_connection": "normal", "router_log": "normal"}),
        ("RAID 故障、RAID 縮退", OFFICE, {"server_raid": "finding", "server_raid_remark": "故障\n縮退"}),
    ],
)
def test_one_piece_says_what_it_names(text: str, site: str, raws: Mapping[str, str]) -> None:
    assert said(text, site) == (raws, [])


@pytest.mark.parametrize(
    "text", ["PC3 正常", "パソコン 3号機 異常なし", "ＰＣ３は正常でした。", "PC-3 問題なし"]
)
def test_a_thing_that_is_normal_is_so_in_all_its_rows(text: str) -> None:
    assert said(text, CENTER) == ({key: "normal" for key in ROWS[CENTER] if key.startswith("pc3_")}, [])


def test_several_things_are_normal_only_where_all_of_them_are_meant_expressly() -> None:
    assert said("PC 正常", CENTER) == ({}, [f"「PC 正常」は、{AMBIGUOUS}。機器の名前も書いてください。"])
    assert {*said("PC全部正常", CENTER)[0]} == {key for key in ROWS[CENTER] if key.startswith("pc")}


def test_the_body_of_the_server_is_not_what_stands_beside_it() -> None:
    assert {*said("サーバー 正常")[0]} == {*ROWS[OFFICE][:13]}


@pytest.mark.parametrize(
    "text",
    [
        "全部正常",
        "すべて正常です。",
        "全て異常なし",
        "他は正常",
        "その他は問題なし",
        "それ以外は全部正常",
        "残りOK",
    ],
)
def test_all_rows_that_are_not_named_are_normal_in_many_words(text: str) -> None:
    assert said(f"RAID 指摘、{text}")[0] == all_normal(OFFICE, server_raid="finding")


@pytest.mark.parametrize(
    ("text", "site", "reason"),
    [
        ("D以外正常", OFFICE, UNCLEAR),
        ("RAIDを除く", OFFICE, UNCLEAR),
        ("PC3 異音なし", CENTER, UNCLEAR),
        ("RAID 故障?", OFFICE, UNCLEAR),
        ("RAID 故障は解消", OFFICE, UNCLEAR),
        ("マウス 交換済み", OFFICE, UNCLEAR),
        ("PC3 ほぼ正常", CENTER, UNCLEAR),
        ("PC3", CENTER, UNCLEAR),
        ("PC3 90", CENTER, UNCLEAR),
        ("PC 3", CENTER, UNCLEAR),
        ("HDD1", OFFICE, UNCLEAR),
        ("C 90GB", OFFICE, AMBIGUOUS),
        ("HDD 90GB", OFFICE, AMBIGUOUS),
        ("RAID 90GB", OFFICE, AMBIGUOUS),
        ("UPS 12GB", OFFICE, AMBIGUOUS),
        ("PC ファン異音", CENTER, AMBIGUOUS),
        ("異音", OFFICE, AMBIGUOUS),
        ("プリンタ かすれ", OFFICE, AMBIGUOUS),
        ("PC3 指摘", CENTER, AMBIGUOUS),
        ("PC3 ファン停止", CENTER, AMBIGUOUS),
        ("画面 異常なし", OFFICE, AMBIGUOUS),
        ("PC1とPC2 正常", CENTER, AMBIGUOUS),
        ("UPS マウス 指摘", OFFICE, AMBIGUOUS),
        ("PC3 ファン異音", OFFICE, ELSEWHERE),
        ("UPS 12分", CENTER, ELSEWHERE),
        ("PC7 マウス 対象外", CENTER, ELSEWHERE),
        ("UPS 十分", OFFICE, NUMBER),
        ("C 使用量 210GB", OFFICE, NUMBER),
        ("C 210GB/220GB", OFFICE, NUMBER),
        ("C 二三GB", OFFICE, NUMBER),
        ("C 600GB", OFFICE, TOO_MUCH),
        ("HDD1 1.234TB", OFFICE, TOO_MUCH),
        ("PC1 210GB", CENTER, TOO_MUCH),
    ],
)
def test_what_could_mean_two_things_is_not_read_and_it_is_said_why(text: str, site: str, reason: str) -> None:
    raws, unread = said(text, site)

    assert raws == {}
    assert len(unread) == 1
    assert reason in unread[0]


@pytest.mark.parametrize(
    ("text", "open_rows"),
    [
        ("全部正常、PC ファン異音", {f"pc{number}_noise_damage" for number in (1, 2, 3, 4)}),
        ("全部正常、PC3 指摘", {key for key in ROWS[CENTER] if key.startswith("pc3_")}),
        ("全部正常、PC3 異音なし", {"pc3_noise_damage"}),
        ("全部正常、PC1とPC2 故障", {key for key in ROWS[CENTER] if key.startswith(("pc1_", "pc2_"))}),
        ("全部正常、PC3 異音、PC3 異音対象外", {"pc3_noise_damage"}),
    ],
)
def test_all_does_not_cover_the_rows_that_something_unread_may_be_about(
    text: str, open_rows: set[str]
) -> None:
    raws, unread = said(text, CENTER)

    assert {*ROWS[CENTER]} - {*raws} == open_rows
    assert len(unread) == 1


def test_a_number_that_was_not_read_leaves_its_row_to_all() -> None:
    raws, unread = said("全部正常、C 90GB")

    assert raws == all_normal(OFFICE)
    assert AMBIGUOUS in unread[0]


@pytest.mark.parametrize("text", ["RAID 正常、RAID 故障", "C 210GB、C 220GB", "マウス 対象外、マウス 正常"])
def test_what_contradicts_itself_is_not_read(text: str) -> None:
    raws, unread = said(text)

    assert raws == {}
    assert CONTRADICTION in unread[0]


def test_a_row_counts_more_than_the_thing_it_belongs_to() -> None:
    raws, unread = said("UPS 正常、UPS バッテリー劣化")

    assert unread == []
    assert raws["server_ups_battery"] == "finding"
    assert [raws[f"server_ups_{part}"] for part in ("state", "runtime", "voltage")] == ["normal"] * 3


def test_pieces_may_stand_in_any_order_with_any_separator() -> None:
    pieces = ["PC 90GB", "UPS 12分", "RAID 指摘", "全部正常"]
    expected = said("、".join(pieces))

    assert expected[1] == []
    for separator in ("、", "，", ",", "､", "。", "；", "\n", "\r\n"):
        assert said(separator.join(pieces)) == expected
        assert said(separator.join(reversed(pieces))) == expected


def test_spaces_are_enough_behind_a_number_and_a_verdict() -> None:
    assert said("全部正常 C 210GB UPS 12分 PC 90GB 正常 RAID 指摘") == said(
        "全部正常、C 210GB、UPS 12分、PC 90GB 正常、RAID 指摘"
    )


def test_a_comma_among_digits_separates_nothing() -> None:
    assert TOO_MUCH in said("C 1,210GB")[1][0]


def test_the_site_may_be_named_in_the_sentence() -> None:
    sentence = heard("クリーンセンター 全部正常", {})
    assert sentence

    assert sentence.raws == {"site": {"": CENTER}} | {key: {"": "normal"} for key in ROWS[CENTER]}
    assert said("処理場管理事務所、RAID 指摘") == ({"server_raid": "finding"}, [])


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("全部正常", {}),
        ("RAID 指摘", {}),
        ("クリーンセンター 全部正常", {"site": OFFICE}),
        ("処理場 全部正常、クリーンセンター 全部正常", {}),
    ],
)
def test_without_one_site_nothing_is_read(text: str, answers: Answers) -> None:
    sentence = heard(text, answers)

    assert sentence
    assert sentence.raws == {}
    assert PLACE in told(sentence.unread[0])


@pytest.mark.parametrize(
    "text",
    ["こんにちは", "はい", "申請する", "3", "正常", "全部正常ではない", "", "、、", "a" * (LONGEST + 1)],
)
@pytest.mark.parametrize("answers", [{}, {"site": OFFICE}])
def test_what_speaks_of_nothing_on_the_sheet_is_no_report(text: str, answers: Answers) -> None:
    assert heard(text, answers) is None


@pytest.mark.parametrize("row", SHEET.rows, ids=lambda row: row.key)
def test_the_label_of_a_row_names_the_row_to_be_corrected_and_reports_nothing(row: Any) -> None:
    assert heard(row.wording, {"site": row.site.value}) is None


def test_something_strange_beside_a_report_is_named() -> None:
    raws, unread = said("全部正常、よろしくお願いします")

    assert raws == all_normal(OFFICE)
    assert unread == ["「よろしくお願いします」は読み取れませんでした。"]


def test_all_leaves_alone_what_was_found_before() -> None:
    before = filled(OFFICE, server_raid="finding", server_mouse="not_applicable")
    sentence = heard("全部正常", before)
    assert sentence

    assert {*ROWS[OFFICE]} - {*sentence.raws} == {"server_raid", "server_mouse"}
    assert [LEFT in told(each) for each in sentence.unread] == [True]
    assert said("RAID 正常", **before) == ({"server_raid": "normal"}, [])


WORDS = st.sampled_from(
    "全部正常 他は正常 全部 正常 指摘 対象外 異常なし 以外 PC PC3 PC1 パソコン UPS RAID C D HDD HDD1 "
    "マウス キーボード モニタ ルータ HUB ドット レーザー 印字 異音 ファン 埃 エラー なし 210GB 90GB 1.2TB 12分 十分 "
    "二百GB 5 クリーンセンター 処理場 バッテリー 画面 サインイン 、 , 。 ： 　 MA7900883 ? は が".split()
)
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=14).map("".join) | st.lists(WORDS, max_size=12).map(
    " ".join
)
SITES = st.sampled_from([{}, {"site": OFFICE}, {"site": CENTER}])


@given(TEXTS, SITES)
@settings(max_examples=400, deadline=None)
def test_whatever_is_typed_is_answered_and_can_be_taken(text: str, answers: Answers) -> None:
    sentence = heard(text, answers)

    if sentence:
        raws = {key: raw for key, raw in sentence.raws.items() if raw != {"": ""}}
        _, refused = FORM.read(sentence.raws, answers, worlds.world())
        assert not {*refused} & {*raws}
        assert [*map(told, sentence.unread)] == [told(each) for each in sentence.unread]
        assert raws or sentence.unread


@given(TEXTS, st.sampled_from([OFFICE, CENTER]))
@settings(max_examples=400, deadline=None)
def test_without_all_no_row_is_marked_that_shares_no_word_with_the_text(text: str, site: str) -> None:
    covering = ("全", "他", "ほか", "残", "あと", "以外", "すべて")
    sentence = heard(text, {"site": site})
    if sentence is None or any(word in text for word in covering):
        return

    marked = [row for row in SHEET.rows if row.key in sentence.raws]
    assert all(_named(row, text) for row in marked)


def _named(row: Any, text: str) -> bool:
    """Return whether *text* has a name of the row's equipment, its group, or two letters of its own wording."""
    import unicodedata

    plain = unicodedata.normalize("NFKC", text).upper()
    names = ("PC", "パソコン", "UPS", "RAID", "HDD", "HUB", "C", "D", "MA79", "OS", "埃")
    wording = row.wording + row.group + row.section
    pairs = {wording[at : at + 2].upper() for at in range(len(wording) - 1)}
    return any(pair in plain for pair in pairs) or any(name in plain for name in names)


@given(TEXTS, st.sampled_from([OFFICE, CENTER]))
@settings(max_examples=300, deadline=None)
def test_a_sentence_said_twice_changes_nothing_more(text: str, site: str) -> None:
    once = _after(text, begun(site))

    assert _after(text, once) == once


def _after(text: str, answers: Answers) -> Answers:
    sentence = heard(text, answers)
    return FORM.read(sentence.raws, answers, worlds.world())[0] if sentence else answers
