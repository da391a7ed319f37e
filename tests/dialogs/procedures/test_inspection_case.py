"""What becomes of an inspection: signatures, a case for each finding, and the clock of a fault (002-03, 04, 11)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dialogs.asking import Stride
from dialogs.deeds import FILE, deeds
from dialogs.effects import File, Open, Sign
from dialogs.events import Action, Decided, Do, Filled, Tapped, Typed
from dialogs.fields import Answers
from dialogs.menu import hear
from dialogs.procedure import Filing, History, Role
from dialogs.procedures.incident import FORM_R5, INCIDENT
from dialogs.procedures.incident import flags as incident_flags
from dialogs.procedures.incident import glance as incident_glance
from dialogs.procedures.incident import notes as incident_notes
from dialogs.procedures.inspection import INSPECTION, SIGNOFF
from dialogs.procedures.inspection.rules import findings, flags, follow_ups, glance, notes
from dialogs.replies import AskCard, Deed, Receipt, Review, Said
from dialogs.signing import sign
from dialogs.standing import CaseView, Grant, Register, Standing, Turn
from tests.dialogs import worlds
from tests.dialogs.procedures.inspections import CENTER, FORM, HEADER, OFFICE, filled, read
from tests.dialogs.worlds import JAPANESE

CALENDAR = worlds.OFFICE.calendar
REGISTER = Register((INSPECTION, INCIDENT))
INSPECTOR = (Grant("*", Role.CONTRACTOR),)
MONDAY = date(2027, 6, 7)


def found(site: str = CENTER, **more: str) -> Answers:
    """Return an inspection with two findings, one of which is urgent."""
    answers = filled(site, pc3_noise_damage="finding", center_dot_print_test="finding")
    told = {
        "pc3_noise_damage_remark": "ファン異音",
        "pc3_noise_damage_severity": "minor",
        "center_dot_print_test_remark": "印字がかすれる",
        "center_dot_print_test_severity": "urgent",
        "pc3_noise_damage_photo": "",
        "center_dot_print_test_photo": "",
    }
    return read({key: {"": text} for key, text in (told | more).items()}, answers)


def filed(*steps: str, day: date = MONDAY) -> History:
    return tuple(Filing(step, day) for step in steps)


# --- the inspection


@pytest.mark.parametrize(
    ("history", "may"),
    [
        (filed(), ["inspection"]),
        (filed("inspection"), ["correction", "checked", "returned"]),
        (filed("inspection", "checked"), ["chief_signed", "returned"]),
        (filed("inspection", "checked", "chief_signed"), ["confirmed", "returned"]),
        (filed("inspection", "checked", "chief_signed", "confirmed"), []),
        (filed("inspection", "checked", "returned"), ["correction"]),
        (filed("inspection", "checked", "returned", "correction"), ["correction", "checked", "returned"]),
    ],
)
def test_an_inspection_is_signed_from_clerk_to_head_and_may_be_sent_back(
    history: History, may: list[str]
) -> None:
    assert [
        step.key for step in INSPECTION.steps if INSPECTION.may_file(step.key, worlds.matter(history))
    ] == may


def test_the_boxes_of_the_paper_are_held_by_those_it_names() -> None:
    assert [(level.who, level.role) for level in SIGNOFF.levels] == [
        ("係", Role.STAFF),
        ("係長", Role.CHIEF),
        ("所長", Role.MANAGER),
    ]
    assert INSPECTION.steps[0].role is Role.CONTRACTOR
    assert SIGNOFF.refused is None


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (("inspection",), "点検が報告されました。係が確認します。"),
        (("inspection", "checked"), "係が確認しました。係長の確認を待っています。"),
        (("inspection", "checked", "chief_signed"), "係長が確認しました。所長の確認を待っています。"),
        (("inspection", "checked", "chief_signed", "confirmed"), "所長まで確認が終わりました。"),
        (("inspection", "returned"), "差し戻されました。直して、もう一度提出してください。"),
        (("inspection", "returned", "correction"), "直したものが提出されました。係が確認します。"),
    ],
)
def test_how_an_inspection_stands_is_said_in_plain_words(steps: tuple[str, ...], state: str) -> None:
    assert INSPECTION.state(filed(*steps)).text == state


@pytest.mark.parametrize(
    ("steps", "waited"),
    [
        (("inspection",), ["checked"]),
        (("inspection", "checked"), ["chief_signed"]),
        (("inspection", "checked", "chief_signed"), ["confirmed"]),
        (("inspection", "checked", "chief_signed", "confirmed"), []),
        (("inspection", "returned"), []),
        (("inspection", "returned", "correction"), ["checked"]),
    ],
)
def test_a_sheet_stands_in_the_list_until_everybody_has_signed(
    steps: tuple[str, ...], waited: list[str]
) -> None:
    assert [due.step.key for due in INSPECTION.due(worlds.matter(filed(*steps)), CALENDAR)] == waited


def test_findings_are_flagged_and_counted_on_the_receipt() -> None:
    world = worlds.world()

    assert [row.key for row in findings(found())] == ["pc3_noise_damage", "center_dot_print_test"]
    assert [flag.key for flag in flags(found(), world, MONDAY)] == ["findings", "urgent"]
    minor = found(center_dot_print_test_severity="minor")
    assert [flag.key for flag in flags(minor, world, MONDAY)] == ["findings"]
    assert flags(filled(OFFICE), world, MONDAY) == ()
    assert [JAPANESE.say(note) for note in notes(found(), world)] == [
        "指摘は2件です。それぞれ、令和9年6月8日(火)中に復旧か応急処置をしてください。"
    ]
    assert [note.text for note in notes(filled(OFFICE), world)] == [
        "指摘はありません。係、係長、所長が順に確認します。"
    ]


def test_the_sheet_shows_every_row_that_is_not_normal_and_the_numbers() -> None:
    answers = found(pc1_input="not_applicable")
    shown = [key for key in glance(answers) if answers.get(key) is not None]

    assert shown == [
        *("site", "day", "kind", "firm"),
        *("pc1_input", "pc1_disk_c_free", "pc2_disk_c_free"),
        *("pc3_noise_damage", "pc3_noise_damage_remark", "pc3_noise_damage_severity", "pc3_disk_c_free"),
        "pc4_disk_c_free",
        *("center_dot_print_test", "center_dot_print_test_remark", "center_dot_print_test_severity"),
    ]
    assert {*glance(answers)} <= {each.key for each in FORM.fields}


def test_the_sheet_of_a_fault_shows_all_of_it() -> None:
    assert [*incident_glance({})] == [each.key for each in FORM_R5.fields]


def test_each_finding_opens_a_case_of_its_own() -> None:
    first, second = follow_ups(found(), {})

    assert first == Open(
        "incident",
        {
            "site": CENTER,
            "what": "PC3 MA7900883 ハードウェア 異音・外部の破損などはないか",
            "symptom": "ファン異音",
            "since": "2027-06-07",
            "urgency": "minor",
            "origin": "inspection",
        },
        refers="inspection",
    )
    assert (second.answers["what"], second.answers["urgency"]) == (
        "周辺機器 ドットプリンタ 印字テスト：正常に出力されているか",
        "urgent",
    )


def test_the_case_of_a_finding_is_a_whole_form_of_its_own_procedure() -> None:
    for opened in follow_ups(found(), {}):
        answers = {**opened.answers, opened.refers: "M9-0001"}

        assert opened.procedure == INCIDENT.key
        assert FORM_R5.missing(answers) == []
        assert FORM_R5.reread(answers, worlds.world()) == (answers, {})


def test_a_finding_that_stood_before_a_correction_has_its_case_already() -> None:
    before, after = found(), found(server_raid="finding")
    another = read({"pc1_display": {"": "finding"}}, after)

    assert follow_ups(after, before) == ()
    assert [each.answers["what"].split()[0] for each in follow_ups(another, before)] == ["PC1"]
    assert follow_ups(filled(OFFICE), before) == ()


# --- the whole way in Teams' stride


class Inspector:
    """A sample inspector at the desk, asked a whole form at once."""

    def __init__(self) -> None:
        self.world = worlds.world()
        self.standing = Standing("ja", fresh="t1", grants=INSPECTOR, name="見本 一郎")
        self.turn = Turn(self.standing)

    def does(self, event: Any) -> Turn:
        self.turn = hear(REGISTER, self.standing, event, self.world, Stride.FORM)
        self.standing = self.turn.standing
        return self.turn

    def card(self) -> AskCard:
        [card] = [each for each in self.turn.replies if isinstance(each, AskCard)]
        return card

    def fills(self, raws: Mapping[str, Any]) -> Turn:
        return self.does(Filled(raws, "t1"))


def test_an_inspection_typed_as_a_sentence_is_shown_before_it_is_filed_and_opens_its_cases() -> None:
    one = Inspector()
    one.does(Tapped(Action(Do.START, key="inspection")))
    assert [each.key for each in one.card().fields][:4] == ["site", "day", "kind", "firm"]

    one.fills({"site": {"": CENTER}, **HEADER, "notes": {"": ""}})
    assert len(one.card().fields) == 34
    one.does(Typed("全部正常、PC1 80GB、PC2 75GB、PC3 90GB、PC4 64GB、PC3 ファン異音、UPS 12分"))
    said = [JAPANESE.say(each.message) for each in one.turn.replies if isinstance(each, Said)]
    assert any("「UPS 12分」は、この履行場所の点検項目にありません。" in text for text in said)
    assert [each.key for each in one.card().fields] == ["pc3_noise_damage_severity"]
    one.fills({"pc3_noise_damage_severity": {"": "needs_work"}})
    one.does(Tapped(Action(Do.SKIP, "t1", "pc3_noise_damage_photo")))

    [review] = [each for each in one.turn.replies if isinstance(each, Review)]
    shown = [row.label.text for row in review.rows]
    assert len([label for label in shown if any(each.label == label for each in FORM.fields)]) == len(shown)
    assert len(shown) == 5 + 30 + 4 + 3 + 1
    one.does(Tapped(Action(Do.CONFIRM, "t1")))
    assert any(isinstance(each, Receipt) for each in one.turn.replies)
    first, *opened = one.turn.effects
    assert isinstance(first, File)
    assert (first.procedure, first.step, first.edition) == ("inspection", "inspection", "R5")
    assert [each.answers["symptom"] for each in opened if isinstance(each, Open)] == ["ファン異音"]
    assert len(opened) == 1


# --- the fault


def incident(*history: Filing) -> CaseView:
    answers = {
        "site": OFFICE,
        "what": "サーバー",
        "symptom": "電源が入らない",
        "since": "2027-06-07",
        "urgency": "urgent",
        "origin": "call",
    }
    return CaseView("F9-0001", "incident", "R5", MONDAY, history, answers, newest=1)


REPORTED = Filing("report", MONDAY)


@pytest.mark.parametrize(
    ("called", "by"),
    [
        (date(2027, 6, 7), date(2027, 6, 8)),  # Monday
        (date(2027, 6, 11), date(2027, 6, 14)),  # Friday
        (date(2027, 6, 12), date(2027, 6, 14)),  # Saturday
        (date(2027, 6, 13), date(2027, 6, 14)),  # Sunday
        (date(2027, 4, 28), date(2027, 4, 30)),  # before 昭和の日
        (date(2027, 4, 30), date(2027, 5, 6)),  # before Golden Week
        (date(2027, 9, 17), date(2027, 9, 21)),  # Friday before 敬老の日
        (date(2027, 12, 28), date(2028, 1, 4)),  # the last day of the year that the office works
        (date(2027, 12, 31), date(2028, 1, 4)),
    ],
)
def test_the_clock_of_a_fault_ends_with_the_next_business_day(called: date, by: date) -> None:
    [due] = INCIDENT.due(worlds.matter([Filing("report", called)]), CALENDAR)

    assert (due.step.key, due.by) == ("repaired", by)


@pytest.mark.parametrize(
    ("steps", "may", "waited", "state"),
    [
        (
            ("report",),
            ["repaired", "stopgap"],
            ["repaired"],
            "連絡を受けました。翌営業日中に、回復か応急処置をします。",
        ),
        (("report", "repaired"), [], [], "復旧しました。"),
        (("report", "stopgap"), ["repaired_later"], [], "応急処置をしました。復旧の作業が残っています。"),
        (("report", "stopgap", "repaired_later"), [], [], "応急処置のあと、復旧しました。"),
    ],
)
def test_a_repair_and_a_stopgap_are_two_outcomes_and_either_stops_the_clock(
    steps: tuple[str, ...], may: list[str], waited: list[str], state: str
) -> None:
    history = filed(*steps)

    assert [step.key for step in INCIDENT.steps if INCIDENT.may_file(step.key, worlds.matter(history))] == may
    assert [due.step.key for due in INCIDENT.due(worlds.matter(history), CALENDAR)] == waited
    assert INCIDENT.state(history).text == state


@pytest.mark.parametrize(
    ("role", "may"), [(Role.STAFF, True), (Role.CONTRACTOR, True), (Role.RESIDENT, False)]
)
def test_a_fault_is_reported_by_the_city_or_the_contractor(role: Role, may: bool) -> None:
    assert Standing("ja", grants=(Grant("incident", role),)).may_begin(INCIDENT) is may


@pytest.mark.parametrize(("origin", "asked"), [("call", False), ("noticed", False), ("inspection", True)])
def test_the_number_of_an_inspection_is_asked_only_where_one_found_it(origin: str, asked: bool) -> None:
    answers, _ = FORM_R5.read({"origin": {"": origin}}, {}, worlds.world())

    assert ("inspection" in [each.key for each in FORM_R5.missing(answers)]) is asked


def test_whoever_reports_is_told_until_when_and_an_urgent_one_is_flagged() -> None:
    world = worlds.world(date(2027, 6, 11))

    assert [JAPANESE.say(note) for note in incident_notes({}, world)] == [
        "令和9年6月14日(月)中に、正常稼働の回復か応急処置をしてください。"
    ]
    assert [flag.key for flag in incident_flags({"urgency": "urgent"}, world, MONDAY)] == ["urgent"]
    assert incident_flags({"urgency": "minor"}, world, MONDAY) == ()


def buttons(case: CaseView) -> Mapping[str, Deed]:
    return {deed.step: deed for deed in deeds(INCIDENT, case, worlds.world())}


def pressed(step: str, fields: Mapping[str, Any], case: CaseView, *grants: Grant) -> Turn:
    standing = Standing("ja", grants=grants or INSPECTOR, name="見本 一郎")
    return sign(INCIDENT, case, standing, Decided(case.reference, step, FILE, 1, fields), worlds.world())


def test_the_sheet_of_a_fault_asks_what_was_done_and_when_and_of_a_stopgap_what_remains() -> None:
    found = buttons(incident(REPORTED))

    assert {step: [ask.key for ask in deed.asks] for step, deed in found.items()} == {
        "repaired": ["repaired_work", "repaired_day"],
        "stopgap": ["stopgap_work", "stopgap_day", "stopgap_remains"],
    }
    assert [*buttons(incident(REPORTED, Filing("stopgap", MONDAY)))] == ["repaired_later"]
    keys = [ask.key for step in INCIDENT.steps for ask in step.asks]
    assert len(keys) == len(set(keys))


def test_what_was_done_is_filed_with_the_step() -> None:
    fields = {
        "stopgap_work": {"": "予備機に交換"},
        "stopgap_day": {"": "2027-06-07"},
        "stopgap_remains": {"": "電源の修理"},
    }

    [effect] = pressed("stopgap", fields, incident(REPORTED)).effects

    assert isinstance(effect, Sign)
    assert (effect.step, effect.outcome) == ("stopgap", FILE)
    assert effect.answers == {
        "outcome": FILE,
        "seen": 1,
        "stopgap_work": "予備機に交換",
        "stopgap_day": "2027-06-07",
        "stopgap_remains": "電源の修理",
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"stopgap_work": {"": "交換"}, "stopgap_day": {"": "2027-06-07"}},
            "残っている作業を入力してください。",
        ),
        ({}, "行った応急処置を入力してください。"),
        (
            {
                "stopgap_work": {"": "交換"},
                "stopgap_day": {"": "2027-06-08"},
                "stopgap_remains": {"": "修理"},
            },
            "令和9年6月7日(月) か、その前の日をえらんでください。",
        ),
    ],
)
def test_what_is_missing_beside_the_button_is_said_and_nothing_filed(
    fields: Mapping[str, Any], said: str
) -> None:
    turn = pressed("stopgap", fields, incident(REPORTED))

    [reply] = turn.replies
    assert isinstance(reply, Said)
    assert turn.effects == ()
    assert JAPANESE.say(reply.message) == said


def test_a_repair_is_not_filed_by_somebody_who_may_not_or_twice() -> None:
    fields = {"repaired_work": {"": "交換"}, "repaired_day": {"": "2027-06-07"}}
    done = incident(REPORTED, Filing("repaired", MONDAY))

    assert pressed("repaired", fields, incident(REPORTED)).effects
    assert pressed("repaired", fields, incident(REPORTED), Grant("incident", Role.STAFF)).effects
    assert pressed("repaired", fields, incident(REPORTED), Grant("incident", Role.CHIEF)).effects == ()
    assert pressed("repaired", fields, done).effects == ()
    assert pressed("repaired", fields, replace(incident(REPORTED), newest=2)).effects == ()
