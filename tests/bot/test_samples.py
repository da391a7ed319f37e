"""The demo's applications are nobody's, and nothing is ever sent to them."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.clock import TOKYO, day_of, millis
from bot.samples import CHANNEL, SAMPLES, file_samples
from bot.service import Service
from storage import caselist, outbox, submissions
from storage import engine as database
from storage.caselist import Wanted


def test_each_sample_is_filed_as_a_resident_s_application_is(service: Service) -> None:
    now = service.clock.now()
    file_samples(service, now)

    with database.read(service.engine) as conn:
        found = caselist.oldest(conn, Wanted())
        filed = submissions.of_cases(conn, [each.id for each in found])
    assert [each.reference for each in found] == [f"R9-000{n}" for n in range(1, len(SAMPLES) + 1)]
    assert all(each.opened_at < now and each.channel == CHANNEL for each in found)
    [form] = {each.forms[-1] for each in service.register.procedures if each.key == "fence_loan"}
    for each in found:
        first = filed[each.id][0]
        assert form.missing(first.answers) == []
        assert first.vault_id


def test_nothing_is_queued_for_a_sample(service: Service) -> None:
    file_samples(service, service.clock.now())

    with database.read(service.engine) as conn:
        assert outbox.counts(conn) == {}


@pytest.mark.parametrize(
    "begin", ["2027-05-10", "2027-01-03", "2027-10-30", "2027-12-31", "2028-02-29", "2030-07-15"]
)
def test_a_demo_may_begin_on_any_day(service: Service, begin: str) -> None:
    now = millis(datetime.fromisoformat(begin).replace(hour=10, tzinfo=TOKYO))

    file_samples(service, now)

    with database.read(service.engine) as conn:
        assert caselist.count(conn, Wanted()) == len(SAMPLES)
        newest = caselist.newest(conn, Wanted(), limit=1)[0]
    assert (day_of(now) - day_of(newest.opened_at)).days == 1
