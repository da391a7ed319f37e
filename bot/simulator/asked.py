"""What the screen sends with a wish, read so that a broken screen is told what is missing."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.simulator.phones import CannotDo

Body: TypeAlias = Mapping[str, Any]


def text(body: Body, name: str, default: str | None = None) -> str:
    """Return the text *name* of *body*.

    Raises:
        CannotDo: There is none.
    """
    value = body.get(name, default)
    if not isinstance(value, str):
        raise CannotDo(f"{name} がありません。")
    return value


def mapping(body: Body, name: str) -> Mapping[str, Any]:
    """Return the object *name* of *body*.

    Raises:
        CannotDo: There is none.
    """
    value = body.get(name)
    if not isinstance(value, dict):
        raise CannotDo(f"{name} がありません。")
    return value
