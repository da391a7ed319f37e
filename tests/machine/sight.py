"""What lies in the database about one person: read as it is committed, past the product's own code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.machine.town import Town

_PERSON = """
    SELECT p.id, p.locale, p.locale_chosen, p.current, p.at, i.blocked_at
    FROM identities i JOIN people p ON p.id = i.person_id
    WHERE i.channel = 'line' AND i.external_id = ?
"""
_TALKS = """
    SELECT t.id, t.form, coalesce(c.reference, ''), t.answers, t.aside, t.sources, t.asked, t.vault_id
    FROM conversations t LEFT JOIN cases c ON c.id = t.case_id WHERE t.person_id = ?
"""
_FILED = """
    SELECT s.id, c.reference, s.number, s.step, s.edition, s.answers, s.locale, s.role, s.event_id,
           s.sources, s.vault_id, s.unsent_at
    FROM cases c JOIN submissions s ON s.case_id = c.id
    WHERE c.person_id = ? ORDER BY s.rowid
"""


@dataclass(frozen=True)
class Talk:
    """One half-filled conversation; *written* is what stands in its row."""

    id: str
    form: str
    case: str
    answers: Mapping[str, Any]
    aside: Mapping[str, Any]
    sources: Mapping[str, str]
    asked: str
    vault_id: str | None
    written: str


@dataclass(frozen=True)
class Paper:
    """One submission; all but *unsent* is kept as it was filed."""

    id: str
    reference: str
    number: int
    step: str
    edition: str
    answers: str
    locale: str
    role: str
    event_id: str
    sources: str
    vault_id: str | None
    unsent: bool


@dataclass(frozen=True)
class Seen:
    """One person as stored; all is empty for somebody the desk never met."""

    person: str = ""
    locale: str = "ja"
    chosen: bool = False
    current: str = ""
    at: str = ""
    blocked: bool = False
    talks: Mapping[str, Talk] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()

    @property
    def current_talk(self) -> Talk | None:
        """Return the conversation that typed words are meant for."""
        return self.talks.get(self.current)


def look(town: Town, user_id: str) -> Seen:
    """Return what is stored about the person behind *user_id*."""
    found = town.rows(_PERSON, user_id)
    if not found:
        return Seen()
    person, locale, chosen, current, at, blocked = found[0]
    talks = {row[0]: _talk(row) for row in town.rows(_TALKS, person)}
    papers = tuple(Paper(*(*row[:11], row[11] is not None)) for row in town.rows(_FILED, person))
    return Seen(person, locale, bool(chosen), current, at, blocked is not None, talks, papers)


def _talk(row: Any) -> Talk:
    identity, form, case, answers, aside, sources, asked, vault_id = row
    read = (json.loads(answers), json.loads(aside), json.loads(sources))
    return Talk(identity, form, case, *read, asked, vault_id, f"{answers}{aside}{sources}{asked}")


def told_apart(seen: Seen) -> Any:
    """Return *seen* without what differs from one life of the desk to the next: ids, and the count of references."""
    references = {name: f"#{at}" for at, name in enumerate(dict.fromkeys(p.reference for p in seen.papers))}

    def named(text: str) -> str:
        for reference, mark in references.items():
            text = text.replace(reference, mark)
        return text

    talks = sorted(
        (replace(each, vault_id=None, case=named(each.case)).__dict__ for each in seen.talks.values()),
        key=str,
    )
    papers = [
        {**each.__dict__, "id": "", "vault_id": bool(each.vault_id), "reference": named(each.reference)}
        for each in seen.papers
    ]
    return (seen.locale, seen.chosen, seen.current, named(seen.at), seen.blocked, talks, papers)
