"""A LINE platform that lives in this process: residents on one side, the Messaging API on the other.

It needs no web framework: tests hand it calls, or put it behind any server.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from bot.simulator import ids
from bot.simulator.api import SENDS, MessagingApi
from bot.simulator.calls import Answer, Call
from bot.simulator.chats import Chats, Side, State
from bot.simulator.config import SimulatorConfig
from bot.simulator.courier import Courier, Manners
from bot.simulator.endpoints import Endpoints, routes
from bot.simulator.events import Json
from bot.simulator.faults import Faults
from bot.simulator.ledger import Ledger
from bot.simulator.loading import Loading
from bot.simulator.menus import Menus
from bot.simulator.phones import Phones
from bot.simulator.record import Line, Record, readable
from bot.simulator.running import FAULTS, Running
from bot.simulator.sending import RETRY_KEY, Sending
from bot.simulator.store import Store
from bot.simulator.webhook import Posted, Postman

log = structlog.get_logger(__name__)

_FIRST_MOMENT = "first moment"
_TOO_LATE_MS = 2_000
_SHOWN_HEADERS = (RETRY_KEY, "x-line-request-id", "x-line-accepted-request-id")


class Platform(Running[Faults]):
    """The whole of it.  ``phones`` acts for residents, ``chats`` shows what they see, ``call`` is the API."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.boot = ids.request_id()
        self.store = Store(config.state_path)
        self.record = Record(self.store.tick)
        self.chats = Chats(self.store)
        self.ledger = Ledger(self.store)
        self.loading = Loading(self.store.tick)
        self.menus = Menus(self.store, self.chats)
        self._postman = Postman(config.webhook_url, config.channel_secret, config.bot_user_id)
        self.courier = Courier(self.store, self._carry, self._give_up, self._manners)
        self.phones = Phones(
            self.store, self.chats, self.ledger, self.courier, config.now, lambda: self.faults
        )
        self._api = self._messaging_api()
        self._begin()

    def _messaging_api(self) -> MessagingApi:
        sending = Sending(self.store, self.chats, self.ledger, self.config.now)
        rest = Endpoints(
            self.config, self.chats, self.ledger, self.loading, self._postman, lambda: self.faults
        )
        return MessagingApi(routes(sending, rest, self.menus), self.config.access_token)

    def _begin(self) -> None:
        """Take up the switches of the last run; a state without anybody begins with the samples."""
        self._api.faults = Faults.read(self.store.setting(FAULTS, {}))
        if self.store.setting(_FIRST_MOMENT) is None:
            self.store.set(_FIRST_MOMENT, self.config.now().isoformat())
        if not self.chats.residents():
            for sample in self.config.samples:
                self.chats.add(sample.name, sample.language)

    @property
    def first_moment(self) -> datetime:
        """Return where the product's clock stood when this state was begun."""
        return datetime.fromisoformat(self.store.setting(_FIRST_MOMENT))

    # --- the product calls

    def call(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Return what LINE answers; *path* is LINE's own, like ``/v2/bot/message/push``."""
        answer = super().call(method, path, headers, body)
        if path.rpartition("/")[2] in SENDS:
            self._clear_dots()
        return answer

    def _clear_dots(self) -> None:
        for chat in self.loading.chats():
            if (entries := self.chats.chat(chat)) and entries[-1].side is Side.DESK:
                self.loading.clear(chat)

    def _note(self, call: Call, answer: Answer, took: int) -> None:
        headers = {
            name: value
            for name, value in {**call.headers, **answer.headers}.items()
            if name in _SHOWN_HEADERS
        }
        self.record.add(
            Line(
                "api",
                ids.milliseconds(self.config.now()),
                call.method,
                call.path,
                0 if answer.broken else answer.status,
                took,
                readable(call.body, call.mime),
                readable(answer.body, answer.mime),
                headers,
            )
        )

    # --- the residents' events go out

    def post(self, chat: str, events: Sequence[Json]) -> None:
        """Send *events*, which may be strange, as one webhook in the order of *chat*."""
        self.courier.send(chat, events)

    def _manners(self) -> Manners:
        faults = self.faults
        waits = self.config.redeliver_after if faults.redelivery else ()
        return Manners(2 if faults.twice else 1, faults.late_ms / 1000, waits)

    def _carry(self, events: Sequence[Json]) -> bool:
        at = ids.milliseconds(self.config.now())
        for event in events:
            self.ledger.hand_out(str(event.get("replyToken", "")), at)
        met = self._postman.post_forged(events) if self.faults.forged else self._postman.post(events)
        if not met.well:
            log.warning("simulator_webhook_refused", status=met.status)
        self.record.add(self._line(at, events, met))
        self._mark(events, State.READ if met.well else State.FAILED)
        return met.well

    def _line(self, at: int, events: Sequence[Json], met: Posted) -> Line:
        again = any(event.get("deliveryContext") == {"isRedelivery": True} for event in events)
        notes = [
            ("再配送", again),
            ("2秒を超過", met.took > _TOO_LATE_MS),
            ("署名が偽物", self.faults.forged),
        ]
        path = "/" + self.config.webhook_url.split("/", 3)[-1]
        note = "・".join(name for name, applies in notes if applies)
        return Line(
            "webhook", at, "POST", path, met.status, met.took, json.loads(met.body), met.answer, note=note
        )

    def _give_up(self, events: Sequence[Json]) -> None:
        self._mark(events, State.FAILED)

    def _mark(self, events: Sequence[Json], state: State) -> None:
        for event in events:
            message = event.get("message")
            if isinstance(message, dict):
                self.chats.mark(str(message.get("id", "")), state)
