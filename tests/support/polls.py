"""A sample survey, and what it takes to open it."""

from __future__ import annotations

from typing import Any

from bot.service import Service
from dialogs.fields.base import Option
from dialogs.surveys import Group, Kind, Question, Survey, to_json
from dialogs.words import OwnText
from storage import engine as database
from storage import surveys
from storage.keyring import PRINTS, add_key, load_keyring
from storage.surveys import SurveyRow


def own(text: str) -> OwnText:
    return OwnText(text, {"ja": text})


YES_NO = (Option("yes", own("はい")), Option("no", own("いいえ")))
SURVEY = Survey(
    "meeting",
    own("交流会の見本アンケート"),
    "e1",
    (
        Group(
            "all",
            own("交流会について"),
            (
                Question(
                    "good",
                    Kind.SELECT_ONE,
                    own("よかったですか"),
                    required=True,
                    choices="yn",
                    options=YES_NO,
                ),
                Question("why", Kind.TEXT, own("理由を教えてください")),
            ),
        ),
    ),
)


def put(service: Service, **given: Any) -> SurveyRow:
    """Store the sample survey as a draft."""
    row = SurveyRow(
        SURVEY.key, str(SURVEY.title), SURVEY.edition, to_json(SURVEY), uploaded_by="見本 一郎", **given
    )
    with database.write(service.engine) as conn:
        surveys.put(conn, row)
    return row


def opened(service: Service, *kinds: str, **given: Any) -> SurveyRow:
    """Open the sample survey, and let this process know."""
    row = put(service, **given)
    keys = service.settings.vault_keys_file
    if PRINTS not in load_keyring(keys).current:
        add_key(keys, PRINTS)
    with database.write(service.engine) as conn:
        assert surveys.open_(conn, row.key, kinds)
        service.register.live.refresh(conn, service.clock.now())  # type: ignore[attr-defined]
    return row
