"""Who signs: a key made at the first start, published as Microsoft publishes its own."""

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.clock import SystemClock
from bot.simulator.events import Json
from bot.simulator.store import Store

ISSUER = "https://api.botframework.com"
LIFE = timedelta(hours=1)
_SETTING, _BITS = "signing key", 2048


class Signer:
    """Signs what goes to the bot, and the tokens that the bot fetches.

    *now* is the product's clock.  A token is good by it and by the machine's own: the panel turns the first, and
    whoever reads a token may go by either.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._now = now
        pem = store.setting(_SETTING)
        if pem is None:
            pem = _pem(_made())
            store.set(_SETTING, pem)
        self._key = _read(pem)
        self._stranger: rsa.RSAPrivateKey | None = None

    @property
    def key_id(self) -> str:
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.urlsafe_b64encode(hashlib.sha256(public).digest()[:20]).decode().rstrip("=")

    def metadata(self, base_url: str) -> Json:
        """Return the OpenID document of the issuer, whose keys are below *base_url*."""
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{base_url}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def keys(self) -> Json:
        """Return the key set; endorsements say for which channels a key may speak."""
        numbers = self._key.public_key().public_numbers()
        key = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.key_id,
            "x5t": self.key_id,
            "n": _whole(numbers.n),
            "e": _whole(numbers.e),
            "endorsements": ["msteams"],
        }
        return {"keys": [key]}

    def for_bot(self, app_id: str, service_url: str, *, forged: bool = False) -> str:
        """Return the token that comes with one activity; *forged* is signed by somebody else."""
        claims = {"serviceurl": service_url, "iss": ISSUER, "aud": app_id, **self._times()}
        return self._signed(claims, self._somebody() if forged else self._key)

    def for_connector(self, app_id: str) -> str:
        """Return what the token endpoint gives the bot for its calls."""
        return self._signed(
            {"iss": f"{ISSUER}/token", "aud": ISSUER, "appid": app_id, **self._times()}, self._key
        )

    def app_of(self, token: str) -> str:
        """Return the app that *token* was given to, "" where it is none of ours or has ended."""
        try:
            claims = jwt.decode(token, self._key.public_key(), algorithms=["RS256"], audience=ISSUER)
        except jwt.InvalidTokenError:
            return ""
        return str(claims.get("appid", ""))

    def _signed(self, claims: dict[str, Any], key: rsa.RSAPrivateKey) -> str:
        return jwt.encode(claims, key, "RS256", {"kid": self.key_id, "x5t": self.key_id})

    def _times(self) -> dict[str, datetime]:
        clocks = datetime.fromtimestamp(SystemClock().now() // 1000, UTC), self._now()
        return {"nbf": min(clocks), "exp": max(clocks) + LIFE}

    def _somebody(self) -> rsa.RSAPrivateKey:
        if self._stranger is None:
            self._stranger = _made()
        return self._stranger


def _made() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _read(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("The simulator's signing key is no RSA key: start the demo over with RESET=1.")
    return key


def _whole(number: int) -> str:
    """Return *number* as key sets write whole numbers."""
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
