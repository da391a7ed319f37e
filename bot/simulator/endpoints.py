"""The endpoints beside sending: who people are, what they sent, how much was sent, where webhooks go."""

from collections.abc import Callable
from datetime import datetime

from bot.simulator.api import Route
from bot.simulator.calls import NOT_FOUND, Answer, Call, Refused, ok
from bot.simulator.chats import Chats, State
from bot.simulator.config import SimulatorConfig
from bot.simulator.faults import Faults
from bot.simulator.ledger import MONTHLY_LIMIT, Ledger
from bot.simulator.loading import Loading
from bot.simulator.menus import Menus
from bot.simulator.sending import Sending, month
from bot.simulator.webhook import NO_ANSWER, Postman

_SECONDS = range(5, 61, 5)
_TOO_LATE = 2_000
"""LINE wants a webhook answered within these milliseconds."""


class Endpoints:
    """What the desk may ask LINE."""

    def __init__(
        self,
        config: SimulatorConfig,
        chats: Chats,
        ledger: Ledger,
        loading: Loading,
        postman: Postman,
        faults: Callable[[], Faults],
    ) -> None:
        self._config, self._chats, self._ledger = config, chats, ledger
        self._loading, self._postman, self._faults = loading, postman, faults

    # --- the desk

    def info(self, _call: Call) -> Answer:
        return ok(
            {
                "userId": self._config.bot_user_id,
                "basicId": "@000mihon",
                "displayName": self._config.desk_name,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    def quota(self, _call: Call) -> Answer:
        return ok({"type": "limited", "value": MONTHLY_LIMIT})

    def consumption(self, _call: Call) -> Answer:
        """Say how many messages were counted; with the switch, all there are."""
        used = self._ledger.used(month(self._now()))
        return ok({"totalUsage": max(used, MONTHLY_LIMIT) if self._faults().quota else used})

    def webhook(self, _call: Call) -> Answer:
        return ok({"endpoint": self._config.webhook_url, "active": True})

    def try_webhook(self, _call: Call) -> Answer:
        """Post a webhook without events and say what came back."""
        met = self._postman.post(())
        reason = "OK" if met.well else "ERROR_STATUS_CODE"
        if met.status == NO_ANSWER:
            reason = "REQUEST_TIMEOUT" if met.answer == "request_timeout" else "COULD_NOT_CONNECT"
        return ok(
            {
                "success": met.well and met.took < _TOO_LATE,
                "timestamp": f"{self._now():%Y-%m-%dT%H:%M:%S.000000000Z}",
                "statusCode": met.status,
                "reason": reason,
                "detail": str(met.status or met.answer),
            }
        )

    # --- the people

    def profile(self, _call: Call, user: str) -> Answer:
        """Say who *user* is; LINE tells nothing of one who blocks the desk."""
        resident = self._chats.resident(user)
        if resident is None or not resident.hears:
            raise NOT_FOUND
        return ok(
            {"userId": user, "displayName": resident.name, "language": resident.language},
        )

    def load(self, call: Call) -> Answer:
        """Show the dots until the desk says something, or the seconds are over."""
        chat, seconds = call.text("chatId"), call.json().get("loadingSeconds", 20)
        if not self._chats.resident(chat):
            raise Refused(400, "The property, 'chatId', in the request body is invalid (line: -, column: -)")
        if not isinstance(seconds, int) or seconds not in _SECONDS:
            raise Refused(400, "loadingSeconds must be a multiple of 5 between 5 and 60")
        self._loading.show(chat, seconds)
        return ok({}, 202)

    def mark_as_read(self, call: Call) -> Answer:
        call.text("markAsReadToken")
        return ok()

    def leave(self, _call: Call, group: str) -> Answer:
        """Take the desk out of a group."""
        if not self._chats.leave(group):
            raise NOT_FOUND
        return ok()

    # --- what they sent

    def content(self, _call: Call, message_id: str) -> Answer:
        """Give the bytes; 202 while LINE is still preparing them, 410 when they were taken back."""
        found = self._chats.content(message_id)
        if found is None:
            entry = self._chats.entry(message_id)
            raise Refused(410, "Gone") if entry and entry.state is State.UNSENT else NOT_FOUND
        if self._faults().preparing:
            return Answer(202, b"")
        mime, body = found
        return Answer(200, body, mime)

    def transcoding(self, _call: Call, message_id: str) -> Answer:
        if self._chats.content(message_id) is None:
            raise NOT_FOUND
        return ok({"status": "processing" if self._faults().preparing else "succeeded"})

    def _now(self) -> datetime:
        return self._config.now()


_USER, _GROUP, _MESSAGE, _MENU = "(U[0-9a-f]{32})", "([CR][0-9a-f]{32})", "([0-9]+)", "(richmenu-[0-9a-f]+)"
_ALIAS = "([a-z0-9_-]{1,32})"


def routes(sending: Sending, rest: Endpoints, menus: Menus) -> tuple[Route, ...]:
    """Return LINE's paths."""
    bot, message, menu, alias = "/v2/bot", "/v2/bot/message", "/v2/bot/richmenu", "/v2/bot/richmenu/alias"
    return (
        Route("POST", f"{message}/reply", "reply", sending.reply),
        Route("POST", f"{message}/push", "push", sending.push),
        Route("POST", f"{message}/multicast", "multicast", sending.multicast),
        Route("POST", f"{message}/validate/\\w+", "validate", sending.validate),
        Route("GET", f"{message}/quota", "quota", rest.quota),
        Route("GET", f"{message}/quota/consumption", "quota", rest.consumption),
        Route("GET", f"{message}/{_MESSAGE}/content(?:/preview)?", "content", rest.content),
        Route("GET", f"{message}/{_MESSAGE}/content/transcoding", "content", rest.transcoding),
        Route("GET", f"{bot}/profile/{_USER}", "profile", rest.profile),
        Route("GET", f"{bot}/info", "info", rest.info),
        Route("POST", f"{bot}/chat/loading/start", "loading", rest.load),
        Route("POST", f"{bot}/chat/markAsRead", "read", rest.mark_as_read),
        Route("POST", f"{bot}/(?:group|room)/{_GROUP}/leave", "leave", rest.leave),
        Route("GET", f"{bot}/channel/webhook/endpoint", "webhook", rest.webhook),
        Route("POST", f"{bot}/channel/webhook/test", "webhook", rest.try_webhook),
        Route("POST", menu, "menu", menus.create),
        Route("POST", f"{menu}/validate", "menu", menus.validate),
        Route("GET", f"{menu}/list", "menu", menus.list),
        Route("GET", f"{alias}/list", "menu", menus.aliases),
        Route("GET", f"{alias}/{_ALIAS}", "menu", menus.called),
        Route("POST", alias, "menu", menus.name),
        Route("POST", f"{alias}/{_ALIAS}", "menu", menus.rename),
        Route("DELETE", f"{alias}/{_ALIAS}", "menu", menus.forget),
        Route("GET", f"{menu}/{_MENU}", "menu", menus.get),
        Route("DELETE", f"{menu}/{_MENU}", "menu", menus.delete),
        Route("POST", f"{menu}/{_MENU}/content", "menu", menus.draw),
        Route("GET", f"{menu}/{_MENU}/content", "menu", menus.show),
        Route("GET", f"{bot}/user/all/richmenu", "menu", menus.get_default),
        Route("POST", f"{bot}/user/all/richmenu/{_MENU}", "menu", menus.set_default),
        Route("DELETE", f"{bot}/user/all/richmenu", "menu", menus.clear_default),
        Route("POST", f"{bot}/user/{_USER}/richmenu/{_MENU}", "menu", menus.link),
        Route("DELETE", f"{bot}/user/{_USER}/richmenu", "menu", menus.unlink),
    )
