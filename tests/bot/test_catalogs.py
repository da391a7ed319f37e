"""The catalogs: gathered from the code, merged without guessing, checked, compiled."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bot import catalogs
from bot.words import LOCALES, Catalog, words_for

TWO = ("ja", "en")
update = partial(catalogs.update, locales=TWO)
check = partial(catalogs.check, locales=TWO, least=1)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    code = tmp_path / "dialogs" / "asking.py"
    code.parent.mkdir()
    code.write_text('_("戻る")\n_(\n    "{least}から"\n    "{most}まで"\n)\n', encoding="utf-8")
    page = tmp_path / "bot" / "web" / "templates" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>{{ _('お名前') }}{% trans %}\n  送信\n{% endtrans %}</p>", encoding="utf-8")
    update(tmp_path)
    return tmp_path


def po(house: Path) -> Path:
    return house / "locales" / "en" / "LC_MESSAGES" / "messages.po"


def translate(house: Path) -> None:
    wordings = {
        "戻る": "back",
        "{least}から{most}まで": "{least} to {most}",
        "お名前": "Name",
        "送信": "Send",
    }
    text = po(house).read_text(encoding="utf-8")
    for source, wording in wordings.items():
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{wording}"')
    po(house).write_text(text, encoding="utf-8")


def test_texts_of_code_and_templates_are_gathered(house: Path) -> None:
    found = [each.id for each in catalogs.template(house) if each.id]

    assert sorted(found) == sorted(["戻る", "{least}から{most}まで", "お名前", "送信"])


def test_a_complete_catalog_has_no_problems(house: Path) -> None:
    translate(house)

    assert check(house) == []


def test_gathering_again_changes_no_file(house: Path) -> None:
    translate(house)
    files = [*house.rglob("*.po"), *house.rglob("*.pot")]
    before = [each.read_bytes() for each in files]

    (house / "dialogs" / "asking.py").write_text(
        "\n\n\n" + (house / "dialogs" / "asking.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    update(house)

    assert [each.read_bytes() for each in files] == before
    assert len(files) == 2
    assert b"20" not in b"".join(before), "no dates"


def test_a_reworded_text_loses_its_translation(house: Path) -> None:
    translate(house)
    code = house / "dialogs" / "asking.py"
    code.write_text(code.read_text(encoding="utf-8").replace("戻る", "もどる"), encoding="utf-8")

    assert check(house)[0] == "messages.pot is out of date: run madoguchi words"
    update(house)

    assert check(house) == ["en: empty: もどる", "en: obsolete: 戻る"]


def test_what_is_not_translated_is_reported(house: Path) -> None:
    assert sum("empty" in each for each in check(house)) == 4

    po(house).unlink()

    assert check(house) == ["en: has no catalog: run madoguchi words"]


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ('msgid "戻る"', '#, fuzzy\nmsgid "戻る"', "en: fuzzy: 戻る"),
        ("{least} to", "up to", "en: other placeholders: {least}から{most}まで"),
        ("{least} to", "{leats} to", "en: other placeholders: {least}から{most}まで"),
        ("{least} to", "{least to", "en: other placeholders: {least}から{most}まで"),
        ("{least} to", "{least.real} to", "en: other placeholders: {least}から{most}まで"),
        ('msgid "お名前"\nmsgstr "Name"', "", "en: missing: お名前"),
        ('msgid "送信"', 'msgid "昔"\nmsgstr "once"\n\nmsgid "送信"', "en: obsolete: 昔"),
    ],
)
def test_a_spoilt_catalog_is_reported(house: Path, was: str, becomes: str, problem: str) -> None:
    translate(house)
    text = po(house).read_text(encoding="utf-8")
    po(house).write_text(text.replace(was, becomes), encoding="utf-8")

    assert check(house) == [problem]


def test_a_text_whose_placeholders_cannot_be_read_is_reported(house: Path) -> None:
    (house / "dialogs" / "bad.py").write_text('_("{0}個")\n', encoding="utf-8")

    assert "dialogs/bad.py: its placeholders cannot be read: {0}個" in check(house)


def test_finding_almost_nothing_is_a_problem(house: Path) -> None:
    translate(house)

    assert check(house, least=5) == ["only 4 texts were found in the code, expected at least 5"]


def test_a_template_with_a_syntax_error_does_not_vanish_quietly(house: Path) -> None:
    (house / "bot" / "web" / "templates" / "bad.html").write_text("{% if %}", encoding="utf-8")

    with pytest.raises(Exception, match="Expected an expression"):
        check(house)


def test_compiled_catalogs_speak(house: Path) -> None:
    translate(house)

    [made] = catalogs.compile_all(house, locales=TWO)
    po(house).unlink()

    assert made.suffix == ".mo"
    assert Catalog(house / "locales").words("en").text("戻る") == "back"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_words_that_buttons_tell_people_to_type_are_understood(locale: str) -> None:
    from dialogs.commands import SPELLINGS, command

    for do, spellings in SPELLINGS.items():
        ordered = command(words_for(locale).text(spellings[0]))

        assert ordered is not None, spellings[0]
        assert ordered.do is do


@pytest.mark.parametrize("locale", LOCALES)
def test_yes_no_and_submit_are_understood_as_they_are_recommended(locale: str) -> None:
    from dialogs.commands import CONFIRMING
    from dialogs.reading.answers import read_yes_no
    from dialogs.reading.text import fold

    words = words_for(locale)

    assert read_yes_no(words.text("はい")) is True
    assert read_yes_no(words.text("確認しました")) is True
    assert read_yes_no(words.text("いいえ")) is False
    assert fold(words.text("申請する")) in CONFIRMING


def test_every_text_of_the_desk_is_in_every_language() -> None:
    assert catalogs.check() == []
