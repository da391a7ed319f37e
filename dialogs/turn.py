"""One turn of one conversation: pure, so that it can be run again, tested without I/O and searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialogs import asking, commands, remarks, reviewing, sources
from dialogs.asking import Stride
from dialogs.conversation import Conversation
from dialogs.effects import Effect, FetchPhoto, ForgetPhoto
from dialogs.events import (
    Action,
    Do,
    Event,
    Filled,
    SentOther,
    SentPhoto,
    SentPlace,
    Tapped,
    Typed,
    Unreadable,
    Unsent,
)
from dialogs.fields.base import Control, Field, Given, Invalid, Raw, skipped
from dialogs.form import Form, Sentence, answered, without
from dialogs.reading.answers import read_yes_no
from dialogs.reading.masking import HIDDEN, mask
from dialogs.reading.text import fold
from dialogs.replies import Reply, Said
from dialogs.setting import Outcome, Setting
from dialogs.words import Message, _, say

__all__ = ["Outcome", "Setting", "go_on", "turn"]


def turn(setting: Setting, talk: Conversation, event: Event) -> Outcome:
    """Return what follows from *event* in the conversation *talk*."""
    done = _turned(setting, asking.in_edition(setting.form, talk), event)
    gone = sorted(talk.photos - done.conversation.photos)
    return replace(done, effects=(*done.effects, *(ForgetPhoto(photo) for photo in gone)))


def _turned(setting: Setting, talk: Conversation, event: Event) -> Outcome:
    match event:
        case Typed(text, message):
            return _typed(setting, talk, text, message)
        case Tapped(action, message):
            return _tapped(setting, talk, action, message)
        case SentPhoto(ref, message):
            return _photo(setting, talk, ref, message)
        case SentPlace(latitude, longitude, name, message):
            # Some telephones name a point by its address.
            parts = {"lat": str(latitude), "lng": str(longitude), "name": mask(name).text}
            return _sent(setting, talk, Control.PLACE, parts, message)
        case Filled(fields):
            return _filled(setting, talk, fields)
        case Unsent() | Unreadable():
            return _without_answer(setting, talk, event)
        case SentOther():
            return _beside(setting, talk, remarks.not_an_answer(event.kind))
        case _:
            return go_on(setting, talk)


def go_on(
    setting: Setting,
    talk: Conversation,
    *said: Reply,
    refused: Mapping[str, Invalid] | None = None,
    effects: tuple[Effect, ...] = (),
) -> Outcome:
    """Return *said* and then the next question, or the review where nothing is missing."""
    talk = asking.in_edition(setting.form, talk)
    missing = _first_refused(setting.form.missing(talk.answers), refused or {})
    if not missing:
        review = reviewing.review(setting.form, talk, setting.words, refused or {}, setting.file)
        return Outcome(replace(talk, asked=""), (*said, review), effects, refused or {})
    asked, question = asking.question(setting, talk, missing, refused or {})
    said = (*said, *asking.advised(setting, talk, asked))
    return Outcome(replace(talk, asked=asked), (*said, question), effects, refused or {})


def _first_refused(missing: list[Field], refused: Mapping[str, Invalid]) -> list[Field]:
    return sorted(missing, key=lambda each: each.key not in refused)


def _typed(setting: Setting, talk: Conversation, text: str, message: str) -> Outcome:
    pending = asking.pending(setting.form, talk)
    masked = mask(text)
    hidden = bool(masked.kinds) and not setting.world.pii_in_chat
    if pending is None:
        said = setting.form.sentence and setting.form.sentence(masked.text, talk.answers, setting.world)
        if said:
            return _sentence(setting, talk, said)
        return _typed_beside(setting, talk, text, hidden=hidden)
    labelled = asking.labelled(asking.ways_on(setting.form, talk, pending), text, setting.words)
    if labelled:
        return _tapped(setting, talk, labelled, message)
    nothing_left = not masked.text.replace(HIDDEN, "").strip()
    if hidden and (nothing_left or not _keeps_words(setting, talk, pending)):
        return _beside(setting, talk, remarks.not_in_the_talk())
    warned = (Said(remarks.not_in_the_talk()),) if hidden else ()
    return _answer(setting, talk, pending, masked.text if hidden else text, message, *warned)


def _sentence(setting: Setting, talk: Conversation, said: Sentence) -> Outcome:
    """Return what follows from one sentence that answers many questions; every answer is shown before it counts."""
    answers, refused = setting.form.read(said.raws, talk.answers, setting.world, setting.words)
    unread = [Said(each) for each in said.unread]
    return go_on(setting, replace(talk, answers=answers), *unread, refused=refused)


def _keeps_words(setting: Setting, talk: Conversation, pending: Field) -> bool:
    return asking.input_of(setting, talk, pending).control in {Control.LINE, Control.LINES, Control.PLACE}


def _typed_beside(setting: Setting, talk: Conversation, text: str, *, hidden: bool) -> Outcome:
    """Return what follows from words typed where no question of the talk is open."""
    missing = setting.form.missing(talk.answers)
    if not missing:
        return _typed_at_review(setting, talk, text, hidden=hidden)
    if setting.form.page_of(missing[0]).private and not setting.world.pii_in_chat:
        return _beside(setting, talk, remarks.use_the_page())
    return _beside(setting, talk, remarks.no_longer_asked())


def _typed_at_review(setting: Setting, talk: Conversation, text: str, *, hidden: bool) -> Outcome:
    if fold(text) in commands.CONFIRMING or read_yes_no(text) is True:
        return _confirm(setting, talk)
    labelled = asking.labelled(reviewing.ways_on(setting.form, talk, setting.file), text, setting.words)
    if labelled:
        return _tapped(setting, talk, labelled, "")
    chosen = reviewing.chosen(setting.form, talk, text, setting.words)
    if chosen is not None:
        return _reopen(setting, talk, chosen)
    return _beside(setting, talk, remarks.not_in_the_talk() if hidden else remarks.at_review())


def _tapped(setting: Setting, talk: Conversation, action: Action, message: str) -> Outcome:
    match action.do:
        case Do.CONFIRM:
            return _confirm(setting, talk)
        case Do.BACK:
            return _back(setting, talk)
        case Do.PICK if not setting.form.missing(talk.answers):
            listing = reviewing.to_correct(setting.form, talk, setting.words)
            return Outcome(replace(talk, asked=""), (listing,))
        case Do.HELP | Do.ANSWER | Do.SKIP | Do.REOPEN | Do.KEEP:
            return _about_a_question(setting, talk, action, message)
        case _:
            return go_on(setting, talk)


def _about_a_question(setting: Setting, talk: Conversation, action: Action, message: str) -> Outcome:
    if not action.key:
        return _about_the_open_one(setting, talk, action)
    asked = setting.form.field(action.key)
    if asked is None or asked not in tuple(setting.form.visible(talk.answers)):
        return _beside(setting, talk, remarks.no_longer_asked())
    match action.do:
        case Do.HELP:
            return _help(setting, talk, asked)
        case Do.ANSWER:
            return _answer(setting, talk, asked, {action.part: action.value}, message)
        case Do.SKIP:
            return _answer(setting, talk, asked, {"": ""}, message)
        case Do.KEEP:
            return _keep(setting, talk, asked)
        case _:
            return _reopen(setting, talk, asked)


def _about_the_open_one(setting: Setting, talk: Conversation, action: Action) -> Outcome:
    """Return what follows from a typed word such as このまま or ヘルプ, which names no question."""
    asked = asking.pending(setting.form, talk)
    if asked and action.do is Do.KEEP:
        return _keep(setting, talk, asked)
    if action.do is Do.HELP:
        return _help(setting, talk, asked)
    return go_on(setting, talk)


def _keep(setting: Setting, talk: Conversation, asked: Field) -> Outcome:
    if asked.key not in talk.aside:
        return go_on(setting, talk)
    answers = {**talk.answers, asked.key: talk.aside[asked.key]}
    return go_on(setting, replace(talk, answers=answers, aside=without(talk.aside, asked.key)))


def _answer(
    setting: Setting, talk: Conversation, asked: Field, raw: Raw, message: str, *said: Reply
) -> Outcome:
    before = talk.answers.get(asked.key)
    answers, refused = setting.form.read({asked.key: raw}, talk.answers, setting.world, setting.words)
    if refused.get(asked.key) and answered(asked, talk.answers):
        # An old button that no longer fits changes nothing: what was given before stays.
        return go_on(setting, talk, *said, Said(refused[asked.key].message))
    if asked.key in refused:
        return go_on(setting, replace(talk, answers=answers), *said, refused=refused)
    aside = without(talk.aside, asked.key) if answered(asked, answers) else talk.aside
    taken = replace(talk, answers=answers, sources=sources.sourced(talk, asked, message), aside=aside)
    # Where something was hidden, what is left of the words is read back.
    echo = asking.echo(setting, taken, asked, HIDDEN if said else raw, before)
    return go_on(setting, taken, *said, *echo, refused=refused)


def _sent(setting: Setting, talk: Conversation, control: Control, parts: Raw, message: str) -> Outcome:
    pending = asking.pending(setting.form, talk)
    if pending is None or asking.input_of(setting, talk, pending).control is not control:
        return _beside(setting, talk, remarks.not_asked_for())
    return _answer(setting, talk, pending, parts, message)


def _photo(setting: Setting, talk: Conversation, ref: str, message: str) -> Outcome:
    done = _sent(setting, talk, Control.PHOTO, {"photo": ref}, message)
    if not any(
        isinstance(value, dict) and value.get("photo") == ref for value in done.conversation.answers.values()
    ):
        return done
    fetch = FetchPhoto(ref, message, setting.procedure)
    return replace(done, effects=(*done.effects, fetch))


def _filled(setting: Setting, talk: Conversation, fields: Mapping[str, Raw]) -> Outcome:
    left = _left_open(setting, fields) if setting.stride is Stride.FORM else []
    # What may stay empty is not skipped either where something else of its page is still to come.
    pages = {setting.form.page_of(each).key for each in left}
    given = {
        key: raw for key, raw in fields.items() if not (skipped(raw) and _page(setting.form, key) in pages)
    }
    answers, refused = setting.form.read(given, talk.answers, setting.world, setting.words)
    taken = replace(talk, answers=answers)
    if not left or not setting.form.missing(answers):
        return go_on(setting, taken, refused=refused)
    said = Said(say(_("あと{count}項目が残っています。"), count=len(left)))
    return go_on(setting, taken, said, refused=refused)


def _left_open(setting: Setting, fields: Mapping[str, Raw]) -> list[Field]:
    """Return the questions left empty on a card that must be answered: they are still to be asked."""
    asked = (setting.form.field(key) for key, raw in fields.items() if skipped(raw))
    return [each for each in asked if each and each.required]


def _page(form: Form, key: str) -> str:
    asked = form.field(key)
    return form.page_of(asked).key if asked else ""


def _without_answer(setting: Setting, talk: Conversation, event: Unsent | Unreadable) -> Outcome:
    keys = sources.given_by(talk, event.message)
    if not keys:
        return Outcome(talk)
    why = remarks.forgotten() if isinstance(event, Unsent) else remarks.unreadable()
    return go_on(setting, sources.lacking(talk, keys), Said(why))


def _reopen(setting: Setting, talk: Conversation, asked: Field) -> Outcome:
    page = setting.form.page_of(asked)
    if page.private and not setting.world.pii_in_chat:
        return Outcome(talk, (asking.page_reply(setting, talk, page),))
    value = talk.answers.get(asked.key) if answered(asked, talk.answers) else None
    aside = {**talk.aside, asked.key: value} if value is not None else talk.aside
    return go_on(setting, replace(talk, answers=without(talk.answers, asked.key), aside=aside))


def _back(setting: Setting, talk: Conversation) -> Outcome:
    last = asking.last_answered(setting.form, talk, pages_too=setting.world.pii_in_chat)
    if last is None:
        return go_on(setting, talk, Said(say(_("これより前の質問はありません。"))))
    return _reopen(setting, talk, last)


def _help(setting: Setting, talk: Conversation, asked: Field | None) -> Outcome:
    if asked is None:
        at_review = not setting.form.missing(talk.answers)
        office = setting.world.office
        return _beside(setting, talk, remarks.at_review() if at_review else remarks.help_text(office))
    given = Given(setting.world, talk.answers, words=setting.words)
    return go_on(setting, talk, Said(remarks.explained(asked, given)))


def _confirm(setting: Setting, talk: Conversation) -> Outcome:
    # A talk taken up again days later may no longer keep the rules, so every answer is read once more.
    answers, refused = setting.form.reread(talk.answers, setting.world)
    checked = replace(talk, answers=answers)
    if refused or setting.form.missing(answers):
        return go_on(setting, checked, refused=refused)
    return Outcome(checked, confirmed=True)


def _beside(setting: Setting, talk: Conversation, message: Message) -> Outcome:
    return go_on(setting, talk, Said(message))
