"""The contractor looks after a set that is lent: the two-week check, and swapping what is broken (003-18, 56, 57)."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.fields import Answers, Choice, Choices, Is, LongText, Number, Option, Photo, Text
from dialogs.form import Form, Page
from dialogs.procedures.fence_loan.handing import NOT_PERSONAL
from dialogs.procedures.fence_loan.loan import FAULT, GOOD, UPKEEP
from dialogs.words import Message, _, say
from dialogs.world import World

LEAST_VOLTS = 6_000
"""別記 6(1): the voltage is kept at 6000 V or more (003-57)."""

INSTRUCTIONS = (
    Option("weeds", _("ワイヤーにふれている草を刈ってください。")),
    Option("tension", _("ワイヤー（ケーブル）の張りを直してください。")),
    Option("battery", _("電池を交換するか、バッテリーを充電してください。")),
    Option("switch", _("パワーユニットのスイッチを入れてください。")),
    Option("plate", _("危険表示板を、外から見えるところに付けてください。")),
    Option("other", _("その他")),
)
"""What a borrower is asked to put right where nothing is broken (003-18)."""


def is_wanting(answers: Answers) -> bool:
    """Return whether something that was looked at is not as it should be."""
    volts = answers.get("voltage")
    return (
        answers.get("power") == "off"
        or (volts is not None and volts < LEAST_VOLTS)
        or answers.get("weeds") == "touching"
        or answers.get("tension") == "loose"
        or answers.get("plate") == "no"
    )


def _agrees(answers: Answers, world: World) -> Mapping[str, Message]:  # noqa: ARG001 -- the shape of every check
    """Refuse a fence that is on without its voltage, and "all is well" beside a finding that says otherwise."""
    if answers.get("power") == "on" and "voltage" in answers and answers["voltage"] is None:
        return {"voltage": say(_("通電しているときは、電圧を測って入力してください。"))}
    if answers.get("result") != GOOD or not is_wanting(answers):
        return {}
    text = _(
        "通電なし、{volts}V未満、草の接触、ゆるみ、表示板なしのどれかがあるため、「良好」にはできません。"
        "原因が故障かどうかをえらんでください。"
    )
    return {"result": say(text, volts=LEAST_VOLTS)}


CHECK = Form(
    "loan_check",
    _("設置状況の点検"),
    "R6",
    (
        Page(
            "condition",
            _("設置と通電の状況"),
            (
                Choice(
                    "power",
                    _("通電"),
                    (Option("on", _("通電している")), Option("off", _("通電していない"))),
                ),
                Number(
                    "voltage",
                    _("電圧"),
                    unit="V",
                    least=0,
                    most=20_000,
                    required=False,
                    hint=_("6000V以上を保ちます。"),
                    example="7200",
                ),
                Choice(
                    "weeds",
                    _("草"),
                    (
                        Option("clear", _("ワイヤーにふれていない")),
                        Option("touching", _("ワイヤーにふれている")),
                    ),
                ),
                Choice(
                    "tension",
                    _("ケーブルの張り"),
                    (Option("tight", _("張っている")), Option("loose", _("ゆるんでいる"))),
                ),
                Choice(
                    "plate",
                    _("危険表示板"),
                    (Option("yes", _("付いている")), Option("no", _("付いていない"))),
                ),
                Choice(
                    "result",
                    _("結果"),
                    (
                        Option(GOOD, _("良好")),
                        Option(UPKEEP, _("故障ではない（使用者に伝える）")),
                        Option(FAULT, _("故障（交換する）")),
                    ),
                ),
                Choices("instructions", _("使用者に伝えること"), INSTRUCTIONS, when=Is("result", UPKEEP)),
                LongText(
                    "instruction_more",
                    _("伝えることの補足"),
                    when=Is("result", UPKEEP),
                    required=False,
                    longest=300,
                    hint=_("使用者に伝わります。個人情報は書かないでください。"),
                ),
                Text("fault", _("故障しているもの"), when=Is("result", FAULT), longest=200),
                LongText(
                    "check_note", _("備考（市への報告）"), required=False, longest=300, hint=NOT_PERSONAL
                ),
                Photo(
                    "check_photo",
                    _("設置状況の写真"),
                    question=_("設置状況の写真を送ってください。"),
                    hint=_("人の顔や車のナンバー、表札が写らないようにしてください。"),
                ),
            ),
        ),
    ),
    checks=(_agrees,),
    file=_("点検を報告"),
)
"""What is reported of each loan about every two weeks."""

SWAP = Form(
    "loan_swap",
    _("セットの交換"),
    "R6",
    (
        Page(
            "swap",
            _("交換"),
            (
                Choice(
                    "swapped",
                    _("交換したもの"),
                    (
                        Option("set", _("セット全部")),
                        Option("unit", _("パワーユニット")),
                        Option("part", _("その他の部品")),
                    ),
                ),
                Text("swapped_part", _("交換した部品"), when=Is("swapped", "part"), longest=200),
                Text("broken", _("故障の内容"), longest=200),
                Number(
                    "voltage_after",
                    _("交換後の電圧"),
                    unit="V",
                    least=LEAST_VOLTS,
                    most=20_000,
                    example="7200",
                ),
                LongText("swap_note", _("備考"), required=False, longest=300, hint=NOT_PERSONAL),
            ),
        ),
    ),
    file=_("交換を記録"),
)
"""What was exchanged; the fence works again when it is filed."""
