"""Calls in one event loop, to a server on this machine that closes its connections when it likes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.delivery.posting import Answer, Posting, Request, Result

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Server:
    """Answers every request with *hi*, counts its connections, and closes them when told to."""

    def __init__(self) -> None:
        self.open: list[asyncio.StreamWriter] = []
        self.connections = 0
        self.methods: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what comes."""
        self.connections += 1
        self.open.append(writer)
        while (head := await reader.readline()) and await reader.readuntil(b"\r\n\r\n"):
            self.methods.append(head.partition(b" ")[0])
            await reader.readexactly(2 if head.startswith((b"POST", b"PUT")) else 0)
            writer.write(HELLO)

    async def hang_up(self) -> None:
        """Close every connection, as a platform does with those that rest."""
        for each in self.open:
            each.close()
            await each.wait_closed()
        self.open.clear()


@asynccontextmanager
async def calling(most: int = 8) -> AsyncIterator[tuple[Server, Posting, str]]:
    """Give a server, a posting in this loop that keeps *most* connections, and the server's address."""
    server, posting = Server(), Posting(asyncio.get_running_loop(), most)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield server, posting, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    finally:
        posting.close()
        await server.hang_up()
        listening.close()


async def answer(posting: Posting, url: str, method: str = "") -> Result:
    """Return what came of one call with a body, a POST unless *method* says otherwise."""
    came: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
    posting.begin(Request(url, body=b"{}", answer=5.0, method=method), came.set_result)
    return await came


def body(result: Result) -> bytes:
    """Return what was answered."""
    assert isinstance(result, Answer), result
    return result.body


def run(story: Callable[[Server, Posting, str], object]) -> None:
    """Run *story* against a server of its own."""

    async def told() -> None:
        async with calling() as (server, posting, url):
            await story(server, posting, url)  # type: ignore[misc]

    asyncio.run(told())


def test_calls_one_after_the_other_share_a_connection_that_stays_watched() -> None:
    async def story(server: Server, posting: Posting, url: str) -> None:
        for _ in range(5):
            assert body(await answer(posting, url)) == b"hi"
        assert server.connections == 1

    run(story)


def test_a_method_of_its_own_is_that_of_one_call_and_not_of_the_next() -> None:
    async def story(server: Server, posting: Posting, url: str) -> None:
        for method in ("", "PUT", ""):
            assert body(await answer(posting, url, method)) == b"hi"
        assert server.methods == [b"POST", b"PUT", b"POST"]

    run(story)


def test_a_connection_closed_while_it_rests_keeps_nobody_busy_and_the_next_call_takes_a_new_one() -> None:
    async def story(server: Server, posting: Posting, url: str) -> None:
        await answer(posting, url)
        await server.hang_up()
        rounds = await _rounds_of_the_loop()
        assert rounds < 50, "the loop spins on a connection that has ended"
        assert body(await answer(posting, url)) == b"hi"
        assert server.connections == 2

    run(story)


def test_a_new_connection_that_gets_the_number_of_one_that_was_let_go_is_heard() -> None:
    async def story() -> None:
        async with calling(most=1) as (_, posting, url), calling() as (_, _, other):
            for _ in range(5):  # each call lets go of the other's connection, whose number comes back at once
                assert body(await answer(posting, url)) == b"hi"
                assert body(await answer(posting, other)) == b"hi"

    asyncio.run(story())


def test_calls_at_once_survive_the_end_of_all_connections_before_them() -> None:
    async def story(server: Server, posting: Posting, url: str) -> None:
        for _ in range(20):
            results = await asyncio.gather(*(answer(posting, url) for _ in range(8)))
            assert [body(each) for each in results] == [b"hi"] * 8
            await server.hang_up()
            await _a_few_rounds()

    run(story)


async def _a_few_rounds() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def _rounds_of_the_loop() -> int:
    """Return how often the loop goes round while nothing is to be done."""
    loop = asyncio.get_running_loop()
    waits = 0
    select = loop._selector.select  # type: ignore[attr-defined] # noqa: SLF001 -- nothing else tells how often it waits

    def counted(timeout: float | None = None) -> object:
        nonlocal waits
        waits += 1
        return select(timeout)

    loop._selector.select = counted  # type: ignore[attr-defined] # noqa: SLF001
    try:
        await asyncio.sleep(0.2)
    finally:
        loop._selector.select = select  # type: ignore[attr-defined] # noqa: SLF001
    return waits
