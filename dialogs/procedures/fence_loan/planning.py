"""What the fence planner says: to the resident before and inside the application, to staff beside the perimeter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from dialogs.fields import Advice, Answers, Given, Number
from dialogs.form import Form, Page
from dialogs.parts import PartKind
from dialogs.planner import CORNERS, Need, Plan, plan
from dialogs.words import Message, _, say
from dialogs.world import World

MOST_CORNERS = 50
LONGEST_FENCE = 2000
"""Metres; nobody lends more to one garden."""

_GROWING = (PartKind.LONG_POLE, PartKind.SHORT_POLE, PartKind.CLIP, PartKind.WIRE)
"""What a longer fence needs more of; the rest is in every set."""

PERIMETER = Number(
    "perimeter",
    _("設置場所の周囲長"),
    unit="m",
    least=1,
    most=LONGEST_FENCE,
    suggest=(20, 30, 40, 60, 80, 100),
    question=_("電気柵で囲う家庭菜園の、まわりの長さは何メートルですか。"),
    help=_(
        "家庭菜園をぐるりと一周した長さです。たて10m、よこ10mの畑なら40mです。歩いて測った、だいたいの数で構いません。"
    ),
    example="40",
)
"""The question that the application asks too (003-50)."""

CALCULATOR = Form(
    "fence_planner",
    _("必要なセット数の計算"),
    "1",
    (
        Page(
            "garden",
            _("家庭菜園の形"),
            (
                PERIMETER,
                Number(
                    "corners",
                    _("角の数"),
                    unit=_("か所"),
                    least=0,
                    most=MOST_CORNERS,
                    suggest=(4, 5, 6, 8),
                    question=_("家庭菜園に、角はいくつありますか。"),
                    help=_(
                        "四角い畑なら4です。丸い畑のときは、曲がりに立てる長いポールの数を答えてください。"
                    ),
                    example="4",
                ),
                Number(
                    "gate",
                    _("出入口の幅"),
                    unit="m",
                    least=0.5,
                    most=5,
                    decimals=1,
                    suggest=(1, 1.2, 1.5, 2),
                    question=_("出入口の幅は何メートルにしますか。"),
                    help=_("ふつうは1.2mくらいです。人が荷物を持って通れる幅にします。"),
                    example="1.2",
                ),
            ),
        ),
    ),
)
"""How many sets a garden needs, before anybody applies: it is answered and kept nowhere."""


def suggested(given: Given) -> Advice | None:
    """Return how many sets the perimeter answered before takes, for the question how many are wanted."""
    found = _planned(given.answers, given.world)
    if found is None:
        return None
    text = _("まわりが{perimeter}mで角が{corners}つの畑なら、{sets}セットで足りる見込みです。")
    message = say(text, perimeter=given.answers["perimeter"], corners=CORNERS, sets=found.sets)
    return Advice(found.sets, message)


def reckoned(answers: Answers, world: World) -> Sequence[Message]:
    """Return what the calculator says to somebody who has answered it."""
    found = plan(
        world.office.set_parts, answers["perimeter"], answers["corners"], Decimal(str(answers["gate"]))
    )
    said = [say(_("必要なセット数の目安は{sets}セットです。"), sets=found.sets), needs(found)]
    if found.scarce:
        said.append(
            say(_("長くするときに、いちばん先に足りなくなるのは{part}です。"), part=say(found.scarce.name))
        )
    said.append(say(_("畑の形によって少し変わります。受け取るときに担当者が数を確かめます。")))
    return said


def beside_the_perimeter(answers: Answers, world: World) -> Mapping[str, tuple[Message, Message]]:
    """Return for the sheet of a case, by the question it stands behind, what the fence is reckoned to need."""
    found = _planned(answers, world)
    if found is None:
        return {}
    told = say(
        _("{sets}セット（角{corners}つで、{needs}）"), sets=found.sets, corners=CORNERS, needs=needs(found)
    )
    return {"perimeter": (say(_("必要なセット数の目安")), told)}


def too_few(answers: Answers, world: World) -> bool:
    """Return whether fewer sets are wanted than the perimeter takes."""
    found, wanted = _planned(answers, world), answers.get("sets")
    return found is not None and isinstance(wanted, int) and wanted < found.sets


def needs(found: Plan) -> Message:
    """Return what a fence needs of each part that a longer one needs more of."""
    told = [_need(each, found) for each in found.needs if each.part.kind in _GROWING]
    return _joined(told) if told else Message("")


def _planned(answers: Answers, world: World) -> Plan | None:
    perimeter = answers.get("perimeter")
    return plan(world.office.set_parts, perimeter) if isinstance(perimeter, int) else None


def _need(need: Need, found: Plan) -> Message:
    amount = f"{need.amount.normalize():f}"
    text = _("{part}{amount}{unit}")
    if need.part.kind is PartKind.SHORT_POLE and found.most_short_poles > need.amount:
        amount = f"{amount}〜{found.most_short_poles}"  # untranslated: a span of numbers, in every language
    return say(text, part=say(need.part.name), amount=amount, unit=say(need.part.unit))


def _joined(told: Sequence[Message]) -> Message:
    first, *others = told
    return say(_("{first}、{others}"), first=first, others=_joined(others)) if others else first
