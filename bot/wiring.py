"""Everything wired together, once per process."""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from sqlalchemy import Connection

from bot.casesheets import sheet
from bot.clock import Clock, SystemClock
from bot.delivery.embedded import EmbeddedEngine
from bot.delivery.port import Steps
from bot.desk import Desk
from bot.filing import Filer
from bot.jobs import Jobs
from bot.line.deliver import LineDelivery
from bot.line.errands import Errands
from bot.line.gateway import LineGateway
from bot.line.stencils import drawing
from bot.line.webhook import LineDoor
from bot.office import load_office
from bot.office_words import OfficeWords
from bot.page_links import PageLinks
from bot.postal import load_postal_table
from bot.postback import PostbackCodec
from bot.qr import codes
from bot.room import open_pools
from bot.sealing import Sealer
from bot.service import PAGE_LIFE, Service
from bot.settings import Settings
from bot.staffroom import StaffRoom
from bot.surveys.box import BallotBox
from bot.surveys.live import Live, LiveRegister
from bot.words import LOCALES, words_for
from dialogs.asking import Stride
from dialogs.procedures import REGISTER
from dialogs.replies import CaseSheet
from dialogs.standing import Register
from dialogs.world import World
from storage import engine as database
from storage import links
from storage.keyring import KeyFile
from storage.outbox import UNDELIVERABLE, Delivered, Parcel
from storage.staff import CHANNEL
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.teams.channel import Teams

CONNECTIONS = 16
"""Connections kept open: as many as threads of ours are in the database at once, more being opened if need be."""


class Delivery(Protocol):
    """What sends the parcels of one channel, at once or in steps."""

    def __call__(self, parcel: Parcel) -> Delivered:
        """Return what became of *parcel*."""
        ...

    def steps(self, parcel: Parcel) -> Steps | None:
        """Return the same in steps, None for what needs a thread."""
        ...


def build(settings: Settings, clock: Clock | None = None, register: Register = REGISTER) -> Service:
    """Return the service for *settings*; nothing runs yet.

    Raises:
        OfficeFileError: The office file has faults.
        OSError: The vault's key file cannot be read.
    """
    return _Builder(settings, clock or SystemClock(), register).service()


def secret_keys(settings: Settings) -> list[bytes]:
    """Return the keys that sign: the current one, and the one before it while it still counts."""
    both = settings.secret_key, settings.secret_key_previous
    return [each.get_secret_value().encode() for each in both if each.get_secret_value()]


