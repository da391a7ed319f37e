"""The channel of Teams, wired: the door that hears, what draws, and the delivery that speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import Connection, Engine

from bot.clock import Clock, day_of
from bot.desk import Desk
from bot.desk_ports import Draw
from bot.postback import PostbackCodec
from bot.qr import inline
from bot.settings import Settings
from bot.teams import cards
from bot.teams.auth import Authenticator
from bot.teams.cards.elements import Json
from bot.teams.content import Fetcher
from bot.teams.deliver import TeamsDelivery
from bot.teams.errands import TeamsErrands
from bot.teams.gateway import TeamsGateway
from bot.teams.hosts import ServiceHosts
from bot.teams.keys import KeyRing
from bot.teams.listen import SHEET
from bot.teams.tokens import token_source
from bot.teams.webhook import TeamsDoor
from dialogs.replies import CaseSheet
from dialogs.words import Words, _
from storage import cases, staff
from storage import engine as database
from storage.asjson import dump
from storage.vault import Vault

OUTDATED = _("このカードは古くなりました。「メニュー」か「一覧」と送ってください。")

SheetOf = Callable[[Connection, str, date], CaseSheet | None]
"""Reads the sheet of a case, by its id, as it stands on a day."""


@dataclass(frozen=True)
class Drawer:
    """Draws cards of cases, for the door in the place of a pressed one and for the delivery as messages."""

    engine: Engine
    clock: Clock
    codec: PostbackCodec
    words: Callable[[str], Words]
    sheet_of: SheetOf
    console: Callable[[str], str]
    page: Callable[[str], str]

    def message(self, case_id: str) -> str | None:
        """Return the message that shows the case as it stands now; None where it is gone."""
        with database.read(self.engine) as conn:
            sheet = self.sheet_of(conn, case_id, day_of(self.clock.now()))
        if sheet is None:
            return None
        words = self.words("ja")
        return dump(cards.message(self._card(sheet, words), cards.summary(sheet, words)))

    def card(self, reference: str, account: str) -> Json | None:
        """Return the card of the case *reference* for a member who has to do with it, None for anybody else."""
        today = day_of(self.clock.now())
        with database.read(self.engine) as conn:
            member = staff.member(conn, *staff.parts(account), today)
            case = cases.by_reference(conn, reference[:64]) if member and reference.isprintable() else None
            if member is None or case is None or not member.has_to_do_with(case.procedure):
                return None
            sheet = self.sheet_of(conn, case.id, today)
        return self._card(sheet, self.words("ja")) if sheet else None

    def received(self, account: str) -> Json | None:
        """Return the small card in the place of one that came back."""
        words = self._theirs(account)
        return cards.received_card(words) if words else None

    def outdated(self, account: str) -> Json | None:
        """Return the small card in the place of one that nobody can use any more."""
        words = self._theirs(account)
        return cards.told_card(words, words.text(OUTDATED)) if words else None

    def _theirs(self, account: str) -> Words | None:
        with database.glance(self.engine) as conn:
            locale = staff.locale(conn, *staff.parts(account), day_of(self.clock.now()))
        return self.words(locale or "ja") if locale is not None else None

    def _card(self, sheet: CaseSheet, words: Words) -> Json:
        seal = partial(self.codec.seal, f"{SHEET}{sheet.reference}")
        return cards.sheet_card(sheet, words, seal, self.console(sheet.reference))


def _door(settings: Settings, desk: Desk, vault: Vault, drawer: Drawer) -> TeamsDoor:
    """Return the door of the bot that *settings* describe."""
    hosts = ServiceHosts(settings.service_hosts())
    keys = KeyRing(settings.teams_openid_metadata_url)
    auth = Authenticator(
        settings.teams_app_id.lower(), frozenset(settings.tenants()), hosts, keys, drawer.clock
    )
    return TeamsDoor(
        drawer.engine,
        desk,
        drawer.codec,
        vault,
        drawer.clock,
        auth,
        sheet=drawer.card,
        received=drawer.received,
        outdated=drawer.outdated,
    )


def _delivery(
    settings: Settings, desk: Desk, vault: Vault, drawer: Drawer, filled: Callable[[str], str]
) -> TeamsDelivery:
    """Return what sends to Teams; *filled* puts into a message what must not wait in the queue."""
    secret = settings.teams_app_password.get_secret_value()
    tokens = token_source(
        settings.teams_app_id, secret, settings.tenants()[0], drawer.clock, url=settings.teams_token_url
    )
    gateway = TeamsGateway(tokens, ServiceHosts(settings.service_hosts()), drawer.clock)
    fetcher = Fetcher(gateway, drawer.clock)
    errands = TeamsErrands(drawer.engine, fetcher, desk, vault, drawer.clock)
    return TeamsDelivery(drawer.engine, gateway, errands, drawer.clock, drawer.message, filled)


@dataclass(frozen=True)
class Teams:
    """The bot that *settings* describe, in two halves: what the desk draws with, and what is built on the desk."""

    settings: Settings
    drawer: Drawer

    @property
    def draw(self) -> Draw:
        """Return what turns replies into messages of Teams."""
        return cards.drawing(self.drawer.codec, self.drawer.console, self.drawer.page, inline)

    def opened(
        self, desk: Desk, vault: Vault, filled: Callable[[str], str]
    ) -> tuple[TeamsDoor, TeamsDelivery]:
        """Return the door that hears for *desk*, and what sends; *filled* puts in what must not wait in the queue."""
        return (
            _door(self.settings, desk, vault, self.drawer),
            _delivery(self.settings, desk, vault, self.drawer, filled),
        )
