"""The menus of the desk, one for each thing that a person may be at; declared here and nowhere else.

Which of them somebody sees follows from the steps that they may file now, so that no procedure knows of menus.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dialogs.events import Action, Do
from dialogs.words import Words, _

PREFIX = "menu:"
"""Begins the data of a tile.  Sealed data never holds a colon, so that neither can be taken for the other."""

CHAT_BAR = _("メニュー")
SOURCE = "ja"


@dataclass(frozen=True)
class Tile:
    """One area of a menu.  *wording* may hold one line break, where it is broken on the picture.

    *word* is what a tap sends, the same for everybody: it does *action* with what the person has open.
    """

    icon: str
    wording: str
    word: str
    action: Action

    @property
    def data(self) -> str:
        """Return what a tap sends."""
        return PREFIX + self.word

    def lines(self, words: Words) -> tuple[str, ...]:
        """Return the words on the tile in the reader's language, line by line."""
        return tuple(words.text(self.wording).split("\n"))

    def label(self, words: Words) -> str:
        """Return the same in one line: for a screen reader, and as what the person is seen to say."""
        lines = self.lines(words)
        runs_on = words.locale == SOURCE and not any(each.isascii() for each in lines)
        return ("" if runs_on else " ").join(lines)


@dataclass(frozen=True)
class Menu:
    """One menu: of *MENUS* the first is shown of whose *steps* the person may file any now.

    *tiles* are two to four large ones, the first one the most likely; *foot* are three small ones below.
    """

    key: str
    steps: frozenset[str]
    tiles: tuple[Tile, ...]
    foot: tuple[Tile, ...]

    @property
    def areas(self) -> tuple[Tile, ...]:
        """Return every tile, in reading order."""
        return *self.tiles, *self.foot


def _starting(icon: str, wording: str, procedure: str) -> Tile:
    return Tile(icon, wording, f"start/{procedure}", Action(Do.START, key=procedure))


def _filing(icon: str, wording: str, step: str) -> Tile:
    return Tile(icon, wording, f"file/{step}", Action(Do.FILE, part=step))


LOAN = _starting("fence", _("電気柵を\n借りる"), "fence_loan")
GUIDANCE = _starting("visit", _("設置の指導を\n申し込む"), "install_guidance")
GUIDE = Tile("guide", _("使い方を\n調べる"), "guide", Action(Do.HOWTO))
CASES = Tile("cases", _("申請の\n状況"), "cases", Action(Do.CASES))
HELP = Tile("help", _("ヘルプ"), "help", Action(Do.HELP))
LANGUAGE = Tile("language", _("言語\nLanguage"), "language", Action(Do.LANGUAGE))
EVERYTHING = Tile("menu", _("すべての\nメニュー"), "menu", Action(Do.MENU))
PICK_UP = _filing("booking", _("受け取りの\n予約・変更"), "pickup_booked")
CANCEL = _filing("cancel", _("申し込みを\nやめる"), "cancelled")
GIVE_BACK = _filing("return", _("返却の\n予約・変更"), "return_booked")
EXTEND = _filing("longer", _("期間を\n延ばす"), "extension_asked")
TROUBLE = _filing("trouble", _("故障・困りごと\nを知らせる"), "trouble")
MISSING = _filing("help", _("足りない部品に\nついて答える"), "missing_answered")
ANSWER = _filing("answer", _("アンケートに\n答える"), "questionnaire")
AGREE = _filing("booking", _("提案の日時で\nお願いする"), "agreed")
MOVE = _filing("move", _("訪問の日時を\n変える"), "moved")

FOOT = (CASES, LANGUAGE, EVERYTHING)
OTHER_FOOT = (HELP, LANGUAGE, EVERYTHING)

MENUS = (
    Menu("borrowing", frozenset({"return_booked", "extension_asked"}), (GIVE_BACK, TROUBLE, EXTEND, GUIDE), FOOT),
    Menu("parts", frozenset({"missing_answered"}), (MISSING, ANSWER, GUIDE), FOOT),
    Menu("booking", frozenset({"pickup_booked"}), (PICK_UP, GUIDE, CANCEL), FOOT),
    Menu("proposed", frozenset({"agreed"}), (AGREE, MOVE, CANCEL), FOOT),
    Menu("visit", frozenset({"moved"}), (MOVE, GUIDE, CANCEL), FOOT),
    Menu("waiting", frozenset({"correction", "withdrawal", "cancelled"}), (CASES, GUIDE, GUIDANCE), OTHER_FOOT),
    Menu("returned", frozenset({"questionnaire"}), (ANSWER, LOAN, GUIDANCE), FOOT),
    Menu("start", frozenset(), (LOAN, GUIDANCE, GUIDE), FOOT),
)  # fmt: skip

DEFAULT = MENUS[-1]
"""What everybody sees who has nothing open, in Japanese also those whom the desk does not know yet."""

TAPS: Mapping[str, Action] = {each.data: each.action for menu in MENUS for each in menu.areas}
"""All that a tile may say.  It names no person and no case: what it does follows from who taps it."""


def fitting(steps: Collection[str]) -> Menu:
    """Return the menu for somebody who may file *steps* now, over all cases of theirs."""
    return next((each for each in MENUS if not each.steps.isdisjoint(steps)), DEFAULT)


def tapped(data: str) -> Action | None:
    """Return what a tap that sent *data* asks for; None for anything that is no tile's."""
    return TAPS.get(data)
