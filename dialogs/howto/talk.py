"""The talk about the guide: a question in one's own words, the answer, and the staff where it has none.

Somebody in the middle of a form stays in it: what was asked is answered beside the open question, and that is
then put again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dialogs import asking, commands, meaning, ways
from dialogs.conversation import Conversation
from dialogs.effects import AskOffice
from dialogs.events import Action, Event, Typed
from dialogs.howto import lists
from dialogs.howto.cards import answer
from dialogs.howto.entries import Entry, Topic, entry
from dialogs.howto.search import FEW, Found, index
from dialogs.lobby import Hall
from dialogs.reading.masking import HIDDEN, mask
from dialogs.reading.names import mask_names
from dialogs.reading.text import clip
from dialogs.replies import Reply, Said
from dialogs.standing import Standing, Turn
from dialogs.words import Message, _, say

LONGEST = 300
"""Characters of a question that the staff get to read."""

MOST_OPEN = 10
"""Questions of one person that may wait for an answer: more than anybody has, few enough to be read by people."""

SHORTEST = 3
"""Characters below which words that no list knows are no question."""

_QUESTION = re.compile(r"(?:[?？]|[かの][。．.]?)\s*$")  # untranslated: how questions end


def needs_words(standing: Standing, event: Event) -> bool:
    """Return whether the turn of *event* may search the guide, for which the shell loads the staff's own words."""
    if not isinstance(event, Typed) or len(event.text) < SHORTEST:
        return False
    if standing.talk is None or standing.at == lists.AT_CARDS:
        return True
    return commands.howto(event.text) is not None or _is_question(event.text)


def needs_count(standing: Standing, event: Event) -> bool:
    """Return whether the turn of *event* may ask the staff: the shell counts what the person has asked so far."""
    return standing.at == lists.AT_ASKING and isinstance(event, Typed)


def about(hall: Hall, standing: Standing, action: Action) -> Turn:
    """Return what follows from a button of the guide: its cards, one of them, an entry, the staff."""
    if action.key == lists.ASK and not standing.is_staff:
        return _invited(hall, standing)
    if action.key in set(Topic):
        topic = Topic(action.key)
        listing = lists.card(standing, topic)
        return _listed(standing, [each.action.key for each in listing.items], listing)
    found = entry(action.key)
    if found:
        return _answered(hall, standing, found)
    return Turn(replace(standing, at=lists.AT_CARDS), (lists.cards(standing),))


def _listed(standing: Standing, keys: Sequence[str], *replies: Reply) -> Turn:
    return Turn(replace(standing, at=lists.at(keys)), replies)


def _answered(hall: Hall, standing: Standing, found: Entry) -> Turn:
    """Return the answer; behind it the open question, or what is often asked next."""
    said = Said(answer(found, hall.world.office))
    if standing.talk:
        return ways.go_on(hall, replace(standing, at=""), replace(said, offers=lists.ways(standing)[1:]))
    title = say(_("つづけて、こちらもどうぞ。"))
    return _listed(standing, found.related, said, lists.candidates(standing, found.related, title))


def typed(hall: Hall, standing: Standing, event: Typed) -> Turn | None:
    """Return what follows from words that are plainly meant for the guide, None where they are not."""
    if standing.at == lists.AT_ASKING:
        return _asked(hall, standing, event)
    named = commands.howto(event.text)
    if named is not None:
        return _searched(hall, standing, named)
    picked = meaning.picked(hall, lists.shown(standing), event.text)
    if picked:
        return about(hall, standing, picked)
    if standing.at == lists.AT_CARDS and standing.talk:
        return _searched(hall, standing, event.text)
    if standing.talk and not standing.is_staff and _is_beside(hall, standing, standing.talk, event.text):
        return guessed(hall, standing, event.text)
    return None


def _is_question(text: str) -> bool:
    return bool(_QUESTION.search(text))