class _Builder:
    def __init__(self, settings: Settings, clock: Clock, register: Register) -> None:
        self.settings = settings
        self.clock = clock
        self.live = Live()
        self.register = LiveRegister(register.procedures, self.live)
        self.engine = database.create(settings.database_url, pool_size=CONNECTIONS)
        self.office = load_office(settings.office_file)
        self.words = {
            locale: OfficeWords(words_for(locale), self.office.catalog(locale)) for locale in LOCALES
        }
        self.vault = Vault(KeyFile(settings.vault_keys_file))
        self.world = lru_cache(maxsize=4)(self._world)
        self.postal = load_postal_table(self.office)
        self.codec = self._codec()
        self.page_links = PageLinks(secret_keys(settings))

    def service(self) -> Service:
        delivery = EmbeddedEngine(
            self.engine,
            self._router,
            self.clock,
            in_loop=self._steps,
            senders=self.settings.senders,
        )
        teams = self._teams()
        desk = self._desk(delivery, teams)
        door, gateway = self._line(desk)
        staff_door, staff_delivery = (
            teams.opened(desk, self.vault, self.page_links.filled) if teams else (None, None)
        )
        self._deliver = self._senders(desk, gateway) | ({CHANNEL: staff_delivery} if staff_delivery else {})
        jobs = Jobs(self.engine, self.clock, desk, self.settings, self.vault, door)
        jobs.doors = {CHANNEL: staff_door} if staff_door else {}
        jobs.quota = gateway.quota if gateway else None
        return Service(
            self.settings,
            self.clock,
            self.engine,
            self.office,
            self.register,
            self.vault,
            self.world,
            desk,
            delivery,
            jobs,
            self.words,
            [each.blueprint() for each in (door, staff_door) if each],
            {path: lane for each in (door, staff_door) if each for path, lane in each.lanes().items()},
            [partial(open_pools, self.engine, self.office), *([staff_door.warm] if staff_door else [])],
        )

    def _desk(self, delivery: EmbeddedEngine, teams: Teams | None) -> Desk:
        sealer = Sealer(self.vault, self.register)
        box = BallotBox(self.register, self.vault)
        return Desk(
            self.engine,
            self.register,
            self.world,
            {"line": drawing(self.codec, codes(self.settings, self.clock).address)}
            | ({CHANNEL: teams.draw} if teams else {}),
            sealer,
            Filer(self.register, self.office, sealer, box),
            self._page_link,
            delivery,
            staffed={CHANNEL: StaffRoom(self.register, self.office, self._sheet, self.world)},
            strides={CHANNEL: Stride.FORM},
        )

    def _teams(self) -> Teams | None:
        if not self.settings.has_teams():
            return None
        from bot.teams.channel import Drawer, Teams  # noqa: PLC0415 -- its SDK takes 60 MB and a quarter second

        words = self.words.__getitem__
        drawer = Drawer(self.engine, self.clock, self.codec, words, self._sheet, self._console, self._page)
        return Teams(self.settings, drawer)

    def _sheet(self, conn: Connection, case_id: str, today: date) -> CaseSheet | None:
        return sheet(conn, self.register, self.world(today), self.vault, case_id)

    def _console(self, reference: str) -> str:
        """Return the address of a case in the console."""
        return f"{self.settings.public_url}/admin/cases/{quote(reference)}"

    def _page(self, path: str) -> str:
        """Return the address of a page of the console."""
        return f"{self.settings.public_url}/admin/{quote(path)}"

    def _world(self, today: date) -> World:
        return World(
            today,
            self.office,
            self.postal,
            season=self.settings.season(),
            opens=self.settings.fence_opens,
            pii_in_chat=self.settings.pii_in_chat == "allow",
            words=self.words,
        )

    def _codec(self) -> PostbackCodec:
        return PostbackCodec(*secret_keys(self.settings))

    def _page_link(self, conn: Connection, person_id: str, conversation: str, now: int) -> str:
        stub, token = self.page_links.new()
        links.make(conn, "page", person_id, conversation, PAGE_LIFE, now, token=token)
        if self.settings.liff_id:
            return f"https://liff.line.me/{self.settings.liff_id}?t={stub}"
        return f"{self.settings.public_url}/f/{stub}"

    def _line(self, desk: Desk) -> tuple[LineDoor | None, LineGateway | None]:
        settings = self.settings
        token = settings.line_channel_access_token.get_secret_value()
        if not settings.secrets() or not token:
            return None, None
        gateway = LineGateway(
            token, settings.line_api_base, settings.line_data_api_base, threads=settings.senders
        )
        door = LineDoor(
            self.engine,
            desk,
            self.codec,
            self.vault,
            self.clock,
            settings.secrets(),
            settings.line_bot_user_id,
        )
        return door, gateway

    def _senders(self, desk: Desk, gateway: LineGateway | None) -> dict[str, Delivery]:
        if gateway is None:
            return {}
        errands = Errands(self.engine, gateway, desk, self.vault, self.clock)
        return {"line": LineDelivery(gateway, errands, self.clock, self.page_links.filled)}

    def _router(self, parcel: Parcel) -> Delivered:
        deliver = self._deliver.get(parcel.channel)
        if deliver is None:
            return Delivered(parcel.id, UNDELIVERABLE, error=f"channel {parcel.channel} is not set up")
        return deliver(parcel)

    def _steps(self, parcel: Parcel) -> Steps | None:
        deliver = self._deliver.get(parcel.channel)
        return deliver.steps(parcel) if deliver else None
