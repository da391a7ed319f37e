"""Whoever runs the service can read what changes with the next release."""

import re

from tests.house import tree


def test_the_changelog_has_a_section_for_what_is_not_released_yet() -> None:
    text = (tree.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.search(r"(?ms)^## \[?Unreleased\]?.*?$(.*?)(?=^## |\Z)", text)

    assert section
    assert re.search(r"(?m)^- \S", section[1])
