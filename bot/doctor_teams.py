"""What is wrong with the Teams channel: as it is set up here, and as Microsoft says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import requests

from bot.clock import SystemClock
from bot.doctor_finding import FAULT, OK, Finding, fault
from bot.settings import GUID, LOOPBACK, PREFIX, Settings, is_loopback
from bot.teams.keys import SourceUnusable, fetched
from bot.teams.tokens import NoToken, token_source

_GUID = re.compile(GUID)
_SECRET = re.compile(r"[!-~]+")


def teams(settings: Settings) -> Iterator[Finding]:
    """Yield what is said of the bot's registration; nothing where there is no Teams channel."""
    given = {
        "TEAMS_APP_ID": settings.teams_app_id,
        "TEAMS_APP_PASSWORD": settings.teams_app_password.get_secret_value(),
        "TEAMS_TENANT_IDS": settings.teams_tenant_ids,
    }
    if not any(given.values()):
        return
    lacking = [name for name, value in given.items() if not value.strip()]
    if lacking:
        yield fault("teams", f"set {PREFIX}{lacking[0]} too; docs/teams.md says where it stands")
        return
    wrong = _password(settings) or _addresses(settings)
    yield wrong or Finding(OK, "teams", "app id, client secret and tenants are set")


def _password(settings: Settings) -> Finding | None:
    secret = settings.teams_app_password.get_secret_value()
    if _GUID.fullmatch(secret):
        text = "MADOGUCHI_TEAMS_APP_PASSWORD is an id; copy the secret's Value, which Entra shows once"
        return fault("teams", text)
    if not _SECRET.fullmatch(secret):
        text = "MADOGUCHI_TEAMS_APP_PASSWORD holds a blank or a sign that no secret has; copy it again"
        return fault("teams", text)
    return None


def _addresses(settings: Settings) -> Finding | None:
    """Return that some addresses are Microsoft's and others this machine's."""
    here = {
        is_loopback(settings.teams_openid_metadata_url),
        is_loopback(settings.teams_token_url),
        *(each in LOOPBACK for each in settings.service_hosts()),
    }
    if len(here) == 1:
        return None
    names = "MADOGUCHI_TEAMS_OPENID_METADATA_URL, MADOGUCHI_TEAMS_TOKEN_URL and MADOGUCHI_TEAMS_SERVICE_HOSTS"
    return fault("teams", f"{names} lead to different places; take all three away")


def is_set_up(settings: Settings) -> bool:
    """Return whether there is a Teams channel, without a fault."""
    found = [*teams(settings)]
    return bool(found) and all(each.state != FAULT for each in found)


def teams_says(settings: Settings) -> Iterator[Finding]:
    """Yield whether what comes from Teams can be checked, and whether anything can be sent there."""
    try:
        count = len(fetched(settings.teams_openid_metadata_url))
    except (requests.RequestException, OSError, SourceUnusable) as broken:
        text = f"Microsoft's keys cannot be read ({type(broken).__name__}), so nothing from Teams would be believed;"
        yield fault("teams", f"{text} check that this machine may reach {settings.teams_openid_metadata_url}")
    else:
        yield Finding(OK, "teams", f"Microsoft's keys can be read ({count})")
    yield _token(settings)


def _token(settings: Settings) -> Finding:
    secret = settings.teams_app_password.get_secret_value()
    tenant, url = settings.tenants()[0], settings.teams_token_url
    try:
        token_source(settings.teams_app_id, secret, tenant, SystemClock(), url=url).fetch()
    except NoToken as refused:
        text = f"Microsoft gives the desk no token ({refused.reason}), so nothing can be sent to Teams;"
        advice = (
            "check app id, client secret and the first tenant" if refused.refused else "check the way out"
        )
        return fault("teams", f"{text} {advice}")
    return Finding(OK, "teams", "Microsoft gives the desk a token")
