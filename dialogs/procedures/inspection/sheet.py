"""The sheet of 別添3 as data: sections, groups and rows, made from a register of the equipment (002-12…14).

The wording of the rows and their order are those of 別添3 of both sites.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from hashlib import blake2b

from dialogs.procedures.inspection.equipment import Disk, Equipment, EquipmentRegister, Kind
from dialogs.procedures.premises import Site
from dialogs.words import _

NORMAL, FINDING, NOT_APPLICABLE = "normal", "finding", "not_applicable"
"""What a row comes to: 正常, 指摘, 対象外."""

_DECIMALS = {"GB": 2, "TB": 2}
_LONGEST_RUNTIME = 600


@dataclass(frozen=True)
class Amount:
    """The number that stands in a row, from 0 to *most* in *unit*; *key* is its field's."""

    key: str
    label: str
    unit: str
    most: float
    decimals: int = 0


@dataclass(frozen=True)
class Item:
    """What is looked at on one kind of equipment: *part* continues the key of the equipment."""

    part: str
    wording: str
    _: KW_ONLY
    note: str = ""
    measured: str = ""
    unit: str = ""
    most: float = 0


@dataclass(frozen=True)
class Row:
    """One row of the sheet: *key* is its field's for ever, *wording* stands as 別添3 has it."""

    key: str
    part: str
    wording: str
    group: str
    section: str
    site: Site
    equipment: Equipment
    amount: Amount | None = None
    note: str = ""

    @property
    def remark(self) -> str:
        """Return the key of what is said of a finding."""
        return f"{self.key}_remark"

    @property
    def severity(self) -> str:
        """Return the key of how urgent a finding is."""
        return f"{self.key}_severity"

    @property
    def photo(self) -> str:
        """Return the key of a finding's photo."""
        return f"{self.key}_photo"


