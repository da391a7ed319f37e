"""Activities in Teams's shape, as they stand on the wire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from bot.clock import TOKYO
from bot.simulator.events import Json
from bot.simulator.teams import ids
from bot.simulator.teams.config import TeamsConfig
from bot.simulator.teams.rooms import Channel, Person

DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
EXECUTE = "adaptiveCard/action"
_LOCALE, _ZONE = "ja-JP", "Asia/Tokyo"


@dataclass(frozen=True)
class Scene:
    """Who does something where, and when by the product's clock.  *thread* is the post that is answered."""

    person: Person
    at: datetime
    channel: Channel | None = None
    thread: str = ""

    @property
    def chat(self) -> str:
        return self.channel.id if self.channel else self.person.chat


class Activities:
    """What Teams sends for a scene."""

    def __init__(self, config: TeamsConfig) -> None:
        self._config = config

    def message(self, scene: Scene, message_id: str, text: str, files: Sequence[Json] = ()) -> Json:
        """Return a message as typed; where the bot is mentioned in *text*, Teams says whom that means."""
        written, mentions = self._mentions(text)
        html = {"contentType": "text/html", "content": f"<p>{self._as_html(text)}</p>"}
        return {
            **self._activity("message", scene, message_id),
            "text": written,
            "textFormat": "plain",
            "attachments": [*files, *([html] if written else [])],
            "entities": [*mentions, _client()],
        }

    def submit(self, scene: Scene, message_id: str, reply_to: str, value: Mapping[str, Any]) -> Json:
        """Return what ``Action.Submit`` sends: a message of values without words."""
        return {
            **self._activity("message", scene, message_id),
            "value": dict(value),
            "replyToId": reply_to,
            "entities": [_client()],
        }

    def execute(self, scene: Scene, reply_to: str, action: Mapping[str, Any]) -> Json:
        """Return what ``Action.Execute`` sends; Teams waits for its answer."""
        return {
            **self._activity("invoke", scene, ids.invoke_id()),
            "name": EXECUTE,
            "value": {"action": {"type": "Action.Execute", **action}, "trigger": "manual"},
            "replyToId": reply_to,
            "entities": [_client()],
        }

    def installed(self, scene: Scene, action: str) -> list[Json]:
        """Return what comes when the app is added or removed: two activities that say the same."""
        event = "membersAdded" if action == "add" else "membersRemoved"
        bot = {"id": self._config.bot_id}
        changed = {**self._activity("conversationUpdate", scene, ids.invoke_id()), event: [bot]}
        if scene.channel:
            named = "teamMemberAdded" if action == "add" else "teamMemberRemoved"
            changed["channelData"] = {**changed["channelData"], "eventType": named}
        update = {**self._activity("installationUpdate", scene, ids.invoke_id()), "action": action}
        return [changed, {**update, "entities": [_client()]}]

    def _activity(self, kind: str, scene: Scene, activity_id: str) -> Json:
        local = scene.at.astimezone(TOKYO)
        return {
            "type": kind,
            "id": activity_id,
            "timestamp": f"{scene.at:%Y-%m-%dT%H:%M:%S}.{scene.at.microsecond // 1000:03}Z",
            "localTimestamp": local.isoformat(timespec="milliseconds"),
            "localTimezone": _ZONE,
            "serviceUrl": self._config.service_url,
            "channelId": "msteams",
            "from": _account(scene.person),
            "conversation": self._conversation(scene),
            "recipient": {"id": self._config.bot_id, "name": self._config.bot_name},
            "channelData": self._channel_data(scene),
            "locale": _LOCALE,
        }

    def _conversation(self, scene: Scene) -> Json:
        tenant = {"tenantId": self._config.tenant_id}
        if scene.channel is None:
            return {"conversationType": "personal", **tenant, "id": scene.chat}
        thread = f";messageid={scene.thread}" if scene.thread else ""
        return {"isGroup": True, "conversationType": "channel", **tenant, "id": f"{scene.chat}{thread}"}

    def _channel_data(self, scene: Scene) -> Json:
        tenant = {"tenant": {"id": self._config.tenant_id}}
        if scene.channel is None:
            return tenant
        channel = {"teamsChannelId": scene.channel.id, "teamsTeamId": scene.channel.team}
        team = {"id": scene.channel.team, "name": scene.channel.team_name}
        return {**channel, "channel": {"id": scene.channel.id}, "team": team, **tenant}

    def _as_html(self, text: str) -> str:
        """Return *text* as Teams sends it a second time, beside the plain words."""
        said, kind = escape(text, quote=False), "http://schema.skype.com/Mention"
        span = f'<span itemscope="" itemtype="{kind}" itemid="0">{self._config.bot_name}</span>'
        return said.replace(f"@{self._config.bot_name}", span, 1)

    def _mentions(self, text: str) -> tuple[str, list[Json]]:
        typed, tag = f"@{self._config.bot_name}", f"<at>{self._config.bot_name}</at>"
        if typed not in text:
            return text, []
        mentioned = {"id": self._config.bot_id, "name": self._config.bot_name}
        return text.replace(typed, tag, 1), [{"type": "mention", "text": tag, "mentioned": mentioned}]


def download(name: str, address: str, attachment_id: str) -> Json:
    """Return a file that lies in the sender's OneDrive; who has the address may fetch it for some minutes."""
    kind = name.rpartition(".")[2].lower()
    content = {"downloadUrl": address, "uniqueId": attachment_id, "fileType": kind}
    return {"contentType": DOWNLOAD, "content": content, "contentUrl": address, "name": name}


def picture(mime: str, address: str) -> Json:
    """Return a picture pasted into the message; the bot fetches it with its own token."""
    return {"contentType": mime, "contentUrl": address}


def _account(person: Person) -> Json:
    return {"id": person.user_id, "name": person.name, "aadObjectId": person.object_id}


def _client() -> Json:
    return {
        "type": "clientInfo",
        "locale": _LOCALE,
        "country": "JP",
        "platform": "Windows",
        "timezone": _ZONE,
    }
