"""The real program as real processes, with points put in from outside, started from a process that is warm.

``python -m tests.faults.program`` imports everything once and then forks a program for each order on its standard
input: ``madoguchi serve`` or any other command, as somebody would type it.  What became of it is told on its
standard output.  No thread runs before the fork, so that the copy is as good as a fresh start.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import json
import os
import select
import signal
import sys
from collections.abc import Mapping
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

from tests.faults.board import Board
from tests.faults.points import POINTS

MAGIC = "見本の故障"
"""A text whose turn fails the first time it is taken."""

# The real program waits longer for the platform, and looks at the clock once a second.
TIMEOUT = (1.0, 0.6)
TICK = 0.2

_PR_SET_PDEATHSIG = 1


def warm() -> None:
    """Import, read and compile whatever every program needs."""
    import granian.server  # noqa: F401
    import linebot.v3.messaging  # noqa: F401

    import bot.admin
    import bot.cli
    import bot.doctor
    import bot.exports.export
    import bot.serving
    import bot.web  # noqa: F401
    import storage.migrate  # noqa: F401
    from bot.office import load_office
    from bot.postal import load_postal_table
    from bot.words import LOCALES, words_for

    load_postal_table(load_office(None))
    for locale in LOCALES:
        words_for(locale)
    from tests.faults.rehearsal import rehearse

    rehearse()
    gc.collect()
    gc.freeze()


def main() -> None:
    """Take orders until the standard input ends; then every program ends as well."""
    warm()
    wakeup, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(tell)
    _say({"ready": os.getpid()})
    orders = os.fdopen(0, "rb", buffering=0, closefd=False)  # unbuffered, for select
    while True:
        readable, _, _ = select.select([sys.stdin, wakeup], [], [])
        if wakeup in readable:
            os.read(wakeup, 4096)
            _reap()
        if sys.stdin in readable:
            order = orders.readline()
            if not order:
                return
            _say({"pid": _fork(json.loads(order))})


def _reap() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _say({"gone": pid, "status": os.waitstatus_to_exitcode(status)})


def _say(what: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _fork(order: Mapping[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        _become(order)
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else int(end.code is not None))
    except BaseException:  # noqa: BLE001 -- the copy must end here, whatever it was
        sys.excepthook(*sys.exc_info())
        os._exit(99)


def _become(order: Mapping[str, Any]) -> NoReturn:
    """Be the program that *order* describes; in a group of its own, which is killed as one."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _end_with_parent()
    _speak_into(Path(order["log"]))
    os.chdir(order["folder"])
    os.environ.update(order["environment"])
    prepare(Board(Path(order["board"]), POINTS), order.get("off", ()))
    if order.get("trace"):
        _wait_to_be_traced()
    from bot.cli import main as madoguchi

    madoguchi(args=order["command"], prog_name="madoguchi")
    os._exit(0)


def _end_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _speak_into(log: Path) -> None:
    nothing, file = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(nothing, 0)
    os.dup2(file, 1)
    os.dup2(file, 2)
    faulthandler.register(signal.SIGUSR1)  # for whoever looks into a program that hangs


def _wait_to_be_traced() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def prepare(board: Board, off: Any) -> None:
    """Put the points, the board's clock and shorter waits into this process, and take the guards *off* out."""
    from tests.faults import guards, seams

    watch = seams.install(board)
    seams.wrap("bot.clock:SystemClock.now", lambda _inner: lambda _clock: board.now())
    seams.wrap("bot.line.gateway:LineGateway.__init__", _impatient)
    seams.wrap("bot.desk:hear", lambda inner: _failing(inner, watch))
    seams.wrap("bot.serving:application", _ending_with_parent)
    _quicken()
    for name in off:
        guards.GUARDS[name](watch)


def _quicken() -> None:
    import bot.delivery.embedded
    import bot.jobs

    bot.jobs.PAUSE = TICK
    bot.delivery.embedded.POLL = TICK / 2


def _impatient(inner: Any) -> Any:
    @wraps(inner)
    def made(*args: Any, **given: Any) -> None:
        inner(*args, **({"timeout": TIMEOUT} | given))

    return made


def _ending_with_parent(inner: Any) -> Any:
    @wraps(inner)
    def begun(*args: Any, **given: Any) -> Any:
        _end_with_parent()  # the server's worker, which is forked once more
        return inner(*args, **given)

    return begun


def _failing(inner: Any, watch: Any) -> Any:
    @wraps(inner)
    def heard(register: Any, standing: Any, event: Any, world: Any, *more: Any) -> Any:
        if getattr(event, "text", "").startswith(MAGIC) and "retry" not in watch.works:
            raise RuntimeError("a turn that fails the first time")
        return inner(register, standing, event, world, *more)

    return heard


if __name__ == "__main__":
    main()
