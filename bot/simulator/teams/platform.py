"""A Teams that lives in this process: people on one side, the Connector on the other."""

import json
from collections.abc import Sequence

import structlog

from bot.simulator import ids
from bot.simulator.calls import Answer, Call
from bot.simulator.courier import Courier, Manners
from bot.simulator.events import Json
from bot.simulator.record import Line, Record, readable
from bot.simulator.running import FAULTS, Running
from bot.simulator.store import Store
from bot.simulator.teams.api import TeamsApi
from bot.simulator.teams.config import TeamsConfig
from bot.simulator.teams.connector import Connector
from bot.simulator.teams.faults import TeamsFaults
from bot.simulator.teams.hands import Hands
from bot.simulator.teams.keys import Signer
from bot.simulator.teams.postman import Posted, Postman
from bot.simulator.teams.rooms import Rooms, State
from bot.simulator.teams.tables import TABLES

log = structlog.get_logger(__name__)

_PUBLIC = ("/v1/", "/files/")


class TeamsPlatform(Running[TeamsFaults]):
    """The whole of it.  ``hands`` acts for people, ``rooms`` shows what they see, ``call`` is the Connector.

    Calls are written into *record*, which LINE's side keeps, so that both stand in one list.
    """

    def __init__(self, config: TeamsConfig, record: Record) -> None:
        self.config, self._record = config, record
        self.store = Store(config.state_path, TABLES)
        self.signer = Signer(self.store, config.now)
        self.rooms = Rooms(self.store)
        self._postman = Postman(config.messages_url, self._token)
        self.courier = Courier(self.store, self._carry, self._give_up, self._manners)
        self.hands = Hands(config, self.store, self.rooms, self.courier, self._bring)
        self._api = TeamsApi(config, self.signer, Connector(config, self.store, self.rooms))
        self._begin()

    def _begin(self) -> None:
        """Take up the switches of the last run; a state without anybody begins with the samples and their apps."""
        self._api.faults = TeamsFaults.read(self.store.setting(FAULTS, {}))
        if self.rooms.people():
            return
        with self.store.transaction():
            for sample in self.config.members:
                self.rooms.add(sample)
                self.hands.install(sample.object_id)
            self.rooms.found(self.config.team_name, self.config.channel_name)
            self.hands.install_in_channel(self.config.members[0].object_id, self.rooms.channels()[0].id)

    def _note(self, call: Call, answer: Answer, took: int) -> None:
        if call.path.startswith(_PUBLIC) and answer.status < 300:  # noqa: PLR2004 - nothing to see in a key set
            return
        is_token = call.path.endswith("/token")
        self._record.add(
            Line(
                "api",
                self._at(),
                call.method,
                call.path,
                0 if answer.broken else answer.status,
                took,
                "client_credentials" if is_token else readable(call.body, call.mime),
                "access_token" if is_token and not answer.broken else readable(answer.body, answer.mime),
                wire="teams",
            )
        )

    # --- people's activities go out

    def post(self, activity: Json) -> Posted:
        """Bring *activity*, which may be strange, at once and return what it met."""
        return self._bring(activity)

    def _token(self) -> str:
        config = self.config
        return self.signer.for_bot(config.app_id, config.service_url, forged=self.faults.forged)

    def _manners(self) -> Manners:
        faults = self.faults
        waits = self.config.redeliver_after if faults.redelivery else ()
        return Manners(2 if faults.twice else 1, faults.late_ms / 1000, waits)

    def _carry(self, parcels: Sequence[Json]) -> bool:
        """Bring what a parcel holds; True also where the product refused it for good."""
        settled = True
        for parcel in parcels:
            met = self._bring(parcel["activity"])
            settled = settled and met.settled
            if message := parcel.get("message"):
                self.rooms.mark(message, State.SENT if met.well else State.FAILED)
        return settled

    def _bring(self, activity: Json) -> Posted:
        met = self._postman.post(activity)
        if not met.well:
            log.warning("simulator_activity_refused", status=met.status)
        note = "署名が偽物" if self.faults.forged else ""
        path = "/" + self.config.messages_url.split("/", 3)[-1]
        self._record.add(
            Line(
                "webhook",
                self._at(),
                "POST",
                path,
                met.status,
                met.took,
                json.loads(json.dumps(activity)),
                met.answer,
                note=note,
                wire="teams",
            )
        )
        return met

    def _give_up(self, parcels: Sequence[Json]) -> None:
        for parcel in parcels:
            if message := parcel.get("message"):
                self.rooms.mark(message, State.FAILED)

    def _at(self) -> int:
        return ids.milliseconds(self.config.now())
