"""What sample people answer, form by form, as a card or a page gives it.  Everything follows from the dice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeAlias

from dialogs.fields.base import Raw
from dialogs.procedures.fence_loan.handing import EXPLAINED
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.procedures.fence_loan.parts import of_sets
from dialogs.standing import CaseView
from dialogs.world import World

Raws: TypeAlias = "dict[str, Raw]"

TELEPHONE = "011-211-2879"  # the section's own, printed on its papers: nobody else is called by mistake

PLACES = (  # untranslated: postal codes of the sample city's wards, and what stands behind the town
    ("061-2285", "1丁目1-1"),
    ("064-0945", "見本1-2"),
    ("005-0850", "見本2-3"),
    ("061-2274", "見本3-1"),
    ("063-0801", "2-1-1"),
    ("061-2302", "4丁目2-3"),
)

NAMES = (  # untranslated: sample names, and how they are read
    ("太郎", "タロウ"),
    ("花子", "ハナコ"),
    ("一郎", "イチロウ"),
    ("二郎", "ジロウ"),
    ("三郎", "サブロウ"),
    ("四郎", "シロウ"),
    ("五郎", "ゴロウ"),
)

GRASS, FAULT, SHORT, DAMAGED, BROUGHT, TWO_SETS = 0.15, 0.05, 0.2, 0.08, 0.5, 0.08
"""How often grass or a fault is found, a set comes back short or damaged, parts are found, two sets are wanted."""


@dataclass(frozen=True)
class Home:
    """Who somebody is and where: sample people have sample names and the office's own telephone."""

    number: int
    postcode: str
    rest: str

    @property
    def personal(self) -> Raws:
        """Return what stands on the private page."""
        name, kana = NAMES[self.number % len(NAMES)]
        return {
            "name": f"見本 {name}",  # untranslated: a sample name
            "kana": f"ミホン {kana}",  # untranslated: how it is read
            "address": {"postcode": self.postcode, "area": "", "rest": f"{self.rest}-{self.number}"},
            "phone": TELEPHONE,
            "site": {"same": "yes"},
        }


def home(number: int, dice: Random) -> Home:
    """Return the home of the sample resident *number*."""
    return Home(number, *dice.choice(PLACES))


def loan(home: Home, first: date, last: date, dice: Random, *, urgent: bool = False) -> Raws:
    """Return an application for the days from *first* to *last*."""
    signs = "trace" if urgent else dice.choice(["damaged", "trace", "nearby", "none", "none"])
    asked: Raws = {
        "applicant_type": "person",
        "perimeter": str(dice.choice([20, 30, 40, 40, 60])),
        "sets": "2" if dice.random() < TWO_SETS else "1",
        "period": {"from": first.isoformat(), "to": last.isoformat()},
        "reason": {"": [dice.choice(["damaged", "at_risk"])]},
        "damage": signs,
        **dict.fromkeys(("upkeep", "return", "consider"), "yes"),
    }
    if signs != "none":
        asked["emergency"] = "yes" if urgent else "no"
    return {**asked, **home.personal}


def guidance(home: Home, number: str, slot: Mapping[str, str], dice: Random) -> Raws:
    """Return a request for guidance by the holder of the subsidy *number* at the time *slot*."""
    return {
        "number": number,
        "relation": dice.choice(["holder", "holder", "household"]),
        "installed": dice.choice(["no", "partly", "yes"]),
        "topics": {"": ["setting", "danger"]},
        "wish": slot,
        **home.personal,
    }


def handover(case: CaseView, world: World) -> Raws:
    """Return what is written down when everything is handed over as it should be."""
    found = Loan(case)
    sets = int(case.answers.get("sets") or 1)
    identity = "notice" in found.waived
    counted = {key: str(count) for key, count in of_sets(sets, world.office.set_parts).items()}
    return {
        "shown": "identity" if identity else "notice",
        **({} if identity else {"notice_number": found.number}),
        "sets": str(sets),
        "tested": "yes",
        "parts": counted,
        "explained": {"": [each.key for each in EXPLAINED]},
        "guided": "no",
    }


