"""A form that somebody has open: what they send goes to it, and what they confirm is filed.  Pure, like a turn."""

from __future__ import annotations

from dialogs import balloting, cases, lobby, scarce, stepping
from dialogs.conversation import Conversation
from dialogs.effects import Effect, File, FileStep
from dialogs.events import Decided, Event, Filled
from dialogs.lobby import Hall
from dialogs.procedure import Procedure
from dialogs.replies import Receipt, Said
from dialogs.standing import CaseView, Register, Standing, Turn
from dialogs.turn import Outcome, turn
from dialogs.ways import entry_of, go_on, setting, throw_away, to_menu
from dialogs.words import _, say
from dialogs.world import World


def heard(hall: Hall, standing: Standing, event: Event) -> Turn:
    """Return what follows from *event*, which is meant for the form that is open, or for the one that it names."""
    if isinstance(event, Filled) and event.conversation:
        talk = standing.conversation(event.conversation)
        return in_form(hall, standing, talk, event) if talk else finished(hall, standing)
    if isinstance(event, Filled | Decided) or standing.talk is None:
        return to_menu(hall, standing, Said(lobby.thanks(event)))
    return in_form(hall, standing, standing.talk, event)


def filled(
    register: Register, standing: Standing, conversation: str, event: Filled, world: World
) -> tuple[Turn, Outcome]:
    """Return the turn of a private page of *conversation*, and the outcome with what was refused."""
    hall = Hall(register, world, world.words[standing.locale])
    talk = standing.conversation(conversation)
    if talk is None:
        raise LookupError(conversation)
    outcome = turn(setting(hall, standing, talk), talk, event)
    done = Turn(standing.having(outcome.conversation), outcome.replies, outcome.effects)
    return done, outcome


def in_form(hall: Hall, standing: Standing, talk: Conversation, event: Event) -> Turn:
    """Return what follows from *event* in *talk*; what is confirmed is filed."""
    outcome = turn(setting(hall, standing, talk), talk, event)
    there = standing.having(outcome.conversation)
    if not outcome.confirmed:
        return Turn(there, outcome.replies, outcome.effects)
    entry = entry_of(hall, talk.form)
    if entry.procedure.poll:
        return balloting.cast(hall, there, entry.procedure, entry.procedure.poll, outcome.conversation)
    if entry.is_application:
        return _file(hall, there, entry.procedure, outcome.conversation)
    return stepping.filed(hall, there, entry, outcome.conversation)


def finished(hall: Hall, standing: Standing) -> Turn:
    """Return that the form of a button is filed or cancelled already."""
    text = say(_("そのボタンの申請は、もう終わっているか、中止されています。「申請状況」で確かめられます。"))
    return go_on(hall, standing, Said(text))


def _file(hall: Hall, standing: Standing, procedure: Procedure, talk: Conversation) -> Turn:
    case = standing.case(talk.case) if talk.case else None
    if talk.case and not (case and procedure.may_file("correction", case)):
        too_late = Said(cases.too_late_to_correct(hall))
        return throw_away(hall, standing, talk, too_late)
    late = cases.changed_too_late(procedure, case, hall.world) if case else None
    if late:
        return throw_away(hall, standing, talk, Said(late))
    opening = procedure.opening(hall.world)
    if not talk.case and not opening.is_open:  # half-filled in the season, and sent after it
        return Turn(standing.moved(f"opening:{procedure.key}"), (lobby.closed(procedure, opening),))
    form = procedure.form(hall.world.today)
    step = "correction" if talk.case else procedure.steps[0].key
    about = case or CaseView("", procedure.key, form.edition, hall.world.today, ())
    claims = procedure.claims(step, stepping.public(form, talk.answers), about, hall.world)
    short = scarce.lacking(claims, hall.world.free)
    if short:
        return go_on(hall, standing, Said(stepping.too_little(short)))
    receipt = Receipt(
        lobby.filed(standing, talk),
        form,
        hall.world.today,
        talk.case,
        procedure.notes(talk.answers, hall.world),
        lobby.after_filing(),
    )
    filed = File(procedure.key, step, form.edition, talk)
    effects = _with_what_follows(hall, procedure, filed, about)
    return Turn(standing.lacking(talk.id).moved("menu"), (receipt,), effects)


def _with_what_follows(hall: Hall, procedure: Procedure, filed: File, about: CaseView) -> tuple[Effect, ...]:
    """Return *filed*, which is filed on *about*, and what is filed or opened after it in the same turn."""
    talk = filed.conversation
    sequel = procedure.sequel(filed.step, talk.answers, about, hall.world)
    after = (FileStep(procedure.key, sequel, ""),) if sequel else ()
    return (filed, *after, *procedure.follow_ups(talk.answers, about.answers))
