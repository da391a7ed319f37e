"""Residents' questions in the console: what waits for an answer, the answer, words that lead to an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.visits import Visit
from dialogs.howto.cards import reply_to
from dialogs.howto.entries import ENTRIES, Entry, entry
from dialogs.howto.search import index
from dialogs.reading.text import clean, clip
from dialogs.words import Message, _, say
from storage import engine as database
from storage import questions, todo
from storage.questions import Question

MOST_LISTED = 100
LONGEST = 1000
"""Characters of an answer: what somebody reads on a telephone."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Shown:
    """What a question's page shows besides it: what was typed, what must be mended, why nothing was done."""

    answer: str = ""
    chosen: str = ""
    faults: Mapping[str, Message] = field(default_factory=dict)
    message: Message | None = None
    status: int = 200


@dataclass(frozen=True)
class QuestionPages:
    """The routes of residents' questions."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/questions/<question>"
        blueprint.add_url_rule("/questions/", "questions", self._list, methods=["GET"])
        blueprint.add_url_rule(one, "question", self._one, methods=["GET"])
        blueprint.add_url_rule(one, "answer_question", self._answer, methods=["POST"])
        blueprint.add_url_rule(f"{one}/entry", "entry_question", self._entry, methods=["POST"])
        blueprint.add_url_rule("/questions/words", "remove_word", self._remove_word, methods=["POST"])

    @signed_in(*READERS)
    def _list(self, visit: Visit) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            waiting = questions.waiting(conn, MOST_LISTED)
            total, done = todo.counted(conn).questions, questions.done(conn, MOST_LISTED)
            words = questions.words(conn)
        titles = {each.key: each.title for each in ENTRIES}
        return self.console.drawn(
            "questions.html",
            visit,
            waiting=waiting,
            total=total,
            done=done,
            words=[(key, word) for key in titles for word in words.get(key, ())],
            titles=titles,
            may_answer=visit.session.role in OFFICE,
        )

    @signed_in(*READERS)
    def _one(self, visit: Visit, question: str) -> AnyResponse:
        return self._drawn(visit, question, Shown())

    def _drawn(self, visit: Visit, question: str, shown: Shown) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            found = _found(questions.one(conn, question[:32]) if question.isprintable() else None)
            words = questions.words(conn)
        return self.console.drawn(
            "question.html",
            visit,
            status=shown.status,
            found=found,
            shown=shown,
            entries=self._nearest_first(found, words),
            titles={each.key: each.title for each in ENTRIES},
            most=LONGEST,
            may_answer=visit.session.role in OFFICE,
        )

    def _nearest_first(self, found: Question, words: Mapping[str, tuple[str, ...]]) -> Sequence[Entry]:
        """Return all entries, those first that are nearest to the question."""
        near = [each.key for each in index(self.console.words, words).found(found.text)]
        order = {key: number for number, key in enumerate(near)}
        return sorted(ENTRIES, key=lambda each: order.get(each.key, len(order)))

    @signed_in(*OFFICE)
    def _answer(self, visit: Visit, question: str) -> AnyResponse:
        text = clean(request.form.get("answer", ""))
        if not text or clip(text, LONGEST) != text:
            wrong = say(_("答えを{most}文字までで書いてください。"), most=LONGEST)
            return self._drawn(visit, question, Shown(text, faults={"answer": wrong}, status=422))
        return self._answered(visit, question, text)

    @signed_in(*OFFICE)
    def _entry(self, visit: Visit, question: str) -> AnyResponse:
        chosen = entry(request.form.get("entry", ""))
        if chosen is None:
            wrong = say(_("説明をえらんでください。"))
            return self._drawn(visit, question, Shown(faults={"entry": wrong}, status=422))
        return self._answered(visit, question, chosen)

    def _answered(self, visit: Visit, question: str, said: str | Entry) -> AnyResponse:
        """Answer the question once, and tell whoever asked; an entry is found by these words from now on."""
        service, by, now = self.console.service, visit.session.subject, self.console.now
        given = {"answer": said} if isinstance(said, str) else {"entry": said.key}
        with database.write(service.engine) as conn:
            found = _found(questions.one(conn, question[:32]) if question.isprintable() else None)
            first = questions.answered(conn, found.id, by, now, **given)
            if first and not isinstance(said, str):
                questions.add_word(conn, said.key, found.text, by, now)
            if first and found.person_id:
                replies = reply_to(found.text, said, service.office)
                service.desk.tell(conn, found.person_id, replies, f"question/{found.id}", now)
        if not first:
            late = say(_("この質問には、ほかの人が先に答えました。もう一度は送っていません。"))
            return self._drawn(visit, question, Shown(message=late, status=409))
        service.desk.wake()
        log.info("question_answered", kind=next(iter(given)))
        return to("question", question=found.id)

    @signed_in(*OFFICE)
    def _remove_word(self, visit: Visit) -> AnyResponse:  # noqa: ARG002 -- the shape of every page
        key, word = request.form.get("entry", "")[:32], request.form.get("word", "")
        with database.write(self.console.service.engine) as conn:
            if key.isprintable() and "\0" not in word:
                questions.remove_word(conn, key, word)
        return to("questions")


def _found(question: Question | None) -> Question:
    return question or abort(404)
