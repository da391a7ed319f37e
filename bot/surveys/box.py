"""Casting: what a turn does with a finished survey, in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.signing import Carried
from bot.surveys import audience, marks
from bot.surveys.live import Asked
from dialogs.effects import Cast
from dialogs.fields import LongText, Text
from dialogs.fields.base import Answers
from dialogs.form import Form
from dialogs.polls import ANSWER_AS, NAMED, REGISTRATION
from dialogs.reading.masking import mask
from dialogs.standing import Turn
from storage import ballots, survey_talks, surveys
from storage.ballots import SurveyClosed
from storage.surveys import key_of
from storage.turns import Person, Stale


@dataclass(frozen=True)
class BallotBox(Asked):
    """Puts ballots into the box, and leaves no other trace of what was answered."""

    def cast(self, turn: Carried, effect: Cast) -> None:
        """Put the answers of *effect* into the box.

        Raises:
            Stale: The person has answered meanwhile, or the survey was closed; run the turn again, which sees that.
        """
        conn, survey = turn.conn, effect.survey
        procedure, row = self.register.of(effect.conversation.form), surveys.get(conn, survey)
        if procedure is None or procedure.poll is None or row is None:
            raise Stale
        poll = procedure.poll
        mine = audience.of_person(conn, poll, turn.before.id) if poll.procedure else None
        kind = str(mine.answers.get("kind") or "") if mine else ""
        form = procedure.edition(row.edition) or procedure.forms[0]
        answers = plain(form, effect.conversation.answers, mine.reference if mine else "")
        ballot = ballots.new(answers, turn.arrival.channel, kind if kind in row.kinds else "")
        mark = marks.of_person(self.vault, survey, turn.before.id)
        try:
            if not ballots.cast(conn, survey, mark, ballot):
                raise Stale
        except SurveyClosed:
            self.register.live.refresh(conn, turn.now)
            raise Stale from None

    def follow(self, conn: Connection, before: Person, after: Person, done: Turn, cause: str) -> None:
        """Note what *cause* said about a survey, and blank what was said where the conversation has ended.

        Where it ended and was not cast, it is counted at which question, and nobody is named.
        """
        about = {each.id: each for each in (*before.conversations, *after.conversations) if key_of(each.form)}
        left = {each.id for each in after.conversations}
        for each in about.values():
            if each.id in left:
                if each.id in {before.current, after.current}:
                    survey_talks.said(conn, each.id, cause)
                continue
            survey_talks.hush(conn, each.id)
            if not any(isinstance(effect, Cast) for effect in done.effects):
                survey_talks.stopped(conn, key_of(each.form), each.asked)


def plain(form: Form, answers: Answers, reference: str = "") -> Mapping[str, Any]:
    """Return *answers* as they go into the box: what looks personal is hidden, and a number only where it is wanted."""
    words = {each.key for each in form.fields if isinstance(each, Text | LongText)}
    found = {
        key: mask(value).text if key in words and isinstance(value, str) else value
        for key, value in answers.items()
        if key != ANSWER_AS
    }
    if answers.get(ANSWER_AS) == NAMED and reference:
        found[REGISTRATION] = reference
    return found
