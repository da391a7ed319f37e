"""Where 仕様書 6(9) and 別添3 differ (002-15).  The sheet follows 別添3; an administrator is shown the rest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dialogs.procedures.premises import Site
from dialogs.words import Message, _, say


class Where(StrEnum):
    """Which of the two has it."""

    SPECIFICATION = "specification"
    SHEET = "sheet"
    BOTH = "both"


@dataclass(frozen=True)
class Difference:
    """One difference: *item* in the words of the paper that has it, *told* what it means; *sites* it is about."""

    key: str
    where: Where
    sites: tuple[Site, ...]
    item: str
    told: Message


_NOT_ON_SHEET = say(_("仕様書6(9)にありますが、別添3にはありません。点検表では聞いていません。"))
_NOT_SPECIFIED = say(_("別添3にありますが、仕様書6(9)にはありません。点検表で聞いています。"))
_EVERYWHERE = tuple(Site)

DIFFERENCES = (
    Difference(
        "server_antivirus",
        Where.SPECIFICATION,
        (Site.OFFICE,),
        _("本体装置 VB：パターン更新作業後、エラーがないか"),
        _NOT_ON_SHEET,
    ),
    Difference(
        "pc_antivirus",
        Where.SPECIFICATION,
        _EVERYWHERE,
        _("パソコン：ウイルス対策ソフトパターンファイルの更新がされているか"),
        _NOT_ON_SHEET,
    ),
    Difference(
        "office_hub",
        Where.SPECIFICATION,
        (Site.OFFICE,),
        _("ルータ及びHUB：接続状況テスト、機器ログ確認（HUBの分）"),
        _NOT_ON_SHEET,
    ),
    Difference(
        "office_dot_printer",
        Where.SPECIFICATION,
        (Site.OFFICE,),
        _("レーザープリンタ・ドットプリンタ（ドットプリンタの分）"),
        _NOT_ON_SHEET,
    ),
    Difference(
        "pc_sign_in",
        Where.SHEET,
        _EVERYWHERE,
        _("パソコン OS：サインイン時にエラーメッセージ等の表示がないか"),
        _NOT_SPECIFIED,
    ),
    Difference(
        "pc_disk",
        Where.SHEET,
        _EVERYWHERE,
        _("パソコン OS：HDD 空き容量 C"),
        _NOT_SPECIFIED,
    ),
    Difference(
        "event_viewer_group",
        Where.BOTH,
        (Site.OFFICE,),
        _("Windows イベントビューア、システムログの保存"),
        say(_("仕様書6(9)では「VB」、別添3では「OS」の項目です。点検表は別添3のとおりです。")),
    ),
)


def differences() -> tuple[Difference, ...]:
    """Return every difference, in the order of 仕様書 6(9)."""
    return DIFFERENCES
