"""What a visit to a private page is about: the conversation, opened for its owner and logged."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.clock import day_of
from bot.forms.fields import private_fields
from bot.sealing import Opener
from bot.service import Service
from bot.web.visits import Visit
from dialogs.conversation import Conversation
from dialogs.fields.base import Field
from dialogs.form import Form, Page
from dialogs.standing import Standing
from dialogs.words import Words
from dialogs.world import World
from storage import engine as database
from storage import turns
from storage.turns import Person, StoredConversation


@dataclass(frozen=True)
class Sheet:
    """What one visit's page is drawn from."""

    visit: Visit
    form: Form
    fields: tuple[Field, ...]
    talk: Conversation
    words: Words
    world: World

    @property
    def page(self) -> Page:
        """Return the page of the form that is shown."""
        return self.form.page_of(self.fields[0])


@dataclass(frozen=True)
class Sheets:
    """Opens sheets."""

    service: Service
    why: str = field(default="private page")

    def open(self, visit: Visit) -> Sheet | None:
        """Return the sheet of *visit*, None where its conversation is over.  The opening is logged."""
        now = self.service.clock.now()
        with database.write(self.service.engine) as conn:
            person = turns.load_person(conn, visit.person_id)
            stored = _conversation(person, visit.conversation)
            if person is None or stored is None:
                return None
            talk = self._opened(conn, person, stored, now)
        return self._sheet(visit, talk, self.service.words[person.locale], self.service.world(day_of(now)))

    def _opened(self, conn: Connection, person: Person, stored: StoredConversation, now: int) -> Conversation:
        sealer = self.service.desk.sealer
        standing = Standing(person.locale, (sealer.talk(stored, ""),))
        return sealer.opened(conn, person, standing, stored.id, Opener(self.why), now).conversations[0]

    def _sheet(self, visit: Visit, talk: Conversation, words: Words, world: World) -> Sheet | None:
        procedure = self.service.register.of(talk.form)
        form = procedure.form(world.today) if procedure else None
        fields = private_fields(form, talk.answers) if form else ()
        return Sheet(visit, form, fields, talk, words, world) if form and fields else None


def _conversation(person: Person | None, wanted: str) -> StoredConversation | None:
    found = person.conversations if person else ()
    return next((each for each in found if each.id == wanted), None)
