"""The contractor hands a set over: counted out, explained, and to nobody but the borrower (003-13, 16, 19, 33)."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.fields import Answers, Choice, Choices, Given, LongText, Number, Option, Text
from dialogs.form import Form, Page
from dialogs.procedures.fence_loan.form import MOST_SETS
from dialogs.procedures.fence_loan.loan import NOTICE_OMITTED, Loan
from dialogs.procedures.fence_loan.parts import Counts, PartCounts, of_sets
from dialogs.reading.text import fold
from dialogs.words import Message, _, say
from dialogs.world import World

NOT_PERSONAL = _("個人情報は書かないでください。")

EXPLAINED = (
    Option("setting", _("設置方法")),
    Option("use", _("使用方法")),
    Option("danger", _("危険防止（コンセント、ペースメーカー、雷、電源を切って入る）")),
    Option("upkeep", _("電圧の確認（6000V以上）と草刈り")),
    Option("return", _("返納方法")),
)
"""What is explained at every hand-over (003-16, 56, 57)."""


def counted_out(given: Given) -> Counts:
    """Return how many of each part leave with the sets that are handed over: the bill of parts, times the sets."""
    sets = given.answers.get("sets") or (Loan(given.world.case).sets if given.world.case else 1)
    return of_sets(int(sets), given.world.office.set_parts)


def _known(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse a notice number that is another's, and a notice where the city left it out (003-13, 33)."""
    if world.case is None:
        return {}
    loan, given = Loan(world.case), str(answers.get("notice_number") or "")
    if answers.get("shown") == "notice" and NOTICE_OMITTED in loan.waived:
        return {"shown": say(_("この貸出は通知書を省略しています。本人確認をしてください。"))}
    if answers.get("shown") == "notice" and "notice_number" in answers and not given:
        return {"notice_number": say(_("通知番号を入力してください。"))}
    if given and fold(given) != fold(loan.number):
        return {"notice_number": say(_("この貸出の通知番号と違います。もう一度確かめてください。"))}
    return {}


def _as_granted(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse more sets than were granted."""
    granted = int(world.case.answers.get("sets") or 1) if world.case else MOST_SETS
    if int(answers.get("sets") or 0) <= granted:
        return {}
    return {"sets": say(_("決定したのは{count}セットまでです。"), count=granted)}


def _works(answers: Answers, world: World) -> Mapping[str, Message]:  # noqa: ARG001 -- the shape of every check
    """Refuse to hand over what does not work, or with something left unexplained."""
    found: dict[str, Message] = {}
    if answers.get("tested") == "no":
        found["tested"] = say(_("動かないセットは渡せません。別のセットに替えて、もう一度確かめてください。"))
    explained = answers.get("explained")
    if isinstance(explained, list) and len(explained) < len(EXPLAINED):
        found["explained"] = say(_("すべて説明してから記録してください。"))
    return found


HANDOVER = Form(
    "loan_handover",
    _("電気柵の引き渡し"),
    "R6",
    (
        Page(
            "person",
            _("本人の確認"),
            (
                Choice(
                    "shown",
                    _("確認したもの"),
                    (
                        Option("notice", _("通知書または通知番号")),
                        Option("identity", _("本人確認書類（通知書を省略したとき）")),
                    ),
                    hint=_("書類の番号などは書き写さないでください。"),
                ),
                Text(
                    "notice_number",
                    _("通知番号"),
                    required=False,
                    longest=40,
                    hint=_("通知書を見せてもらったときに入力します。"),
                    example="9-12",
                ),
            ),
        ),
        Page(
            "sets",
            _("渡すもの"),
            (
                Number("sets", _("渡すセット数"), unit=_("セット"), least=1, most=MOST_SETS, example="1"),
                Choice(
                    "tested",
                    _("動作の確認"),
                    (Option("yes", _("動くことを確認した")), Option("no", _("動かない"))),
                ),
                PartCounts("parts", _("部品の数"), expected=counted_out),
            ),
        ),
        Page(
            "explained",
            _("説明"),
            (
                Choices("explained", _("説明したこと"), EXPLAINED),
                Choice(
                    "guided",
                    _("簡潔な設置指導"),
                    (Option("yes", _("希望があり、行った")), Option("no", _("希望なし"))),
                ),
                LongText("handover_note", _("備考"), required=False, longest=300, hint=NOT_PERSONAL),
            ),
        ),
    ),
    checks=(_known, _as_granted, _works),
    file=_("引き渡しを記録"),
)
"""What is written down when a set leaves the store."""
