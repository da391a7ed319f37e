"""How well the guide is found by what people ask; the figures stand in docs/howto.md as they are measured here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from dialogs.howto import search
from dialogs.howto.search import FEW, Index, index
from tests.dialogs.howto_questions import HELD_OUT, OTHERS, QUESTIONS
from tests.dialogs.worlds import JAPANESE, PlainWords
from tests.support.talks import WORDS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "howto.md"
Asked = tuple[tuple[str, str], ...]


def place(found: Index, question: str, wanted: str) -> int:
    """Return at which place (from 1) *wanted* is offered, 0 where it is not among the candidates."""
    keys = [each.key for each in found.found(question)[:FEW]]
    return keys.index(wanted) + 1 if wanted in keys else 0


@contextmanager
def bare() -> Iterator[None]:
    """Let the guide have its own wording alone."""
    _forget()
    with patch.object(search, "ALIASES", {}), patch.object(search, "WARNINGS", {}):
        yield
    _forget()


def _forget() -> None:
    search.guide.cache_clear()
    search.made.cache_clear()


def figures(asked: Asked) -> str:
    """Return how many of *asked* are answered first, and among the candidates."""
    found = index(WORDS["ja"])
    places = [place(found, text, key) for text, key in asked]
    return f"{places.count(1)} | {sum(each > 0 for each in places)} | {len(places)}"


def rows(found: Index, asked: Asked) -> list[str]:
    return [f"| {text} | `{key}` | {place(found, text, key) or '–'} |" for text, key in asked]


def table() -> str:
    """Return what docs/howto.md says of the search."""
    found = index(WORDS["ja"])
    summary = [
        f"| 30 questions written before the search | {figures(QUESTIONS)} |",
        f"| 10 questions written after it was tuned | {figures(HELD_OUT)} |",
    ]
    with bare():
        summary += [
            f"| the 30, by the guide's own wording alone | {figures(QUESTIONS)} |",
            f"| the 10, by the guide's own wording alone | {figures(HELD_OUT)} |",
        ]
    taken = [each for each in OTHERS if (hits := found.found(each)) and hits[0].fits_well]
    silent = f"{len(OTHERS) - len(taken)} of {len(OTHERS)}"
    return "\n".join(
        [
            "| questions | first | among three | of |",
            "|---|---|---|---|",
            *summary,
            "",
            f"Silent at the menu on sentences about something else: {silent}"
            + (f" (taken for a question: {'、'.join(taken)})." if taken else "."),
            "",
            "| question | entry | place |",
            "|---|---|---|",
            *rows(found, (*QUESTIONS, *HELD_OUT)),
        ]
    )


def test_four_of_five_questions_are_answered_among_three_candidates() -> None:
    found = index(WORDS["ja"])

    assert len(QUESTIONS) >= 30
    assert sum(place(found, text, key) > 0 for text, key in QUESTIONS) >= 0.8 * len(QUESTIONS)
    assert sum(place(found, text, key) > 0 for text, key in HELD_OUT) >= 0.8 * len(HELD_OUT)


def test_the_document_says_what_is_measured() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8"), table()


@pytest.mark.parametrize("locale", WORDS)
def test_the_readers_language_changes_little(locale: str) -> None:
    found = index(WORDS[locale])

    assert sum(place(found, text, key) > 0 for text, key in QUESTIONS) >= 0.8 * len(QUESTIONS)


def test_a_translated_guide_is_found_by_its_own_words() -> None:
    spoken = PlainWords("xx", {"アース棒の深さ": "Profundidad de la varilla"})

    assert index(spoken).found("profundidad?")[0].key == "earth"
    assert not any(each.fits_well for each in index(JAPANESE).found("profundidad?"))


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("わいやーのはりはじめ", "ワイヤーの張りはじめ"),
        ("ペースメカー", "ペースメーカー"),
        ("ﾎﾟｰﾙ の かど", "ポールのかど"),
        ("VOLTAGES", "voltage"),
    ],
)
def test_spellings_of_the_same_word_have_pairs_in_common(typed: str, same: str) -> None:
    assert set(search.grams(typed)) & set(search.grams(same))


def test_pairs_of_japanese_and_words_of_latin_script() -> None:
    assert list(search.grams("電池 が")) == ["電池", "池が", "電", "池"]
    assert list(search.grams("The gates")) == ["the", "gat"]
    assert list(search.grams("rods earth is")) == ["rod", "earth", "ear", "art", "rth", "is"]
    assert list(search.grams("！？")) == []


@pytest.mark.parametrize(
    ("question", "warned"),
    [
        ("子どもがさわったら？", {"sign"}),
        ("is it safe for my kids", {"sign"}),
        ("子どもの名前で申請できますか", set()),
        ("心臓が悪い孫は近づいても平気ですか", {"pacemaker", "sign"}),
        ("カミナリのとき", {"thunder"}),
        ("電池は何本ですか", set()),
    ],
)
def test_danger_is_heard_where_it_is_spoken_of(question: str, warned: set[str]) -> None:
    assert search.warnings(question) == warned


def test_words_for_an_entry_that_is_gone_lead_nowhere() -> None:
    assert index(JAPANESE, {"gone": ("龍",)}).found("龍") == ()


def test_a_question_of_any_length_is_looked_at_only_so_far() -> None:
    assert len(list(search.grams("柵" * 10_000))) < 500
