"""Whatever anybody sends, in whatever order: the desk answers, loses nothing and gives nothing away.

``MADOGUCHI_STEPS`` (say 60) searches longer, and differently at each run.  The whole desk, with its database, its
sending and its faults, is walked through by tests/machine.
"""

import json
import os
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dialogs.conversation import Conversation
from dialogs.effects import File
from dialogs.events import Event, Introduced, Left, SentOther, SentPhoto, SentPlace, Tapped, Typed, Unsent
from dialogs.form import Form, Page, answered
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.replies import Ask, Receipt, Review
from dialogs.sources import given_by
from dialogs.standing import Register
from tests.machine.editions import later
from tests.nasty import NASTY
from tests.support.talks import Visitor, world

STEPS = int(os.environ.get("MADOGUCHI_STEPS", "0"))

SECRETS = ("花子", "ハナコ", "011-555", "011555", "hanako", "9丁目", "お隣")
PAGE: Mapping[str, Mapping[str, str]] = {
    "organisation": {"": "花子の見本会"},
    "name": {"": "札幌 花子（見本）"},
    "kana": {"": "サッポロ ハナコ"},
    "address": {"postcode": "061-2285", "area": "北海道札幌市南区藤野五条", "rest": "9丁目8-7"},
    "phone": {"": "011-555-2879"},
    "email": {"": "hanako@example.jp"},
    "site": {"same": "yes"},
    "note": {"": "お隣にも知らせました"},
}
BROKEN: Mapping[str, Mapping[str, str]] = {
    "name": {"": ""},
    "kana": {"": "花子"},
    "phone": {"": "花子の電話"},
    "address": {"postcode": "000-0000", "area": "", "rest": "9丁目8-7"},
}
WORDS = """
    1 2 3 はい いいえ 40 1と2 全部 なし 個人 法人 6月15日から8月31日 6/20 8/31 2週間 あした 足あと 急いでいない
    申請する 戻る このまま 中止 中止する 続ける メニュー ヘルプ ？ 言語 English 日本語 やさしい日本語 申請状況
    電気柵の貸出 R9-0001 設置場所の周囲長 直す 取り下げる 確認しました submit 申請
""".split()
PERSONAL = (
    "電話は011-555-2879です",
    "札幌市南区藤野五条9丁目8-7の裏",
    "hanako@example.jp まで",
    "9丁目8-7の畑",
)

STRAIGHT = [
    *(
        "メニュー",
        "1",
        "法人",
        "40",
        "1",
        "6月15日から8月31日",
        "1と3",
        "足あとがあったため",
        "2",
        "なし",
        "見本公園",
    ),
    *("はい", "はい", "はい", "はい", "(page)", "申請する", "申請状況", "1", "1"),
]
"""The straight way to the receipt, and on to a correction."""


def _edition(change: Callable[[tuple[Page, ...]], tuple[Page, ...]]) -> Register:
    form = FENCE_LOAN.forms[0]
    return Register((replace(FENCE_LOAN, forms=(replace(form, edition="R7", pages=change(form.pages)),)),))


EDITIONS = (Register((FENCE_LOAN,)), _edition(later))


