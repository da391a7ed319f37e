"""One line of what the doctor says."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, FAULT = "ok", "warning", "FAULT"


@dataclass(frozen=True)
class Finding:
    """One line of the report: the state, what it is about, and what to do."""

    state: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.state:8} {self.about:10} {self.text}"


def fault(about: str, text: str) -> Finding:
    """Return the line of something that must be put right before residents are served."""
    return Finding(FAULT, about, " ".join(text.split()))


def warning(about: str, text: str) -> Finding:
    """Return the line of something that is allowed and should be read."""
    return Finding(WARNING, about, " ".join(text.split()))