def _is_beside(hall: Hall, standing: Standing, talk: Conversation, text: str) -> bool:
    """Return whether *text* is a question that cannot be the answer to the open one."""
    if not _is_question(text):
        return False
    setting = ways.setting(hall, standing, talk)
    pending = asking.pending(setting.form, talk)
    if pending is None:  # a review, or a private page
        return True
    if asking.labelled(asking.ways_on(setting.form, talk, pending), text, hall.words):
        return False
    _answers, refused = setting.form.read({pending.key: text}, talk.answers, setting.world, hall.words)
    return pending.key in refused


def guessed(hall: Hall, standing: Standing, text: str) -> Turn | None:
    """Return what is near to *text*, None where nothing is: then it was about something else."""
    found = _found(hall, text)
    return _offered(hall, standing, text, found) if found and found[0].fits_well else None


def _searched(hall: Hall, standing: Standing, text: str) -> Turn:
    """Return what is nearest to *text*, of which somebody said that it is about the guide."""
    found = _found(hall, text)
    if found:
        return _offered(hall, standing, text, found)
    none = say(_("近い説明が見つかりませんでした。ほかの言い方で送るか、「職員に聞く」をお使いください。"))
    return Turn(replace(standing, at=lists.AT_CARDS), (Said(none), lists.cards(standing)))


def _found(hall: Hall, text: str) -> tuple[Found, ...]:
    return index(hall.words, hall.world.guide).found(text) if len(text) >= SHORTEST - 1 else ()


def _offered(hall: Hall, standing: Standing, text: str, found: Sequence[Found]) -> Turn:
    """Return the best candidates; where somebody may be in danger, that answer at once and the others below it."""
    said: list[Reply] = []
    if mask(text).kinds and not hall.world.pii_in_chat:
        said.append(Said(_not_kept()))
    few = [each for each in found[:FEW] if each.warned or each.score]
    urgent = [one for each in few if each.warned and (one := entry(each.key))]
    said += [Said(answer(each, hall.world.office)) for each in urgent]
    keys = [each.key for each in few if not each.warned] or [key for each in urgent for key in each.related]
    title = say(_("近い説明はこちらです。")) if not urgent else say(_("ほかに近い説明はこちらです。"))
    return _listed(standing, keys, *said, lists.candidates(standing, keys, title))


def _not_kept() -> Message:
    """Return the warning that something personal was typed, and that it was not kept."""
    return say(
        _("お名前や電話番号、住所などは、このトークには書かないでください。その部分は保存していません。")
    )


# --- the staff


def _invited(hall: Hall, standing: Standing) -> Turn:
    office = hall.world.office
    text = say(
        _(
            "聞きたいことを、1つの文で送ってください。職員が確かめて、このトークでお返事します。"
            "お名前・住所・電話番号は書かないでください。\n"
            "お急ぎのときは {section}（電話 {telephone}）へ。"
        ),
        section=say(office.section),
        telephone=office.telephone,
    )
    return Turn(replace(standing, at=lists.AT_ASKING), (Said(text, lists.ways(standing)[:-1]),))


def _asked(hall: Hall, standing: Standing, event: Typed) -> Turn:
    """File the question, without what may tell who somebody is; then on with whatever was open."""
    if hall.world.asked >= MOST_OPEN:
        return ways.go_on(hall, replace(standing, at=""), _enough(hall))
    masked = mask(event.text)
    named = mask_names(masked.text)
    if not named.text.replace(HIDDEN, "").strip():
        return replace(_invited(hall, standing), replies=(Said(_not_kept()),))
    there = replace(standing, at="")
    warned = [Said(_not_kept())] if masked.kinds | named.kinds else []
    thanks = Said(say(_("質問を受け付けました。職員が確かめて、このトークでお返事します。")))
    done = ways.go_on(hall, there, *warned, thanks)
    return replace(done, effects=(AskOffice(clip(named.text, LONGEST), event.message), *done.effects))


def _enough(hall: Hall) -> Said:
    """Return that so many questions wait already, and whom to ring."""
    office = hall.world.office
    text = _(
        "まだお返事していない質問が{count}件あります。お返事が届いてから、続きを聞いてください。"
        "いまの質問は保存していません。\nお急ぎのときは {section}（電話 {telephone}）へ。"
    )
    return Said(say(text, count=hall.world.asked, section=say(office.section), telephone=office.telephone))
