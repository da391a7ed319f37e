"""A procedure to export: one question of each kind that matters, in two editions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from bot.sealing import marked, plain_personal
from bot.service import Service
from dialogs.fields import (
    Choice,
    Choices,
    Day,
    Is,
    LongText,
    Name,
    Number,
    Option,
    Phone,
    PostalAddress,
    Text,
)
from dialogs.form import Form, Page
from dialogs.procedure import Flag, Procedure, Role, Step
from dialogs.standing import Register
from storage import cases, submissions, turns
from storage.cases import CaseRow

TREES = (Option("oak", "ナラ"), Option("birch", "シラカバ"))

OLD = Form(
    "trees",
    "木の申請",
    "R8",
    (
        Page(
            "wish",
            "希望",
            (
                Number("amount", "本数", unit="本", least=1, most=9),
                Text("reason", "理由", required=False),
                Text("colour", "色", required=False),
            ),
        ),
        Page("who", "申請者", (Name("name", "氏名", personal=True),), private=True),
    ),
    since=date(2026, 4, 1),
)
NEW = Form(
    "trees",
    "木の申請",
    "R9",
    (
        Page(
            "wish",
            "希望",
            (
                Number("amount", "本数", unit="本", least=1, most=9),
                Day("on", "希望日", required=False),
                LongText("why", "理由", formerly=("reason",), required=False),
                Choices("kinds", "種類", TREES, required=False),
                Choice("urgent", "急ぎ", (Option("yes", "はい"), Option("no", "いいえ")), required=False),
            ),
        ),
        Page(
            "who",
            "申請者",
            (
                Name("name", "氏名", personal=True),
                Phone("phone", "電話", personal=True, required=False),
                PostalAddress("garden", "植える場所", personal=True, in_city=True, required=False),
                Text("key_code", "門の番号", personal=True, required=False, when=Is("urgent", "yes")),
            ),
            private=True,
        ),
    ),
    since=date(2027, 4, 1),
)


def flags(answers: Mapping[str, Any], world: object, filed: date) -> tuple[Flag, ...]:
    """Return that more than five trees are many."""
    return (Flag("many", "本数が多い"),) if (answers.get("amount") or 0) > 5 else ()


TREES_PROCEDURE = Procedure(
    "trees",
    "木の配布",
    "木を申請する",
    (OLD, NEW),
    (
        Step("application", "申請", Role.RESIDENT, state="受け付けました。"),
        Step(
            "correction",
            "訂正",
            Role.RESIDENT,
            state="訂正を受け付けました。",
            after="application",
            until=("taken_up", "withdrawal"),
            repeats=True,
        ),
        Step("withdrawal", "取り下げ", Role.RESIDENT, state="取り下げられています。", after="application"),
        Step(
            "taken_up",
            "確認開始",
            Role.STAFF,
            state="確認しています。",
            after="application",
            until=("withdrawal",),
            within=2,
        ),
    ),
    series="loan",
    flags=flags,
)
REGISTER = Register((TREES_PROCEDURE,))

GARDEN = {
    "postcode": "0600001",
    "prefecture": "北海道",
    "city": "札幌市",
    "ward": "中央区",
    "town": "北一条西",
    "rest": "2丁目",
    "in_city": True,
}


def apply(
    conn: Connection,
    service: Service,
    reference: str,
    answers: Mapping[str, Any],
    at: int,
    *,
    form: Form = NEW,
    channel: str = "line",
    locale: str = "ja",
) -> CaseRow:
    """Open the case *reference* with one application, as a turn files it."""
    person = turns.create(conn, channel, f"U-{reference}", locale, at).id
    case = cases.open_case(
        conn, procedure=form.key, reference=reference, person_id=person, channel=channel, now=at
    )
    step(conn, service, case, "application", answers, at, form=form, locale=locale)
    found = cases.by_reference(conn, reference)
    assert found
    return found


def step(
    conn: Connection,
    service: Service,
    case: str,
    key: str,
    answers: Mapping[str, Any],
    at: int,
    *,
    form: Form = NEW,
    locale: str = "ja",
    record: str | None = None,
) -> str | None:
    """File the step *key* and return the vault's record of its personal answers."""
    personal = plain_personal(form.by_key, answers)
    sealed = service.vault.seal(conn, form.key, personal, now=at) if personal else record
    submissions.file(
        conn,
        case_id=case,
        step=key,
        form=form.key if answers else "",
        edition=form.edition if answers else "",
        answers=marked(form.by_key, answers),
        vault_id=sealed,
        filed_by="resident",
        role="resident",
        channel="line",
        locale=locale,
        event_id=f"e-{key}",
        now=at,
    )
    return sealed
