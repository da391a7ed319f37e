"""Microsoft's side of the door of Teams, on loopback: who signs its tokens, and what its activities look like."""

from __future__ import annotations

import base64
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.clock import Clock, SystemClock

APP = "0c1f7e5a-5a54-4a6e-8f0f-2f3f4f9b8a11"
TENANT = "7e5a0c1f-1111-4a6e-8f0f-2f3f4f9b8a11"
OTHER_TENANT = "7e5a0c1f-9999-4a6e-8f0f-2f3f4f9b8a11"
SERVICE_URL = "https://smba.trafficmanager.net/jp/"
ISSUER = "https://api.botframework.com"
BOT = f"28:{APP}"
BOT_NAME = "窓口"
ENDORSED = ("msteams", "webchat", "directline")
MINUTE = 60


def oid(number: int = 1) -> str:
    """Return the object id of a sample member of staff."""
    return f"00000000-0000-4000-8000-{number:012x}"


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return a key pair, the same for the same *number* in one run: making one takes a tenth of a second."""
    assert number >= 0
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


def public_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def b64(content: bytes) -> str:
    """Return *content* as tokens write it: base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def signed(head: object, claims: object, key: rsa.RSAPrivateKey, algorithm: str = "RS256") -> str:
    """Return a token of *head* and *claims*, each as it stands where it is bytes."""
    parts = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in (head, claims)]
    said = ".".join(b64(each) for each in parts)
    signature = jwt.get_algorithm_by_name(algorithm).sign(said.encode(), key)
    return f"{said}.{b64(signature)}"


# --- who signs


@dataclass
class Issuer:
    """Signs tokens as the Bot Framework does, and says with which keys.

    *fetches* counts what was asked: paths, in order.  *down* answers with 503, *slow* waits that many seconds
    first.  *keys* are (kid, key number) in force; *endorsed* the channels that they are good for.
    """

    clock: Clock = field(default_factory=SystemClock)
    app_id: str = APP
    keys: list[tuple[str, int]] = field(default_factory=lambda: [("key-0", 0)])
    endorsed: Sequence[str] = ENDORSED
    down: bool = False
    slow: float = 0
    document: Mapping[str, Any] | bytes | None = None
    jwks: Mapping[str, Any] | bytes | None = None
    fetches: list[str] = field(default_factory=list)
    base: str = ""

    @property
    def metadata_url(self) -> str:
        """Return the address of the OpenID document."""
        return f"{self.base}/v1/.well-known/openidconfiguration"

    def rotate(self, *, keep: bool = False) -> None:
        """Sign with a new key from now on; with *keep* the old ones are still published."""
        number = self.keys[-1][1] + 1
        self.keys = [*(self.keys if keep else ()), (f"key-{number}", number)]

    def claims(self, service_url: str = SERVICE_URL, **changes: Any) -> dict[str, Any]:
        """Return the claims of a good token; one that is set to None is left out."""
        now = self.clock.now() // 1000
        good = {
            "serviceurl": service_url,
            "nbf": now - MINUTE,
            "exp": now + 60 * MINUTE,
            "iss": ISSUER,
            "aud": self.app_id,
        }
        return {name: value for name, value in (good | changes).items() if value is not None}

    def token(
        self,
        service_url: str = SERVICE_URL,
        *,
        headers: Mapping[str, Any] | None = None,
        key: rsa.RSAPrivateKey | None = None,
        algorithm: str = "RS256",
        **claims: Any,
    ) -> str:
        """Return a token signed with the newest key, or with *key*; *headers* and *claims* change what it says.

        Nothing is checked, so that any nonsense can be signed; a header that is set to None is left out.
        """
        kid, number = self.keys[-1]
        head = {"typ": "JWT", "alg": algorithm, "kid": kid, "x5t": kid, **(headers or {})}
        kept = {name: value for name, value in head.items() if value is not None}
        return signed(kept, self.claims(service_url, **claims), key or rsa_key(number), algorithm)

    def header(self, service_url: str = SERVICE_URL, **more: Any) -> str:
        """Return a good ``Authorization`` header; *more* as for :meth:`token`."""
        return f"Bearer {self.token(service_url, **more)}"

    def published(self) -> dict[str, Any]:
        """Return the key set."""
        return {"keys": [self._public(kid, rsa_key(number)) for kid, number in self.keys]}

    def _public(self, kid: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
        numbers = key.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": kid,
            "x5t": kid,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
            "endorsements": [*self.endorsed],
        }

    def answer(self, path: str) -> tuple[int, bytes]:
        """Return status and body for a GET of *path*."""
        self.fetches.append(path)
        time.sleep(self.slow)
        if self.down:
            return 503, b""
        if path == "/v1/.well-known/keys":
            return 200, _body(self.published() if self.jwks is None else self.jwks)
        if path == "/v1/.well-known/openidconfiguration":
            return 200, _body(self._document() if self.document is None else self.document)
        return 404, b""

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{self.base}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }


