"""保守点検: the inspection of the system's equipment, signed by 係, 係長 and 所長 (002-02…04, 08, 11…16)."""

from __future__ import annotations

from dialogs.procedure import Procedure, Role, Step
from dialogs.procedures.inspection.form import FORMS
from dialogs.procedures.inspection.rules import flags, follow_ups, glance, notes
from dialogs.procedures.inspection.telling import told
from dialogs.signoff import Ending, Level, SignOff
from dialogs.words import _

SIGNOFF = SignOff(
    (
        Level(
            "checked",
            _("係の確認"),
            Role.STAFF,
            who=_("係"),
            deed=_("係として確認"),
            state=_("係が確認しました。係長の確認を待っています。"),
            within=2,
        ),
        Level(
            "chief_signed",
            _("係長の確認"),
            Role.CHIEF,
            who=_("係長"),
            deed=_("係長として確認"),
            state=_("係長が確認しました。所長の確認を待っています。"),
            within=1,
        ),
        Level(
            "confirmed",
            _("所長の確認"),
            Role.MANAGER,
            who=_("所長"),
            deed=_("所長として確認"),
            state=_("所長まで確認が終わりました。"),
            within=1,
        ),
    ),
    returned=Ending(
        "returned", _("差し戻し"), state=_("差し戻されました。直して、もう一度提出してください。")
    ),
    correction=Ending("correction", _("再提出"), state=_("直したものが提出されました。係が確認します。")),
    opened="inspection",
    corrects=Role.CONTRACTOR,
)
"""The boxes 所長・係長・係 of 別添3, signed from the right.

The papers set no day by which; *within* are the office's own, so that a sheet stands in the list until it is signed.
"""

INSPECTION = Procedure(
    "inspection",
    _("保守点検"),
    _("点検を報告する"),
    FORMS,
    (
        Step(
            "inspection",
            _("点検の報告"),
            Role.CONTRACTOR,
            state=_("点検が報告されました。係が確認します。"),
        ),
        *SIGNOFF.steps,
    ),
    series="inspection",
    flags=flags,
    notes=notes,
    glance=glance,
    signoff=SIGNOFF,
    follow_ups=follow_ups,
    told=told,
)
