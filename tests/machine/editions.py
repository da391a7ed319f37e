"""A later edition of the fence loan's form, for a deploy in the middle of a talk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dialogs.fields import Choice, Is, Option, Text
from dialogs.form import Page
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.standing import Register

FIRST, SECOND = "R6", "R7"


def later(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """Return a later edition: a question put in, one taken out, one renamed, an option renamed."""
    loan, *others = pages
    perimeter, sets = loan.fields[1:3]
    kind = Choice(
        "applicant_type",
        "申請者の区分",
        (
            Option("person", "個人"),
            Option("association", "町内会"),
            Option("firm", "会社", formerly=("corporation",)),
        ),
    )
    fields = (
        kind,
        Text("crop", "作物", required=False),
        replace(perimeter, key="length", formerly=("perimeter",)),
        *(each for each in loan.fields[3:] if each.key != "trace_place"),
    )
    assert sets.key == "sets"
    promises, applicant = others
    organisation = replace(applicant.fields[0], when=Is("applicant_type", "association", "firm"))
    return (
        replace(loan, fields=fields),
        promises,
        replace(applicant, fields=(organisation, *applicant.fields[1:])),
    )


_FORM = FENCE_LOAN.forms[0]
_LATER = replace(_FORM, edition=SECOND, pages=later(_FORM.pages), since=date(2024, 4, 16))

BEFORE = Register((FENCE_LOAN,))
AFTER = Register((replace(FENCE_LOAN, forms=(_FORM, _LATER)),))
"""The register once the deploy is done: both editions are known, the later one is in force."""
