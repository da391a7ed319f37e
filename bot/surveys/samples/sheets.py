"""What a sample is written down as: rows and lists, each text in Japanese, easy Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass

Texts = tuple[str, str, str]
Options = Mapping[str, Texts]


@dataclass(frozen=True)
class Row:
    """One row of the sheet ``survey``."""

    kind: str
    name: str = ""
    label: Texts | None = None
    _: KW_ONLY
    hint: Texts | None = None
    required: bool = False
    relevant: str | None = None
    constraint: str | None = None
    message: Texts | None = None
    appearance: str | None = None
    parameters: str | None = None


@dataclass(frozen=True)
class Sample:
    """One workbook."""

    key: str
    title: Texts
    version: str
    rows: tuple[Row, ...]
    lists: Mapping[str, Options]


END = Row("end_group")
NO_NAMES: Texts = (
    "名前や住所は書かないでください。",
    "なまえや じゅうしょは 書かないでください。",
    "Please write no names or addresses.",
)  # untranslated: the workbook brings its own languages
YES_NO: Options = {
    "yes": ("はい", "はい", "Yes"),
    "no": ("いいえ", "いいえ", "No"),
}  # untranslated: the workbook brings its own languages
AGES: Options = {
    "a16_29": ("16〜29歳", "16〜29さい", "16 to 29"),
    "a30_39": ("30〜39歳", "30〜39さい", "30 to 39"),
    "a40_49": ("40〜49歳", "40〜49さい", "40 to 49"),
    "a50_59": ("50〜59歳", "50〜59さい", "50 to 59"),
    "a60_69": ("60〜69歳", "60〜69さい", "60 to 69"),
    "a70_up": ("70歳以上", "70さい 以上", "70 or over"),
}  # untranslated: the workbook brings its own languages
WARDS: Options = {
    "chuo": ("中央区", "ちゅうおうく", "Chuo Ward"),
    "kita": ("北区", "きたく", "Kita Ward"),
    "higashi": ("東区", "ひがしく", "Higashi Ward"),
    "shiroishi": ("白石区", "しろいしく", "Shiroishi Ward"),
    "atsubetsu": ("厚別区", "あつべつく", "Atsubetsu Ward"),
    "toyohira": ("豊平区", "とよひらく", "Toyohira Ward"),
    "kiyota": ("清田区", "きよたく", "Kiyota Ward"),
    "minami": ("南区", "みなみく", "Minami Ward"),
    "nishi": ("西区", "にしく", "Nishi Ward"),
    "teine": ("手稲区", "ていねく", "Teine Ward"),
}  # untranslated: the workbook brings its own languages
