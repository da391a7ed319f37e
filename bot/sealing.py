"""Between a talk and the vault: personal answers never leave a turn but sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sqlalchemy import Connection

from dialogs.conversation import Conversation
from dialogs.fields.base import SEALED, Answers, Field, sealed
from dialogs.form import answered
from dialogs.standing import Entry, Register, Standing
from storage import submissions
from storage.turns import Person, StoredConversation
from storage.vault import Vault

Fields: TypeAlias = Mapping[str, Field]
"""Questions by key, of all editions of a form."""


@dataclass(frozen=True)
class Opener:
    """Why personal answers are opened, and by whom: "" where it is the person whose they are."""

    why: str
    by: str = ""
    role: str = "resident"


@dataclass(frozen=True)
class Sealer:
    """Seals what is personal in a conversation, and opens it where its owner goes on with it."""

    vault: Vault
    register: Register
    _known: dict[str, Fields] = field(default_factory=dict, repr=False, compare=False)

    def talk(self, each: StoredConversation, reference: str) -> Conversation:
        """Return the stored conversation *each* as a turn takes it; *reference* is that of its case."""
        return Conversation(each.id, each.form, each.answers, each.aside, each.sources, each.asked, reference)

    def opened(
        self, conn: Connection, person: Person, standing: Standing, conversation: str, who: Opener, now: int
    ) -> Standing:
        """Return *standing* with the personal answers of *conversation* opened for *who*, and logged."""
        stored = next((each for each in person.conversations if each.id == conversation), None)
        talk = standing.conversation(conversation)
        if stored is None or talk is None or not stored.vault_id:
            return standing
        by = who.by or person.id
        personal = self.vault.open(conn, stored.vault_id, by=by, role=who.role, why=who.why, now=now)
        # Only where the talk still has it: what was taken back must not come back out of the vault.
        here = {
            key: personal[key] for key, value in talk.answers.items() if sealed(value) and key in personal
        }
        plain = replace(talk, answers={**talk.answers, **here})
        others = tuple(plain if each.id == conversation else each for each in standing.conversations)
        return replace(standing, conversations=others)

    def has_work(self, before: Person, left: Standing) -> bool:
        """Return whether storing what the turn *left* will touch the vault."""
        talks = {each.id for each in left.conversations}
        if any(each.vault_id and each.id not in talks for each in before.conversations):
            return True
        return any(plain_personal(self._fields(each.form), each.answers) for each in left.conversations)

    def stored(self, conn: Connection, before: Person, after: Person, left: Standing, now: int) -> Person:
        """Return *after* with the conversations that the turn *left*, their personal answers sealed."""
        known = {each.id: each for each in before.conversations}
        kept = tuple(self._stored(conn, known.get(each.id), each, now) for each in left.conversations)
        self._forget(
            conn, [each for each in before.conversations if each.id not in {talk.id for talk in kept}]
        )
        return replace(after, conversations=kept)

    def filed(
        self, conn: Connection, before: StoredConversation | None, talk: Conversation, now: int
    ) -> StoredConversation:
        """Return the finished conversation *talk* as it is filed, its personal answers sealed."""
        return self._stored(conn, before, talk, now)

    def _stored(
        self, conn: Connection, before: StoredConversation | None, talk: Conversation, now: int
    ) -> StoredConversation:
        fields = self._fields(talk.form)
        personal = plain_personal(fields, talk.answers)
        case_id, vault_id = self._origin(conn, before, talk)
        if personal:
            vault_id = self._seal(conn, self._entry(talk.form).procedure.key, personal, vault_id, now)
        return StoredConversation(
            talk.id,
            talk.form,
            marked(fields, talk.answers),
            {key: value for key, value in talk.aside.items() if not is_personal(fields, key)},
            talk.sources,
            talk.asked,
            case_id,
            vault_id,
            before.started_at if before else now,
        )

    def _origin(
        self, conn: Connection, before: StoredConversation | None, talk: Conversation
    ) -> tuple[str, str | None]:
        if before:
            return before.case_id, before.vault_id
        if not talk.case:
            return "", None
        case_id, record = submissions.origin(conn, talk.case)
        # A correction begins with what was filed; a step's own form with nothing.
        return case_id, record if self._entry(talk.form).is_application else None

    def _seal(
        self, conn: Connection, procedure: str, personal: Mapping[str, Any], record: str | None, now: int
    ) -> str:
        # What was filed stays as filed: a correction gets a record of its own.
        reused = record if record and not submissions.refers_to(conn, record) else None
        return self.vault.seal(conn, procedure, personal, now=now, record=reused)

    def _forget(self, conn: Connection, gone: list[StoredConversation]) -> None:
        for each in gone:
            if each.vault_id and not submissions.refers_to(conn, each.vault_id):
                self.vault.forget(conn, each.vault_id)

    def _entry(self, key: str) -> Entry:
        entry = self.register.entry(key)
        if entry is None:
            raise LookupError(key)
        return entry

    def _fields(self, key: str) -> Fields:
        """Return every question that any edition of the form asks: a new edition must not change what is personal."""
        found = self._known.get(key)
        if found is None:
            found = {each.key: each for form in self._entry(key).editions for each in form.fields}
            self._known[key] = found
        return found


def is_personal(fields: Fields, key: str) -> bool:
    """Return whether the answer *key* may lie only in the vault.  An unknown key is treated as personal."""
    field = fields.get(key)
    return field is None or field.personal


def plain_personal(fields: Fields, answers: Answers) -> Mapping[str, Any]:
    """Return the personal answers whose values are here and must go to the vault."""
    return {
        key: value
        for key, value in answers.items()
        if is_personal(fields, key) and value is not None and not sealed(value)
    }


def marked(fields: Fields, answers: Answers) -> Mapping[str, Any]:
    """Return *answers* with a mark, and the outline a field allows, in the place of each personal one."""
    return {key: _mark(fields.get(key), value, answers) for key, value in answers.items()}


def _mark(field: Field | None, value: Any, answers: Answers) -> Any:
    if value is None or sealed(value) or (field is not None and not field.personal):
        return value
    outline = dict(field.outline(value)) if field else {}
    partial = {"partial": True} if field and not answered(field, answers) else {}
    return {SEALED: True, **outline, **partial}
