"""One case as its page shows it: the answers in the words of their edition, what happened, what is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.admin.signed import Decision, Post, SignedEntry, Signing
from bot.admin.standing import may_be_filed, stand
from bot.clock import day_of
from bot.exports.columns import CHANNELS, flags
from bot.signing import latest, view
from dialogs.fields import Photo
from dialogs.fields.base import Answers, Field, Value, sealed
from dialogs.form import Form
from dialogs.procedure import Due, Flag, Procedure, Step
from dialogs.words import Message, Words, _, say
from dialogs.world import World
from storage.cases import CaseRow
from storage.passersby import KEYED
from storage.submissions import SubmissionRow


@dataclass(frozen=True)
class Answer:
    """One question with its answer.  *hidden* is a personal answer that was not opened; *photo* the id of one."""

    label: str
    shown: str
    hidden: bool = False
    photo: str = ""


@dataclass(frozen=True)
class Section:
    """One page of the form."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Change:
    """What a correction changed of one answer."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened: what, when (ms), by whom, on which channel, and what it changed."""

    title: str
    at: int
    by: str
    channel: str
    changes: tuple[Change, ...] = ()
    personal_changed: bool = False
    taken_back: bool = False
    signed: SignedEntry | None = None


@dataclass(frozen=True)
class CaseFile:
    """Everything a case's page shows.

    *came* says how the application was received, *posts* who signs, *decision* what was decided, None for nothing yet.
    """

    reference: str
    procedure: Procedure
    edition: str
    opened_at: int
    came: str
    stand: Message
    told: Message
    flags: tuple[Flag, ...]
    dues: tuple[Due, ...]
    steps: tuple[Step, ...]
    sections: tuple[Section, ...]
    entries: tuple[Entry, ...]
    has_personal: bool
    posts: tuple[Post, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True)
class Reading:
    """What a case is read with."""

    procedure: Procedure
    words: Words
    world: World

    def file(
        self, case: CaseRow, filed: Sequence[SubmissionRow], personal: Mapping[str, Answers]
    ) -> CaseFile:
        """Return the case as its page shows it; of personal answers only what *personal* holds, by record."""
        found, so_far = latest(filed), view(case, filed)
        opened = personal.get((found.vault_id if found else "") or "", {})
        form = self.form(found.edition if found else "")
        calendar = self.world.office.calendar
        signing = Signing(self.procedure, self.words, form)
        return CaseFile(
            case.reference,
            self.procedure,
            form.edition,
            case.opened_at,
            self._came(case, filed),
            stand(self.procedure, so_far, calendar),
            self.procedure.state(so_far.history),
            flags(self.procedure, filed, self.world),
            self.procedure.due(so_far, calendar),
            may_be_filed(self.procedure, so_far),
            (
                *self._sections(form, {**(found.answers if found else {}), **opened}),
                *self._filled(filed, personal),
            ),
            tuple(self._entries(filed, signing)),
            has_personal=any(each.vault_id for each in filed),
            posts=signing.posts(filed),
            decision=signing.decision(filed, found.answers if found else {}),
        )

    def _came(self, case: CaseRow, filed: Sequence[SubmissionRow]) -> str:
        """Return how the application was received; one that a member keyed in with the member's name."""
        way = CHANNELS.get(case.channel, case.channel)
        if case.channel not in KEYED or not filed:
            return self.words.text(way)
        return self.words.text(_("代理入力：{name}、{way}"), name=filed[0].filed_by, way=say(way))

    def form(self, edition: str) -> Form:
        """Return the form as it was worded in *edition*."""
        return self.procedure.edition(edition) or self.procedure.forms[-1]

    def _sections(self, form: Form, answers: Answers) -> Iterator[Section]:
        asked = set(form.visible(answers))
        for page in form.pages:
            found = tuple(self._answer(each, answers.get(each.key)) for each in page.fields if each in asked)
            if found:
                yield Section(self.words.text(page.title), found)

    def _filled(self, filed: Sequence[SubmissionRow], personal: Mapping[str, Answers]) -> Iterator[Section]:
        """Yield each form of a step that was filled in, the oldest first."""
        steps = {step.form.key: step for step in self.procedure.steps if step.form}
        for each in filed:
            step = steps.get(each.form)
            if step is None or not each.answers:
                continue
            form = next((one for one in step.editions if one.edition == each.edition), step.editions[-1])
            answers = {**each.answers, **personal.get(each.vault_id or "", {})}
            day = self.words.day(day_of(each.filed_at))
            title = self.words.text(_("{step}（{day}）"), step=self.words.text(step.title), day=day)
            asked = tuple(self._answer(field, answers.get(field.key)) for field in form.visible(answers))
            yield Section(title, asked)

    def _answer(self, field: Field, value: Value) -> Answer:
        label = self.words.text(field.label)
        if sealed(value):
            return Answer(label, self._outline(value), hidden=True)
        if field.reserved and value is not None:  # opened with the others, and not for this page
            return Answer(label, "", hidden=True)
        photo = value["photo"] if isinstance(field, Photo) and isinstance(value, dict) else ""
        return Answer(label, self._shown(field, value), photo=photo)

    def _shown(self, field: Field, value: Value) -> str:
        return self.words.text(_("（回答なし）")) if value is None else field.show(value, self.words)

    def _outline(self, value: Mapping[str, Value]) -> str:
        if value.get("in_city") is False:
            return self.words.text(_("市外"))
        return self.words.text(str(value.get("ward") or ""))

    def _entries(self, filed: Sequence[SubmissionRow], signing: Signing) -> Iterator[Entry]:
        before: SubmissionRow | None = None
        own = next((each.form for each in filed if each.form), "")
        for each in filed:
            step = self.procedure.step(each.step)
            answers = before.answers if before else {}
            filled = bool(each.answers and each.form and each.form == own)
            amends = before is not None and filled
            yield Entry(
                self.words.text(step.title) if step else each.step,
                each.filed_at,
                self._by(each),
                self.words.text(CHANNELS.get(each.channel, each.channel)),
                tuple(self._changes(before, each)) if before and amends else (),
                personal_changed=bool(before and amends and before.vault_id != each.vault_id),
                taken_back=each.unsent_at is not None,
                signed=signing.entry(each, filed, answers),
            )
            before = each if filled else before

    def _by(self, each: SubmissionRow) -> str:
        if each.role == "resident":
            return self.words.text(_("申請者"))
        return each.filed_by or self.words.text(_("窓口"))  # nobody in particular: a deadline was over

    def _changes(self, before: SubmissionRow, after: SubmissionRow) -> Iterator[Change]:
        former = self.form(before.edition)
        for field in self.form(after.edition).fields:
            old, new = before.answers.get(field.key), after.answers.get(field.key)
            if old == new or field.personal:
                continue
            then = former.field(field.key) or field
            yield Change(self.words.text(field.label), self._shown(then, old), self._shown(field, new))


def nothing_to_take_up(file: CaseFile) -> Message:
    """Return why a step cannot be filed on the case any more."""
    return say(
        _("{reference} は「{stand}」のため、この操作はできません。"),
        reference=file.reference,
        stand=file.stand,
    )
