"""Applications by the hundred thousand, written in bulk: for measuring, and for tests of what grows.

They are what residents file through the desk, answer for answer: personal answers sealed in the vault by the
keys of the ring, their marks in the submission, some cases corrected, withdrawn or taken up.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert

from bot.clock import day_of, millis
from bot.sealing import marked, plain_personal
from dialogs.form import Form
from dialogs.procedures.fence_loan import FENCE_LOAN
from storage import engine as database
from storage.asjson import dump
from storage.tables import cases, identities, people, submissions, vault
from storage.vault import Vault
from tests.support.service import BEGIN

BATCH = 1000
"""Applications written in one transaction."""

FIRST = millis(BEGIN) - 365 * 24 * 3600 * 1000
APART = 20_000
"""Milliseconds from one application to the next: a million takes less than the year before BEGIN."""

FORM: Form = FENCE_LOAN.forms[-1]
_TABLES = (people, identities, cases, vault, submissions)  # those first that others refer to
_NAMES = ("見本 太郎", "見本 花子", "札幌 一郎", "SAMPLE Alex", "髙𣘺 見本", "見本 𠮷野")
_KANA = (
    "ミホン　タロウ",
    "ミホン　ハナコ",
    "サッポロ　イチロウ",
    "サンプル　アレックス",
    "タカハシ　ミホン",
    "ミホン　ヨシノ",
)
_TOWNS = (
    ("0612285", "南区", "藤野五条"),
    ("0640945", "中央区", "盤渓"),
    ("0050850", "南区", "石山東"),
    ("0612274", "南区", "小金湯"),
    ("0630801", "西区", "二十四軒一条"),
)
_NOTES = (
    "畑は家の裏にあります。",
    "=1+1 と書いてあるのが門です",
    "平日は留守です。\n夕方に電話をください。",
    "庭の門は青い色です",
)
_PROMISES = {"upkeep": True, "return": True, "consider": True}


def applications(engine: Engine, vault: Vault, count: int, first: int = 1) -> None:
    """File *count* applications for fences, numbered from *first* (M-0000001), one each by a person of its own.

    The same numbers give the same applications but for ids and seals.
    """
    made = (_Application(vault, number) for number in range(first, first + count))
    while batch := list(islice(made, BATCH)):
        with database.write(engine) as conn:
            _store(conn, batch)


def _store(conn: Connection, batch: list[_Application]) -> None:
    for table in _TABLES:
        conn.execute(insert(table), [row for each in batch for row in each.rows(table)])


@dataclass
class _Application:
    vault: Vault
    number: int
    chance: random.Random = field(init=False)
    ids: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)
        self.ids = {each: f"{random.getrandbits(128):032x}" for each in ("person", "case", "record")}

    @property
    def at(self) -> int:
        return FIRST + self.number * APART

    def rows(self, table: Table) -> Iterator[Mapping[str, Any]]:
        return {people: self._person, identities: self._identity, cases: self._case, vault: self._sealed}.get(
            table, self._filed
        )()

    def _person(self) -> Iterator[Mapping[str, Any]]:
        yield {
            "id": self.ids["person"],
            "locale": self._locale,
            "locale_chosen": False,
            "current": "",
            "at": "",
            "version": 1,
            "created_at": self.at,
        }

    @property
    def _locale(self) -> str:
        return "en" if self.number % 50 == 0 else "ja"

    def _identity(self) -> Iterator[Mapping[str, Any]]:
        account = f"U{self.number:032x}"
        yield {
            "channel": "line",
            "external_id": account,
            "person_id": self.ids["person"],
            "blocked_at": None,
            "seen_at": self.at,
        }

    def _case(self) -> Iterator[Mapping[str, Any]]:
        yield {
            "id": self.ids["case"],
            "procedure": FENCE_LOAN.key,
            "reference": f"M-{self.number:07}",
            "person_id": self.ids["person"],
            "channel": "line",
            "opened_at": self.at,
        }

    def _sealed(self) -> Iterator[Mapping[str, Any]]:
        content = dump(plain_personal(FORM.by_key, self.answers())).encode()
        # A file is sealed as a record is: by the table and the row that it belongs to.
        sealed = self.vault.seal_bytes(vault.name, self.ids["record"], content, procedure=FENCE_LOAN.key)
        yield {
            "id": self.ids["record"],
            "procedure": FENCE_LOAN.key,
            "version": 1,
            "key_id": sealed.key_id,
            "blob": sealed.blob,
            "sealed_at": self.at,
        }

    def _filed(self) -> Iterator[Mapping[str, Any]]:
        answers = marked(FORM.by_key, self.answers())
        steps: list[tuple[str, Mapping[str, Any]]] = [("application", answers)]
        if self.number % 10 == 3:
            steps.append(("correction", {**answers, "sets": 3}))
        if self.number % 20 == 7:
            steps.append(("withdrawal", {}))
        elif self.number % 3 == 0:
            steps.append(("taken_up", {}))
        return (self._submission(place, *step) for place, step in enumerate(steps, start=1))

    def _submission(self, place: int, step: str, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        is_staff = step == "taken_up"
        return {
            "id": f"{random.getrandbits(128):032x}",
            "case_id": self.ids["case"],
            "number": place,
            "step": step,
            "form": FORM.key if answers else "",
            "edition": FORM.edition if answers else "",
            "answers": dump(answers),
            "sources": "{}",
            "vault_id": self.ids["record"] if answers else None,
            "filed_by": "見本 職員" if is_staff else self.ids["person"],
            "role": "staff" if is_staff else "resident",
            "channel": "console" if is_staff else "line",
            "locale": self._locale,
            "event_id": f"many-{self.number}/{place}",
            "filed_at": self.at + place * 1000,
            "unsent_at": None,
        }

    def answers(self) -> Mapping[str, Any]:
        """Return whole answers, the personal ones in clear."""
        self.chance.seed(self.number)  # every table's rows are made of the same answers
        return FORM.kept({**self._wish(), **_PROMISES, **self._applicant()})

    def _wish(self) -> Mapping[str, Any]:
        chance, day = self.chance, day_of(self.at)
        begins = day + timedelta(days=chance.randrange(3, 30))
        damage = chance.choice(("damaged", "trace", "nearby", "none"))
        return {
            "applicant_type": "association" if self.number % 10 == 0 else "person",
            "perimeter": chance.randrange(5, 400),
            "sets": chance.randrange(1, 4),
            "period": {
                "from": begins.isoformat(),
                "to": (begins + timedelta(days=chance.randrange(14, 120))).isoformat(),
            },
            "reason": ["at_risk", "other"] if self.number % 8 == 0 else ["at_risk"],
            "reason_other": "共同菜園を守るため（見本）",
            "damage": damage,
            "photo": None,
            "trace_place": {
                "lat": round(42.9 + chance.random() / 10, 6),
                "lng": 141.3,
                "name": "見本公園の東側",
            }
            if self.number % 4 == 0
            else None,
            "emergency": "yes" if self.number % 15 == 0 else "no",
        }

    def _applicant(self) -> Mapping[str, Any]:
        chance = self.chance
        who = chance.randrange(len(_NAMES))
        address = self._address()
        return {
            "organisation": f"見本町内会{self.number % 100}",
            "name": _NAMES[who],
            "kana": _KANA[who],
            "address": address,
            "phone": f"011-211-0{chance.randrange(1000):03}",
            "email": f"mihon{self.number}@example.jp" if self.number % 3 else None,
            "site": {**address, "same": True} if self.number % 4 else self._address(),
            "note": chance.choice(_NOTES) if self.number % 5 == 0 else None,
        }

    def _address(self) -> Mapping[str, Any]:
        postcode, ward, town = self.chance.choice(_TOWNS)
        return {
            "postcode": postcode,
            "prefecture": "北海道",
            "city": "札幌市",
            "ward": ward,
            "town": town,
            "rest": f"{self.chance.randrange(1, 40)}-{self.chance.randrange(1, 30)}",
            "in_city": True,
        }
