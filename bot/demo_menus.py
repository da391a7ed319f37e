"""The menus of the demo's phones: brought to the simulator as ``madoguchi richmenu sync`` brings them to LINE."""

from __future__ import annotations

import structlog

from bot.line.gateway import LineGateway
from bot.line.richmenus.atline import AtLine, Stopped
from bot.line.richmenus.every import every
from bot.line.richmenus.sync import Sync
from bot.service import Service

log = structlog.get_logger()


def hang(service: Service) -> None:
    """Bring the menus to the simulator, which must listen; without them its phones show five plain words."""
    settings = service.settings
    token = settings.line_channel_access_token.get_secret_value()
    gateway = LineGateway(token, settings.line_api_base, settings.line_data_api_base)
    try:
        for each in Sync(AtLine(gateway), service.engine, service.clock).run(every()):
            log.debug("demo_menu", step=each)
    except Stopped as stopped:
        log.warning("demo_menus_missing", fault=str(stopped))
    finally:
        gateway.close()
    service.desk.wake()
