"""The office file: the shipped one, and what is said of broken ones."""
# ruff: noqa: E501 -- one broken file a line, with its sentence whole

import re
import tomllib
from datetime import date, time
from importlib.resources import files
from pathlib import Path

import pytest

from bot.office import OfficeFileError, load_office
from bot.office_keys import LISTS, TABLES
from dialogs.office import Days, Handover, Part, Plan, Ward
from dialogs.parts import SET_PARTS, PartKind

SAMPLE = (files("bot") / "data" / "sapporo.toml").read_text(encoding="utf-8")
DOCS = Path(__file__).parents[2] / "docs" / "office-file.md"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "office.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> tuple[str, ...]:
    with pytest.raises(OfficeFileError) as refused:
        load_office(path)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_the_shipped_office_is_the_city_of_the_sample() -> None:
    office = load_office(None)

    assert (office.key, office.city, office.prefecture) == ("sapporo", "札幌市", "北海道")
    assert office.telephone == "011-211-2879"
    assert len(office.wards) == 10
    assert Ward("minami", "南区", "Minami Ward") in office.wards
    assert (office.reception.opens, office.reception.closes, office.reception.days) == (
        time(9),
        time(16),
        Days.EVERY_DAY,
    )
    assert office.telephone_hours.days is Days.BUSINESS_DAYS
    assert (office.stock.owned, office.stock.store, office.lead_days) == (50, 20, 7)
    assert office.numbers("loan").format(1, date(2027, 6, 7)) == "R9-0001"
    assert office.numbers("decision").format(1, date(2027, 6, 7)) == "札幌対第1号"


def test_the_shipped_office_has_a_sample_pick_up_point_in_every_ward() -> None:
    office = load_office(None)

    assert office.handover is Handover.POINTS
    assert all(office.points_in(ward.key) for ward in office.wards)
    assert all("見本" in point.name and "見本" in point.address for point in office.points)


def test_the_shipped_office_has_the_parts_that_the_handling_guide_names() -> None:
    assert load_office(None).set_parts == SET_PARTS


def test_a_file_that_lists_no_parts_gets_those_of_the_handling_guide(tmp_path: Path) -> None:
    text = SAMPLE[: SAMPLE.index("[[set.part]]")]

    assert load_office(written(tmp_path, text)).set_parts == SET_PARTS


def test_what_is_planned_and_how_long_a_visit_is_held_may_be_left_out(tmp_path: Path) -> None:
    begin, end = SAMPLE.index("[guidance]"), SAMPLE.index("[privacy]")
    shipped, plain = load_office(None), load_office(written(tmp_path, SAMPLE[:begin] + SAMPLE[end:]))

    assert (shipped.plan, shipped.instruction_days) == (Plan(25, 45), 5)
    assert (plain.plan, plain.instruction_days) == (Plan(25, 45), 5)


def test_a_city_s_own_parts_are_read(tmp_path: Path) -> None:
    own = '[[set.part]]\nkey = "net"\nname = "網"\nname_en = "Net"\ncount = 3\n'
    text = SAMPLE[: SAMPLE.index("[[set.part]]")] + own

    (net,) = load_office(written(tmp_path, text)).set_parts

    assert net == Part("net", "網", "Net", 3, "個", kind=PartKind.OTHER)


def test_the_new_year_days_are_closed_every_year() -> None:
    calendar = load_office(None).calendar

    assert calendar.closed == {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
    assert not calendar.is_business_day(date(2027, 12, 30))


def test_a_city_s_own_file_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        SAMPLE.replace("days = []", "days = [2027-06-10]")
        .replace('"12-29/01-03"', '"12-31/01-02", "05-01", "02-29"')
        .replace('opens = "9:00"', "opens = 09:30:00")
        .replace("[privacy]", '[privacy]\nurl = "https://www.city.example.lg.jp/privacy/"'),
    )

    office = load_office(path)

    assert office.calendar.extra == {date(2027, 6, 10)}
    assert office.calendar.closed == {(12, 31), (1, 1), (1, 2), (5, 1), (2, 29)}
    assert office.reception.opens == time(9, 30)
    assert office.privacy.url == "https://www.city.example.lg.jp/privacy/"


def test_a_town_without_wards_that_delivers_needs_neither_points_nor_closed_days(tmp_path: Path) -> None:
    text = SAMPLE[: SAMPLE.index("[[wards]]")].replace('by = "points"', 'by = "delivery"')
    text = re.sub(r"\[closed\].*?\n\n", "", text, flags=re.DOTALL).replace('"札幌市"', '"空知郡南幌町"')

    office = load_office(written(tmp_path, text.replace("lead_days = 7\n", "")))

    assert not office.wards
    assert not office.points
    assert not office.calendar.closed | {(day.month, day.day) for day in office.calendar.extra}
    assert office.lead_days == 7


