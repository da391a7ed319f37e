"""What inspections and incidents have in common: the places (002-02) and how urgent something is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dialogs.fields import Given, Option
from dialogs.words import _


class Site(StrEnum):
    """A place where the equipment stands."""

    OFFICE = "management_office"
    CENTER = "clean_center"


SITES = (
    Option(Site.OFFICE.value, _("処理場管理事務所")),
    Option(Site.CENTER.value, _("札幌市クリーンセンター")),
)

URGENT = "urgent"
"""The severity that cannot wait."""

SEVERITIES = (
    Option("minor", _("軽微")),
    Option("needs_work", _("要対応")),
    Option(URGENT, _("緊急")),
)


def today(given: Given) -> date:
    """Return the last day of what has happened already."""
    return given.world.today
