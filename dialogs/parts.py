"""What a set of the fence consists of: its bill of parts, and what each part is for (003-54, 別記)."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

from dialogs.words import _


class PartKind(StrEnum):
    """What a part is for; the planner counts by it how many a fence needs (dialogs/planner.py)."""

    LONG_POLE = "long pole"
    """At every corner, and two at the gate."""
    SHORT_POLE = "short pole"
    """Between the long ones, one about every 4 m."""
    CLIP = "clip"
    """Four on every pole."""
    WIRE = "wire"
    """Four tiers around; counted in metres."""
    HANDLE = "gate handle"
    """One, with its spring, at the gate's end of each tier."""
    FENCE = "once per fence"
    """One for each fence that stands by itself: the power unit."""
    OTHER = "other"
    """Handed over and counted, but no fence is planned by it."""


@dataclass(frozen=True)
class Part:
    """One kind of thing in a set, of which each set has *count*, told in *unit* (``本``, ``m``).

    *key* is stored for ever; *name* and *unit* are Japanese, *name_en* is shown to readers of other scripts.
    """

    key: str
    name: str
    name_en: str
    count: int
    unit: str
    _: KW_ONLY
    kind: PartKind = PartKind.OTHER


SET_PARTS = (
    Part("long_pole", _("長いポール（黒）"), "Long pole (black)", 8, _("本"), kind=PartKind.LONG_POLE),
    Part("short_pole", _("短いポール（白）"), "Short pole (white)", 14, _("本"), kind=PartKind.SHORT_POLE),
    Part("clip", _("クリップ"), "Clip", 88, _("個"), kind=PartKind.CLIP),
    Part("wire", _("ワイヤー"), "Wire", 210, _("m"), kind=PartKind.WIRE),
    Part(
        "gate_handle",
        _("ゲートハンドル（バネ付き）"),
        "Gate handle with spring",
        4,
        _("個"),
        kind=PartKind.HANDLE,
    ),
    Part("power_unit", _("パワーユニット"), "Power unit", 1, _("台"), kind=PartKind.FENCE),
    Part("battery", _("電池"), "Batteries", 1, _("組"), kind=PartKind.FENCE),
    Part("earth_rod", _("アース棒"), "Earth rod", 1, _("本"), kind=PartKind.FENCE),
    Part("warning_plate", _("危険表示板"), "Warning plate", 1, _("枚"), kind=PartKind.FENCE),
    Part("voltage_tester", _("電圧測定器"), "Voltage tester", 1, _("個"), kind=PartKind.FENCE),
)
"""The parts that 別記 names.  How many a set has is nowhere written: these are enough for a fence of 50 m."""
