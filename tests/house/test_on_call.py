"""Whoever is called at night finds every figure and every alarm of the log on one page."""

import ast

import pytest
from prometheus_client import Counter, Gauge, Histogram, Summary

from bot import metrics
from tests.house import tree

PAGE = (tree.ROOT / "docs" / "on-call.md").read_text(encoding="utf-8")
ALARMS = {"error", "exception", "critical"}
ELSEWHERE = ("bot/simulator/", "bot/demo.py")
"""Where nobody is on call."""


def figures() -> list[str]:
    """Return the name of every metric, as Prometheus shows it."""
    found = []
    for each in vars(metrics).values():
        if isinstance(each, Counter):
            found += [f"{told.name}_total" for told in each.describe()]
        elif isinstance(each, Gauge | Histogram | Summary):
            found += [told.name for told in each.describe()]
    return [*found, *metrics.STANDING]


def alarms() -> list[str]:
    """Return the name of every line that is logged as an error or worse."""
    found = set()
    for path, module, _ in tree.modules("bot", "storage"):
        if not path.startswith(ELSEWHERE):
            found |= {name for node in ast.walk(module) if (name := _logged(node))}
    return sorted(found)


def _logged(node: ast.AST) -> str:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ALARMS):
        return ""
    logger = node.func.value
    if not (isinstance(logger, ast.Name) and logger.id in {"log", "logger"}) or not node.args:
        return ""
    first = node.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


@pytest.mark.parametrize("figure", figures())
def test_every_figure_is_explained(figure: str) -> None:
    assert f"`{figure}" in PAGE


@pytest.mark.parametrize("alarm", alarms())
def test_every_alarm_of_the_log_is_explained(alarm: str) -> None:
    assert f"`{alarm}`" in PAGE


def test_figures_and_alarms_are_found_where_they_are_made() -> None:
    assert len(figures()) > 15
    assert {"turn_failed", "jobs_died", "line_quota_low"} <= {*alarms()}


def test_every_section_says_what_residents_notice_and_when_it_is_over() -> None:
    sections = PAGE.split("\n## ")[2:]

    assert len(sections) > 10
    assert [each.splitlines()[0] for each in sections if "**Residents**" not in each] == []
    assert [each.splitlines()[0] for each in sections if "**It is over**" not in each] == []