def check(dice: Random) -> Raws:
    """Return what is found on a round: mostly nothing, sometimes grass, rarely a fault."""
    drawn = dice.random()
    found: Raws = {"power": "on", "voltage": str(dice.randrange(6400, 8600, 100)), "weeds": "clear"}
    found |= {"tension": "tight", "plate": "yes", "result": "good"}
    if drawn < GRASS:
        found |= {"weeds": "touching", "voltage": "5200", "result": "upkeep"}
        found |= {"instructions": {"": ["weeds"]}}
    elif drawn < GRASS + FAULT:
        found |= {
            "power": "off",
            "result": "fault",
            "fault": "パワーユニット",
        }  # untranslated: what is broken
        found.pop("voltage")
    return found


SWAP: Raws = {  # untranslated: what a contractor writes down
    "swapped": "unit",
    "broken": "電源が入らない",
    "voltage_after": "7200",
}

ANSWER: Raws = {  # untranslated: what a contractor answers
    "answer": "advised",
    "answer_text": "電池を新しいものに替えると直ります。",
}


def takeback(case: CaseView, dice: Random) -> Raws:
    """Return what comes back: mostly all of it, sometimes without a pole."""
    parts = dict(Loan(case).counted)
    if dice.random() < SHORT and parts.get("short_pole"):
        parts["short_pole"] -= 1
    damaged = dice.random() < DAMAGED
    found: Raws = {
        "parts_in": {key: str(count) for key, count in parts.items()},
        "damage": "slight" if damaged else "none",
        "works": "yes",
        "cleaned": "yes",
    }
    if damaged:
        found["damaged"] = "クリップ"  # untranslated: what is broken
    return found


def settlement(case: CaseView, dice: Random) -> Raws:
    """Return the report at the end of a loan: nothing missing, found after all, or to be replaced."""
    missing = Loan(case).missing
    found: Raws = {"restored": "none", "later": "no", "replenish": "no"}
    if missing and dice.random() < BROUGHT:
        return found | {"later": "yes", "parts_later": {key: str(count) for key, count in missing.items()}}
    if missing:
        found |= {"replenish": "yes", "replenish_what": "短いポール 1本"}  # untranslated: what is asked for
    return found


def questionnaire(dice: Random) -> Raws:
    """Return what a borrower thinks of it."""
    return {
        "effect": dice.choice(["none_came", "kept_out", "unknown"]),
        "setting_up": dice.choice(["easy", "fair", "hard"]),
        "upkeep_was": dice.choice(["easy", "fair", "hard"]),
    }


def visit(day: date) -> Raws:
    """Return the record of a visit on *day* at which all was well."""
    return {
        "visited_on": day.isoformat(),
        "present": "holder",
        "explained": {"": ["setting", "use", "upkeep", "danger"]},
        "tiers": "4",
        "lowest": "20",
        "source": "battery",
        "polarity": "right",
        **_STATE,
        "confirmed": "yes",
    }


def recheck(day: date) -> Raws:
    """Return what is found three weeks later on *day*, told there and then."""
    told: Raws = {"told_by": "phone", "told_to": "holder", "told_on": day.isoformat()}
    return {"checked_on": day.isoformat(), **_STATE, "result": "good", **told}


_STATE: Raws = {
    "power": "on",
    "voltage": "7200",
    "earth": "deep",
    "weeds": "clear",
    "tension": "tight",
    "plate": "yes",
}


def period(day: date, season: tuple[date, date], dice: Random, *, urgent: bool = False) -> tuple[date, date]:
    """Return the days for which somebody applies on *day*, within *season* (both days included)."""
    first, last = season
    begins = max(day + timedelta(days=1 if urgent else dice.randrange(8, 20)), first)
    begins = min(begins, last)
    return begins, min(begins + timedelta(days=dice.randrange(21, 75)), last)
