"""Log lines hold what is allowed and nothing a person typed, whoever writes them."""

from __future__ import annotations

import ast
import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import logs
from tests.bot.web.screens import break_something
from tests.bot.web.talks import PERSONAL, SECRETS, Desk, Resident
from tests.house import tree

ROOT = Path(__file__).resolve().parents[2]
CANARY = "見本 太郎 011-211-2879"


def written(program: str) -> list[dict[str, Any]]:
    """Return the lines that *program* logs, run in a process of its own after logging is set up."""
    begin = "import logging, threading, structlog\nfrom bot import logs\nlogs.set_up('INFO')\n"
    ended = subprocess.run(
        [sys.executable, "-c", begin + program], check=False, cwd=ROOT, capture_output=True, text=True
    )
    return [json.loads(line) for line in ended.stderr.splitlines()]


def test_only_what_is_allowed_comes_out() -> None:
    line = logs.only_allowed(
        None, "", {"event": "filed", "procedure": "fence_loan", "name_of_person": CANARY, "phone": CANARY}
    )

    assert line == {"event": "filed", "procedure": "fence_loan"}


@pytest.mark.parametrize(
    "key",
    [
        "text",
        "answer",
        "answers",
        "address",
        "phone",
        "email",
        "kana",
        "user",
        "user_id",
        "token",
        "body",
        "url",
        "path",
        "exception",
        "stack",
        "args",
    ],
)
def test_no_key_that_could_hold_an_answer_is_allowed(key: str) -> None:
    assert key not in logs.ALLOWED


def test_a_fault_keeps_its_kind_and_its_places_and_no_word() -> None:
    (line,) = written(
        f"def read(text):\n    raise ValueError(text)\n"
        f"try:\n    read({CANARY!r})\n"
        f"except ValueError:\n    structlog.get_logger().exception('turn_failed', kind='message')\n"
    )

    assert (line["event"], line["fault"], line["kind"], line["level"]) == (
        "turn_failed",
        "ValueError",
        "message",
        "error",
    )
    assert line["where"].startswith("read:5 < <module>:")
    assert CANARY not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize(
    "program",
    [
        f"logging.getLogger('urllib3').warning('Retrying %s', {CANARY!r})",
        f"logging.getLogger('anything').error({CANARY!r})",
        (
            f"try:\n    raise KeyError({CANARY!r})\n"
            f"except KeyError:\n    logging.getLogger('concurrent.futures').exception('of %r', {CANARY!r})"
        ),
    ],
)
def test_a_library_says_where_and_not_what(program: str) -> None:
    (line,) = written(program)

    assert line["event"] == "library"
    assert line["logger"] in {"urllib3", "anything", "concurrent.futures"}
    assert line["where"].startswith("<module>:")
    assert CANARY not in json.dumps(line, ensure_ascii=False)


def test_the_server_may_speak() -> None:
    (line,) = written("logging.getLogger('granian').warning('Listening at: %s', 'http://127.0.0.1:8000')")

    assert line["event"] == "Listening at: http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "program",
    [
        f"raise RuntimeError({CANARY!r})",
        (
            f"def work():\n    raise RuntimeError({CANARY!r})\n"
            "thread = threading.Thread(target=work)\nthread.start()\nthread.join()"
        ),
    ],
)
def test_what_nobody_caught_is_told_without_its_words(program: str) -> None:
    (line,) = written(program)

    assert (line["event"], line["fault"], line["level"]) == ("uncaught", "RuntimeError", "critical")
    assert CANARY not in json.dumps(line, ensure_ascii=False)


def test_lines_below_the_level_are_left_out() -> None:
    assert written("structlog.get_logger().debug('quiet')\nlogging.getLogger('x').debug('quiet')") == []


def test_times_are_told_in_utc() -> None:
    (line,) = written("structlog.get_logger().info('begun')")

    assert line["timestamp"].endswith("Z")


def test_a_whole_application_leaves_no_answer_in_the_log(
    database_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk.opened(database_url, tmp_path)
    break_something(desk)
    resident = Resident(desk)
    with capture_logs() as told, caplog.at_level(logging.DEBUG):
        page = resident.opens(resident.comes_to_the_page())
        resident.sends(page, PERSONAL | {"phone": "12"})
        resident.sends(page, PERSONAL)
        resident.says("申請する", "090-1234-5678", "申請状況")
        desk.service.delivery.run_until_idle()
        resident.browser.get("/f/forged")
        resident.browser.get("/broken")  # it fails with a name in its words
    desk.service.engine.dispose()

    everything = "\n".join([*map(_plain, told), caplog.text, *capfd.readouterr()])
    assert [each["event"] for each in told] == ["request_failed"]
    assert [
        secret for secret in (*SECRETS, "090-1234-5678", resident.hooks.user_id) if secret in everything
    ] == []


def _plain(line: Mapping[str, Any]) -> str:
    return json.dumps(logs.only_allowed(None, "", dict(line)), ensure_ascii=False, default=str)


def test_every_key_the_program_logs_is_allowed() -> None:
    used = {
        keyword.arg: path
        for path, module, _ in tree.modules("bot", "storage")
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "log"
        for keyword in node.keywords
        if keyword.arg
    }

    assert used
    assert {key: path for key, path in used.items() if key not in logs.ALLOWED | {"exc_info"}} == {}
