"""The equipment that is looked after, edition by edition: what the rows of 別添3 are made from (002-12, 13, 16).

How the register is changed stands in docs/inspection.md.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import date
from enum import StrEnum

from dialogs.procedures.premises import Site
from dialogs.words import _


class Kind(StrEnum):
    """What something is; it decides what is looked at."""

    SERVER = "server"
    PC = "pc"
    ROUTER = "router"
    HUB = "hub"
    LASER = "laser"
    DOT = "dot"
    PROGRAM = "program"


@dataclass(frozen=True)
class Disk:
    """A disk whose free space is written down: *row* is its line on the sheet, *label* what the number is.

    *capacity* is in *unit* (GB or TB); *note* is printed beside the line.
    """

    key: str
    capacity: float
    unit: str
    row: str
    label: str
    _: KW_ONLY
    note: str = ""


@dataclass(frozen=True)
class Equipment:
    """One thing of 別添1.  *key* begins the keys of its rows for ever; *name* heads its section of the sheet."""

    key: str
    kind: Kind
    site: Site
    model: str
    _: KW_ONLY
    name: str = ""
    tag: str = ""
    disks: tuple[Disk, ...] = ()


@dataclass(frozen=True)
class EquipmentRegister:
    """What was there from *since* on.  *digest* is that of the rows it gives, by which a silent change is seen."""

    edition: str
    since: date
    digest: str
    items: tuple[Equipment, ...]

    def at(self, site: Site, *kinds: Kind) -> tuple[Equipment, ...]:
        """Return what stands at *site*, of *kinds*, in the order of the register."""
        return tuple(each for each in self.items if each.site is site and each.kind in kinds)


_SERVER_DISKS = (
    Disk("c", 499, "GB", _("空き容量 C [ GB / 499 GB]"), _("C ドライブの空き容量")),
    Disk("d", 430, "GB", _("空き容量 D [ GB / 430 GB]"), _("D ドライブの空き容量")),
    Disk("hdd1", 1.81, "TB", _("空き容量 HDD1 [ / 1.81 TB]"), _("HDD1 の空き容量"), note=_("USB 外付け")),
)
_PC_DISKS = (Disk("c", 128, "GB", _("HDD 空き容量 C [ GB / 128 GB]"), _("C ドライブの空き容量")),)
_PC = _("パソコン 富士通 ESPRIMO G6012/K")


def _pc(number: int, tag: str) -> Equipment:
    return Equipment(f"pc{number}", Kind.PC, Site.CENTER, _PC, name=f"PC{number}", tag=tag, disks=_PC_DISKS)


REGISTER_R5 = EquipmentRegister(
    "R5",
    date(2023, 10, 1),
    "7f1a5c83a0da6942",
    (
        Equipment(
            "server",
            Kind.SERVER,
            Site.OFFICE,
            _("サーバー富士通 PRIMERGY TX1320 M5 (モニタ、UPS 含む)"),
            disks=_SERVER_DISKS,
        ),
        Equipment("pc", Kind.PC, Site.OFFICE, _PC, name=_("パソコン"), disks=_PC_DISKS),
        Equipment("router", Kind.ROUTER, Site.OFFICE, _("ルーター ヤマハ RTX810")),
        Equipment("laser", Kind.LASER, Site.OFFICE, _("プリンター RICOH P 6020")),
        _pc(1, "MA7900895"),
        _pc(2, "MA7900887"),
        _pc(3, "MA7900883"),
        _pc(4, "MA7900891"),
        Equipment("center_hub", Kind.HUB, Site.CENTER, _("スイッチング HUB パナソニック PN24080KB5")),
        Equipment("center_router", Kind.ROUTER, Site.CENTER, _("ルーター ヤマハ RTX810")),
        Equipment("center_laser", Kind.LASER, Site.CENTER, _("プリンター RICOH P 6020")),
        Equipment("center_dot", Kind.DOT, Site.CENTER, _("プリンター 富士通 FMPR 5130")),
        Equipment("program", Kind.PROGRAM, Site.OFFICE, _("システムプログラム運用保守")),
    ),
)
"""別添1 of the contract from 2023-10-01 (令和5年度), with the tags that 別添3 prints."""

REGISTERS = (REGISTER_R5,)
"""Every edition, the oldest first."""
