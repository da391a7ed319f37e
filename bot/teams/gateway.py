"""Teams' connector: what we call, and what became of it.  Our token goes to its hosts and nowhere else."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, TypeAlias, TypeVar

import structlog
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError, SSLError

from bot.clock import Clock
from bot.delivery.port import Chore
from bot.delivery.posting import Answer, NoAnswer, Request, Result
from bot.teams import calls
from bot.teams.calls import Call, origin
from bot.teams.hosts import ServiceHosts
from bot.teams.outcome import Outcome, of_result
from bot.teams.tokens import NoToken, TokenSource
from storage.teams.references import Reference

log = structlog.get_logger()

T = TypeVar("T")
Asking: TypeAlias = Generator[Request | Chore, Any, T]
"""Yields what is to be called or done aside, is told what came of it, and returns."""

LONG = 5_000
"""After how long (ms) a call that was refused for its token is left to another try."""

# Nothing is tried again down here: whether a call may be repeated is known only to the outbox.
ONCE = urllib3.Retry(
    0, redirect=False, respect_retry_after_header=False, raise_on_redirect=False, raise_on_status=False
)


class TeamsGateway:
    """The bot at Teams' connector; one for the whole process, used by all its threads.

    Nothing here raises for the network.  *timeout* is how many seconds a connection, and then an answer, may take.
    """

    def __init__(
        self,
        tokens: TokenSource,
        hosts: ServiceHosts,
        clock: Clock,
        *,
        threads: int = 8,
        timeout: tuple[float, float] = (3.05, 10.0),
    ) -> None:
        self.tokens = tokens
        self.hosts = hosts
        self.timeout = timeout
        self.pool = urllib3.PoolManager(num_pools=8, maxsize=threads, retries=ONCE)
        self._clock = clock

    def asked(self, call: Call) -> Asking[Outcome]:
        """Yield what *call* takes, and return what became of it.

        A token that the connector refuses is thrown away and the call made once more: it was refused unread.
        """
        if not self.hosts.allow(origin(call.url)):
            log.error("teams_foreign_host")
            return Outcome("foreign", detail="no address of Teams")
        begun = self._clock.now()
        try:
            token = self.tokens.held() or (yield Chore(self.tokens.fetch))
            outcome = yield from self._tried(call, token)
            if outcome.kind != "token":
                return outcome
            self.tokens.drop(token)
            if self._clock.now() - begun > LONG:  # once more would outlast the lease of whoever waits for it
                return outcome
            token = self.tokens.held() or (yield Chore(self.tokens.fetch))
            return (yield from self._tried(call, token))
        except NoToken as fault:
            return Outcome("token" if fault.refused else "no_token", detail=f"login: {fault.reason}")

    def _tried(self, call: Call, token: str) -> Asking[Outcome]:
        lines = [f"Authorization: Bearer {token}", "Accept: application/json"]
        if call.body is not None:
            lines.append("Content-Type: application/json; charset=utf-8")
        result = yield Request(call.url, lines, call.body, *self.timeout, method=call.method)
        return of_result(result, self._clock.now())

    def member(self, here: Reference, user_id: str) -> Outcome:
        """Return who *user_id* is in the conversation, in this thread: name, tenantId, userRole and so on."""
        return self.run(self.asked(calls.member(here, user_id)))

    def run(self, asking: Asking[T]) -> T:
        """Return what *asking* returns; everything that it takes is done in this thread."""
        go_on: Callable[[], Request | Chore] = partial(next, asking)
        while True:
            try:
                wanted = go_on()
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            go_on = wanted.done(asking) if isinstance(wanted, Chore) else self._called(asking, wanted)

    def _called(self, asking: Asking[T], wanted: Request) -> Callable[[], Request | Chore]:
        return partial(asking.send, self._result(wanted))

    def _result(self, request: Request) -> Result:
        """Return what came of *request*, made in this thread."""
        headers = dict(line.split(": ", 1) for line in request.headers)
        try:
            answer = self.pool.request(
                request.method or ("GET" if request.body is None else "POST"),
                request.url,
                body=request.body,
                headers=headers,
                timeout=urllib3.Timeout(connect=request.connect, read=request.answer),
                redirect=False,
            )
        except HTTPError as error:
            return no_answer(error)
        lines = [f"{name}: {value}".encode("latin-1") for name, value in answer.headers.items()]
        return Answer(answer.status, answer.data, lines)

    def close(self) -> None:
        """Let go of the connections."""
        self.pool.clear()


def no_answer(error: HTTPError) -> NoAnswer:
    """Return what it means that no answer came; whatever lies before the first byte was surely not sent."""
    cause = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    unsent = isinstance(cause, NewConnectionError | ConnectTimeoutError) or _is_unproven(cause)
    return NoAnswer(sent=not unsent, name=type(cause).__name__)


def _is_unproven(cause: Exception) -> bool:
    """Return whether the server could not prove who it is, so that nothing was said to it."""
    return isinstance(cause, SSLError) and any(
        isinstance(each, ssl.SSLCertVerificationError) for each in cause.args
    )
