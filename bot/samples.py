"""Applications of nobody: what the demo's console shows before anybody has applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.clock import at_hour, day_of
from bot.sealing import marked, plain_personal
from bot.service import Service
from dialogs.fields.base import Answers, Given, Raw
from dialogs.form import Form
from dialogs.procedure import Procedure
from storage import cases, submissions, turns
from storage import engine as database

CHANNEL = "sample"
"""No gateway sends on it, so nothing is ever said to a sample."""

PROCEDURE = "fence_loan"
MINUTE = 60 * 1000

_TELEPHONE = "011-211-2879"  # the section's own, printed on its papers: nobody else is called by mistake


@dataclass(frozen=True)
class Sample:
    """One application: filed *ago* days before the demo begins, at *hour*, to begin *begins* days after it.

    *corrected* are the answers that are corrected an hour later; *withdrawn* takes it back after two.
    """

    ago: int
    hour: int
    begins: int
    days: int
    answers: Mapping[str, Raw]
    applicant: Mapping[str, Raw]
    locale: str = "ja"
    corrected: Mapping[str, Raw] = field(default_factory=dict)
    withdrawn: bool = False


_PROMISES: Mapping[str, Raw] = {key: {"": "yes"} for key in ("upkeep", "return", "consider")}


def _address(postcode: str, rest: str) -> Mapping[str, str]:
    return {"postcode": postcode, "area": "", "rest": rest}


SAMPLES: Sequence[Sample] = (  # untranslated: what sample residents wrote
    Sample(
        12,
        10,
        16,
        60,
        {
            "applicant_type": {"": "person"},
            "perimeter": {"": "40"},
            "sets": {"": "1"},
            "reason": {"": ["damaged"]},
            "damage": {"": "damaged"},
            "trace_place": {"name": "見本公園の東側"},
            "emergency": {"": "no"},
        },
        {
            "name": {"": "見本 一郎"},
            "kana": {"": "ミホン イチロウ"},
            "address": _address("061-2285", "1丁目1-1"),
            "phone": {"": _TELEPHONE},
            "site": {"same": "yes"},
        },
    ),
    Sample(
        9,
        14,
        14,
        75,
        {
            "applicant_type": {"": "person"},
            "perimeter": {"": "25"},
            "sets": {"": "1"},
            "reason": {"": ["at_risk"]},
            "damage": {"": "nearby"},
            "emergency": {"": "no"},
        },
        {
            "name": {"": "札幌 花子（見本）"},
            "kana": {"": "サッポロ ハナコ"},
            "address": _address("064-0945", "見本1-2"),
            "phone": {"": _TELEPHONE},
            "site": {"same": "yes"},
            "note": {"": "畑は家の裏にあります。"},
        },
        withdrawn=True,
    ),
    Sample(
        5,
        11,
        20,
        90,
        {
            "applicant_type": {"": "association"},
            "perimeter": {"": "180"},
            "sets": {"": "2"},
            "reason": {"": ["at_risk", "other"]},
            "reason_other": {"": "町内会の共同菜園を守るため"},
            "damage": {"": "trace"},
            "emergency": {"": "no"},
        },
        {
            "organisation": {"": "見本町内会"},
            "name": {"": "見本 代表"},
            "kana": {"": "ミホン ダイヒョウ"},
            "address": _address("005-0850", "見本2-3"),
            "phone": {"": _TELEPHONE},
            "email": {"": "mihon@example.jp"},
            "site": _address("061-2274", "見本3-1"),
        },
        corrected={"perimeter": {"": "220"}, "sets": {"": "3"}},
    ),
    Sample(
        3,
        9,
        12,
        45,
        {
            "applicant_type": {"": "person"},
            "perimeter": {"": "32"},
            "sets": {"": "1"},
            "reason": {"": ["at_risk"]},
            "damage": {"": "none"},
        },
        {
            "name": {"": "SAMPLE Alex"},
            "kana": {"": "サンプル アレックス"},
            "address": _address("063-0801", "2-1-1"),
            "phone": {"": _TELEPHONE},
            "site": {"same": "yes"},
            "note": {"": "Please write to me in easy Japanese or English."},
        },
        locale="en",
    ),
    Sample(
        1,
        16,
        3,
        30,
        {
            "applicant_type": {"": "person"},
            "perimeter": {"": "60"},
            "sets": {"": "1"},
            "reason": {"": ["damaged"]},
            "damage": {"": "damaged"},
            "emergency": {"": "yes"},
        },
        {
            "name": {"": "見本 四郎"},
            "kana": {"": "ミホン シロウ"},
            "address": _address("061-2302", "4丁目2-3"),
            "phone": {"": _TELEPHONE},
            "site": {"same": "yes"},
        },
    ),
)
"""Spread over the days before; one is withdrawn, one corrected, one urgent, one an association's, one in English."""


