"""What a page of a form sent: the parts of its fields, and photos, cleaned and sealed like those from a talk."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from flask import request
from sqlalchemy import Connection
from werkzeug.datastructures import FileStorage

from bot.desk_ids import photo_id
from bot.forms.fields import entered, name_of
from bot.forms.trips import Sheet
from bot.photos import UnreadablePhoto, cleaned
from bot.service import Service
from dialogs.events import Parts
from dialogs.fields import Photo
from dialogs.fields.base import Field, Invalid
from dialogs.form import Page
from dialogs.words import _
from storage import engine as database
from storage import photos

MOST_BYTES = 10 * 1024 * 1024
"""Of a photo, as from LINE; telephones take 3 to 8 MB."""

ROOM = MOST_BYTES + 1024 * 1024
"""Of a page with a photo in it."""

_ONCE = re.compile(r"[0-9a-f]{32}")
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


@dataclass(frozen=True)
class Answered:
    """What was sent, by field; *faults* are photos that cannot be taken, *gone* those that were given up for others."""

    fields: Mapping[str, Parts]
    faults: Mapping[str, Invalid] = field(default_factory=dict)
    gone: tuple[str, ...] = ()

    @property
    def taken(self) -> Mapping[str, Parts]:
        """Return what can be given to a turn."""
        return {key: parts for key, parts in self.fields.items() if key not in self.faults}


def once() -> str:
    """Return the page's own number, by which a second press of its button is known; "" where it is not ours."""
    given = request.form.get("once", "")
    return given if _ONCE.fullmatch(given) else ""


def cause(what: str = "form") -> str:
    """Return what a turn of the page is claimed under."""
    return f"{what}/{once() or secrets.token_hex(16)}"


def answered(service: Service, sheet: Sheet, page: Page, person_id: str) -> Answered:
    """Return what the request says to those questions of *page* that it showed."""
    shown = set(request.form.getlist("asked"))
    asked = [each for each in page.fields if each.key in shown]
    parts = entered([each for each in asked if not isinstance(each, Photo)], sheet.world, request.form)
    faults: dict[str, Invalid] = {}
    gone: list[str] = []
    for each in (one for one in asked if isinstance(one, Photo)):
        before = sheet.talk.answers.get(each.key)
        try:
            given = _photo(service, sheet, each, person_id, before=bool(before))
        except Invalid as reason:
            faults[each.key] = reason
            given = None
        if given is not None:
            parts[each.key] = {"photo": given}
            gone += [before["photo"]] if before and before["photo"] != given else []
    return Answered(parts, faults, tuple(gone))


def forget(conn: Connection, person_id: str, gone: Iterable[str]) -> None:
    """Remove the photos *gone*, which were never filed."""
    for each in gone:
        known = photos.get(conn, each)
        if known and known.person_id == person_id:
            photos.forget(conn, each)


def _photo(service: Service, sheet: Sheet, each: Field, person_id: str, *, before: bool) -> str | None:
    """Return our id of the photo that was sent, "" for none, None where the one sent *before* stays."""
    name = name_of(each, each.inputs(sheet.given)[0])
    file = request.files.get(name)
    if file is None or not file.filename:
        return "" if not before or request.form.get(f"{name}.remove") else None
    content = _picture(file)
    now = service.clock.now()
    photo = photo_id(f"{cause()}/{each.key}/{sha256(content).hexdigest()}")
    procedure = sheet.entry.procedure.key
    with database.write(service.engine) as conn:
        photos.expect(conn, photo, procedure=procedure, person_id=person_id, source="form", now=now)
        photos.store(conn, service.vault, photo, content, media_type="image/jpeg")
    return photo


def _picture(file: FileStorage) -> bytes:
    """Return the photo in *file* as it may be kept.

    Raises:
        Invalid: It is too large, in a format that few can open, or no photo.
    """
    content = file.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Invalid(_("写真が大きすぎます。10MBまでの写真を選んでください。"), "photo")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF:
        raise Invalid(
            _(
                "この形式（HEIC）の写真は受け取れません。写真の画面を撮ったもの（スクリーンショット）か、"
                "JPEG形式の写真を選んでください。iPhoneは「設定」→「カメラ」→「フォーマット」で"
                "「互換性優先」にすると、JPEGで撮れます。"
            ),
            "photo",
        )
    try:
        return cleaned(content)
    except UnreadablePhoto:
        raise Invalid(
            _("写真として開けませんでした。JPEG、PNG、WebPの写真を1枚選んでください。"), "photo"
        ) from None
