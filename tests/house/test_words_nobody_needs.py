"""No file names a package registry, a path of one machine, or something left to do."""

import re

import pytest

from tests.house import tree

# Put together here, so that this file keeps the rule as well.
REGISTRIES = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
LEFT_TO_DO = ["TO" + "DO", "FIX" + "ME"]
MACHINES = ["work", "root", "home/[a-z]+", "Users/[A-Za-z]+", "opt/pypi", "opt/wheels"]

RULES = {
    "a package registry": "|".join(map(re.escape, REGISTRIES)),
    "something left to do": rf"\b({'|'.join(LEFT_TO_DO)})\b",
    "a path of one machine": rf"(?<![\w.~/-])/({'|'.join(MACHINES)})/",
}
EXEMPT = {
    ".min.js": "taken over as it was published",
}


def _broken(rule: str) -> list[str]:
    pattern = re.compile(RULES[rule])
    return [
        f"{path}:{number}: {found.group()}"
        for path, text in tree.texts()
        if not path.endswith(tuple(EXEMPT))
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := pattern.search(line))
    ]


@pytest.mark.parametrize("rule", RULES)
def test_no_file_names(rule: str) -> None:
    assert _broken(rule) == []
