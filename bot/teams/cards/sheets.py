"""The sheet of a case: what staff need to know at a glance, and the buttons by which they sign it.

It is one card for everybody.  Who may press a button is decided when it is pressed; its data is sealed for the
case, so it can be pressed by anybody entitled and moved to no other case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.teams.cards.actions import ACT, DECIDE, execute, open_url, show_card
from bot.teams.cards.elements import (
    ATTENTION,
    BOLD,
    MOST,
    NAME,
    PLAIN,
    QUIET,
    STRUCK,
    Json,
    card,
    columns,
    container,
    heading,
    prose,
    rich,
    size,
)
from bot.teams.cards.escape import one_line
from bot.teams.cards.inputs import Box, draw_box
from dialogs.deeds import FORM
from dialogs.events import Action, Do
from dialogs.fields.base import Control, Input
from dialogs.replies import CaseSheet, Change, Deed, DeedInput, Signature
from dialogs.signing import LONGEST_REASON
from dialogs.words import Words, _
from storage.asjson import encode

_WAYS = ((600, False), (200, False), (600, True), (200, True), (80, True), (30, True))
"""How much of one text is shown (UTF-16 units), and whether facts stand on one line each; the first way that fits."""


_SHORT_NAME = 12
"""Characters of a question's name that fit beside an answer of twice its width."""


def sheet_card(sheet: CaseSheet, words: Words, seal: Callable[[Action], str], console_url: str) -> Json:
    """Return *sheet* as a card of at most 36 KB.

    *seal* seals the data of a button for whoever may sign the case.  *console_url* is the absolute address of
    the case in the console ("" for no link), where personal details are read.
    """
    made = (_Sheet(sheet, words, seal, console_url, *way).card() for way in _WAYS)
    return next((each for each in made if size(encode(each)) <= MOST), None) or _brief(
        sheet, words, console_url
    )


def summary(sheet: CaseSheet, words: Words) -> str:
    """Return what a notification says of *sheet*: nothing that somebody wrote."""
    return words.text(_("{reference}　{title}"), reference=sheet.reference, title=sheet.title)


