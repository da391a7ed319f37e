"""Office files and settings that are broken: one line for each fault, what to do in it, and never a trace."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.office import OfficeFileError, load_office
from bot.settings import PREFIX
from tests.hostile.bounds import within

SAMPLE = (files("bot") / "data" / "sapporo.toml").read_bytes()
CITY = '"札幌市"'.encode()

OFFICES: Mapping[str, tuple[bytes, str]] = {
    "nothing": (b"", "it is missing"),
    "in UTF-16": (SAMPLE.decode().encode("utf-16"), "UTF-8"),
    "in Shift_JIS": (SAMPLE.decode().encode("cp932"), "UTF-8"),
    "every byte": (bytes(range(256)), "UTF-8"),
    "cut in half": (SAMPLE[: SAMPLE.index(b' = "', len(SAMPLE) // 2) + 4], "TOML"),
    "with a NUL": (SAMPLE + b"\0", "TOML"),
    "with a control character": (SAMPLE.replace(CITY, b'"\x01"'), "TOML"),
    "with a NUL in other words": (SAMPLE.replace(CITY, b'"\\u0000"'), "control character"),
    "with half a letter": (SAMPLE.replace(CITY, b'"\\ud800"'), "TOML"),
    "with a word that turns": (SAMPLE.replace(CITY, '"札\u202e幌市"'.encode()), "control character"),
    "a name twice": (SAMPLE.replace(b"city =", b'city = "x"\ncity =', 1), "TOML"),
    "a table twice": (SAMPLE + b'\n[reception]\nopens = "1:00"\n', "TOML"),
    "a table that is a value": (b"reception = 1\n" + SAMPLE, "TOML"),
    "a value that is a table": (SAMPLE + b"\n[city]\nname = 1\n", "TOML"),
    "lines as of long ago": (SAMPLE.replace(b"\n", b"\r"), "TOML"),
    "quotation marks of a letter": (SAMPLE.replace(b'"', "”".encode()), "TOML"),
    "full-width signs": (SAMPLE.replace(b" = ", " ＝ ".encode()), "TOML"),
    "HTML": (b"<!DOCTYPE html><html>", "TOML"),
    "JSON": (b'{"key": "sapporo"}', "TOML"),
    "YAML": (b"key: sapporo\nwards:\n  - x\n", "TOML"),
    "another program's": (b"[section]\nkey = value\n", "TOML"),
    "brackets without end": (b"closed = " + b"[" * 50_000 + b"]" * 50_000, "without end"),
    "tables without end": (b"[" + b"a." * 5_000 + b"a]\nb = 1\n" + SAMPLE, "not known"),
    "a number without end": (b"lead_days = " + b"9" * 5_000 + b"\n" + SAMPLE, "too long"),
    "a number that is none": (SAMPLE + b"\nlead_days = nan\n", "not known"),
    "a day that is none": (b"closed = [2027-02-30]\n" + SAMPLE, "TOML"),
    "five thousand names": (b"".join(b"k%d = 1\n" % number for number in range(500)) + SAMPLE, "not known"),
    "ten megabytes": (b"#" * 10_000_000, "large"),
}


@pytest.mark.parametrize("name", OFFICES)
def test_a_broken_office_file_is_told_in_lines(tmp_path: Path, name: str) -> None:
    content, told = OFFICES[name]
    (tmp_path / "office.toml").write_bytes(content)

    with within(30), pytest.raises(OfficeFileError) as refused:
        load_office(tmp_path / "office.toml")

    assert refused.value.faults
    assert [each for each in refused.value.faults if len(each.splitlines()) != 1 or len(each) > 400] == []
    assert any(told in each for each in refused.value.faults), refused.value.faults[0]


@pytest.mark.parametrize(
    "kind", ["a folder", "nothing there", "a circle", "a pipe", "a device", "a name without end"]
)
def test_what_is_no_office_file_is_told_too(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "office.toml"
    match kind:
        case "a folder":
            path.mkdir()
        case "a circle":
            path.symlink_to(path)
        case "a pipe":
            os.mkfifo(path)
        case "a device":
            path = Path("/dev/zero")
        case "a name without end":
            path = tmp_path / ("a" * 5_000)
        case _:
            assert kind == "nothing there"

    with within(30), pytest.raises(OfficeFileError, match="cannot be read"):
        load_office(path)


def _line(name: str, value: str | bytes) -> bytes:
    return f"{PREFIX}{name}=".encode() + (value.encode() if isinstance(value, str) else value) + b"\n"


SETTINGS: Mapping[str, tuple[bytes, str]] = {
    "in UTF-16": (_line("SENDERS", "3").decode().encode("utf-16"), "UTF-8"),
    "in Shift_JIS": ("# 窓口\n".encode("cp932"), "UTF-8"),
    "every byte": (bytes(range(256)), "UTF-8"),
    "with Windows' mark before it": (b"\xef\xbb\xbf" + _line("SENDERS", "x"), "SENDERS"),
    "with a NUL": (_line("OFFICE_FILE", b"a\0b"), "OFFICE_FILE"),
    "with a NUL in other words": (_line("OFFICE_FILE", r'"a\x00b"'), "office"),
    "with a line end in a token": (
        _line("LINE_CHANNEL_ACCESS_TOKEN", r'"a\r\nX: y"'),
        "LINE_CHANNEL_ACCESS_TOKEN",
    ),
    "with a line end in a secret": (_line("LINE_CHANNEL_SECRET", r'"a\nb"'), "LINE_CHANNEL_SECRET"),
    "with a tab in an address": (_line("PUBLIC_URL", r'"https://a.example\t"'), "PUBLIC_URL"),
    "a name without a value": (f"{PREFIX}SENDERS\n".encode(), "line 1"),
    "a quotation mark that is not closed": (
        _line("SENDERS", "3") + _line("PUBLIC_URL", '"https://a.example'),
        "line 2",
    ),
    "words that are no setting": ("窓口の設定です\n".encode(), "line 1"),
    "a name twice, the last one wrong": (_line("SENDERS", "3") + _line("SENDERS", "x"), "SENDERS"),
    "a name misspelt": (_line("SENDRES", "3"), "SENDERS"),
    "a name in small letters": (f"{PREFIX}senders=0\n".lower().encode(), "SENDERS"),
    "a list": (_line("SENDERS", "[1, 2]"), "SENDERS"),
    "an object": (_line("KEEP_INBOX_DAYS", '{"a": 1}'), "KEEP_INBOX_DAYS"),
    "full-width digits": (_line("SENDERS", "３２"), "SENDERS"),
    "a number of sixteen": (_line("SENDERS", "0x20"), "SENDERS"),
    "half a number": (_line("SENDERS", "3.5"), "SENDERS"),
    "a number below nothing": (_line("KEEP_FAILED_DAYS", "-1"), "KEEP_FAILED_DAYS"),
    "a number without end": (_line("KEEP_INBOX_DAYS", "9" * 5_000), "KEEP_INBOX_DAYS"),
    "a number that is none": (_line("KEEP_BODIES_DAYS", "nan"), "KEEP_BODIES_DAYS"),
    "a day that is none": (_line("FENCE_OPENS", "2027-02-30"), "FENCE_OPENS"),
    "a day of an era": (_line("FENCE_OPENS", "令和9年6月1日"), "FENCE_OPENS"),
    "a day without end": (_line("FENCE_OPENS", "9" * 20), "FENCE_OPENS"),
    "a season that runs back": (_line("FENCE_SEASON", "2027-11-01/2027-06-01"), "FENCE_SEASON"),
    "an address with a user": (_line("PUBLIC_URL", "https://a@b.example"), "PUBLIC_URL"),
    "an address of a megabyte": (_line("PUBLIC_URL", "https://" + "a/" * 500_000), "PUBLIC_URL"),
    "a database that is none": (_line("DATABASE_URL", "sqlite:///"), "DATABASE_URL"),
    "a database with words for a port": (
        _line("DATABASE_URL", "postgresql+psycopg://u:p@h:port/d"),
        "DATABASE_URL",
    ),
    "an office file that is a device": (_line("OFFICE_FILE", "/dev/zero"), "office"),
    "an office file that is a folder": (_line("OFFICE_FILE", "/"), "office"),
    "keys that are a device": (_line("VAULT_KEYS_FILE", "/dev/zero"), "vault"),
    "keys that are a folder": (_line("VAULT_KEYS_FILE", "/"), "vault"),
    "a level that is none": (_line("LOG_LEVEL", "LOUD"), "LOG_LEVEL"),
}


@pytest.fixture
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize("command", ["doctor", "serve"])
@pytest.mark.parametrize("name", SETTINGS)
def test_a_broken_setting_is_told_in_a_line(tmp_path: Path, name: str, command: str) -> None:
    content, told = SETTINGS[name]
    (tmp_path / ".env").write_bytes(content)
    (tmp_path / ".env").chmod(0o600)

    with within(30):
        done = CliRunner().invoke(main, [command])

    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == {"doctor": 1, "serve": 2}[command]
    lines = [each for each in done.output.splitlines() if each.startswith("FAULT")]
    assert any(told in each for each in lines), done.output
    assert max(map(len, lines)) < 600
    assert "Traceback" not in done.output


@pytest.mark.usefixtures("_bare")
def test_what_stands_behind_windows_mark_is_set(tmp_path: Path) -> None:
    from bot.settings import Settings

    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbf" + _line("SENDERS", "7"))

    assert Settings().senders == 7