def test_a_mark_before_the_first_letter_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SAMPLE.encode())

    assert load_office(path) == load_office(None)


SECTION = SAMPLE[SAMPLE.index("[section]") : SAMPLE.index("[reception]")]
RECEPTION = SAMPLE[SAMPLE.index("[reception]") : SAMPLE.index("[telephone_hours]")]
LOAN = SAMPLE[SAMPLE.index("[[series]]") : SAMPLE.index("[[series]] # 通知書")]
POINTS = SAMPLE[SAMPLE.index("[[points]]") : SAMPLE.index("# What one set")]
KINDS = " or ".join(f'"{each}"' for each in PartKind)
PARTS = SAMPLE[SAMPLE.index("[[set.part]]") :]
CHUO = '[[wards]]\nkey = "chuo"\nname = "中央区"'
FIRST_POINT = 'key = "chuo"\nward = "chuo"'
PATTERN = 'pattern = "{era}{era_year}-{number:04}"'
EXAMPLE = 'for example pattern = "{era}{era_year}-{number:04}"'

BROKEN = [
    # what the file says, what it should not say instead, the one sentence
    ('city = "札幌市"\n', "", 'city: it is missing; for example city = "札幌市"'),
    ('city = "札幌市"', 'city = "札幌"', 'city: "札幌" is not the name of a city; write it with 市, 区, 町 or 村; for example city = "札幌市"'),
    ('city = "札幌市"', "city = 1", 'city: a text in quotation marks is needed; for example city = "札幌市"'),
    ('city_en = "Sapporo"', 'city_en = " "', 'city_en: it is empty; for example city_en = "Sapporo"'),
    ('city_en = "Sapporo"', 'city_en = "Sap\\nporo"', 'city_en: it must be one line without control characters; for example city_en = "Sapporo"'),
    ('prefecture = "北海道"', 'prefecture = "北海"', 'prefecture: "北海" is not a prefecture; write it in full; for example prefecture = "北海道"'),
    ('prefecture = "北海道"', 'prefektur = "北海道"', "'prefektur' is not known; did you mean prefecture?"),
    ('key = "sapporo"', 'key = "Sapporo"', 'key: "Sapporo" is not a key; use small letters, digits and _ , beginning with a letter; for example key = "sapporo"'),
    ('["0028089"]', '["002-8089"]', 'postal_codes_elsewhere: "002-8089" is not the beginning of a postal code; write two to seven digits without a hyphen; for example postal_codes_elsewhere = ["0028089"]'),
    ('["0028089"]', '["0011", "100"]', 'postal_codes_elsewhere: "100" lies in none of postal_codes; leave it out or correct it'),
    ('["0028089"]', '"0028089"', 'postal_codes_elsewhere: a list in square brackets is needed; for example postal_codes_elsewhere = ["0028089"]'),
    (SAMPLE[SAMPLE.index("postal_codes ") : SAMPLE.index("lead_days")], "postal_codes = []\n", 'postal_codes: the list is empty; for example postal_codes = ["001", "0612"]'),
    ("lead_days = 7", 'lead_days = "7"', "lead_days: a whole number without quotation marks is needed; for example lead_days = 7"),
    ("lead_days = 7", "lead_days = true", "lead_days: a whole number without quotation marks is needed; for example lead_days = 7"),
    ("lead_days = 7", "lead_days = -1", "lead_days: -1 is out of range; write a number from 0 to 100000; for example lead_days = 7"),
    (SECTION, "", '[section]: it is missing; write [section] on its own line and below it name = "環境局環境都市推進部環境共生担当課"'),
    (RECEPTION, "", '[reception]: it is missing; write [reception] on its own line and below it opens = "9:00"'),
    ('telephone = "011-211-2879"', 'telephone = "211-2879"', '[section] telephone: "211-2879" is not a telephone number that can be rung from anywhere; write the area code too; for example telephone = "011-211-2879"'),
    ('telephone = "011-211-2879"', 'phone = "011-211-2879"', "[section] 'phone' is not known; did you mean telephone?"),
    ('area_code = "011"', 'area_code = "11"', '[section] area_code: "11" is not an area code; begin it with 0; for example area_code = "011"'),
    ('opens = "9:00"', 'opens = "9時"', '[reception] opens: "9時" is not a time of day; write hours and minutes, 0:00 to 23:59; for example opens = "9:00"'),
    ('closes = "16:00"', 'closes = "24:00"', '[reception] closes: "24:00" is not a time of day; write hours and minutes, 0:00 to 23:59; for example closes = "16:00"'),
    ('closes = "16:00"', 'closes = "8:00"', '[reception] closes: it must be later than opens; for example closes = "16:00"'),
    ('days = "business days"', 'days = "weekdays"', '[telephone_hours] days: "weekdays" is not one of the words known here; write "every day" or "business days"; for example days = "every day"'),
    ('"12-29/01-03"', '"12-29/01-32"', '[closed] yearly: "12-29/01-32" is not a day or a span of days; write month-day or month-day/month-day; for example yearly = ["12-29/01-03"]'),
    ('"12-29/01-03"', '"W01-1"', '[closed] yearly: "W01-1" is not a day or a span of days; write month-day or month-day/month-day; for example yearly = ["12-29/01-03"]'),
    ("days = []", 'days = ["2027-06-10"]', "[closed] days: a day without quotation marks is needed, year-month-day; for example days = [2027-06-10]"),
    ("days = []", "days = [2027-06-10T09:00:00]", "[closed] days: a day without quotation marks is needed, year-month-day; for example days = [2027-06-10]"),
    ('by = "points"', 'by = "post"', '[handover] by: "post" is not one of the words known here; write "points" or "delivery"; for example by = "points"'),
    (POINTS, "", '[handover] by: there are no pick-up points; add [[points]], or write by = "delivery"'),
    ("instruction_days = 5", "instruction_days = 0", "[guidance] instruction_days: 0 is out of range; write days from 1 to 20; for example instruction_days = 5"),
    ("visits = 45", 'visits = "45"', "[plan] visits: a whole number without quotation marks is needed; for example visits = 45"),
    ("owned = 50", "sets = 50", "[stock] 'sets' is not known; known here: owned, store, turnaround_days"),
    ("[privacy]", '[privacy]\nurl = "http://www.city.example.lg.jp/"', '[privacy] url: "http://www.city.example.lg.jp/" is not a web address beginning with https://; for example url = "https://www.city.example.lg.jp/privacy/"'),
    ("[privacy]", '[privacy]\nurl = "https://["', '[privacy] url: "https://[" is not a web address; for example url = "https://www.city.example.lg.jp/privacy/"'),
    (CHUO, CHUO.replace("chuo", "kita"), '[[wards]] key: "kita" stands twice; give each of them a key of its own'),
    (CHUO, CHUO.replace("中央区", "北区"), '[[wards]] name: "北区" stands twice; give each of them a name of its own'),
    (CHUO, CHUO + '\nname_jp = "中央区"', "[[wards]] no. 1 'name_jp' is not known; did you mean name?"),
    (PARTS, "[set]\npart = 1\n", "[[set.part]]: it must be a list of tables; write [[set.part]] with two brackets before each"),
    (PARTS, "[set]\nparts = 1\n", "'set.parts' is not known; did you mean set.part?"),
    ('kind = "wire"', 'kind = "rope"', f'[[set.part]] no. 4 kind: "rope" is not one of the words known here; write {KINDS}; for example kind = "long pole"'),
    ('key = "clip"', 'key = "wire"', '[[set.part]] key: "wire" stands twice; give each of them a key of its own'),
    (FIRST_POINT, FIRST_POINT.replace('"chuo"\n', '"kita"\n'), '[[points]] key: "kita" stands twice; give each of them a key of its own'),
    (FIRST_POINT, FIRST_POINT[:-1] + '2"', '[[points]] no. 1 ward: "chuo2" is the key of no [[wards]]; write one of chuo, kita, higashi, shiroishi, atsubetsu, toyohira, kiyota, minami, nishi, teine'),
    (LOAN, "", '[[series]]: the series "loan" is missing; add [[series]] and key = "loan" below it'),
    (PATTERN, 'pattern = "R9"', f"[[series]] no. 1 pattern: the pattern has no {{number}}; put {{number}} or {{number:04}} where the count goes; {EXAMPLE}"),
    (PATTERN, 'pattern = "{nummer}"', f"[[series]] no. 1 pattern: {{nummer}} is unknown; use {{number}}, {{year}}, {{era_year}} or {{era}}; {EXAMPLE}"),
    (PATTERN, 'pattern = "{number}"', f"[[series]] no. 1 pattern: after each fiscal year the same numbers would come again; put {{year}} or {{era_year}} into the pattern, or dated = true if the number always stands beside its date; {EXAMPLE}"),
    ("dated = true", 'dated = "yes"', "[[series]] no. 2 dated: true or false without quotation marks is needed; for example dated = true"),
    ('resets = "fiscal year"\n\n', 'resets = "april"\n\n', '[[series]] no. 1 resets: "april" is not one of the words known here; write "never" or "year" or "fiscal year"; for example resets = "fiscal year"'),
    ("lead_days = 7", 'weather = "fine"', "'weather' is not known; known here: booking.counter, booking.visit, city, city_en, closed, guidance, handover, key, lead_days, plan, points, postal_codes, postal_codes_elsewhere, prefecture, privacy, reception, section, series, set.part, stock, telephone_hours, wards"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "sentence"), BROKEN)
