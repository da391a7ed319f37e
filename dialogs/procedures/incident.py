"""障害対応: a fault of the system, from the call or the finding to the repair (002-03, 04).

By the end of the next business day the system works again or a stop-gap is in place: two outcomes, and after a
stop-gap the repair is still to come, without a day by which.
"""

from __future__ import annotations

from datetime import date

from dialogs.fields import Answers, Choice, Day, Field, Is, LongText, Option, Text
from dialogs.form import Form, Page
from dialogs.procedure import Flag, Procedure, Role, Step
from dialogs.procedures.premises import SEVERITIES, SITES, URGENT, today
from dialogs.words import Message, _, say
from dialogs.world import World

FROM_INSPECTION = "inspection"
"""The origin of an incident that a finding opened."""

REPORT = Page(
    "report",
    _("障害の内容"),
    (
        Choice("site", _("履行場所"), SITES, question=_("どちらの障害ですか。")),
        Text("what", _("対象の機器・項目"), longest=200, example=_("PC3")),
        LongText("symptom", _("障害の内容"), longest=1000, example=_("電源が入らない")),
        Day("since", _("いつから"), most=today, example=_("6月15日")),
        Choice("urgency", _("重要度"), SEVERITIES),
        Choice(
            "origin",
            _("きっかけ"),
            (
                Option("call", _("業務主任からの連絡")),
                Option("noticed", _("受託者が見つけた")),
                Option(FROM_INSPECTION, _("点検での指摘")),
            ),
        ),
        Text(
            "inspection",
            _("点検の番号"),
            longest=40,
            required=False,
            when=Is("origin", FROM_INSPECTION),
        ),
    ),
)

FORM_R5 = Form("incident", _("障害の連絡"), "R5", (REPORT,), since=date(2023, 10, 1), file=_("連絡する"))


def _done(step: str, label: str, *more: Field) -> tuple[Field, ...]:
    """Return what is asked of work that was done; the keys differ, since both stand on one sheet."""
    return (
        LongText(f"{step}_work", label, longest=300),
        Day(f"{step}_day", _("実施日"), most=today, example=_("6月15日")),
        *more,
    )


def flags(answers: Answers, world: World, filed: date) -> tuple[Flag, ...]:  # noqa: ARG001
    """Return what should be seen at a glance: that it is urgent."""
    return (Flag("urgent", _("緊急")),) if answers.get("urgency") == URGENT else ()


def glance(answers: Answers) -> tuple[str, ...]:  # noqa: ARG001
    """Return what stands on the sheet of an incident: all of it, written by staff and contractors."""
    return tuple(each.key for each in REPORT.fields)


def notes(answers: Answers, world: World) -> tuple[Message, ...]:  # noqa: ARG001
    """Return until when something must be done (002-04)."""
    last = world.office.calendar.add_business_days(world.today, 1)
    return (say(_("{day}中に、正常稼働の回復か応急処置をしてください。"), day=last),)


INCIDENT = Procedure(
    "incident",
    _("障害対応"),
    _("障害を連絡する"),
    (FORM_R5,),
    (
        Step(
            "report",
            _("連絡"),
            Role.STAFF,
            state=_("連絡を受けました。翌営業日中に、回復か応急処置をします。"),
            also=(Role.CONTRACTOR,),
        ),
        Step(
            "repaired",
            _("復旧"),
            Role.CONTRACTOR,
            state=_("復旧しました。"),
            after="report",
            until=("stopgap",),
            within=1,
            also=(Role.STAFF,),
            asks=_done("repaired", _("行った作業")),
        ),
        Step(
            "stopgap",
            _("応急処置"),
            Role.CONTRACTOR,
            state=_("応急処置をしました。復旧の作業が残っています。"),
            after="report",
            until=("repaired",),
            also=(Role.STAFF,),
            asks=_done(
                "stopgap",
                _("行った応急処置"),
                LongText("stopgap_remains", _("残っている作業"), longest=300),
            ),
        ),
        Step(
            "repaired_later",
            _("応急処置後の復旧"),
            Role.CONTRACTOR,
            state=_("応急処置のあと、復旧しました。"),
            after="stopgap",
            also=(Role.STAFF,),
            asks=_done("repaired_later", _("行った作業")),
        ),
    ),
    series="incident",
    flags=flags,
    notes=notes,
    glance=glance,
)
