"""A network that fails in every way it can: what was not sent is told from what may have been."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from urllib3 import PoolManager, Retry, Timeout

from bot.delivery.posting import Posting, Request, Result
from bot.line import calls
from bot.line.content import fetch
from bot.line.gateway import LineGateway, Outcome
from tests.bot.line.loopback import Act, Loopback, answer, cut_short, hang_up, reset, silence, trickle
from tests.bot.line.test_gateway import HELLO, KEY, TIMEOUT, USER
from tests.support.network import free_port

JPEG, PNG = b"\xff\xd8\xff\xe0" + b"\0" * 60, b"\x89PNG\r\n\x1a\n" + b"\0" * 60
WEBP, HEIC = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 60, b"\0\0\0\x18ftypheic" + b"\0" * 60
MEGABYTE = 1024 * 1024


@pytest.fixture
def line() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


@pytest.fixture
def gateway(line: Loopback) -> Iterator[LineGateway]:
    made = LineGateway("token-1", line.url, line.url, timeout=TIMEOUT)
    yield made
    made.close()


T = TypeVar("T")


def in_loop(steps: Generator[Request, Result, T], posting: Posting, loop: asyncio.AbstractEventLoop) -> T:
    """Return what *steps* returns, its calls made in *loop*."""
    request = next(steps)
    came: list[Result] = []

    def done(result: Result) -> None:
        came.append(result)
        loop.stop()

    while True:
        posting.begin(request, done)
        loop.run_forever()
        try:
            request = steps.send(came.pop())
        except StopIteration as end:
            return cast("T", end.value)


def once(steps: Generator[Request, Result, T]) -> T:
    loop = asyncio.new_event_loop()
    posting = Posting(loop, 4)
    try:
        return in_loop(steps, posting, loop)
    finally:
        posting.close()
        loop.close()


CALLS: dict[str, Callable[[LineGateway], Outcome]] = {
    "reply in the loop": lambda gateway: once(gateway.asked(calls.reply("r1", HELLO))),
    "push in the loop": lambda gateway: once(gateway.asked(calls.push(USER, HELLO, KEY))),
    "reply": lambda gateway: gateway.reply("r1", HELLO),
    "push": lambda gateway: gateway.push(USER, HELLO, KEY),
    "profile": lambda gateway: gateway.profile(USER),
    "content": lambda gateway: gateway.content("1"),
}
DOUBTS: dict[str, Act] = {
    "silence": silence,
    "a reset": reset,
    "no word": hang_up,
    "half an answer": cut_short,
    "taken, then 500": answer(500),
    "taken, then 503": answer(503),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@every_call
@pytest.mark.parametrize("act", DOUBTS.values(), ids=DOUBTS)
def test_what_may_have_arrived_is_ambiguous_and_is_tried_once(
    line: Loopback, gateway: LineGateway, call: Callable[[LineGateway], Outcome], act: Act
) -> None:
    line.will(act)

    start = time.monotonic()
    assert call(gateway).kind == "ambiguous"
    assert len(line.received) == 1
    assert time.monotonic() - start < 5


@every_call
def test_where_nobody_listens_nothing_was_sent(call: Callable[[LineGateway], Outcome]) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    gateway = LineGateway("token", address, address, timeout=TIMEOUT)

    outcome = call(gateway)

    assert (outcome.kind, outcome.status) == ("not_sent", None)
    assert outcome.detail in {"NewConnectionError", "curl 7"}
    gateway.close()


@every_call
def test_where_nobody_speaks_tls_it_is_not_told_as_delivered(
    line: Loopback, call: Callable[[LineGateway], Outcome]
) -> None:
    address = line.url.replace("http:", "https:")
    gateway = LineGateway("token", address, address, timeout=TIMEOUT)

    assert call(gateway).kind in {"ambiguous", "not_sent"}
    assert line.received == []
    gateway.close()


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's TLS with a certificate that nobody has reason to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tls.pem").write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem")
    return context


@every_call
def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    tmp_path: Path, call: Callable[[LineGateway], Outcome]
) -> None:
    with Loopback(tls=self_signed(tmp_path)) as stranger:
        gateway = LineGateway("token", stranger.url, stranger.url, timeout=TIMEOUT)

        outcome = call(gateway)

        assert outcome.kind == "not_sent"
        assert outcome.detail in {"SSLError", "curl 60"}
        assert stranger.received == []
        gateway.close()


@every_call
def test_a_redirect_is_never_followed_and_the_token_stays_here(
    line: Loopback, gateway: LineGateway, call: Callable[[LineGateway], Outcome]
) -> None:
    with Loopback() as elsewhere:
        line.will(answer(302, b"", Location=elsewhere.url + "/"))

        assert call(gateway).kind == "not_sent"
        assert elsewhere.received == []


@every_call
def test_a_server_that_asks_to_come_again_keeps_no_thread_waiting(
    line: Loopback, gateway: LineGateway, call: Callable[[LineGateway], Outcome]
) -> None:
    line.will(answer(429, {"message": "The API rate limit has been exceeded."}, Retry_After="20"))

    start = time.monotonic()
    assert call(gateway).kind == "rate"
    assert time.monotonic() - start < 5


def test_the_gateway_works_on_after_a_broken_connection(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(200), reset)

    kinds = [gateway.reply(f"r{n}", HELLO).kind for n in range(3)]

    assert kinds == ["delivered", "ambiguous", "delivered"]


@pytest.mark.parametrize("act", [reset, hang_up, silence], ids=["a reset", "no word", "silence"])
def test_a_kept_connection_that_dies_over_a_call_is_not_called_anew(
    line: Loopback, gateway: LineGateway, act: Act
) -> None:
    loop = asyncio.new_event_loop()
    posting = Posting(loop, 4)
    line.will(answer(200), act)

    kinds = [in_loop(gateway.asked(calls.reply(f"r{n}", HELLO)), posting, loop).kind for n in range(3)]

    assert kinds == ["delivered", "ambiguous", "delivered"]
    assert [each.json["replyToken"] for each in line.received] == ["r0", "r1", "r2"]
    posting.close()
    loop.close()


def test_a_429_without_a_reason_is_cleared_up_by_the_counts_in_the_loop_too(
    line: Loopback, gateway: LineGateway
) -> None:
    line.will(
        answer(429, {"message": "?"}),
        answer(200, {"type": "limited", "value": 5}),
        answer(200, {"totalUsage": 5}),
    )

    assert once(gateway.asked(calls.push(USER, HELLO, KEY))).kind == "quota"


def test_an_endless_answer_is_given_up(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(200, b"x" * (2 * MEGABYTE)))

    assert once(gateway.asked(calls.reply("r1", HELLO))).kind == "ambiguous"


def test_a_push_repeated_after_a_doubt_was_taken_before(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(500), answer(409, {"message": "already"}, **{"x-line-accepted-request-id": "request-0"}))

    kinds = [gateway.push(USER, HELLO, KEY).kind for _ in range(2)]

    assert kinds == ["ambiguous", "delivered"]
    assert len({each.headers["x-line-retry-key"] for each in line.received}) == 1


def test_importing_the_gateway_leaves_the_sdk_alone() -> None:
    code = "import sys, bot.line.gateway; sys.exit(any(m.startswith('linebot') for m in sys.modules))"

    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=".").returncode == 0


# --- photos


@pytest.mark.parametrize(
    ("photo", "media_type"),
    [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp"), (HEIC, "image/heic")],
)
def test_a_photo_is_fetched(line: Loopback, gateway: LineGateway, photo: bytes, media_type: str) -> None:
    line.will(answer(200, photo, Content_Type="application/octet-stream"))

    outcome = gateway.content("500000000000000001")

    assert (outcome.kind, outcome.content) == ("delivered", photo)
    assert outcome.data == {"media_type": media_type}
    assert line.received[0].path == "/v2/bot/message/500000000000000001/content"
    assert line.received[0].headers["authorization"] == "Bearer token-1"


NO_PHOTOS = [b"", b"\xff", b"<svg xmlns='x'/>", b"<html>", b"GIF89a", b"%PDF-1.7", b"MZ", b"\x1f\x8b\x08"]


@pytest.mark.parametrize("other", NO_PHOTOS, ids=range(len(NO_PHOTOS)))
def test_what_is_no_photo_is_refused_whatever_it_is_called(
    line: Loopback, gateway: LineGateway, other: bytes
) -> None:
    line.will(answer(200, other, Content_Type="image/jpeg"))

    outcome = gateway.content("1")

    assert (outcome.kind, outcome.detail, outcome.content) == ("permanent", "not a photo", b"")


def test_ten_megabytes_are_a_photo_and_one_byte_more_is_not(line: Loopback, gateway: LineGateway) -> None:
    largest = JPEG.ljust(10 * MEGABYTE, b"\0")
    line.will(answer(200, largest), answer(200, largest + b"\0"))

    whole, too_big = gateway.content("1"), gateway.content("2")

    assert len(whole.content) == 10 * MEGABYTE
    assert (too_big.kind, too_big.detail) == ("permanent", "too big")


def test_a_packed_body_is_not_unpacked(line: Loopback, gateway: LineGateway) -> None:
    line.will(answer(200, b"\x1f\x8b\x08" + b"\0" * 60, Content_Encoding="gzip"))

    assert gateway.content("1").detail == "not a photo"


@pytest.mark.parametrize(
    ("status", "kind"), [(202, "not_ready"), (404, "permanent"), (410, "permanent"), (401, "permanent")]
)
def test_a_photo_that_is_not_there(line: Loopback, gateway: LineGateway, status: int, kind: str) -> None:
    line.will(answer(status))

    outcome = gateway.content("1")

    assert (outcome.kind, outcome.content) == (kind, b"")


def test_a_photo_that_trickles_in_is_given_up_in_time(line: Loopback) -> None:
    line.will(trickle)
    pool = PoolManager(retries=Retry(0))

    start = time.monotonic()
    outcome = fetch(pool, line.url + "/photo", {}, Timeout(connect=1, read=1), seconds=0.3)

    assert (outcome.kind, outcome.detail) == ("ambiguous", "TooSlow")
    assert time.monotonic() - start < 5
    pool.clear()


def test_a_photo_is_fetched_where_it_was_asked_for_or_not_at_all(line: Loopback) -> None:
    pool = PoolManager()

    with Loopback() as elsewhere:
        line.will(answer(302, b"", Location=elsewhere.url + "/"))

        outcome = fetch(pool, line.url + "/photo", {}, Timeout(connect=1, read=1))

        assert outcome.kind == "not_sent"
        assert elsewhere.received == []
    pool.clear()


def test_photos_share_a_connection(line: Loopback, gateway: LineGateway) -> None:
    line.will(*[answer(200, JPEG)] * 5)

    for number in range(5):
        gateway.content(str(number))

    assert line.connections == 1