def test_a_broken_file_is_refused_with_one_sentence_that_says_what_to_write(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    assert before in SAMPLE

    found = faults(written(tmp_path, SAMPLE.replace(before, after, 1)))

    assert f"office.toml: {sentence}" in found


def test_what_should_be_a_table_is_named(tmp_path: Path) -> None:
    found = faults(written(tmp_path, 'stock = 50\nwards = ["南区"]\n[series]\nkey = "loan"\n[points]\n'))

    assert (
        "office.toml: [stock]: it must be a table; write [stock] on its own line and below it owned = 50"
        in found
    )
    for name in ("wards", "series", "points"):
        sentence = f"it must be a list of tables; write [[{name}]] with two brackets before each"
        assert f"office.toml: [[{name}]]: {sentence}" in found


def test_all_faults_are_told_at_once_and_nothing_else(tmp_path: Path) -> None:
    text = (
        SAMPLE.replace('"011-211-2879"', '"110"')
        .replace('"16:00"', '"4pm"')
        .replace("store = 20", "stored = 20")
    )

    assert [fault.partition("; ")[0] for fault in faults(written(tmp_path, text))] == [
        'office.toml: [section] telephone: "110" is not a telephone number that can be rung from anywhere',
        'office.toml: [reception] closes: "4pm" is not a time of day',
        "office.toml: [stock] 'stored' is not known",
        "office.toml: [stock] store: it is missing",
    ]


def test_a_table_of_tables_that_is_no_table_is_said(tmp_path: Path) -> None:
    text = SAMPLE.replace(PARTS, "").replace('key = "sapporo"', 'key = "sapporo"\nset = 1')

    assert faults(written(tmp_path, text)) == ("office.toml: set: it must be a table; known here: set.part",)


def test_an_empty_file_names_every_table_that_is_needed(tmp_path: Path) -> None:
    found = faults(written(tmp_path, ""))

    assert {re.findall(r"\[[a-z_\[\]]+|\w+", fault)[2] for fault in found} >= {
        *(f"[{name}]" for name, keys in TABLES.items() if name and any(key.required for key in keys)),
        "[[series]]",
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"city = sapporo", "office.toml: it is not TOML: "),
        (
            'city = "札幌市"'.encode("cp932"),
            "office.toml: it is not UTF-8; save it again with the encoding UTF-8",
        ),
    ],
)
def test_what_cannot_be_read_at_all_is_said(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "office.toml"
    path.write_bytes(content)

    (fault,) = faults(path)

    assert fault.startswith(sentence)


def test_a_file_that_is_not_there_is_said_with_the_setting_that_names_it(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path / "office.toml")

    assert fault.startswith("office.toml: it cannot be read (")
    assert "MADOGUCHI_OFFICE_FILE" in fault


def documented() -> dict[str, dict[str, str]]:
    """Return the rows of the keys in each section of the page, by their headings."""
    sections = re.split(r"(?m)^##? ", DOCS.read_text(encoding="utf-8"))[1:]
    return {
        section.partition("\n")[0]: {
            found[1]: found[0] for found in re.finditer(r"(?m)^\| `(\w+)` \|.*$", section)
        }
        for section in sections
    }


@pytest.mark.parametrize("name", [*TABLES, *LISTS])
def test_every_key_is_documented_with_its_example_and_whether_it_is_needed(name: str) -> None:
    heading = f"[[{name}]]" if name in LISTS else f"[{name}]" if name else "Top of the file"
    keys = (LISTS if name in LISTS else TABLES)[name]

    rows = documented()[heading]

    assert list(rows) == [key.name for key in keys]
    for key in keys:
        assert ("| needed |" in rows[key.name]) == key.required
        # The hours of the telephone are others than those of the door.
        assert f"`{key.example}`" in rows[key.name] or name == "telephone_hours"


@pytest.mark.parametrize("name", [*TABLES, *LISTS])
def test_every_example_is_taken_as_it_stands(name: str) -> None:
    for key in (LISTS if name in LISTS else TABLES)[name]:
        key.read(tomllib.loads(f"example = {key.example}")["example"])
