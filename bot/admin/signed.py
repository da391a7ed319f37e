"""Who signed a case and what was decided, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.exports.signatures import OUTCOMES, Signature, deputy, exceptions, outcome, post, signature
from bot.signing import history
from dialogs.fields.base import Answers
from dialogs.form import Form
from dialogs.procedure import Procedure
from dialogs.signoff import Verdict
from dialogs.words import Message, Words, _, say
from storage.submissions import SubmissionRow


@dataclass(frozen=True)
class Post:
    """One signature that a case needs: whose (係長), and who gave it in this round, "" where nobody has yet."""

    who: str
    by: str = ""
    at: int = 0
    deputy: str = ""


@dataclass(frozen=True)
class SignedEntry:
    """What somebody signed: for which post, what it said, and which submission (*saw*, *saw_at*) they had seen.

    *fields* are the questions sent back, *waived* the rules set aside, by name.
    """

    post: str
    outcome: str
    deputy: str
    saw: Message | None
    reason: str = ""
    fields: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """How the case was decided, on which day (ms), and under which numbers."""

    outcome: str
    at: int
    number: str = ""
    document: str = ""
    reason: str = ""
    waived: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signing:
    """Reads the signatures of one case whose form is worded as *form*."""

    procedure: Procedure
    words: Words
    form: Form

    def posts(self, filed: Sequence[SubmissionRow]) -> tuple[Post, ...]:
        """Return every signature that the case needs, in order, and who gave it; nothing where none is needed."""
        signoff = self.procedure.signoff
        if signoff is None:
            return ()
        counted = {each.level for each in signoff.round(history(filed)) if each.verdict != Verdict.RETURN}
        last = {each.level: each for row in filed if (each := signature(self.procedure, row))}
        return tuple(
            self._post(self.words.text(level.who), last[level.step] if level.step in counted else None)
            for level in signoff.levels
        )

    def _post(self, who: str, found: Signature | None) -> Post:
        if found is None:
            return Post(who)
        return Post(who, found.filed.by, found.filed.at, deputy(found, self.words) or "")

    def entry(
        self, row: SubmissionRow, filed: Sequence[SubmissionRow], answers: Answers
    ) -> SignedEntry | None:
        """Return what *row* signed, None where it is no signature; *answers* are those it was given for."""
        signoff, found = self.procedure.signoff, signature(self.procedure, row)
        if signoff is None or found is None:
            return None
        return SignedEntry(
            post(signoff, found, self.words),
            outcome(found, self.words),
            deputy(found, self.words) or "",
            self._saw(found, filed),
            str(found.said.get("reason") or ""),
            tuple(self._label(str(key)) for key in found.said.get("fields") or ()),
            exceptions(signoff, found.said, answers, self.words),
        )

    def _saw(self, found: Signature, filed: Sequence[SubmissionRow]) -> Message | None:
        seen = next((each for each in filed if each.number == found.seen), None)
        step = self.procedure.step(seen.step) if seen else None
        if seen is None or step is None:
            return None
        return say(_("{number}番目の提出（{step}）を見て"), number=seen.number, step=say(step.title))

    def _label(self, key: str) -> str:
        asked = self.form.field(key)
        return self.words.text(asked.label) if asked else key

    def decision(self, filed: Sequence[SubmissionRow], answers: Answers) -> Decision | None:
        """Return how the case was decided, None where it was not yet."""
        signoff = self.procedure.signoff
        if signoff is None:
            return None
        signed = (signature(self.procedure, each) for each in reversed(filed))
        found = next((each for each in signed if each and each.filed.step in signoff.decided), None)
        if found is None:
            return None
        said = found.said
        return Decision(
            self.words.text(OUTCOMES.get(str(said.get("outcome")), OUTCOMES["approve"])),
            found.filed.at,
            str(said.get("number") or ""),
            str(said.get("document") or ""),
            str(said.get("reason") or ""),
            exceptions(signoff, said, answers, self.words),
        )
