"""The list of subsidy holders in the console: upload, look at what would change, let it count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import structlog
from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, Console, signed_in, to
from bot.holders import HolderDesk, Preview, removes_many
from bot.holders_file import LABELS, MOST_BYTES, MOST_ROWS
from bot.visits import Visit
from dialogs.words import Message, _, say
from storage import engine as database
from storage import holders
from storage.keyring import VaultKeyMissing
from storage.turns import Stale

MOST_UNSURE = 20
"""Rows with an address that the postal table does not know, named one by one."""

CONFLICT, UNUSABLE, NO_KEY = 409, 422, 503

log = structlog.get_logger()


@dataclass(frozen=True)
class HolderPages:
    """The routes of the list of holders."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/holders/", "holders", self._page, methods=["GET"])
        blueprint.add_url_rule("/holders/", "holders_upload", self._upload, methods=["POST"])
        blueprint.add_url_rule("/holders/take", "holders_take", self._take, methods=["POST"])

    @cached_property
    def _desk(self) -> HolderDesk:
        service = self.console.service
        return HolderDesk(service.engine, service.vault, self.console.world.postal)

    @signed_in(*OFFICE)
    def _page(self, visit: Visit) -> AnyResponse:
        return self._drawn(visit, 200)

    def _drawn(
        self, visit: Visit, status: int, preview: Preview | None = None, fault: Message | None = None
    ) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            total, lists = holders.count(conn), holders.lists(conn)
        return self.console.drawn(
            "holders.html",
            visit,
            status=status,
            total=total,
            lists=lists,
            preview=preview,
            fault=fault,
            many=bool(preview and preview.difference and removes_many(preview.difference)),
            labels=LABELS,
            most=MOST_ROWS,
            megabytes=MOST_BYTES // 10**6,
            most_unsure=MOST_UNSURE,
        )

    @signed_in(*OFFICE)
    def _upload(self, visit: Visit) -> AnyResponse:
        sent = request.files.get("list")
        content = sent.read(MOST_BYTES + 1) if sent else b""
        if not content:
            return self._drawn(visit, UNUSABLE, fault=say(_("名簿のファイルをえらんでください。")))
        try:
            found = self._desk.preview(content, visit.session.subject, self.console.now)
        except VaultKeyMissing:
            log.exception("holders_without_key")
            text = _("照合用の鍵がないため、名簿を登録できません。システムの管理者に伝えてください。")
            return self._drawn(visit, NO_KEY, fault=say(text))
        return self._drawn(visit, UNUSABLE if found.faults else 200, preview=found)

    @signed_in(*OFFICE)
    def _take(self, visit: Visit) -> AnyResponse:
        if request.form.get("many") and not request.form.get("surely"):
            text = _(
                "たくさんの方が名簿から消えます。よければ、チェックを入れてから登録してください。もう一度ファイルをえらんでください。"
            )
            return self._drawn(visit, UNUSABLE, fault=say(text))
        try:
            session = visit.session
            found = self._desk.take(
                request.form.get("draft", "")[:64], session.subject, session.role, self.console.now
            )
        except Stale:
            text = _(
                "ほかの人が先に名簿を登録しました。もう一度ファイルをえらび、変わるところを確かめてください。"
            )
            return self._drawn(visit, CONFLICT, fault=say(text))
        if found:
            log.info("holders_taken")
        return to("holders")