@dataclass(frozen=True)
class Section:
    """One section of a site's sheet, such as 本体装置 or PC3."""

    key: str
    title: str
    site: Site
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """The sheets of all sites, as one edition of the register gives them."""

    edition: str
    sections: tuple[Section, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Return all rows, site after site, in the order of the paper."""
        return tuple(row for section in self.sections for row in section.rows)

    def at(self, site: Site) -> tuple[Row, ...]:
        """Return the rows of *site*."""
        return tuple(row for row in self.rows if row.site is site)

    @cached_property
    def digest(self) -> str:
        """Return what changes as soon as a row, its wording, its place or its number does."""
        each = (
            (row.site, row.section, row.group, row.key, row.wording, row.note, row.amount)
            for row in self.rows
        )
        return blake2b(repr(tuple(map(_plain, each))).encode(), digest_size=8).hexdigest()


def _plain(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(part) for part in row)


_Group = tuple[str, tuple[Item, ...]]

_BODY: tuple[_Group, ...] = (
    (
        _("外観"),
        (
            Item("alarm_lamp", _("本体ランプに警告表示等がないか")),
            Item("noise_damage", _("異音・外部の破損などはないか")),
            Item("dust", _("通気口に埃などがたまっていないか")),
        ),
    ),
    (
        _("OS"),
        (
            Item("logon_popup", _("ログオン時にエラーのポップアップがないか")),
            Item("event_viewer", _("Windows イベントビューア：修正を要するエラーがないか")),
            Item("system_log", _("システムログの保存")),
        ),
    ),
    (
        _("状態監視ツール"),
        (Item("monitoring", _("稼働状況にエラーがないか (CPU・メモリ・温度)")),),
    ),
)
_DISKS = (
    Item("raid", _("RAID システムの稼働状況 (RAID ユーティリティ等で確認)")),
    Item("each_disk", _("各ハードディスクの稼働状況 (故障がないか)")),
)
_NETWORK = (Item("network", _("ネットワーク接続の確認")),)
_PERIPHERALS: tuple[_Group, ...] = (
    (
        _("入力装置"),
        (Item("keyboard", _("キーボード 動作")), Item("mouse", _("マウス 動作"))),
    ),
    (
        _("モニタ"),
        (
            Item("monitor_cables", _("外観検査：コネクタ、ケーブル等")),
            Item("monitor_picture", _("画面表示")),
        ),
    ),
    (
        _("UPS"),
        (
            Item("ups_state", _("装置状態：稼働状態ランプ・設置状況等")),
            Item("ups_battery", _("バッテリー状態：消耗度等")),
            Item(
                "ups_runtime",
                _("ランタイム上限： 分"),
                measured=_("ランタイム上限"),
                unit=_("分"),
                most=_LONGEST_RUNTIME,
            ),
            Item("ups_voltage", _("電圧の上昇値・下降値：しきい値内か")),
        ),
    ),
    (
        _("データバックアップ"),
        (
            Item("backup_device", _("バックアップ用機器稼働状況")),
            Item("backup_job", _("バックアップジョブのスケジュール稼働状況")),
            Item("backup_master", _("マスタバックアップの取得")),
        ),
    ),
)
_ROUTER: _Group = (
    _("ルータ"),
    (Item("connection", _("接続状況テスト")), Item("log", _("機器ログ確認"))),
)
_ROUTER_AND_HUB: _Group = (
    _("ルータおよびHUB"),
    (Item("connection", _("接続状況テスト")), Item("log", _("ルータログ確認"))),
)
_PC_HARDWARE: _Group = (
    _("ハードウェア"),
    (
        Item("cpu_memory_disk", _("ハードウェア診断の実施 (CPU・メモリ・HDD)")),
        Item("display", _("液晶ディスプレイに表示異常はないか")),
        Item("noise_damage", _("異音・外部の破損などはないか")),
        Item("input", _("キーボード・マウスの入力")),
    ),
)
_PC_OS = (Item("sign_in", _("サインイン時にエラーメッセージ等の表示がないか")),)
_PRINTING = (
    Item("noise_damage", _("異音・外部の破損はないか")),
    Item("print_test", _("印字テスト：正常に出力されているか")),
)


def sheet(register: EquipmentRegister) -> Sheet:
    """Return the sheets that *register* gives.

    A site with a server has its router beside it, another one among the remaining equipment: so 別添3 prints it.
    """
    return Sheet(register.edition, tuple(section for site in Site for section in _sections(register, site)))


def _sections(register: EquipmentRegister, site: Site) -> Iterator[Section]:
    network = _network(register, site)
    servers = register.at(site, Kind.SERVER)
    for server in servers:
        yield _section(site, server.key, _("本体装置"), _of(server, *_BODY, *_storage(server)))
        beside = (*_of(server, *_PERIPHERALS), *network)
        yield _section(site, f"{server.key}_peripherals", _("周辺装置・ソフトウェア"), beside)
    for pc in register.at(site, Kind.PC):
        groups = (_PC_HARDWARE, (_("OS"), (*_PC_OS, *map(_free, pc.disks))))
        yield _section(site, pc.key, f"{pc.name} {pc.tag}".strip(), _of(pc, *groups))
    rest = (*_printers(register, site), *(() if servers else network))
    if rest:
        yield _section(site, f"{site}_others", _("他") if servers else _("周辺機器"), rest)


_Placed = tuple[Equipment, str, Item]


def _section(site: Site, key: str, title: str, placed: Sequence[_Placed]) -> Section:
    rows = tuple(_row(site, title, group, one, item) for one, group, item in placed)
    return Section(key, title, site, rows)


def _row(site: Site, section: str, group: str, one: Equipment, item: Item) -> Row:
    key = f"{one.key}_{item.part}"
    amount = None
    if item.measured:
        suffix = "free" if item.unit in _DECIMALS else "minutes"
        amount = Amount(f"{key}_{suffix}", item.measured, item.unit, item.most, _DECIMALS.get(item.unit, 0))
    return Row(key, item.part, item.wording, group, section, site, one, amount, item.note)


def _of(one: Equipment, *groups: _Group) -> tuple[_Placed, ...]:
    return tuple((one, title, item) for title, items in groups for item in items)


def _storage(server: Equipment) -> tuple[_Group, ...]:
    disks = (*_DISKS, *map(_free, server.disks))
    return ((_("ハードディスク"), disks), (_("ネットワーク"), _NETWORK))


def _free(disk: Disk) -> Item:
    return Item(
        f"disk_{disk.key}",
        disk.row,
        note=disk.note,
        measured=disk.label,
        unit=disk.unit,
        most=disk.capacity,
    )


def _printers(register: EquipmentRegister, site: Site) -> tuple[_Placed, ...]:
    titles = ((Kind.LASER, _("レーザープリンタ")), (Kind.DOT, _("ドットプリンタ")))
    return tuple(
        placed
        for kind, title in titles
        for printer in register.at(site, kind)
        for placed in _of(printer, (title, _PRINTING))
    )


def _network(register: EquipmentRegister, site: Site) -> tuple[_Placed, ...]:
    hubs = register.at(site, Kind.HUB)
    routers = register.at(site, Kind.ROUTER)
    return tuple(placed for router in routers for placed in _of(router, _ROUTER_AND_HUB if hubs else _ROUTER))