class AnyTalk(RuleBasedStateMachine):
    """One person who does anything at all."""

    def __init__(self) -> None:
        super().__init__()
        self.visitor = Visitor(world())
        self.heard: list[Callable[[Visitor], object]] = []
        self.messages = 0
        self.filed: list[str] = []

    @initialize(far=st.integers(0, len(STRAIGHT)))
    def has_come_some_way(self, far: int) -> None:
        for word in STRAIGHT[:far]:
            if word == "(page)":
                self.fills_the_page(PAGE)
            else:
                self.types_something_sensible(word)

    # --- what may be sent

    @rule(text=st.sampled_from(WORDS))
    def types_something_sensible(self, text: str) -> None:
        self._hear(Typed(text, self._message()))

    @rule(text=st.sampled_from(PERSONAL))
    def types_something_personal(self, text: str) -> None:
        self._hear(Typed(text, self._message()))

    @rule(text=st.one_of(st.sampled_from(NASTY).map(lambda text: text[:3000]), st.text(max_size=40)))
    def types_anything(self, text: str) -> None:
        self._hear(Typed(text, self._message()))

    @precondition(lambda self: self.visitor.offered)
    @rule(which=st.integers(0, 30), day=st.dates(), recent=st.booleans())
    def taps(self, which: int, day: Any, *, recent: bool) -> None:
        batches = self.visitor.offered[-1:] if recent else self.visitor.offered
        buttons = [button for batch in reversed(batches) for button in batch]
        if buttons:
            action = buttons[which % len(buttons)].action
            picked = replace(action, value=day.isoformat()) if action.part in {"from", "to"} else action
            self._hear(Tapped(picked))

    @precondition(lambda self: self.visitor.offered)
    @rule(day=st.integers(0, 160))
    def picks_a_day(self, day: int) -> None:
        calendars = [button.action for button in self.visitor.offered[-1] if button.label == "(calendar)"]
        for action in calendars:
            picked = self.visitor.world.today + timedelta(days=day)
            self._hear(Tapped(replace(action, value=picked.isoformat())))

    @rule()
    def sends_a_photo(self) -> None:
        message = self._message()
        self._hear(SentPhoto(f"photo-{message}", message))

    @rule(name=st.sampled_from(["", "見本公園", "札幌市南区藤野五条9丁目8-7"]), north=st.floats(-90, 90))
    def sends_a_place(self, name: str, north: float) -> None:
        self._hear(SentPlace(north, 141.3, name, self._message()))

    @rule(kind=st.sampled_from(["sticker", "audio", "stale"]))
    def sends_what_is_no_answer(self, kind: str) -> None:
        self._hear(SentOther(kind, self._message()))

    @rule(back=st.integers(0, 8))
    def takes_a_message_back(self, back: int) -> None:
        self._hear(Unsent(f"m{self.messages - back}"))

    @rule()
    def blocks_the_desk(self) -> None:
        self._hear(Left())

    @rule(locale=st.sampled_from(["ja", "ja@easy", "en"]))
    def has_a_profile(self, locale: str) -> None:
        self._hear(Introduced(locale, greet=False))

    @precondition(lambda self: self.visitor.standing.current)
    @rule(fields=st.sampled_from([PAGE, BROKEN, {**PAGE, "site": BROKEN["address"]}, {}]))
    def fills_the_page(self, fields: Mapping[str, Mapping[str, str]]) -> None:
        before = self._talks()
        self._do(lambda visitor: visitor.fill(fields))
        self._nothing_lost(before, None)

    # --- what happens outside

    @rule(days=st.integers(1, 30))
    def days_pass(self, days: int) -> None:
        later = self.visitor.world.today + timedelta(days=days)
        self._do(lambda visitor: setattr(visitor, "world", replace(visitor.world, today=later)))

    @rule(edition=st.sampled_from([0, 1]))
    def the_form_changes(self, edition: int) -> None:
        self._do(lambda visitor: setattr(visitor, "register", EDITIONS[edition]))

    @precondition(lambda self: self.visitor.cases)
    @rule()
    def staff_take_a_case_up(self) -> None:
        reference = next(iter(self.visitor.cases))
        self._do(lambda visitor: visitor.staff("taken_up", reference))

    # --- what always holds

    @invariant()
    def what_is_asked_is_the_first_that_is_missing(self) -> None:
        talk, form = self.visitor.standing.talk, self._form()
        if talk is None or not self.visitor.said or not self.visitor.said[-1][1]:
            return
        last = self.visitor.said[-1][1][-1]
        if isinstance(last, Ask) and last.conversation == talk.id and last.form == form:
            missing = [each.key for each in form.missing(talk.answers)]
            assert last.field.key == talk.asked
            assert last.field.key in (missing if last.refused else missing[:1])
        if isinstance(last, Review) and last.form == form:
            assert form.missing(talk.answers) == []

    @invariant()
    def a_talk_can_be_written_down_and_holds_nothing_personal(self) -> None:
        for talk in self.visitor.standing.conversations:
            written = json.dumps(asdict(talk), ensure_ascii=False)
            assert Conversation(**json.loads(written)) == talk
            assert [secret for secret in SECRETS if secret in written] == []

    def teardown(self) -> None:
        again = Visitor(world())
        for step in self.heard:
            step(again)
        assert again.standing == self.visitor.standing
        assert again.said == self.visitor.said
        assert again.effects == self.visitor.effects

    # --- how it is done

    def _message(self) -> str:
        self.messages += 1
        return f"m{self.messages}"

    def _form(self) -> Form:
        return self.visitor.form("fence_loan")

    def _talks(self) -> dict[str, Conversation]:
        return {talk.id: deepcopy(talk) for talk in self.visitor.standing.conversations}

    def _hear(self, event: Event) -> None:
        before, said = self._talks(), len(self.visitor.said)
        quiet = isinstance(event, Unsent | Left | Introduced)
        self._do(lambda visitor: visitor.hear(event))
        assert quiet or self.visitor.said[said][1], "everything else is answered"
        self._nothing_lost(before, event)

    def _do(self, step: Callable[[Visitor], object]) -> None:
        self.heard.append(step)
        effects = len(self.visitor.effects)
        drawn = step(self.visitor)
        told = "\n".join(drawn) if isinstance(drawn, list) else ""
        assert [secret for secret in SECRETS if secret in told] == []
        new = [each for each in self.visitor.effects[effects:] if isinstance(each, File)]
        self.filed += [each.conversation.id for each in new]
        assert len(new) <= 1
        assert len(self.filed) == len(set(self.filed)), "nothing is filed twice"
        if new:
            assert isinstance(self.visitor.said[-1][1][0], Receipt)

    def _nothing_lost(self, before: Mapping[str, Conversation], event: Event | None) -> None:
        after = self._talks()
        for talk in before.values():
            if talk.id in after:
                lost = self._lost(talk, after[talk.id], event)
                assert lost == [], f"lost by {event}"

    def _lost(self, before: Conversation, after: Conversation, event: Event | None) -> list[str]:
        form = self._form()
        had = {**form.renamed(before.aside), **form.renamed(before.answers)}
        has = {*form.renamed(after.answers), *form.renamed(after.aside)}
        gone = {key: value for key, value in had.items() if key not in has}
        return [
            key for key, value in gone.items() if not self._may_go(form, key, value, before, after, event)
        ]

    def _may_go(
        self, form: Form, key: str, value: Any, before: Conversation, after: Conversation, event: Event | None
    ) -> bool:
        field = form.field(key)
        if field is None or value is None or not answered(field, {key: value}):
            return True
        if isinstance(event, Unsent):
            return key in form.renamed(dict.fromkeys(given_by(before, event.message)))
        on = field.when.keys if field.when else ()
        if any(before.answers.get(each) != after.answers.get(each) for each in on):
            return True
        if key == "period":
            return bool(value["from"] < self.visitor.world.today.isoformat() or value["to"] > "2027-10")
        return not field.personal and form.edition == "R7" and key == "applicant_type"


AnyTalk.TestCase.settings = settings(
    max_examples=100 if STEPS else 25,
    stateful_step_count=STEPS or 20,
    derandomize=not STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestAnyTalk = AnyTalk.TestCase


@pytest.mark.parametrize("far", range(len(STRAIGHT) + 1))
def test_nothing_personal_is_kept_or_repeated_wherever_it_is_typed(far: int) -> None:
    talk = AnyTalk()
    talk.has_come_some_way(far)

    for text in PERSONAL:
        talk.types_something_personal(text)
        talk.a_talk_can_be_written_down_and_holds_nothing_personal()
