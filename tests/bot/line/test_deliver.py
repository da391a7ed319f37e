"""How a message reaches LINE: reply first, push second, every outcome to a visible end, in order, once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.clock import Clock
from bot.delivery.embedded import LEASE
from bot.line.deliver import DAY, LineDelivery
from bot.line.errands import Errands
from bot.line.gateway import LineGateway
from bot.service import Service
from bot.simulator import Faults
from storage import engine as database
from storage import outbox as queue
from storage.outbox import DELIVERED, MAYBE, UNDELIVERABLE, WAITING, Delivered, Parcel, Queued
from storage.tables import outbox
from tests.bot.line.loopback import Act, Loopback, answer, hang_up, reset
from tests.support.applying import START, TYPED, apply, fill_page, type_all
from tests.support.phone import Phone
from tests.support.service import House, StandingClock, Webhooks, count, post, rows, until, user

ME = user(1)
KEY = "2f1b7a52-3a0e-5c55-9d42-9a2f6c1c7e11"
TOKEN_LEFT = 10_000

OK = answer(200, {"sentMessages": [{"id": "1"}]})
TAKEN_BEFORE = answer(409, {"message": "The retry key is already accepted"})
BAD_TOKEN = answer(400, {"message": "Invalid reply token"})
RATE = answer(429, {"message": "The API rate limit has been exceeded. Try again later."})
QUOTA = answer(429, {"message": "You have reached your monthly limit."})
BROKEN = answer(500, {"message": "Internal server error"})
STRANGER = answer(401, {"message": "Authentication failed due to the following reason: invalid token."})
REFUSED = answer(400, {"message": "The request body has 1 error(s)"})


@dataclass(frozen=True)
class Case:
    """A parcel, what LINE answers to each call, and what must follow.

    *calls* spells the calls made: R for a reply, P for a push.  *after* is the state, and for one that waits
    again the mark it waits with.
    """

    parcel: Parcel
    answers: tuple[Act, ...]
    calls: str
    after: str
    mark: str | None = None


def parcel(token: str = "live", tried: str = "", *, legal: bool = False) -> Parcel:
    """Return a parcel whose reply token is live, over or none, and which was *tried* before with that mark."""
    until = {"live": TOKEN_LEFT, "over": -1, "none": None}[token]
    now = StandingClock().now()
    return Parcel(
        1,
        "line",
        "person",
        "messages",
        ME,
        '{"messages":[{"type":"text","text":"見本"}]}',
        None if until is None else "token",
        None if until is None else now + until,
        KEY,
        legal,
        2 if tried else 1,
        now - 1000,
        "cause",
        {"": None, "killed": None}.get(tried, tried),
    )


FRESH, UNUSED, KILLED, PUSHED = "", "unused#1", "killed", "pushed ambiguous"

REPLIES = {
    "the reply is taken": ("", (OK,), "R", DELIVERED, None),
    "the token is refused, so nothing was said": ("", (BAD_TOKEN, OK), "RP", DELIVERED, None),
    "the token is refused and the push was taken before": (
        "",
        (BAD_TOKEN, TAKEN_BEFORE),
        "RP",
        DELIVERED,
        None,
    ),
    "the token is refused and the push too": ("", (BAD_TOKEN, REFUSED), "RP", UNDELIVERABLE, None),
    "the token is refused and the push is unclear": (
        "",
        (BAD_TOKEN, BROKEN),
        "RP",
        WAITING,
        "pushed ambiguous",
    ),
    "the token is refused and the push too early": ("", (BAD_TOKEN, RATE), "RP", WAITING, "pushed rate"),
    "the token is refused and the month is used up": ("", (BAD_TOKEN, QUOTA), "RP", WAITING, "pushed quota"),
    "too many calls": ("", (RATE,), "R", WAITING, "unused#1"),
    "the month is used up": ("", (QUOTA,), "R", WAITING, "unused#1"),
    "our access token is refused": ("", (STRANGER,), "R", WAITING, "unused#1"),
    "an unclear reply that was lost": ("", (BROKEN, OK), "RR", DELIVERED, None),
    "an unclear reply that had arrived": ("", (BROKEN, BAD_TOKEN), "RR", DELIVERED, None),
    "a broken connection before a reply that had arrived": ("", (reset, BAD_TOKEN), "RR", DELIVERED, None),
    "a silent end before a reply that was lost": ("", (hang_up, OK), "RR", DELIVERED, None),
    "an unclear reply, then too many calls": ("", (BROKEN, RATE), "RR", WAITING, "rate"),
    "an unclear reply, then our token is refused": ("", (BROKEN, STRANGER), "RR", WAITING, "permanent"),
    "again, unused so far, and the token is refused": (UNUSED, (BAD_TOKEN, OK), "RP", DELIVERED, None),
    "again, unused so far, and too many calls": (UNUSED, (RATE,), "R", WAITING, "unused#2"),
    "again after a kill that had sent it": (KILLED, (BAD_TOKEN,), "R", DELIVERED, None),
    "again after a kill that had not": (KILLED, (OK,), "R", DELIVERED, None),
    "again after a kill, and too many calls": (KILLED, (RATE,), "R", WAITING, "rate"),
    "again after a push": (PUSHED, (TAKEN_BEFORE,), "P", DELIVERED, None),
    "again after an older mark": ("unused#0", (BAD_TOKEN,), "R", DELIVERED, None),
}
PUSHES = {
    "the push is taken": ((OK,), DELIVERED, None),
    "it was taken before": ((TAKEN_BEFORE,), DELIVERED, None),
    "LINE will never take it": ((REFUSED,), UNDELIVERABLE, None),
    "too many calls": ((RATE,), WAITING, "pushed rate"),
    "the month is used up": ((QUOTA,), WAITING, "pushed quota"),
    "unclear": ((BROKEN,), WAITING, "pushed ambiguous"),
    "a broken connection": ((reset,), WAITING, "pushed ambiguous"),
    "our access token is refused": ((STRANGER,), WAITING, "pushed permanent"),
}


def _cases() -> Iterator[Any]:
    for name, (tried, answers, calls, after, mark) in REPLIES.items():
        yield pytest.param(Case(parcel("live", tried), answers, calls, after, mark), id=f"plain: {name}")
    late = [("none", FRESH), ("none", KILLED), ("over", FRESH), ("over", UNUSED), ("over", PUSHED)]
    for legal in (False, True):
        which = "legal" if legal else "plain"
        # What has legal effect is pushed though its token could be used: only a push is known again for certain.
        for token, tried in [*late, *[("live", KILLED), ("live", UNUSED)] * legal]:
            for name, (answers, after, mark) in PUSHES.items():
                yield pytest.param(
                    Case(parcel(token, tried, legal=legal), answers, "P", after, mark),
                    id=f"{which}, token {token}, {tried or 'first'}: {name}",
                )
    unclear = {
        "unclear twice": Case(parcel("live"), (BROKEN, BROKEN), "RR", MAYBE),
        "legal, unclear": Case(parcel("live", legal=True), (BROKEN,), "P", WAITING, "pushed ambiguous"),
        "legal, the month is used up": Case(parcel("live", legal=True), (QUOTA, OK), "PR", DELIVERED),
        "legal, the month is used up, an unclear reply that had arrived": Case(
            parcel("live", legal=True), (QUOTA, BROKEN, BAD_TOKEN), "PRR", DELIVERED
        ),
        "legal, the month is used up and nothing else can be told": Case(
            parcel("live", legal=True), (QUOTA, BROKEN, BROKEN, QUOTA), "PRRP", WAITING, "pushed quota"
        ),
        "token over after a kill": Case(parcel("over", KILLED), (), "", MAYBE),
        "legal, token over after a kill": Case(parcel("over", KILLED, legal=True), (OK,), "P", DELIVERED),
        "token over after an unclear reply": Case(parcel("over", "rate"), (), "", MAYBE),
    }
    yield from (pytest.param(case, id=name) for name, case in unclear.items())


@pytest.fixture
def line() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


def delivery(url: str, clock: Clock) -> LineDelivery:
    """Return a delivery of messages; errands have tests of their own."""
    return LineDelivery(LineGateway("token", url, url), cast("Errands", None), clock)


def calls(line: Loopback) -> str:
    names = {"/v2/bot/message/reply": "R", "/v2/bot/message/push": "P"}
    return "".join(names.get(each.path, "?") for each in line.received)


@pytest.mark.parametrize("case", list(_cases()))
def test_every_outcome_leads_to_its_end(line: Loopback, clock: StandingClock, case: Case) -> None:
    line.will(*case.answers)

    done = delivery(line.url, clock)(case.parcel)

    assert (calls(line), done.state) == (case.calls, case.after)
    if done.state == WAITING:
        assert done.error == case.mark
        assert done.due > clock.now()


@pytest.mark.parametrize("legal", [False, True])
@pytest.mark.parametrize("token", ["none", "over"])
def test_after_a_day_the_key_is_forgotten_and_the_message_is_given_up(
    line: Loopback, clock: StandingClock, token: str, legal: bool
) -> None:
    old = replace(parcel(token, legal=legal), created_at=clock.now() - DAY)

    done = delivery(line.url, clock)(old)

    assert (done.state, calls(line)) == (UNDELIVERABLE, "")


def test_a_line_that_cannot_be_reached_leaves_the_token_unused(clock: StandingClock) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"

        replied = delivery(nowhere, clock)(parcel("live"))
        pushed = delivery(nowhere, clock)(parcel("none"))

    assert (replied.state, replied.error) == (WAITING, "unused#1")
    assert (pushed.state, pushed.error) == (WAITING, "pushed not_sent")


def test_a_reply_carries_no_retry_key_and_a_push_always_its_own(line: Loopback, clock: StandingClock) -> None:
    line.will(BAD_TOKEN, BROKEN, OK)
    send = delivery(line.url, clock)
    first = send(parcel("live"))

    send(replace(parcel("live"), attempts=2, error=first.error))

    keys = [each.headers.get("x-line-retry-key") for each in line.received]
    assert keys == [None, KEY, KEY]
    assert line.received[1].body == line.received[2].body
    assert line.received[1].json["to"] == ME


@pytest.mark.parametrize(
    ("answers", "least"), [((RATE,), 500), ((QUOTA,), 3_600_000), ((STRANGER,), 60_000), ((BROKEN,), 500)]
)
def test_how_long_to_wait_follows_from_the_reason(
    line: Loopback, clock: StandingClock, answers: tuple[Act, ...], least: int
) -> None:
    line.will(*answers)

    done = delivery(line.url, clock)(parcel("none"))

    assert least <= done.due - clock.now() <= 2 * least


def test_waiting_grows_and_stays_within_five_minutes(line: Loopback, clock: StandingClock) -> None:
    line.will(*[RATE] * 20)
    send = delivery(line.url, clock)

    waits = [send(replace(parcel("none"), attempts=tried)).due - clock.now() for tried in range(1, 20)]

    assert waits == sorted(waits)
    assert waits[0] == 1000
    assert waits[-1] == 300_000


# --- with a ledger, on both databases


def states(service: Service) -> list[str]:
    return [
        row.state for row in rows(service, "SELECT state FROM outbox WHERE kind = 'messages' ORDER BY id")
    ]


def claim(service: Service) -> list[Parcel]:
    """Lease what is due, as a process does that is then killed."""
    now = service.clock.now()
    with database.write(service.engine) as conn:
        return queue.claim(conn, now, now + LEASE, 10)


def sender(house: House) -> LineDelivery:
    base = house.service.settings.line_api_base
    token = house.service.settings.line_channel_access_token.get_secret_value()
    return LineDelivery(LineGateway(token, base, base), cast("Errands", None), house.clock)


def known(house: House) -> Phone:
    """Return the phone of somebody whom the desk has greeted."""
    phone = Phone(house)
    phone.follow()
    return phone


def hear(house: House, phone: Phone, words: str) -> None:
    """Let the desk hear *words*; nothing is sent yet."""
    house.platform.phones.say(phone.user_id, words)
    assert house.platform.settle(20)


def test_killed_between_claiming_and_sending_the_answer_is_sent_once_the_lease_is_over(house: House) -> None:
    phone = known(house)
    hear(house, phone, "ヘルプ")
    assert len(claim(house.service)) == 1

    house.settle()
    assert phone.read() == [], "the lease runs"
    house.clock.advance(timedelta(milliseconds=LEASE))
    house.settle()

    assert len(phone.read()) == 2
    assert states(house.service)[-1] == DELIVERED


def test_killed_between_sending_and_marking_the_answer_is_not_sent_again(house: House) -> None:
    phone = known(house)
    hear(house, phone, "ヘルプ")
    send = sender(house)
    assert [send(each).state for each in claim(house.service)] == [DELIVERED]

    house.clock.advance(timedelta(milliseconds=LEASE))
    house.settle()

    assert len(phone.read()) == 2
    assert states(house.service)[-1] == DELIVERED


def test_killed_between_pushing_and_marking_the_word_is_not_sent_again(house: House) -> None:
    phone = known(house)
    hear(house, phone, "ヘルプ")
    house.clock.advance(timedelta(minutes=2))
    send = sender(house)
    assert [send(each).state for each in claim(house.service)] == [DELIVERED]

    house.clock.advance(timedelta(milliseconds=LEASE))
    house.settle()

    assert len(phone.read()) == 2


@pytest.mark.parametrize("words", ["ヘルプ", "申請する"])
def test_killed_with_the_token_over_only_what_has_legal_effect_is_said_again(
    house: House, words: str
) -> None:
    phone = known(house)
    for each in (START, *TYPED):
        phone.type(each)
    fill_page(house.service, phone.user_id)
    house.settle()
    phone.read()
    hear(house, phone, words)
    claim(house.service)

    house.clock.advance(timedelta(minutes=2))
    house.settle()

    legal = words == "申請する"
    assert states(house.service)[-1] == (DELIVERED if legal else MAYBE)
    assert bool(phone.read()) is legal


def test_a_new_process_that_sends_alone_takes_over_at_once(house: House) -> None:
    phone = known(house)
    hear(house, phone, "ヘルプ")
    claim(house.service)

    house.restart()
    house.service.delivery.start()

    until(lambda: states(house.service)[-1] == DELIVERED)
    assert len(phone.read()) == 2


def test_the_order_of_one_person_is_kept_when_the_first_message_has_to_be_sent_again(house: House) -> None:
    phone, other = known(house), known(house)
    house.platform.faults = Faults(rate_limited=True, times=1)
    hear(house, phone, "ヘルプ")
    hear(house, phone, "言語")
    hear(house, other, "ヘルプ")

    house.service.delivery.run_until_idle()
    assert phone.read() == []
    assert len(other.read()) == 2, "nobody else waits"
    house.clock.advance(timedelta(seconds=1))
    house.service.delivery.run_until_idle()

    arrived = phone.read()
    assert "番号か言葉を送ると" in arrived[0]
    assert "言葉をえらんでください" in arrived[-1]
    assert set(states(house.service)) == {DELIVERED}


FAULTS = {
    "accepted but told otherwise": Faults(accepted_then_500=True, times=1),
    "accepted but the connection broke": Faults(accepted_then_reset=True, times=1),
    "not accepted": Faults(server_error=True, times=1),
    "broken before": Faults(reset=True, times=1),
    "too many calls": Faults(rate_limited=True, times=2),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_answer_arrives_once_whatever_line_does_to_the_first_try(house: House, name: str) -> None:
    phone = known(house)
    phone.read()
    house.platform.faults = FAULTS[name]

    hear(house, phone, "ヘルプ")
    for _ in range(4):
        house.service.delivery.run_until_idle()
        house.clock.advance(timedelta(seconds=2))

    assert len(phone.read()) == 2
    assert states(house.service)[-1] == DELIVERED


def test_with_the_month_used_up_answers_go_on_and_what_must_be_pushed_waits_an_hour(house: House) -> None:
    phone = known(house)
    house.platform.faults = Faults(quota=True)
    assert phone.type("ヘルプ")
    hear(house, phone, "ヘルプ")
    house.clock.advance(timedelta(minutes=2))
    house.settle()
    assert phone.read() == []
    house.platform.faults = Faults()

    house.clock.advance(timedelta(minutes=59))
    house.settle()
    assert phone.read() == []
    house.clock.advance(timedelta(minutes=1))
    house.settle()

    assert len(phone.read()) == 2


def test_what_line_never_takes_within_a_day_is_shown_to_staff(house: House) -> None:
    phone = known(house)
    house.platform.faults = Faults(server_error=True)
    hear(house, phone, "ヘルプ")
    house.clock.advance(timedelta(minutes=2))

    for _ in range(30):
        house.service.delivery.run_until_idle()
        house.clock.advance(timedelta(hours=1))
    house.service.delivery.run_until_idle()

    assert states(house.service)[-1] == UNDELIVERABLE
    with database.read(house.service.engine) as conn:
        assert [each.error for each in queue.undeliverable(conn)] == ["not accepted within a day"]


def test_a_sender_that_comes_back_late_does_not_reopen_what_another_has_delivered(service: Service) -> None:
    post(service, Webhooks(ME).text("メニュー"))
    now = service.clock.now()
    slow = claim(service)[0]

    with database.write(service.engine) as conn:
        queue.finish(conn, [Delivered(slow.id, DELIVERED)], now)
        queue.finish(conn, [Delivered(slow.id, WAITING, due=now)], now)

    assert count(service, outbox, id=slow.id, state=DELIVERED) == 1


def test_what_has_an_end_is_not_claimed_again(service: Service) -> None:
    post(service, Webhooks(ME).text("メニュー"))
    first = claim(service)

    with database.write(service.engine) as conn:
        queue.finish(conn, [Delivered(each.id, DELIVERED) for each in first], service.clock.now())

    assert {each.id for each in claim(service)}.isdisjoint(each.id for each in first)


def test_a_person_who_waits_comes_before_a_mass_of_others(service: Service) -> None:
    now = service.clock.now()
    with database.write(service.engine) as conn:
        for number in range(20):
            mass = Queued("line", f"t{number}", user(number), {"messages": []}, f"bulk/{number}", lane="bulk")
            queue.queue(conn, [mass], now)
    post(service, Webhooks(user(99)).text("メニュー"))

    assert claim(service)[0].recipient == user(99)


def test_a_receipt_is_marked_as_having_legal_effect_on_its_way_to_line(service: Service) -> None:
    apply(service, Webhooks(ME))
    type_all(service, Webhooks(user(2)), "メニュー")

    legal = rows(service, "SELECT recipient FROM outbox WHERE legal")

    assert [row.recipient for row in legal] == [ME]
