"""Whom a survey is for, and how it ends: thanks without a number, or why it does not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs import balloting
from dialogs.effects import Cast
from dialogs.events import Action, Do, Tapped, Typed
from dialogs.fields import Choice, Option
from dialogs.form import Form, Page
from dialogs.lobby import Hall
from dialogs.menu import hear
from dialogs.polls import ANSWER_AS, EVERYBODY, Poll
from dialogs.procedure import Filing, Procedure
from dialogs.procedures.survey import Term, survey_procedure
from dialogs.replies import Listing, Said, Thanked
from dialogs.standing import CaseView, Register, Standing, Turn
from tests.dialogs.worlds import TODAY, world

YES = (Option("yes", "はい"), Option("no", "いいえ"))
FORM = Form("survey_s", "見本アンケート", "1", (Page("p", "質問", (Choice("good", "よかったですか", YES),)),))
DAY = timedelta(days=1)


def _survey(term: Term | None = None, **poll: str) -> Procedure:
    return survey_procedure(FORM, Poll("s", **poll), term or Term())


def _heard(procedure: Procedure, standing: Standing, event: Tapped | Typed) -> Turn:
    return hear(Register((procedure,)).complete, standing, event, world())


HERE = Standing("ja", fresh="t1", surveys=frozenset({"s"}))
START = Tapped(Action(Do.START, key="survey_s"))


def _texts(turn: Turn) -> list[str]:
    return [each.message.text for each in turn.replies if isinstance(each, Said)]


def _labels(turn: Turn) -> list[str]:
    [listing] = [each for each in turn.replies if isinstance(each, Listing)]
    return [each.label.text for each in listing.items]


def _to_the_review(procedure: Procedure) -> Standing:
    begun = _heard(procedure, HERE, START)
    assert any("あなたのものとして預かります" in each for each in _texts(begun))
    return _heard(procedure, begun.standing, Typed("はい")).standing


def _confirmed(procedure: Procedure, standing: Standing) -> Turn:
    return _heard(procedure, standing, Tapped(Action(Do.CONFIRM, "t1")))


@pytest.mark.parametrize("own", ["", "見本市より"])
def test_a_survey_ends_with_thanks_and_a_ballot_and_is_offered_no_more(own: str) -> None:
    procedure = _survey(thanks=own)
    done = _confirmed(procedure, replace(_to_the_review(procedure), surveys=frozenset({"s"})))

    [thanked] = done.replies
    assert isinstance(thanked, Thanked)
    assert thanked.message == balloting.thanks(Poll("s", thanks=own))
    [cast] = done.effects
    assert isinstance(cast, Cast)
    assert (cast.survey, cast.conversation.answers) == ("s", {"good": "yes"})
    assert (done.standing.surveys, done.standing.conversations) == (frozenset(), ())


def test_whoever_has_answered_on_another_device_meanwhile_is_told_so() -> None:
    procedure = _survey()
    done = _confirmed(procedure, replace(_to_the_review(procedure), surveys=frozenset()))

    assert _texts(done) == [balloting.answered_before().text]
    assert not [each for each in done.effects if isinstance(each, Cast)]
    assert done.standing.conversations == ()


@pytest.mark.parametrize(
    "term", [Term(closed=True), Term(last=TODAY - DAY)], ids=["closed", "its last day is over"]
)
def test_a_survey_that_is_over_takes_nothing(term: Term) -> None:
    standing = _to_the_review(_survey())

    assert _texts(_confirmed(_survey(term), standing))[0].startswith("このアンケートは終わりました")


def test_the_menu_shows_it_to_those_who_may_answer_alone() -> None:
    typed, procedure = Typed("メニュー"), _survey()

    assert "アンケートに答える" in _labels(_heard(procedure, HERE, typed))
    assert "アンケートに答える" not in _labels(_heard(procedure, replace(HERE, surveys=frozenset()), typed))


@pytest.mark.parametrize(
    ("term", "said"),
    [(Term(), "回答がすんでいるか"), (Term(closed=True), "終わりました"), (Term(TODAY + DAY), "{day}から")],
)
def test_whoever_cannot_begin_one_is_told_why(term: Term, said: str) -> None:
    turn = _heard(_survey(term), replace(HERE, surveys=frozenset()), START)

    assert any(said in each for each in _texts(turn))


def test_one_that_begins_later_says_from_when() -> None:
    turn = _heard(_survey(Term(TODAY + DAY)), HERE, START)

    assert any("{day}から" in each for each in _texts(turn))


def test_what_is_no_survey_says_nothing_of_one() -> None:
    hall = Hall(Register(()), world(), world().words["ja"])

    assert balloting.why_not(hall, replace(_survey(), poll=None)) == ()


def test_whoever_wants_to_is_asked_whether_to_add_the_number_but_never_everybody() -> None:
    def first(audience: str) -> str:
        made = survey_procedure(FORM, Poll("s", audience), Term(), identity=True)
        return made.forms[0].fields[0].key

    assert first("meeting:m1") == ANSWER_AS
    assert first(EVERYBODY) == "good"


def _case(procedure: str, *steps: str, **answers: str) -> CaseView:
    history = tuple(Filing(each, TODAY, by="") for each in steps)
    return CaseView("R-1", procedure, "1", TODAY, history, answers)


@pytest.mark.parametrize(
    ("case", "audience", "counts"),
    [
        (_case("exchange_meeting", "application", meeting="m1"), "meeting:m1", True),
        (_case("exchange_meeting", "application", meeting="m2"), "meeting:m1", False),
        (_case("exchange_meeting", "application", meeting="m1", coming="no"), "meeting:m1", False),
        (_case("exchange_meeting", "application", "cancelled", meeting="m1"), "meeting:m1", False),
        (_case("exchange_meeting", meeting="m1"), "meeting:m1", False),
        (_case("fence_loan", "application", "decision", "handover"), "procedure:fence_loan", True),
        (_case("fence_loan", "application", "decision"), "procedure:fence_loan", False),
        (_case("inspection", "application"), "procedure:fence_loan", False),
        (_case("incident", "report"), "procedure:incident", True),
    ],
)
def test_a_survey_is_for_those_who_take_part(case: CaseView, audience: str, *, counts: bool) -> None:
    assert Poll("s", audience).invites([case]) is counts


def test_a_survey_for_everybody_asks_for_no_case() -> None:
    assert Poll("s").invites([])
    assert Poll("s").procedure == ""
