"""A survey of thirty questions with as many answers as are wanted, for whatever counts them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert

from dialogs.fields import Option
from dialogs.surveys import Bounds, Group, Kind, Question, Survey, to_json
from dialogs.surveys.conditions import Selected
from storage import engine as database
from storage import surveys
from storage.asjson import dump
from storage.surveys import SurveyRow
from storage.tables_surveys import ballots

KEY = "climate_citizens"
DAY = 1_800_000_000_000

AGES = tuple(Option(f"{each}s", f"{each}歳代") for each in range(20, 80, 10))
SEXES = (Option("f", "女性"), Option("m", "男性"), Option("x", "答えない"))
LIKERT = tuple(
    Option(str(number), label)
    for number, label in enumerate(
        ("とてもそう思う", "そう思う", "どちらでもない", "そう思わない", "まったくそう思わない"), 1
    )
)
THEMES = tuple(Option(f"t{each}", f"見本のテーマ{each}") for each in range(1, 9))


def survey() -> Survey:
    """Return the survey: who one is, opinions, several choices, numbers, days, words."""
    about = (
        Question("age", Kind.SELECT_ONE, "年代", options=AGES),
        Question("sex", Kind.SELECT_ONE, "性別", options=SEXES),
    )
    opinions = tuple(
        Question(f"opinion{each}", Kind.SELECT_ONE, f"見本の意見{each}", options=LIKERT)
        for each in range(1, 17)
    )
    several = tuple(
        Question(f"themes{each}", Kind.SELECT_MULTIPLE, f"関心のあるテーマ{each}", options=THEMES)
        for each in range(1, 5)
    )
    numbers = (
        Question("people", Kind.INTEGER, "世帯の人数", bounds=Bounds(1, 9)),
        Question("years", Kind.INTEGER, "お住まいの年数", bounds=Bounds(0, 90)),
        Question("grade", Kind.RANGE, "満足度", bounds=Bounds(1, 5, 1)),
        Question("children", Kind.INTEGER, "子どもの人数", relevant=Selected("age", "30s")),
        Question("since", Kind.DATE, "始めた日"),
    )
    words = tuple(Question(f"words{each}", Kind.TEXT, f"ご意見{each}", long=True) for each in range(1, 4))
    return Survey(
        KEY, "見本のアンケート", "1", (Group("all", "", (*about, *opinions, *several, *numbers, *words)),)
    )


def answers(chance: random.Random) -> Mapping[str, Any]:
    """Return one ballot: the old answer more often than the young, as they do."""
    found: dict[str, Any] = {
        "age": chance.choices(AGES, (5, 8, 12, 18, 25, 32))[0].key,
        "sex": chance.choices(SEXES, (55, 44, 1))[0].key,
        "people": chance.randint(1, 6),
        "years": chance.randint(0, 70),
        "grade": chance.randint(1, 5),
        "since": f"20{chance.randint(10, 26)}-{chance.randint(1, 12):02d}-15",
    }
    found |= {f"opinion{each}": chance.choice(LIKERT).key for each in range(1, 17) if chance.random() > 0.03}
    found |= {
        f"themes{each}": sorted({option.key for option in chance.choices(THEMES, k=3)})
        for each in range(1, 5)
    }
    if found["age"] == "30s":
        found["children"] = chance.randint(0, 4)
    for each in range(1, 4):
        found[f"words{each}"] = (
            f"見本の意見です。番号{chance.randint(1, 9999)}。" if chance.random() < 0.2 else None
        )
    return found


def fill(engine: Engine, count: int, seed: int = 1) -> None:
    """Store the survey and *count* ballots, opened."""
    row = SurveyRow(KEY, "見本のアンケート", "1", to_json(survey()), uploaded_by="見本 一郎", uploaded_at=DAY)
    with database.write(engine) as conn:
        surveys.put(conn, row)
        surveys.open_(conn, KEY, ())
    more(engine, count, seed)


def more(engine: Engine, count: int, seed: int) -> None:
    """Add *count* ballots."""
    rows = _rows(count, random.Random(seed))
    with database.write(engine) as conn:
        while batch := list(islice(rows, 1000)):
            conn.execute(insert(ballots), batch)


def _rows(count: int, chance: random.Random) -> Iterator[Mapping[str, Any]]:
    for _number in range(count):
        channel = chance.choices(("line", "web", "paper"), (6, 3, 1))[0]
        yield {
            "survey": KEY,
            "id": uuid.UUID(int=chance.getrandbits(128)).hex,
            "answers": dump(answers(chance)),
            "channel": channel,
            "kind": "",
            "paper": channel == "paper",
        }
