"""A small world for tests: one office, a handful of real towns, and plain words.

Towns and codes are the post office's; everything else is a sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from dialogs.calendar import OfficeCalendar
from dialogs.fields.base import Answers
from dialogs.office import Days, Handover, Hours, Office, PickupPoint, Privacy, Resets, Series, Stock, Ward
from dialogs.procedure import Filing
from dialogs.reading.address import AddressMatcher, Match, Town
from dialogs.reading.wareki import wareki
from dialogs.standing import CaseView
from dialogs.words import Fact, Message
from dialogs.world import World

TODAY = date(2027, 6, 7)
"""A Monday."""

OFFICE = Office(
    key="sapporo",
    city="札幌市",
    city_en="Sapporo",
    prefecture="北海道",
    wards=(
        Ward("chuo", "中央区", "Chuo Ward"),
        Ward("minami", "南区", "Minami Ward"),
        Ward("nishi", "西区", "Nishi Ward"),
    ),
    postal_codes=("004", "005", "060", "0612", "063", "064"),
    postal_codes_elsewhere=(),
    section="環境共生担当課",
    section_en="Environmental Coexistence Section",
    section_address="札幌市中央区北1条西2丁目",
    addressee="札幌市環境局環境管理担当部長",
    telephone="011-211-2879",
    area_code="011",
    reception=Hours(time(9), time(16), Days.EVERY_DAY),
    telephone_hours=Hours(time(8, 45), time(17, 15), Days.BUSINESS_DAYS),
    calendar=OfficeCalendar(
        closed=frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}),
    ),
    series=(
        Series("loan", "{era}{era_year}-{number:04}", Resets.FISCAL_YEAR),
        Series("decision", "札幌対第{number}号", Resets.FISCAL_YEAR, dated=True),
        Series("guidance", "SD{era_year}-{number:04}", Resets.FISCAL_YEAR),
    ),
    handover=Handover.POINTS,
    points=(
        PickupPoint(
            "minami",
            "minami",
            "南区 受渡場所（見本）",
            "Minami Ward pick-up point (sample)",
            "札幌市南区（見本）",
        ),
    ),
    stock=Stock(owned=50, store=20),
    lead_days=7,
    privacy=Privacy("目的のためだけに使います。", "Used for nothing else.", ""),
)

FUJINO = Town("0612285", "北海道", "札幌市", "南区", "藤野五条", "フジノ５ジョウ", "")
KITA = Town("0600001", "北海道", "札幌市", "中央区", "北一条西", "キタ１ジョウニシ", "1〜19丁目")
ODORI = Town("0600042", "北海道", "札幌市", "中央区", "大通西", "オオドオリニシ", "1〜19丁目")
ASAHI = Town("0640941", "北海道", "札幌市", "中央区", "旭ケ丘", "アサヒガオカ", "")
CHUO = Town("0600000", "北海道", "札幌市", "中央区", "", "", "以下に掲載がない場合")
ATSUBETSU = Town("0040000", "北海道", "札幌市", "厚別区", "", "", "以下に掲載がない場合")
KIYOTA = Town("0040000", "北海道", "札幌市", "清田区", "", "", "以下に掲載がない場合")
EBETSU = Town("0670000", "北海道", "江別市", "", "", "", "以下に掲載がない場合")
IZUMI = Town("9813133", "宮城県", "仙台市", "泉区", "泉中央", "イズミチュウオウ", "")
ICHIBAN = Town("9800811", "宮城県", "仙台市", "青葉区", "一番町", "イチバンチョウ", "")
NIGATAKE = Town("9830036", "宮城県", "仙台市", "宮城野区", "苦竹", "ニガタケ", "")
HARANOMACHI = Town("9830036", "宮城県", "仙台市", "宮城野区", "原町苦竹", "ハラノマチニガタケ", "")
TOWNS = (
    FUJINO, KITA, ODORI, ASAHI, CHUO, ATSUBETSU, KIYOTA, EBETSU, IZUMI, ICHIBAN, NIGATAKE, HARANOMACHI,
)  # fmt: skip


class Towns:
    """A postal table of a few towns; addresses are understood in Sapporo only, as the real one does."""

    def __init__(self, towns: Iterable[Town] = TOWNS) -> None:
        self._towns = tuple(towns)
        self._matcher = AddressMatcher(town for town in self._towns if OFFICE.in_city(town))

    def towns(self, postcode: str) -> tuple[Town, ...]:
        return tuple(town for town in self._towns if town.postcode == postcode)

    def match(self, text: str) -> Match | None:
        return self._matcher.match(text)


@dataclass(frozen=True)
class PlainWords:
    """A language of the catalog: *texts* by the Japanese wording, everything else in Japanese."""

    locale: str = "ja"
    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, msgid: str, **facts: Fact) -> str:
        wording = self.texts.get(msgid, msgid)
        return (
            wording.format(**{name: self._fact(fact) for name, fact in facts.items()}) if facts else wording
        )

    def say(self, message: Message | str) -> str:
        return self.text(message) if isinstance(message, str) else self.text(message.text, **message.facts)

    def day(self, value: date) -> str:
        return wareki(value) if self.locale == "ja" else value.isoformat()

    def number(self, value: float) -> str:
        return f"{value:,}"

    def _fact(self, fact: Fact) -> str:
        if isinstance(fact, Message):
            return self.say(fact)
        if isinstance(fact, date):
            return self.day(fact)
        return self.number(fact) if isinstance(fact, int) else fact


JAPANESE = PlainWords()
_WORLD = World(TODAY, OFFICE, Towns(), words={"ja": JAPANESE})


def world(today: date = TODAY, **changes: Any) -> World:
    """Return the world on *today* with *changes* to its fields."""
    return replace(_WORLD, today=today, **changes)


def matter(history: Iterable[Filing], answers: Answers | None = None, procedure: str = "sample") -> CaseView:
    """Return a case on which *history* was filed."""
    filed = tuple(history)
    return CaseView("R9-0001", procedure, "R9", filed[0].day if filed else TODAY, filed, answers or {})
