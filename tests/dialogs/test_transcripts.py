"""Whole conversations, from files that a clerk can read.  ``--update-transcripts`` writes them anew."""

from pathlib import Path

import pytest

from tests.support.transcripts import FILES, played


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path, pytestconfig: pytest.Config) -> None:
    written = path.read_text(encoding="utf-8")

    goes, _visitor = played(written)

    if pytestconfig.getoption("--update-transcripts"):
        path.write_text(goes, encoding="utf-8")
    else:
        assert goes == written