def _body(content: Mapping[str, Any] | bytes) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()


@contextmanager
def issuing(clock: Clock | None = None, **given: Any) -> Iterator[Issuer]:
    """Yield an issuer that answers on loopback; its tokens hold at the time of *clock*."""
    issuer = Issuer(clock or SystemClock(), **given)
    handler = type("Handler", (_Published,), {"answers": staticmethod(issuer.answer)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    issuer.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Published(BaseHTTPRequestHandler):
    answers: Callable[[str], tuple[int, bytes]]
    wbufsize = -1

    def do_GET(self) -> None:
        status, body = self.answers(self.path)
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that it overrides
        """Say nothing."""


# --- what is said


@dataclass
class Activities:
    """Writes activities of one member of staff as Teams sends them, each with an id of its own.

    *number* tells people apart; *thread* is their personal chat.  Every method takes changes of the top level.
    """

    number: int = 1
    tenant: str = TENANT
    service_url: str = SERVICE_URL
    name: str = "見本 一郎"
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1_812_000_000_001))

    @property
    def object_id(self) -> str:
        return oid(self.number)

    @property
    def account(self) -> str:
        """Return the account as identities keep it."""
        return f"{self.tenant}/{self.object_id}"

    @property
    def user_id(self) -> str:
        return f"29:1sample{self.number:06d}"

    @property
    def thread(self) -> str:
        return f"a:1sample-personal-{self.number:06d}"

    def bare(self, kind: str, **changes: Any) -> dict[str, Any]:
        """Return an activity of type *kind* in the personal chat."""
        made = {
            "type": kind,
            "id": str(next(self._ids)),
            "timestamp": "2027-06-07T01:00:00.123Z",
            "localTimestamp": "2027-06-07T10:00:00.123+09:00",
            "localTimezone": "Asia/Tokyo",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": self.user_id, "name": self.name, "aadObjectId": self.object_id},
            "conversation": {"conversationType": "personal", "tenantId": self.tenant, "id": self.thread},
            "recipient": {"id": BOT, "name": BOT_NAME},
            "entities": [self._client()],
            "channelData": {"tenant": {"id": self.tenant}},
            "locale": "ja-JP",
        }
        return made | changes

    def _client(self) -> dict[str, Any]:
        return {
            "type": "clientInfo",
            "locale": "ja-JP",
            "country": "JP",
            "platform": "Windows",
            "timezone": "Asia/Tokyo",
        }

    def message(self, text: str | None, /, **changes: Any) -> dict[str, Any]:
        """Return words typed in the personal chat, with the copy in HTML that Teams adds."""
        html = {"contentType": "text/html", "content": f"<p>{text}</p>"}
        said = {"textFormat": "plain", "text": text, "attachments": [html]}
        return self.bare("message", **(said | changes))

    def mention(self, text: str, /, channel: str = "sample", **changes: Any) -> dict[str, Any]:
        """Return *text* after a mention of the desk, in a thread of a team's channel."""
        tag = f"<at>{BOT_NAME}</at>"
        said = {
            **self._in_channel(channel, ";messageid=1812000000000"),
            "text": f"{tag}&nbsp;{text}\n",
            "entities": [self.mentioned(BOT, BOT_NAME), self._client()],
        }
        return self.message(None, **(said | changes))

    def mentioned(self, who: str, name: str, tag: str = "") -> dict[str, Any]:
        """Return the entity that belongs to a mention of *who*."""
        return {"type": "mention", "mentioned": {"id": who, "name": name}, "text": tag or f"<at>{name}</at>"}

    def _in_channel(self, channel: str, message: str = "") -> dict[str, Any]:
        room = f"19:{channel}@thread.tacv2"
        return {
            "conversation": {
                "isGroup": True,
                "conversationType": "channel",
                "tenantId": self.tenant,
                "id": room + message,
            },
            "channelData": {
                "teamsChannelId": room,
                "teamsTeamId": "19:team@thread.tacv2",
                "channel": {"id": room},
                "team": {"id": "19:team@thread.tacv2"},
                "tenant": {"id": self.tenant},
            },
        }

    def in_channel(self, activity: Mapping[str, Any], channel: str = "sample") -> dict[str, Any]:
        """Return *activity* as it is sent from a thread of a team's channel."""
        return {**activity, **self._in_channel(channel, ";messageid=1812000000000")}

    def execute(self, data: object, verb: str = "m", **changes: Any) -> dict[str, Any]:
        """Return a button of a card (``Action.Execute``); *data* holds its inputs, too."""
        said = {
            "name": "adaptiveCard/action",
            "value": {
                "action": {"type": "Action.Execute", "verb": verb, "data": data},
                "trigger": "manual",
            },
            "replyToId": "1811999999999",
        }
        made = self.bare("invoke", **(said | changes))
        return made | {"id": f"f:{made['id']}"} if "id" not in changes else made

    def submit(self, data: object, **changes: Any) -> dict[str, Any]:
        """Return the same as an older client sends it (``Action.Submit``): a message without words."""
        return self.bare("message", **({"value": data, "replyToId": "1811999999999"} | changes))

    def pasted(self, *urls: str, **changes: Any) -> dict[str, Any]:
        """Return pictures pasted into the chat: their addresses need the bot's token."""
        html = {"contentType": "text/html", "content": "<p><img></p>"}
        pictures = [{"contentType": "image/*", "contentUrl": url} for url in urls]
        return self.bare("message", **({"text": "", "attachments": [*pictures, html]} | changes))

    def uploaded(self, url: str, name: str = "見本.jpg", **changes: Any) -> dict[str, Any]:
        """Return a file put into the chat: its address holds for minutes, for whoever has it."""
        content = {"downloadUrl": url, "uniqueId": "sample", "fileType": name.rpartition(".")[2]}
        attachment = {
            "contentType": "application/vnd.microsoft.teams.file.download.info",
            "content": content,
            "contentUrl": f"https://sample.sharepoint.com/personal/{name}",
            "name": name,
        }
        return self.bare("message", **({"attachments": [attachment]} | changes))

    def installed(self, action: str = "add", channel: str = "", **changes: Any) -> dict[str, Any]:
        """Return that the app was added or removed (*action*), here or in the team of *channel*."""
        place = self._in_channel(channel) if channel else {}
        return self.bare("installationUpdate", **({"action": action} | place | changes))

    def members(
        self, change: str = "membersAdded", who: str = BOT, channel: str = "", **changes: Any
    ) -> dict[str, Any]:
        """Return that *who* joined or left a conversation."""
        place = self._in_channel(channel) if channel else {}
        return self.bare("conversationUpdate", **({change: [{"id": who}]} | place | changes))

    def reaction(self, **changes: Any) -> dict[str, Any]:
        """Return a thumb under a message."""
        said = {"reactionsAdded": [{"type": "like"}], "replyToId": "1811999999999"}
        return self.bare("messageReaction", **(said | changes))

    def deleted(self, message: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        """Return that *message* was taken back."""
        tenant = {"tenant": {"id": self.tenant}, "eventType": "softDeleteMessage"}
        said = {"id": message["id"], "conversation": message["conversation"], "channelData": tenant}
        return self.bare("messageDelete", **(said | changes))


def encoded(activity: object) -> bytes:
    """Return *activity* as it travels."""
    return json.dumps(activity, ensure_ascii=False).encode("utf-8", "surrogatepass")
