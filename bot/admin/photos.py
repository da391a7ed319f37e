"""Photos that residents sent, opened one by one and logged."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, abort, g
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, Console, signed_in
from bot.visits import Visit
from storage import engine as database
from storage import photos
from storage.vault import VaultRecordMissing

WHY = "photo"

_ID = re.compile("[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class PhotoPage:
    """The route of a photo."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the route."""
        blueprint.add_url_rule("/photos/<photo>", "photo", self._photo, methods=["GET"])

    @signed_in(*OFFICE)
    def _photo(self, visit: Visit, photo: str) -> AnyResponse:
        service, session = self.console.service, visit.session
        with database.write(service.engine) as conn:
            known = photos.get(conn, photo) if _ID.fullmatch(photo) else None
            if known is None or service.register.of(known.procedure) is None:
                abort(404)
            try:
                content = photos.open_photo(
                    conn,
                    service.vault,
                    photo,
                    by=session.subject,
                    role=session.role,
                    why=WHY,
                    now=self.console.now,
                )
            except VaultRecordMissing:
                abort(404)
        # A photo is a stranger's file: whatever is in it, a browser shows a picture or nothing.
        g.policy = "default-src 'none'; sandbox; frame-ancestors 'none'"
        answer = Response(content, mimetype=known.media_type or "image/jpeg")
        answer.headers["Content-Disposition"] = "inline"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return answer
