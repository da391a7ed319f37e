"""What is wrong with the LINE channel: as it is set up here, and as LINE says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.doctor_finding import OK, Finding, fault, warning
from bot.doctor_settings import is_public
from bot.line.gateway import LineGateway, Outcome
from bot.line.richmenus.atline import AtLine, Stopped
from bot.line.richmenus.every import every
from bot.line.richmenus.state import summary
from bot.settings import PREFIX, Settings, is_https, is_loopback

_SECRET = re.compile(r"[0-9a-f]{32}")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
_MOST_SECRETS = 2


def line(settings: Settings) -> Finding:
    """Return what is said of the channel's secret and token."""
    has_secret, has_token = _parts(settings)
    if has_secret != has_token:
        lacking = "LINE_CHANNEL_ACCESS_TOKEN" if has_secret else "LINE_CHANNEL_SECRET"
        return fault("line", f"set {PREFIX}{lacking} too; it stands in the LINE Developers Console")
    if not has_secret:
        return warning(
            "line",
            "LINE is off; set MADOGUCHI_LINE_CHANNEL_SECRET and MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN to turn it on",
        )
    wrong = _token(settings) or _secrets(settings) or _bases(settings)
    return wrong or Finding(OK, "line", "channel secret and access token are set")


def _parts(settings: Settings) -> tuple[bool, bool]:
    return bool(settings.secrets()), bool(settings.line_channel_access_token.get_secret_value().strip())


def _token(settings: Settings) -> Finding | None:
    token = settings.line_channel_access_token.get_secret_value()
    if not _TOKEN.fullmatch(token):
        text = "MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN holds a blank or a sign that no token has; copy it again"
        return fault("line", text)
    if token in settings.secrets():
        text = "MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN is the channel secret; issue a token on the tab Messaging API"
        return fault("line", text)
    return None


def _secrets(settings: Settings) -> Finding | None:
    given = settings.secrets()
    if len(given) > _MOST_SECRETS:
        text = (
            f"MADOGUCHI_LINE_CHANNEL_SECRET holds {len(given)} secrets; keep the current and the previous one"
        )
        return fault("line", text)
    if len({*given}) < len(given):
        return fault("line", "MADOGUCHI_LINE_CHANNEL_SECRET holds one secret twice; write it once")
    if is_public(settings) and not all(_SECRET.fullmatch(each) for each in given):
        text = "MADOGUCHI_LINE_CHANNEL_SECRET: a secret has 32 characters, 0-9 and a-f; copy it again from"
        return fault("line", f"{text} Basic settings, two with a comma between them")
    return None


def _bases(settings: Settings) -> Finding | None:
    bases = settings.line_api_base, settings.line_data_api_base
    if len({is_loopback(each) for each in bases}) == 1:
        return None
    text = "MADOGUCHI_LINE_API_BASE and MADOGUCHI_LINE_DATA_API_BASE lead to different places; take both away"
    return fault("line", text)


def liff(settings: Settings) -> Iterator[Finding]:
    """Yield what is said of the LIFF app."""
    if bool(settings.liff_id) != bool(settings.line_login_channel_id):
        yield fault("liff", "set MADOGUCHI_LIFF_ID and MADOGUCHI_LINE_LOGIN_CHANNEL_ID together, or neither")
    elif settings.liff_id and not all(_parts(settings)):
        yield fault("liff", "LIFF needs the LINE channel: set it up, or take MADOGUCHI_LIFF_ID away")
    elif settings.liff_id and not is_https(settings.public_url):
        yield fault("liff", "LIFF opens https pages only; set MADOGUCHI_PUBLIC_URL to the https address")
    elif settings.liff_id:
        yield Finding(OK, "liff", f"the LIFF app's endpoint must be {settings.public_url}/f/liff")


def line_says(settings: Settings) -> Iterator[Finding]:
    """Yield what LINE itself says of the channel."""
    token = settings.line_channel_access_token.get_secret_value()
    gateway = LineGateway(token, settings.line_api_base, settings.line_data_api_base)
    info = gateway.bot_info()
    if info.kind != "delivered":
        yield fault("line", _refusal(info, settings.line_api_base))
        return
    yield Finding(OK, "line", "LINE accepts the access token")
    yield from _own_id(settings.line_bot_user_id, str(info.data.get("userId", "")))
    yield _webhook(gateway.webhook_test())
    yield from _menus(gateway)


def _refusal(info: Outcome, base: str) -> str:
    if info.status is None:
        return f"LINE does not answer ({info.kind}); check that this machine may reach {base}"
    return f"LINE does not accept the access token ({info.status}); issue a new one"


def _own_id(given: str, own: str) -> Iterator[Finding]:
    if not given:
        text = f"set MADOGUCHI_LINE_BOT_USER_ID={own}, so that webhooks for other channels are refused"
        yield warning("line", text)
    elif given != own:
        yield fault("line", f"MADOGUCHI_LINE_BOT_USER_ID is not this channel's; it is {own}")


def _menus(gateway: LineGateway) -> Iterator[Finding]:
    try:
        said = summary(every(), AtLine(gateway).found())
    except Stopped as stopped:
        said = str(stopped)
    yield warning("richmenu", said) if said else Finding(OK, "richmenu", "LINE has this version's menus")


def _webhook(tested: Outcome) -> Finding:
    if tested.data.get("success") is True:
        return Finding(OK, "webhook", "LINE reaches the webhook")
    reason = tested.data.get("reason") or tested.kind
    text = f"LINE does not reach the webhook ({reason}); set its address to PUBLIC_URL/line/webhook and turn it on"
    return fault("webhook", text)
