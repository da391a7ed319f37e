"""The questions of a form on one card: sections that unfold, an input for each question, one button.

What is asked alike of everybody is kept as JSON (rows.py), so a card of 34 rows costs little more than joining
them.  A card never passes Teams' limit: what does not fit follows on the next card, since whatever is missing is
asked again.  No input is marked as required: an input that is folded away could not be told from a forgotten one
by the person; what is missing is asked again by the desk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, groupby

from bot.teams.cards.actions import toggle
from bot.teams.cards.elements import (
    MOST,
    QUIET,
    REFUSED,
    Json,
    columns,
    frame,
    heading,
    prose,
    size,
)
from bot.teams.cards.inputs import draw_refusal
from bot.teams.cards.pen import Pen
from bot.teams.cards.rows import Question, Row, Rows, drawable, joined, name_of, parts_of
from dialogs.events import Action, Do
from dialogs.fields.base import Control, Field
from dialogs.form import Page, answered
from dialogs.replies import AskCard
from dialogs.words import Words, _
from storage.asjson import encode

FEW = 8
"""Questions that stand open below each other; more are folded into the pages of the form."""


@dataclass(frozen=True)
class Section:
    """The questions of one page that are to be on the card, with their rows; *done* others are answered already."""

    page: Page
    questions: Sequence[Question]
    rows: Sequence[Row]
    done: int

    @property
    def is_refused(self) -> bool:
        """Return whether an answer here was not taken."""
        return any(each.refused for each in self.questions)


def draw_form(ask: AskCard, pen: Pen, rows: Rows) -> str:
    """Return *ask* as a card, as JSON of at most :data:`MOST` bytes as UTF-16."""
    questions = [each for each in map(partial(_question, ask), ask.fields) if each.inputs]
    done = _answered(ask)
    sections = [
        Section(page, group, _rows(ask, group, pen.words, rows), done[page.key])
        for page, group in _by_page(ask, questions)
    ]
    title = pen.say(ask.form.title)
    start = encode(_frame(pen, title))[:-1]
    head, actions = joined(_head(ask, pen, title)), joined(_actions(ask, pen, questions))
    room = MOST - sum(map(size, (start, head.text, actions.text))) - _PUNCTUATION
    folded = len(questions) > FEW and len(sections) > 1
    body, shown = _body(pen, sections, room=room, folded=folded)
    if shown < len(questions):
        actions = joined(_actions(ask, pen, questions[:shown]))
    return f'{start},"body":[{",".join((head.text, *body))}],"actions":[{actions.text}]}}'


def _by_page(ask: AskCard, questions: Sequence[Question]) -> list[tuple[Page, list[Question]]]:
    return [
        (page, list(group)) for page, group in groupby(questions, lambda each: ask.form.page_of(each.field))
    ]


def _rows(ask: AskCard, questions: Sequence[Question], words: Words, rows: Rows) -> list[Row]:
    """Return *questions* as rows, with headings above those that are about the same thing."""
    heads = _headings(ask, questions)
    found, group = list[Row](), ""
    for each in questions:
        hint = each.field.hint
        row = rows.row(each, ask.form, words, hinted=hint not in heads)
        if hint in heads and hint != group:
            group, row = hint, rows.heading(hint, words) + row
        found.append(row)
    return found


def _headings(ask: AskCard, questions: Sequence[Question]) -> frozenset[str]:
    """Return the hints that are headings: those of a page where several share one, and other questions' labels.

    A hint of a number is its own.
    """
    hints = [each.field.hint for each in questions if each.inputs[0].control is not Control.NUMBER]
    named = frozenset(filter(None, hints))
    if len([*filter(None, hints)]) > len(named):
        return named
    return named & {each.label for each in ask.form.fields}


_PUNCTUATION = 200  # bytes of the brackets and commas between the pieces


def _frame(pen: Pen, title: str) -> Json:
    fallback = pen.text(_("このカードを表示できません。Teamsを新しくしてから、もう一度お試しください。"))
    return frame(title=title, locale=pen.words.locale, fallback=fallback)


def _question(ask: AskCard, each: Field) -> Question:
    inputs = drawable(ask.inputs.get(each.key, ()))
    parts = parts_of(each, ask.answers)
    return Question(each, inputs, parts, ask.last.get(each.key, ""), ask.refused.get(each.key))


def _head(ask: AskCard, pen: Pen, title: str) -> list[Json]:
    """Return the title, and that something was not taken; a refusal of what is not asked here stands in full."""
    found = heading(title)
    if ask.refused:
        again = pen.text(_("直していただきたい答えが {count} 件あります。"), count=len(ask.refused))
        found += prose(f"⚠ {again}", REFUSED)
    here = {each.key for each in ask.fields}
    elsewhere = [reason for key, reason in ask.refused.items() if key not in here]
    return [*found, *(block for each in elsewhere for block in draw_refusal(each, pen.words))]


def _actions(ask: AskCard, pen: Pen, questions: Sequence[Question]) -> list[Json]:
    return [
        sending(ask.conversation, questions, pen),
        *pen.buttons([each for each in ask.offers if each.action.do is not Do.BACK]),
    ]


def sending(conversation: str, questions: Sequence[Question], pen: Pen) -> Json:
    """Return the button of a card that asks *questions*: it brings answers of *conversation*."""
    drawn = [(name_of(each.field, one), one) for each in questions for one in each.inputs]
    several = [name for name, one in drawn if one.control is Control.MANY_OF]
    return pen.send(Action(Do.FILL, conversation), several, [name for name, _one in drawn])


def _body(pen: Pen, sections: Sequence[Section], *, room: int, folded: bool) -> tuple[Sequence[str], int]:
    """Return *sections* as JSON, as many of their rows as fit into *room*, and how many these are.

    What is said of the rest stands below.
    """
    found, shown = list[str](), 0
    count = sum(len(each.rows) for each in sections)
    room -= joined(_rest(count, pen)).weight
    refused = any(each.is_refused for each in sections)
    for at, section in enumerate(sections):
        is_open = section.is_refused if refused else at == 0
        header = joined(_header(section, pen, folded=folded, is_open=is_open))
        before, after = _box(section, folded=folded, is_open=is_open)
        room -= header.weight + size(before + after)
        rows = _fitting(section, room, at_least=0 if found else 1)
        if rows:
            room -= sum(each.weight + 2 for each in rows)
            shown += len(rows)
            found += [header.text, before + ",".join(each.text for each in rows) + after]
        if len(rows) < len(section.rows):
            return [*found, joined(_rest(count - shown, pen)).text], shown
    return found, shown


def _fitting(section: Section, room: int, *, at_least: int) -> Sequence[Row]:
    ends = accumulate(row.weight + 2 for row in section.rows)
    fitting = sum(end <= room for end in ends)
    return section.rows[: max(fitting, at_least)]


def _rest(count: int, pen: Pen) -> list[Json]:
    text = pen.text(_("残りの {count} 問は、送信のあとに続きます。"), count=count)
    return prose(text, QUIET, spacing="Medium")


def _box(section: Section, *, folded: bool, is_open: bool) -> tuple[str, str]:
    """Return what stands before and after the rows of *section*."""
    if not folded:
        return "", ""
    shown = {} if is_open else {"isVisible": False}
    opening = encode({"type": "Container", "id": _id(section.page), **shown})[:-1]
    return f'{opening},"items":[', "]}"


def _id(page: Page) -> str:
    return f"page:{page.key}"  # no field's key has a colon


def _header(section: Section, pen: Pen, *, folded: bool, is_open: bool) -> list[Json]:
    title = pen.say(section.page.title)
    intro = prose(pen.say(section.page.intro), QUIET) if section.page.intro else []
    if not folded:
        return [*heading(title, size="Medium", spacing="Large"), *intro] if title else intro
    count = section.done + len(section.questions)
    progress = pen.text(_("{done}/{count} 済み"), done=section.done, count=count)
    targets = [_id(section.page), f"{_id(section.page)}:open", f"{_id(section.page)}:shut"]
    marks = [
        *prose(pen.text(_("▲ 閉じる")), QUIET, id=targets[1], isVisible=is_open),
        *prose(pen.text(_("▼ 開く")), QUIET, id=targets[2], isVisible=not is_open),
    ]
    said = pen.text(_("{title} {progress}、開く・閉じる"), title=title, progress=progress)
    name, said_so_far = heading(title, size="Medium"), prose(progress, QUIET)
    row = columns(
        ("stretch", name), ("auto", said_so_far), ("auto", marks), spacing="Medium", style="emphasis"
    )
    return [row | {"selectAction": toggle(said, targets)}, *intro]


def _answered(ask: AskCard) -> Counter[str]:
    """Return how many questions are answered already, by page."""
    asked = ask.form.visible(ask.answers)
    return Counter(ask.form.page_of(each).key for each in asked if answered(each, ask.answers))
