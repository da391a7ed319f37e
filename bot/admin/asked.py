"""What the address of a console page asks for, read strictly and never trusted."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from bot.admin.caselines import Filter
from bot.exports.export import ENCODINGS, HEADERS, Wish
from bot.exports.source import Days
from dialogs.words import Message, _, say
from storage.passersby import KEYED, WEB

RECEIVED = ("line", WEB, *KEYED)
"""How applications come, in the order in which a list can be narrowed to one of them."""

_DAY = _("日付を「2027-06-07」のように入力してください。")
_ORDER = _("終わりの日は、はじめの日と同じか、その後にしてください。")


def filter_of(args: MultiDict[str, str]) -> Filter:
    """Return the filter of a list; days that cannot be read are left out and said in *faults*."""
    days, faults = days_of(args)
    channel = args.get("channel", "")
    return Filter(
        days,
        args.get("state", "")[:80],
        args.get("flag", "")[:80],
        args.get("reference", "")[:64],
        channel if channel in RECEIVED else "",
        faults,
    )


def days_of(args: MultiDict[str, str]) -> tuple[Days, dict[str, Message]]:
    """Return the days from … to, and what is wrong with them, by the name of their input."""
    read: dict[str, date] = {}
    faults: dict[str, Message] = {}
    for name in ("from", "to"):
        written = args.get(name, "").strip()
        try:
            read |= {name: date.fromisoformat(written)} if written else {}
        except ValueError:
            faults[name] = say(_DAY)
    first, last = read.get("from"), read.get("to")
    if first and last and last < first:
        return Days(), {"to": say(_ORDER)}
    return Days(first, last), faults


def wish_of(kind: str, args: MultiDict[str, str]) -> tuple[Wish, dict[str, Message]]:
    """Return how an export is wanted, and what is wrong with the wish."""
    days, faults = days_of(args)
    encoding, header = args.get("encoding", ENCODINGS[0]), args.get("header", HEADERS[0])
    if encoding not in ENCODINGS:
        faults["encoding"] = say(_("文字コードは「UTF-8」か「Shift_JIS」をえらんでください。"))
    if header not in HEADERS:
        faults["header"] = say(_("1行目は「項目名」か「キー」をえらんでください。"))
    return Wish(kind, encoding, header, days), faults
