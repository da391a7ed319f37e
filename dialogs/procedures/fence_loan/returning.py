"""Giving a set back: booking the return, early or at the end, and taking it in part by part (003-19, 35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from dialogs.fields import Choice, Field, Given, Is, LongText, Option, Photo, Raw, Slot, Text, Value
from dialogs.fields.base import Control, Input, Invalid, only
from dialogs.fields.naming import Naming
from dialogs.fields.typed import LONGEST_TYPED
from dialogs.form import Form, Page
from dialogs.procedures.fence_loan.handing import NOT_PERSONAL
from dialogs.procedures.fence_loan.loan import Loan
from dialogs.procedures.fence_loan.parts import Counts, PartCounts, of_sets
from dialogs.procedures.fence_loan.places import Counter, pool
from dialogs.words import Words, _

DAY = timedelta(days=1)
GRACE = timedelta(days=7)
"""How long after its end a return can still be booked here: "promptly" (8条) is no day."""

AT_THE_END, EARLY = "end", "early"


@dataclass(frozen=True, kw_only=True)
class When(Field):
    """Whether it comes back at the end of the loan or before: ``{"how": "end"|"early", "last": iso}``.

    The value holds the last day that the person was shown.  Where that has moved meanwhile they are asked again:
    somebody whose extension was granted a moment ago does not mean the old end any more.
    """

    echoes_taps: ClassVar[bool] = True

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the ways, with the loan's last day."""
        return (Input("", Control.ONE_OF, self.label, options=_ways(given), required=self.required),)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the way that was tapped or named."""
        options, text = _ways(given), only(raw)
        if isinstance(raw, str):
            found = Naming(options, given.words).one(text) if len(text) <= LONGEST_TYPED else None
        else:
            found = next((each for each in options if each.key == text), None)
        if found is None:
            raise self._refusal(text, given)
        how, _colon, last = found.key.partition(":")
        return {"how": how, "last": last}

    def raw(self, value: Value) -> Raw:
        """Return the key of the way."""
        return {"": f"{value['how']}:{value['last']}"}

    def show(self, value: Value, words: Words) -> str:
        """Return the way with the last day."""
        text = _AT_THE_END if value["how"] == AT_THE_END else _EARLY
        return words.text(text, last=date.fromisoformat(value["last"]))

    def _refusal(self, text: str, given: Given) -> Invalid:
        how, _colon, last = text.partition(":")
        now = _last(given)
        if how in {AT_THE_END, EARLY} and last not in {"", now.isoformat()}:
            return Invalid(
                _("貸出期間が変わり、{last} までになりました。いつ返すか、もう一度えらんでください。"),
                last=now,
            )
        return Invalid(_("1から{count}までの番号を送ってください。例：1"), count=len(_ways(given)))


_AT_THE_END = _("期間の終わりに返す（{last} まで）")
_EARLY = _("早めに返す（貸出期間は {last} まで）")


def _ways(given: Given) -> tuple[Option, ...]:
    last = _last(given)
    options = [Option(f"{AT_THE_END}:{last.isoformat()}", _("期間の終わりに返す"))]
    if last - DAY > given.world.today:
        options.append(
            Option(f"{EARLY}:{last.isoformat()}", _("早めに返す（いらなくなった）"), short=_("早めに返す"))
        )
    return tuple(options)


def _last(given: Given) -> date:
    return Loan(given.world.case).last if given.world.case else given.world.today


def return_bounds(given: Given) -> tuple[date, date]:
    """Return the days on which the set may be brought back: from tomorrow, early or around the end of the loan."""
    soonest, last = given.world.today + DAY, _last(given)
    if (given.answers.get("how") or {}).get("how") == EARLY:
        return soonest, last - DAY
    return max(soonest, last - DAY), max(last, given.world.today) + GRACE


RETURN = Form(
    "loan_return",
    _("返却の予約"),
    "R6",
    (
        Page(
            "return",
            _("返却"),
            (
                When(
                    "how",
                    _("返却の時期"),
                    question=_("いつ返しますか。"),
                    help=_("いらなくなったときは、期間の途中でも返せます。"),
                ),
                Counter(
                    "place",
                    _("返す場所"),
                    question=_("どこで返しますか。"),
                ),
                Slot(
                    "slot",
                    _("返す日時"),
                    pool=pool,
                    bounds=return_bounds,
                    question=_("いつ返しに来ますか。"),
                    help=_(
                        "土曜・日曜・祝日も受け付けています。部品の数を確かめて、泥を落として持ってきてください。"
                    ),
                ),
            ),
        ),
    ),
    file=_("予約する"),
)
"""When and where the set comes back; filed again it moves the booking."""


def counted_in(given: Given) -> Counts:
    """Return how many of each part should come back: what was handed over, or the whole bill where nobody counted."""
    case = given.world.case
    if case is None:
        return of_sets(1, given.world.office.set_parts)
    loan = Loan(case)
    return loan.counted or of_sets(loan.sets, given.world.office.set_parts)


TAKEBACK = Form(
    "loan_takeback",
    _("電気柵の受け入れ"),
    "R6",
    (
        Page(
            "counted",
            _("部品"),
            (PartCounts("parts_in", _("戻った部品の数"), expected=counted_in),),
        ),
        Page(
            "state",
            _("状態"),
            (
                Choice(
                    "damage",
                    _("破損"),
                    (
                        Option("none", _("なし")),
                        Option("slight", _("あり（使用に支障なし、部品の補充で足りる）")),
                        Option("serious", _("重大（今後の使用が困難）")),
                    ),
                ),
                Text("damaged", _("破損したもの"), when=Is("damage", "slight", "serious"), longest=300),
                Choice(
                    "own_fault",
                    _("破損の原因"),
                    (
                        Option("no", _("通常の使用、またはわからない")),
                        Option("yes", _("借受者の責による重大な事由（10条3項）")),
                    ),
                    when=Is("damage", "serious"),
                ),
                Choice(
                    "works",
                    _("動作の確認"),
                    (Option("yes", _("動くことを確認した")), Option("no", _("動かない"))),
                ),
                Choice(
                    "cleaned",
                    _("清掃"),
                    (Option("yes", _("泥などを落とした")), Option("later", _("これから行う"))),
                ),
                LongText("takeback_note", _("備考"), required=False, longest=300, hint=NOT_PERSONAL),
                Photo(
                    "damage_photo",
                    _("破損の写真"),
                    when=Is("damage", "slight", "serious"),
                    required=False,
                ),
            ),
        ),
    ),
    file=_("受け入れを記録"),
)
"""What is written down when a set comes back."""
