"""A personal answer that staff sent back: asked on its page, which still shows it to its owner."""

from __future__ import annotations

from typing import Any

from storage import cases, submissions
from storage import engine as database
from tests.bot.web.talks import PERSONAL, Desk, Resident
from tests.support.service import rows


def _send_back(desk: Desk, *fields: str) -> None:
    [(reference,)] = rows(desk.service, "SELECT reference FROM cases")
    said: dict[str, Any] = {
        "outcome": "return",
        "level": "checked",
        "seen": 1,
        "fields": list(fields),
        "reason": "見本の理由",
    }
    with database.write(desk.service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        submissions.file(
            conn, case_id=case.id, step="returned", form="", edition="", answers=said, vault_id=None,
            filed_by="見本 係", role="staff", channel="teams", locale="ja", event_id="t1",
            now=desk.clock.now(),
        )  # fmt: skip


def test_the_page_shows_what_was_answered_and_takes_what_is_changed(desk: Desk, resident: Resident) -> None:
    resident.fills_in()
    resident.says("申請する")
    _send_back(desk, "phone", "email")

    resident.says("直す")
    page = resident.opens(resident.link())

    assert f'value="{PERSONAL["phone"]}"' in page
    assert f'value="{PERSONAL["name"]}"' in page
    assert resident.sends(page, {**PERSONAL, "phone": "011-211-2880"}).status_code == 303
    resident.says("訂正を送る")
    filed = rows(desk.service, "SELECT step, vault_id FROM submissions ORDER BY number")
    assert [row.step for row in filed] == ["application", "returned", "correction"]
    assert filed[0].vault_id != filed[2].vault_id
    assert "partial" not in desk.everything()


def test_nothing_is_filed_before_the_page_came_back(desk: Desk, resident: Resident) -> None:
    resident.fills_in()
    resident.says("申請する")
    _send_back(desk, "phone")

    resident.says("直す", "訂正を送る", "申請する")

    assert [row.step for row in rows(desk.service, "SELECT step FROM submissions ORDER BY number")] == [
        "application",
        "returned",
    ]
