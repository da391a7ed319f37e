"""Houses for the tests of faults; see docs/faults.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.conftest import BOTH
from tests.faults import processes
from tests.faults.house import House
from tests.faults.opening import Houses, house
from tests.faults.processes import Nursery
from tests.support.databases import Databases

SEED = "1"


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Return the process from which every program of these tests is forked."""
    with processes.nursery() as made:
        yield made


@pytest.fixture
def houses(request: pytest.FixtureRequest, nursery: Nursery, tmp_path: Path) -> Houses:
    """Return what makes a house on a database of its own: ``houses("sqlite", ...)``."""

    @contextmanager
    def made(engine: str, *, empty: bool = False, **given: Any) -> Iterator[House]:
        databases: Databases = request.getfixturevalue(f"{engine}_databases")
        template = None if empty else request.getfixturevalue(f"{engine}_template")
        folder = Path(mkdtemp(dir=tmp_path))
        with (
            databases.lent(template) as url,
            house(nursery, folder, url, SEED, **given) as opened,
        ):
            yield opened

    return made


@pytest.fixture(scope="module", params=BOTH)
def street(
    request: pytest.FixtureRequest, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Return a house that goes on over all tests of a module: what happened to it before is part of the test."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    folder = tmp_path_factory.mktemp("street")
    with (
        databases.lent(request.getfixturevalue(f"{request.param}_template")) as url,
        house(nursery, folder, url, SEED) as made,
    ):
        yield made