def file_samples(service: Service, now: int) -> None:
    """File the samples as if they had come in during the days before *now* (ms)."""
    procedure = service.register.of(PROCEDURE)
    if procedure is None:
        return
    with database.write(service.engine) as conn:
        for number, sample in enumerate(SAMPLES, start=1):
            _Filing(service, conn, procedure, f"sample-{number}").file(sample, day_of(now))


@dataclass(frozen=True)
class _Filing:
    service: Service
    conn: Connection
    procedure: Procedure
    account: str

    def file(self, sample: Sample, today: date) -> None:
        day = today - timedelta(days=sample.ago)
        form = self.procedure.form(day)
        at = at_hour(day, sample.hour) + sample.ago * MINUTE
        person = turns.create(self.conn, CHANNEL, self.account, sample.locale, at).id
        case = cases.open_case(
            self.conn,
            procedure=self.procedure.key,
            reference=self._number(day),
            person_id=person,
            channel=CHANNEL,
            now=at,
        )
        filing = _Case(self, case, person, sample.locale, form)
        answers = self._read(form, self._raws(sample, day, form), {}, day)
        sealed = filing.sealed(answers, at)
        filing.step("application", answers, sealed, at)
        if sample.corrected:  # of what is not personal: that stays sealed as it was
            mended = self._read(form, sample.corrected, answers, day)
            filing.step("correction", mended, sealed, at + 60 * MINUTE)
        if sample.withdrawn:
            filing.step("withdrawal", {}, None, at + 120 * MINUTE)

    def _raws(self, sample: Sample, day: date, form: Form) -> Mapping[str, Raw]:
        return {**sample.answers, **_PROMISES, **sample.applicant, "period": self._period(sample, day, form)}

    def _period(self, sample: Sample, day: date, form: Form) -> Mapping[str, str]:
        """Return the period of *sample*, moved into the season where the demo begins outside of it."""
        asked = form.field("period")
        calendar = asked.inputs(Given(self.service.world(day)))[0] if asked else None
        least, most = (calendar.least, calendar.most) if calendar else (None, None)
        first = min(max(day + timedelta(days=sample.begins), least or date.min), most or date.max)
        last = min(first + timedelta(days=sample.days), most or date.max)
        return {"from": first.isoformat(), "to": last.isoformat()}

    def _read(self, form: Form, raws: Mapping[str, Raw], answers: Answers, day: date) -> Answers:
        # Read as a resident's answers are: a sample that the form would refuse is no sample.
        found, refused = form.read(raws, answers, self.service.world(day))
        skipped = {each.key: None for each in form.missing(found) if not each.required}
        whole = form.kept({**found, **skipped})
        missing = [each.key for each in form.missing(whole)]
        if refused or missing:
            raise ValueError(f"{self.account}: refused {sorted(refused)}, missing {missing}")
        return whole

    def _number(self, day: date) -> str:
        series = self.service.office.numbers(self.procedure.series)
        return series.format(cases.next_number(self.conn, f"{series.key}:{series.period(day)}"), day)


@dataclass(frozen=True)
class _Case:
    filing: _Filing
    case: str
    person: str
    locale: str
    form: Form

    def sealed(self, answers: Answers, at: int) -> str:
        personal = plain_personal(self.form.by_key, answers)
        return self.filing.service.vault.seal(self.filing.conn, self.filing.procedure.key, personal, now=at)

    def step(self, step: str, answers: Answers, record: str | None, at: int) -> None:
        submissions.file(
            self.filing.conn,
            case_id=self.case,
            step=step,
            form=self.form.key if answers else "",
            edition=self.form.edition if answers else "",
            answers=marked(self.form.by_key, answers),
            vault_id=record,
            filed_by=self.person,
            role="resident",
            channel=CHANNEL,
            locale=self.locale,
            event_id=f"{self.filing.account}/{step}",
            now=at,
        )
