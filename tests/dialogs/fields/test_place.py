import pytest

from dialogs.fields import Control, Place, Raw
from tests.dialogs.fields.asked import given, refusal
from tests.dialogs.worlds import JAPANESE

PLACE = Place("trace_place", "痕跡の場所", example="見本公園の東側")
POINT = {"lat": "43.0621", "lng": "141.3544", "name": "見本公園"}


def test_a_point_of_the_map_is_kept_to_a_tenth_of_a_metre() -> None:
    value = PLACE.read({**POINT, "lat": "43.06210000000001"}, given())

    assert value == {"lat": 43.0621, "lng": 141.3544, "name": "見本公園"}


def test_the_platforms_name_of_a_point_is_cut_rather_than_refused() -> None:
    assert len(PLACE.read({**POINT, "name": "あ" * 1000}, given())["name"]) == 100


@pytest.mark.parametrize(
    ("lat", "lng"),
    [("90", "180"), ("-90.0", "-180"), ("1e-05", "+0"), ("-0.0", "0")],
)
def test_every_point_of_the_earth_is_taken(lat: str, lng: str) -> None:
    value = PLACE.read({"lat": lat, "lng": lng}, given())

    assert value["name"] == ""
    assert "-0.0" not in str(value["lat"])


@pytest.mark.parametrize(
    ("lat", "lng"),
    [
        ("90.1", "0"),
        ("0", "-180.000001"),
        ("43", ""),
        ("", "141"),
        ("nan", "0"),
        ("inf", "0"),
        ("4_3", "0"),
        ("٤٣", "0"),
    ],
)
def test_what_is_no_point_of_the_earth_is_refused(lat: str, lng: str) -> None:
    assert "もう一度" in refusal(PLACE, {"lat": lat, "lng": lng, "name": "見本"})[1]


@pytest.mark.parametrize(
    "raw", ["見本公園の\n東側", {"": "見本公園の 東側"}, {"name": "見本公園の 東側", "lat": "", "lng": ""}]
)
def test_a_landmark_may_be_named_instead(raw: Raw) -> None:
    assert PLACE.read(raw, given()) == {"name": "見本公園の 東側"}


def test_a_landmark_is_refused_where_the_exact_point_is_needed() -> None:
    assert "地図" in refusal(Place("p", "場所", exact=True), "見本公園")[1]
    assert Place("p", "場所", exact=True).read(POINT, given())["lat"] == 43.0621


def test_nothing_endless_text_and_an_individual_number_are_no_landmark() -> None:
    assert refusal(PLACE, "") == ("", "痕跡の場所を入力してください。例：見本公園の東側")
    assert "長すぎます" in refusal(PLACE, "あ" * 101)[1]
    assert "マイナンバー" in refusal(PLACE, "123456789018")[1]


def test_a_place_is_shown_by_its_name_or_its_degrees() -> None:
    assert PLACE.show({"name": "見本公園"}, JAPANESE) == "見本公園"
    assert PLACE.show({"lat": 43.1, "lng": 141.2, "name": ""}, JAPANESE) == "地図の位置 43.1, 141.2"


def test_a_place_is_exported_as_numbers_and_its_name() -> None:
    assert [column.key for column in PLACE.columns()] == ["lat", "lng", "name"]
    assert PLACE.cells({"lat": 43.1, "lng": 141.2, "name": ""}, JAPANESE) == (43.1, 141.2, "")
    assert PLACE.cells({"name": "見本公園"}, JAPANESE) == (None, None, "見本公園")
    assert PLACE.cells(None, JAPANESE) == (None, None, None)


def test_a_place_is_drawn_as_a_map() -> None:
    (drawn,) = PLACE.inputs(given())

    assert (drawn.control, drawn.label, drawn.example) == (Control.PLACE, "痕跡の場所", "見本公園の東側")
