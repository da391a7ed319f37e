"""Why somebody opened personal answers: the keys that the access log keeps, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dialogs.words import _

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "check": _("申請の確認"),
        "contact": _("申請者への連絡"),
        "inquiry": _("問い合わせ対応"),
        "other": _("その他"),
    }
)
"""What staff choose from."""

KNOWN: Mapping[str, str] = MappingProxyType(
    {
        **REASONS,
        "photo": _("写真の確認"),
        "export": _("ダウンロード"),
        "round": _("巡回の準備"),
        "door": _("交流会の受付"),
        "roster": _("交流会の名簿"),
        "meeting sheets": _("交流会の印刷物"),
        "accommodation": _("配慮の手配"),
        "private page": _("本人の入力"),
        "talk": _("本人の入力"),
        "web form": _("本人の入力"),
        "keyed in": _("代理入力"),
        "staff added": _("名簿への登録"),
        "staff removed": _("名簿からの削除"),
    }
)
"""Every reason that the program writes."""