@dataclass(frozen=True)
class _Sheet:
    """One drawing of a sheet, whose texts have at most *most* UTF-16 units; *tight* facts stand on one line each."""

    _sheet: CaseSheet
    _words: Words
    _seal: Callable[[Action], str]
    _console_url: str
    _most: int
    _tight: bool

    def card(self) -> Json:
        link = _link(self._words, self._console_url)
        body = [*self._head(), *self._facts(), *link, *self._changes(), *self._signatures()]
        return _framed(self._sheet, self._words, body, [*map(self._deed, self._sheet.deeds)])

    def _head(self) -> Iterator[Json]:
        sheet, words = self._sheet, self._words
        yield from _title(sheet, words)
        flags = [
            block
            for each in sheet.flags
            for block in prose(f"⚠ {words.say(each)}", ATTENTION, spacing="Small")
        ]
        if flags:
            yield container(flags, style="attention", spacing="Medium")

    def _facts(self) -> Iterator[Json]:
        names = [self._words.say(label) for label, _text in self._sheet.facts]
        width = "2" if all(len(each) <= _SHORT_NAME for each in names) else "1"
        for name, (_label, text) in zip(names, self._sheet.facts, strict=True):
            shown = text if text.strip() else self._words.text(_("（なし）"))
            if self._tight:
                yield rich([(f"{name}　", NAME), (one_line(shown, self._most), PLAIN)], spacing="Small")
            else:
                yield columns(("1", prose(name, NAME)), (width, prose(shown, most=self._most)))

    def _changes(self) -> Iterator[Json]:
        if self._sheet.changes:
            yield from heading(self._words.text(_("変わったところ")), size="Medium", spacing="Large")
        for each in self._sheet.changes:
            yield columns(("1", prose(self._words.say(each.label), NAME)), ("2", self._change(each)))

    def _change(self, change: Change) -> Sequence[Json]:
        before, after = (
            self._words.say(each) or self._words.text(_("（なし）")) for each in (change.before, change.after)
        )
        return [
            *prose(before, STRUCK, most=self._most),
            *prose(f"→ {after}", BOLD, most=self._most, spacing="None"),
        ]

    def _signatures(self) -> Iterator[Json]:
        if self._sheet.signed:
            yield from heading(self._words.text(_("決裁の記録")), size="Medium", spacing="Large")
        for each in self._sheet.signed:
            yield columns(("1", prose(self._words.say(each.title), NAME)), ("2", self._signature(each)))

    def _signature(self, signed: Signature) -> Sequence[Json]:
        words = self._words
        who = f"{signed.by}{words.text(_('（代決）')) if signed.deputy else ''}"
        named = rich(
            [(one_line(who, self._most), PLAIN), (f"　{words.day(signed.day)}", QUIET)], spacing="None"
        )
        return [*prose(words.say(signed.outcome), BOLD), named]

    def _deed(self, deed: Deed) -> Json:
        label, data = self._words.say(deed.label), self._data(deed)
        if deed.outcome == FORM:
            begins = Action(Do.FILE, "", self._sheet.reference, deed.step)
            return execute(label, ACT, {"m": self._seal(begins)}, style=deed.style)
        if not deed.asks:
            return execute(label, DECIDE, data, style=deed.style)
        body = [block for each in deed.asks for block in self._asked(deed, each)]
        done = execute(label, DECIDE, data, style=deed.style, with_inputs=True)
        return show_card(label, body, [done], style=deed.style)

    def _data(self, deed: Deed) -> Json:
        sheet = self._sheet
        action = Action(Do.DECIDE, "", sheet.reference, f"{deed.step}/{deed.outcome}", str(sheet.seen))
        several = [_name(deed, each) for each in deed.asks if each.control is Control.MANY_OF]
        return {"m": self._seal(action)} | ({"several": " ".join(several)} if several else {})

    def _asked(self, deed: Deed, asked: DeedInput) -> Sequence[Json]:
        words = self._words
        longest = LONGEST_REASON if asked.control in {Control.LINE, Control.LINES} else 0
        drawn = Input(
            "",
            asked.control,
            "",
            hint=asked.hint,
            options=asked.options,
            longest=longest,
            required=asked.required,
        )
        first, *rest = draw_box(Box(_name(deed, asked), words.say(asked.label), drawn), words)
        return [first | self._needed(asked), *rest]

    def _needed(self, asked: DeedInput) -> Json:
        """Return what keeps the button from being pressed too early: nothing here is folded away with it."""
        if not asked.required:
            return {}
        choice = asked.control in {Control.ONE_OF, Control.MANY_OF, Control.TICK}
        text = _("えらんでください。") if choice else _("入力してください。")
        return {"isRequired": True, "errorMessage": self._words.text(text)}


def _name(deed: Deed, asked: DeedInput) -> str:
    """Return the id of an input: the same is asked beside several buttons, and ids stand only once on a card."""
    return f"{asked.key}/{deed.outcome}"


def _title(sheet: CaseSheet, words: Words) -> Iterator[Json]:
    yield from heading(words.say(sheet.title))
    opened = words.text(_("{day} 受付"), day=sheet.opened)
    yield rich([(sheet.reference, BOLD), (f"　{opened}", QUIET)], spacing="Small")
    yield from prose(words.say(sheet.state), {"color": "Accent", "weight": "Bolder"}, spacing="Small")


def _brief(sheet: CaseSheet, words: Words, console_url: str) -> Json:
    """Return a sheet too big for a card as its head alone: it can be read and signed in the console only."""
    told = words.text(_("内容が多いため、ここには表示できません。管理画面でご覧ください。"))
    return _framed(sheet, words, [*_title(sheet, words), *prose(told), *_link(words, console_url)], [])


def _link(words: Words, console_url: str) -> list[Json]:
    """Return the link to what stands on no card; apart from the deeds, which fill a row on a telephone."""
    if not console_url:
        return []
    return [{"type": "ActionSet", "actions": [open_url(words.text(_("管理画面で見る")), console_url)]}]


def _framed(sheet: CaseSheet, words: Words, body: Sequence[Json], actions: Sequence[Json]) -> Json:
    said = summary(sheet, words)
    fallback = words.text(_("{said}：このカードを表示できません。管理画面でご覧ください。"), said=said)
    return card(body, actions, title=said, locale=words.locale, fallback=fallback)


def received_card(words: Words) -> Json:
    """Return the small card that takes the place of one that was sent."""
    return told_card(words, f"✓ {words.text(_('受け取りました'))}")


def told_card(words: Words, text: str) -> Json:
    """Return a small card that says *text*, a sentence of our own, in the place of one that cannot be used."""
    return card(prose(text), [], title=text, locale=words.locale, fallback=text)
