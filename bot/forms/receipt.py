"""The proof that a form was filed: its number, when, how it came, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.clock import moment
from bot.forms import trips
from bot.forms.showing import Row, Section, shown
from bot.forms.trips import Trip
from bot.qr import codes
from bot.service import Service
from bot.signing import latest, view
from dialogs.form import Form
from dialogs.procedure import Procedure
from dialogs.replies import Receipt as Said
from dialogs.standing import CaseView
from dialogs.words import Words
from dialogs.world import World
from storage import cases, submissions
from storage import engine as database
from storage.cases import CaseRow
from storage.passersby import KEYED
from storage.submissions import SubmissionRow


@dataclass(frozen=True)
class Receipt:
    """What the page of a receipt says.

    *filed_at* is in Asia/Tokyo, *state* how the case stands now.  *way* is how it came and *by* the member who keyed
    it in, both "" for a form that the resident sent.  *code* is the address of the picture of a number to be shown,
    "" for none.
    """

    reference: str
    title: str
    filed_at: datetime
    state: str
    way: str
    by: str
    notes: tuple[str, ...]
    code: str
    sections: tuple[Section, ...]


def receipt(service: Service, trip: Trip) -> Receipt | None:
    """Return the receipt of what the person of *trip* filed with its form last, None where they filed nothing."""
    entry = service.register.entry(trip.form)
    if entry is None:
        return None
    with database.read(service.engine) as conn:
        mine = cases.of_person(conn, trip.person_id)
        case = next((each for each in reversed(mine) if each.procedure == entry.procedure.key), None)
        filed = submissions.of_case(conn, case.id) if case else ()
    newest = latest(filed)
    if case is None or newest is None:
        return None
    form = entry.edition(newest.edition)
    with database.read(service.engine) as conn:
        world = trips.world_of(conn, service, entry, newest.filed_at, case.reference)
    world = replace(world, talks=False)
    return _of(service, entry.procedure, case, filed, newest, Reading(form, trip.words, world))


@dataclass(frozen=True)
class Reading:
    """What a filed form is read with."""

    form: Form
    words: Words
    world: World

    def sections(self, answers: Mapping[str, object]) -> Iterator[Section]:
        """Yield the answers of each page; personal ones are only said to have been received."""
        asked = tuple(self.form.visible(answers))
        for page in self.form.pages:
            here = [each for each in page.fields if each in asked]
            rows = tuple(
                Row(self.words.text(each.label), shown(each, answers.get(each.key), self.words))
                for each in here
            )
            if rows:
                yield Section(self.words.text(page.title), rows)


def _of(
    service: Service,
    procedure: Procedure,
    case: CaseRow,
    filed: Sequence[SubmissionRow],
    newest: SubmissionRow,
    reading: Reading,
) -> Receipt:
    first, keyed = filed[0], case.channel in KEYED
    notes = procedure.notes(newest.answers, reading.world)
    return Receipt(
        case.reference,
        reading.words.text(reading.form.title),
        moment(first.filed_at),
        reading.words.say(procedure.state(view(case, filed).history)),
        case.channel if keyed else "",
        first.filed_by if keyed else "",
        tuple(reading.words.say(each) for each in notes),
        _code(service, procedure, view(case, filed), reading.world),
        tuple(reading.sections(newest.answers)),
    )


def _code(service: Service, procedure: Procedure, case: CaseView, world: World) -> str:
    """Return the address of the picture of what is shown at a counter or a door, "" where there is nothing yet."""
    proof = procedure.proof(case, world)
    if not isinstance(proof, Said) or not proof.code:
        return ""
    return urlsplit(codes(service.settings, service.clock).address(proof.code)).path
