"""A browser for the tests of pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

INSTALL = (
    "Chromium was not found. Install it (apt-get install chromium), or name one in MADOGUCHI_TEST_CHROMIUM."
)


def program() -> str | None:
    """Return the path of a Chromium, or None where there is none."""
    named = os.environ.get("MADOGUCHI_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)


@contextmanager
def running() -> Iterator[Browser]:
    """Yield a headless browser that finds no host but this machine."""
    found = program()
    if found is None:
        raise LookupError(INSTALL)
    arguments = [
        "--disable-dev-shm-usage",  # a container's /dev/shm is too small for a page
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        "--proxy-server=direct://",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=Path(found), args=arguments)
        yield browser
        browser.close()
