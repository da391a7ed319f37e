"""The visit's record with what the 設置確認書 says, and the one check about three weeks later (003-21…23).

The seed gives no fields for the 設置確認書.  They are what 別記 and the 要領 ask of a fence: polarity, earth,
voltage, plate, grass, where its power comes from (54…57), and what was explained.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dialogs.fields import Answers, Choice, Choices, Day, Given, Is, LongText, Number, Option, Photo
from dialogs.form import Form, Page
from dialogs.procedures.install_guidance.form import TOPICS
from dialogs.procedures.install_guidance.guidance import GOOD, NOT_YET, PUT_RIGHT
from dialogs.words import Message, _, say
from dialogs.world import World

LEAST_VOLTS = 6_000
"""別記 6(1): the voltage is kept at 6000 V or more (003-57)."""

MUST_EXPLAIN = frozenset({"setting", "use", "upkeep", "danger"})
"""What is explained at every visit; taking down is explained where somebody asks (003-21)."""

NOT_PERSONAL = _("個人情報は書かないでください。")
TOLD_TO_THEM = _("相手に伝わります。個人情報は書かないでください。")

PEOPLE = (
    Option("holder", _("補助金を受けた本人")),
    Option("household", _("同じ世帯の方")),
)

MEANS = (
    Option("phone", _("電話")),
    Option("there", _("その場で口頭")),
    Option("letter", _("手紙")),
    Option("talk", _("このトーク（LINE）")),
)
"""By what means a result is told (要領第5(7): by telephone or otherwise)."""

MEASURES = (
    Option("weeds", _("ワイヤーにふれている草を刈ってください。")),
    Option("tension", _("ワイヤーの張りを直してください。")),
    Option("battery", _("電池を交換するか、充電してください。")),
    Option("earth", _("アース棒を、できるだけ深く埋めてください。")),
    Option("plate", _("危険表示板を、外から見えるところに付けてください。")),
    Option("other", _("その他")),
)
"""What somebody is asked to put right (003-22)."""

_YES_NO = (Option("yes", _("はい")), Option("no", _("いいえ")))


def today(given: Given) -> date:
    """Return the last day of what has happened already."""
    return given.world.today


def is_wanting(answers: Answers) -> bool:
    """Return whether something of the fence is not as 別記 asks for."""
    volts = answers.get("voltage")
    wrong = {"polarity": "wrong", "earth": "shallow", "plate": "no", "weeds": "touching", "tension": "loose",
             "power": "off", "source": "outlet"}  # fmt: skip
    return (volts is not None and volts < LEAST_VOLTS) or any(
        answers.get(k) == bad for k, bad in wrong.items()
    )


def _explained(answers: Answers, world: World) -> Mapping[str, Message]:  # noqa: ARG001 -- the shape of every check
    """Refuse a visit that left out what is to be explained to everybody."""
    explained = answers.get("explained")
    if not isinstance(explained, list) or {*explained} >= MUST_EXPLAIN:
        return {}
    return {"explained": say(_("設置方法、使用方法、維持管理の方法、危険防止は、必ず説明してください。"))}


def _confirmed(answers: Answers, world: World) -> Mapping[str, Message]:  # noqa: ARG001
    """Refuse to confirm a fence that is not as it should be."""
    if answers.get("confirmed") != "yes" or not is_wanting(answers):
        return {}
    text = _(
        "{volts}V未満、極性、アース、電源、草、張り、危険表示板のどれかに直すところがあるため、確認書は交付できません。"
        "直してから測り直すか、「いいえ」をえらんで、直すところを伝えてください。"
    )
    return {"confirmed": say(text, volts=LEAST_VOLTS)}


def _agrees(answers: Answers, world: World) -> Mapping[str, Message]:  # noqa: ARG001
    """Refuse "all is well" beside a finding that says otherwise."""
    if answers.get("result") != GOOD or not is_wanting(answers):
        return {}
    return {
        "result": say(
            _("直すところがあるため、「良好」にはできません。「直すところがある」をえらんでください。")
        )
    }


_POWER = Choice("power", _("通電"), (Option("on", _("通電している")), Option("off", _("通電していない"))))
_VOLTS = Number(
    "voltage",
    _("電圧"),
    unit="V",
    least=0,
    most=20_000,
    when=Is("power", "on"),
    hint=_("6000V以上を保ちます。"),
    example="7200",
)
_WEEDS = Choice(
    "weeds",
    _("草"),
    (Option("clear", _("ワイヤーにふれていない")), Option("touching", _("ワイヤーにふれている"))),
)
_TENSION = Choice(
    "tension",
    _("ワイヤーの張り"),
    (Option("tight", _("張っている")), Option("loose", _("ゆるんでいる"))),
)
_PLATE = Choice(
    "plate",
    _("危険表示板"),
    (Option("yes", _("付いている")), Option("no", _("付いていない"))),
)
_POLARITY = Choice(
    "polarity",
    _("極性（赤はワイヤー、緑はアース棒）"),
    (Option("right", _("正しい")), Option("wrong", _("正しくない"))),
)
_EARTH = Choice(
    "earth",
    _("アース棒"),
    (Option("deep", _("深く埋めてある")), Option("shallow", _("浅い、または抜けている"))),
)
_SOURCE = Choice(
    "source",
    _("電源"),
    (
        Option("battery", _("電池・バッテリー")),
        Option("solar", _("ソーラー")),
        Option("unit", _("専用の電源装置")),
        Option("outlet", _("家庭用コンセントから直接（危険）"), short=_("コンセント直接（危険）")),
    ),
)
_LATER = (_POWER, _VOLTS, _EARTH, _WEEDS, _TENSION, _PLATE)
"""What is looked at about three weeks later."""

_AT_THE_VISIT = (_SOURCE, _POLARITY, *_LATER)
"""What is looked at at the visit: its polarity and source do not change by themselves."""

VISIT = Form(
    "guidance_visit",
    _("設置指導の記録"),
    "R6",
    (
        Page(
            "guidance",
            _("指導"),
            (
                Day("visited_on", _("実施日"), most=today, example=_("6月15日")),
                Choice("present", _("立ち会った人"), PEOPLE),
                Choices("explained", _("説明したこと"), TOPICS),
                LongText(
                    "questions",
                    _("質問と回答"),
                    required=False,
                    longest=500,
                    hint=NOT_PERSONAL,
                ),
            ),
        ),
        Page(
            "fence",
            _("電気柵の確認"),
            (
                Number("tiers", _("ワイヤーの段数"), unit=_("段"), least=1, most=10, example="4"),
                Number("lowest", _("最下段の高さ"), unit="cm", least=1, most=100, example="20"),
                *_AT_THE_VISIT,
                Choice(
                    "confirmed",
                    _("適切に設置されたことを確認した"),
                    _YES_NO,
                    hint=_("「はい」のとき、設置確認書を交付します。"),
                ),
                LongText(
                    "remaining",
                    _("直していただくこと"),
                    when=Is("confirmed", "no"),
                    longest=300,
                    hint=TOLD_TO_THEM,
                ),
                Photo(
                    "photo",
                    _("設置状況の写真"),
                    hint=_("人の顔や車のナンバー、表札が写らないようにしてください。"),
                ),
                LongText("report", _("備考（市への報告）"), required=False, longest=300, hint=NOT_PERSONAL),
            ),
        ),
    ),
    checks=(_explained, _confirmed),
    file=_("記録する"),
)
"""What is reported of a visit, and what the 設置確認書 says."""

RECHECK = Form(
    "guidance_recheck",
    _("3週間後の点検"),
    "R6",
    (
        Page(
            "recheck",
            _("点検"),
            (
                Day("checked_on", _("点検日"), most=today, example=_("7月6日")),
                *_LATER,
                Choice(
                    "result",
                    _("結果"),
                    (Option(GOOD, _("良好")), Option(PUT_RIGHT, _("直すところがある"))),
                ),
                Choices("measures", _("直していただくこと"), MEASURES, when=Is("result", PUT_RIGHT)),
                LongText(
                    "measure_more",
                    _("直し方の補足"),
                    when=Is("result", PUT_RIGHT),
                    required=False,
                    longest=300,
                    hint=TOLD_TO_THEM,
                ),
                Photo(
                    "recheck_photo",
                    _("設置状況の写真"),
                    hint=_("人の顔や車のナンバー、表札が写らないようにしてください。"),
                ),
                LongText(
                    "recheck_report", _("備考（市への報告）"), required=False, longest=300, hint=NOT_PERSONAL
                ),
            ),
        ),
        Page(
            "telling",
            _("結果の報告"),
            (
                Choice(
                    "told_by",
                    _("結果の伝え方"),
                    (*MEANS, Option(NOT_YET, _("まだ伝えていない"))),
                    hint=_("伝えるまで、この件は終わりません。"),
                ),
                Choice("told_to", _("伝えた相手"), PEOPLE, when=Is("told_by", *(each.key for each in MEANS))),
                Day(
                    "told_on",
                    _("伝えた日"),
                    most=today,
                    when=Is("told_by", *(each.key for each in MEANS)),
                    example=_("7月6日"),
                ),
            ),
        ),
    ),
    checks=(_agrees,),
    file=_("点検を報告"),
)
"""What is found about three weeks after the visit, once, and how the result was told (003-22)."""

TELLING = (
    Choice("later_told_by", _("結果の伝え方"), MEANS),
    Choice("later_told_to", _("伝えた相手"), PEOPLE),
    Day("later_told_on", _("伝えた日"), most=today, example=_("7月6日")),
)
"""What is asked beside the button that says a result was told after all: by what means, to whom, when."""
