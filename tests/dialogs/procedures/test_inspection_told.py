"""What an inspector is told when the office has looked at the report."""

from datetime import date

import pytest

from dialogs.procedures.inspection import INSPECTION
from dialogs.replies import Receipt
from dialogs.standing import CaseView
from tests.dialogs import worlds
from tests.support.talks import WORDS

SAID = {"outcome": "return", "fields": ["pc1_input", "gone"], "reason": "もう一度見てください。"}


@pytest.mark.parametrize("edition", [INSPECTION.forms[0].edition, "R0"])
def test_an_inspection_sent_back_names_the_rows_and_why(edition: str) -> None:
    case = CaseView("TK9-0001", "inspection", edition, date(2027, 6, 7), ())

    (receipt,) = INSPECTION.told("returned", SAID, case, worlds.world(words=WORDS))

    assert isinstance(receipt, Receipt)
    notes = "\n".join(WORDS["ja"].say(each) for each in receipt.notes)
    assert "PC1" in notes
    assert "キーボード・マウスの入力" in notes
    assert "もう一度見てください。" in notes
    assert receipt.offers[0].action.key == "TK9-0001"


@pytest.mark.parametrize("step", ["checked", "chief_signed", "confirmed"])
def test_a_signature_alone_tells_the_inspector_nothing(step: str) -> None:
    case = CaseView("TK9-0001", "inspection", "R5", date(2027, 6, 7), ())

    assert INSPECTION.told(step, {"outcome": "approve"}, case, worlds.world(words=WORDS)) == ()
