"""The languages of the desk: wording, placeholders, days, numbers, and which one a reader gets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.words import LOCALES, NAMES, Catalog, html_lang, negotiate, words_for
from dialogs.words import OwnText, say

MONDAY = date(2027, 6, 7)
PO = """\
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "戻る"
msgstr "back"

msgid "{least}から{most}まで"
msgstr "from {least} to {most}"

msgid "{name}さん"
msgstr "Dear {nme}"

msgid "{count}個"
msgstr "{count"

msgid "{step}に戻る"
msgstr "Go {step}"

#, fuzzy
msgid "中止"
msgstr "halt"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    written.parent.mkdir(parents=True)
    written.write_text(PO, encoding="utf-8")
    return tmp_path


def test_a_text_is_said_in_the_readers_language(folder: Path) -> None:
    words = Catalog(folder).words("en")

    assert words.locale == "en"
    assert words.text("戻る") == "back"
    assert words.say("戻る") == "back"
    assert words.text("{least}から{most}まで", least=1, most=4000) == "from 1 to 4,000"


def test_a_text_without_translation_stays_japanese(folder: Path) -> None:
    catalog = Catalog(folder)

    assert catalog.words("en").text("進む") == "進む"
    assert catalog.words("en").text("中止") == "中止", "an unconfirmed translation is not used"
    assert catalog.words("ja@easy").text("戻る") == "戻る"
    assert catalog.words("ja").text("戻る") == "戻る"


def test_a_message_inside_a_message_is_translated_first(folder: Path) -> None:
    message = say("{step}に戻る", step=say("戻る"))

    assert Catalog(folder).words("en").say(message) == "Go back"


@pytest.mark.parametrize("name", ["msgid", "text", "self", "message"])
def test_a_fact_may_have_any_name(folder: Path, name: str) -> None:
    words = Catalog(folder).words("ja")
    message = say("{step}") if name == "step" else type(say(""))(f"{{{name}}}に戻る", {name: "A"})

    assert words.say(message) == "Aに戻る"


def test_a_broken_translation_falls_back_to_the_japanese_sentence(folder: Path) -> None:
    words = Catalog(folder).words("en")

    with capture_logs() as logged:
        assert words.text("{name}さん", name="見本") == "見本さん"
        assert words.text("{count}個", count=2) == "2個"

    assert {each["event"] for each in logged} == {"text_broken"}
    assert "見本" not in str(logged), "what was put in is nobody's business"


def test_a_missing_fact_leaves_a_gap_and_raises_nothing(folder: Path) -> None:
    words = Catalog(folder).words("en")

    assert words.text("{least}から{most}まで", least=1) == "1から…まで"
    assert words.text("{0}と{", least=1) == "{0}と{"


def test_braces_in_what_a_person_wrote_stay_what_they_are(folder: Path) -> None:
    words = Catalog(folder).words("ja")

    assert words.text("{name}さん", name="{0.__class__}") == "{0.__class__}さん"
    assert words.text("{0.__class__}") == "{0.__class__}"


def test_a_text_of_ones_own_is_looked_up_in_itself_and_never_in_the_catalog() -> None:
    text = OwnText("戻る", {"en": "Your {age}"})

    assert words_for("en").text(text) == "Your {age}"
    assert words_for("ja").say(say(text)) == "戻る"
    assert words_for("en").text("{label}：{answer}", label=text, answer="1") == "Your {age}: 1"


def test_the_empty_text_is_not_the_header_of_the_catalog(folder: Path) -> None:
    assert Catalog(folder).words("en").text("") == ""


def test_a_compiled_catalog_is_used_unless_its_source_is_newer(folder: Path) -> None:
    from os import utime

    from bot.words import compiled

    written = folder / "en" / "LC_MESSAGES" / "messages.po"
    made = written.with_suffix(".mo")
    made.write_bytes(compiled(written))
    written.write_text(PO.replace('"back"', '"return"'), encoding="utf-8")

    utime(made, (2_000_000_000, 2_000_000_000))
    assert Catalog(folder).words("en").text("戻る") == "back"
    utime(made, (1_000_000_000, 1_000_000_000))
    assert Catalog(folder).words("en").text("戻る") == "return"


@pytest.mark.parametrize(
    ("locale", "day"),
    [("ja", "令和9年6月7日(月)"), ("ja@easy", "2027年6月7日(月よう日)"), ("en", "Monday, 7 June 2027")],
)
def test_a_day_is_written_as_its_readers_expect(locale: str, day: str) -> None:
    words = words_for(locale)

    assert words.day(MONDAY) == day
    assert words.day(datetime(2027, 6, 7, 23, tzinfo=UTC)) == day
    assert words.text("{day}", day=MONDAY) == day


def test_a_moment_is_written_in_the_time_of_tokyo() -> None:
    late = datetime(2027, 6, 6, 20, 5, tzinfo=UTC)

    assert words_for("ja").text("{at}", at=late) == "令和9年6月7日(月) 05:05"
    assert words_for("en").text("{at}", at=late) == "Monday, 7 June 2027 05:05"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (999, "999"), (-1234, "-1,234"), (1234567, "1,234,567"), (1234.5, "1,234.5")],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_digits_are_grouped(locale: str, value: float, written: str) -> None:
    assert words_for(locale).number(value) == written


def test_a_key_put_into_a_text_is_written_as_its_value() -> None:
    class Ward(StrEnum):
        WEST = "西区"

    assert words_for("ja").text("{ward}", ward=Ward.WEST) == "西区"


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        (None, "ja"),
        ("", "ja"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("JA_jp", "ja"),
        ("ja-x-easy", "ja@easy"),
        ("ja@easy", "ja@easy"),
        ("en", "en"),
        ("en-GB", "en"),
        ("zh-TW", "en"),
        ("vi", "en"),
        ("fil", "en"),
        ("und", "ja"),
        ("??", "ja"),
        ("x" * 5000, "ja"),
    ],
)
def test_a_profiles_language_leads_to_a_language_of_the_desk(language: str | None, locale: str) -> None:
    assert negotiate(language) == locale


def test_a_language_no_longer_spoken_is_japanese() -> None:
    assert words_for("tlh").locale == "ja"


def test_every_language_has_its_own_name_and_its_html_tag() -> None:
    assert tuple(NAMES) == LOCALES
    assert [html_lang(locale) for locale in LOCALES] == ["ja", "ja-x-easy", "en"]
    assert [negotiate(html_lang(locale)) for locale in LOCALES] == list(LOCALES)
    assert html_lang("zh_Hans") == "zh-Hans"
