"""Exchange meetings in the console: the list, defining one on a page or from a file, opening and closing it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

import structlog
from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.meetings.registrations import Stand, of_meeting
from bot.visits import Visit
from dialogs.meetings import Meeting, State
from dialogs.meetings_reading import advice, raw_of, read
from dialogs.words import Message, _, say
from storage import engine as database
from storage import meetings

LONGEST_FILE = 200_000
UNUSABLE, CONFLICT = 422, 409
SPARE = 2
"""Empty rows below those that are filled in."""

STATES: Mapping[str, str] = {
    State.DRAFT: _("準備中"),
    State.OPEN: _("受付中"),
    State.CLOSED: _("受付終了"),
    State.CANCELLED: _("中止"),
}
NEXT: Mapping[State, tuple[State, ...]] = {
    State.DRAFT: (State.OPEN,),
    State.OPEN: (State.CLOSED, State.CANCELLED),
    State.CLOSED: (State.OPEN, State.CANCELLED),
    State.CANCELLED: (),
}
LABELS: Mapping[str, str] = {
    "key": _("名前（半角の小文字と数字。あとで変えられません）"),
    "title": _("題名"),
    "title_en": _("題名（英語、なくてもよい）"),
    "day": _("開催日"),
    "place": _("会場"),
    "place_en": _("会場（英語、なくてもよい）"),
    "closes": _("申込みの締切日"),
    "seats_on_site": _("会場の席"),
    "seats_online": _("オンラインの席（0は、なし）"),
    "group_most": _("1件で申し込める人数"),
    "offer_hours": _("空席のご案内に答える時間（空なら自動）"),
    "groups": _("テーブルの数"),
    "group_size": _("1テーブルの人数"),
    "drinks": _("飲み物（1人あたり、本）"),
    "sweets": _("お菓子（1テーブルあたり）"),
    "survey": _("アンケートの名前（なくてもよい）"),
    "online_link": _("オンラインのアドレス"),
    "contact": _("問い合わせ先（なくてもよい）"),
    "telephone": _("電話番号（なくてもよい）"),
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "parts": {
        "key": _("名前"),
        "title": _("題名"),
        "starts": _("はじまり"),
        "ends": _("おわり"),
        "who": _("見られる人"),
        "link": _("アドレス"),
        "title_en": _("題名（英語）"),
    },
    "themes": {"key": _("名前"), "name": _("テーマ"), "name_en": _("テーマ（英語）")},
    "kinds": {"key": _("名前"), "name": _("参加者の種別"), "name_en": _("参加者の種別（英語）")},
}
ROWS: Mapping[str, str] = {"parts": _("プログラム"), "themes": _("テーマ"), "kinds": _("参加者の種別")}
MEANT: Mapping[str, str] = {"seats_online": "0", "group_most": "5", "drinks": "1", "sweets": "1"}

log = structlog.get_logger()


@dataclass(frozen=True)
class Entered:
    """What a page has in its fields: *values*, *rows* of the tables, and what is wrong, by field."""

    values: Mapping[str, str]
    rows: Mapping[str, Sequence[Mapping[str, str]]]
    faults: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True)
class MeetingPages:
    """The routes of meetings."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/meetings/<key>/edit"
        rules = (
            ("/meetings/", "meetings", self._list, "GET"),
            ("/meetings/new", "meeting_new", self._new, "GET"),
            ("/meetings/new", "meeting_add", self._add, "POST"),
            ("/meetings/file", "meeting_file", self._file, "POST"),
            (one, "meeting_edit", self._edit, "GET"),
            (one, "meeting_save", self._save, "POST"),
            ("/meetings/<key>/state", "meeting_state", self._state, "POST"),
        )
        for address, endpoint, view, method in rules:
            blueprint.add_url_rule(address, endpoint, view, methods=[method])

    @signed_in(*READERS)
    def _list(self, visit: Visit) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            found = [(each, of_meeting(conn, each)) for each in meetings.every(conn)]
        people = {
            (each.key, stand, way): sum(
                one.people for one in registered if one.stand is stand and one.attendance == way
            )
            for each, registered in found
            for stand in Stand
            for way in ("on_site", "online")
        }
        return self.console.drawn(
            "meetings.html",
            visit,
            found=[each for each, _registered in found],
            people=people,
            states=STATES,
            may_edit=visit.session.role in OFFICE,
        )

    @signed_in(*OFFICE)
    def _new(self, visit: Visit) -> AnyResponse:
        return self._drawn(visit, entered({**MEANT}), None)

    @signed_in(*OFFICE)
    def _file(self, visit: Visit) -> AnyResponse:
        """Fill the page from a file; it counts when somebody has looked at it and saved."""
        sent = request.files.get("file")
        content = sent.read(LONGEST_FILE + 1) if sent else b""
        try:
            raw = tomllib.loads(content[:LONGEST_FILE].decode("utf-8-sig").replace("\r\n", "\n"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            where = str(fault).rpartition("(")[2].rstrip(")")
            text = _("ファイルを読めませんでした（{where}）。TOMLの書き方を確かめてください。")
            return self._drawn(visit, entered({}), None, {"file": say(text, where=where)})
        if not raw:
            return self._drawn(visit, entered({}), None, {"file": say(_("ファイルをえらんでください。"))})
        wrong = read(raw)
        faults = {} if isinstance(wrong, Meeting) else {each.field: each.message for each in wrong}
        return self._drawn(visit, entered(raw), None, faults)

    @signed_in(*OFFICE)
    def _add(self, visit: Visit) -> AnyResponse:
        return self._kept(visit, None)

    @signed_in(*READERS)
    def _edit(self, visit: Visit, key: str) -> AnyResponse:
        found = self._meeting(key)
        return self._drawn(visit, entered(raw_of(found)), found)

    @signed_in(*OFFICE)
    def _save(self, visit: Visit, key: str) -> AnyResponse:
        return self._kept(visit, self._meeting(key))

    def _kept(self, visit: Visit, before: Meeting | None) -> AnyResponse:
        raw = {**sent_form(), **({"key": before.key} if before else {})}
        made = read(raw)
        if not isinstance(made, Meeting):
            return self._drawn(visit, entered(raw), before, {each.field: each.message for each in made})
        with database.write(self.console.service.engine) as conn:
            there = meetings.one(conn, made.key, lock=True)
            if there and before is None:
                message = say(_("この名前の会は、もうあります。別の名前にしてください。"))
                return self._drawn(visit, entered(raw), None, {"key": message})
            state = there.state if there else State.DRAFT
            meetings.save(conn, replace(made, state=state), visit.session.subject, self.console.now)
        log.info("meeting_saved", state=state.value)
        return to("meeting_edit", key=made.key)

    @signed_in(*OFFICE)
    def _state(self, visit: Visit, key: str) -> AnyResponse:
        found, wanted = self._meeting(key), request.form.get("state", "")
        if wanted not in NEXT[found.state] or (wanted == State.CANCELLED and not request.form.get("surely")):
            message = say(_("中止するときは、チェックを入れてください。"))
            return self._drawn(visit, entered(raw_of(found)), found, {"state": message})
        with database.write(self.console.service.engine) as conn:
            meetings.put(conn, key, State(wanted), visit.session.subject, self.console.now)
        log.info("meeting_state", state=wanted)
        return to("meeting_edit", key=key)

    def _meeting(self, key: str) -> Meeting:
        with database.read(self.console.service.engine) as conn:
            # PostgreSQL cannot even look for a NUL.
            return (meetings.one(conn, key[:64]) if key.isprintable() else None) or abort(404)

    def _drawn(
        self,
        visit: Visit,
        page: Entered,
        meeting: Meeting | None,
        faults: Mapping[str, Message] | None = None,
    ) -> AnyResponse:
        return self.console.drawn(
            "meeting_edit.html",
            visit,
            status=UNUSABLE if faults else 200,
            page=page,
            meeting=meeting,
            faults=faults or {},
            advice=advice(meeting) if meeting else (),
            labels=LABELS,
            tables=ROWS,
            columns=COLUMNS,
            states=STATES,
            steps=NEXT[meeting.state] if meeting else (),
            may_edit=visit.session.role in OFFICE,
        )


def entered(raw: Mapping[str, Any]) -> Entered:
    """Return what *raw* says as texts for the fields of a page, with empty rows to go on."""
    rows = {name: [*_rows(raw.get(name)), *({} for _ in range(SPARE))] for name in COLUMNS}
    return Entered({name: _text(raw.get(name)) for name in LABELS}, rows)


def _rows(raw: object) -> list[dict[str, str]]:
    listed = raw if isinstance(raw, Sequence) and not isinstance(raw, str) else ()
    return [{str(key): _text(each[key]) for key in each} for each in listed if isinstance(each, Mapping)]


def _text(value: object) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None or isinstance(value, Mapping | list) else str(value)


def sent_form() -> dict[str, Any]:
    """Return what the page sent; rows in which nothing is written are left out."""
    form, raw = request.form, dict[str, Any]({name: request.form.get(name, "") for name in LABELS})
    for name, columns in COLUMNS.items():
        rows = []
        for number in range(1, 100):
            row = {column: form.get(f"{name}[{number}].{column}", "") for column in columns}
            if any(value for column, value in row.items() if column != "who"):
                rows.append(row)
        raw[name] = rows
    return raw
