"""What a comparison of the ledgers can find, and the report of what it found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LOST, DUPLICATED, OVERSOLD = "lost", "duplicated", "oversold"
CROSSED, UNEXPLAINED = "crossed", "unexplained"
COLUMNS = (LOST, DUPLICATED, OVERSOLD, CROSSED, UNEXPLAINED)
"""What the last line counts."""

NOTED = "noted"
"""For what is explained and wants somebody's eye all the same: it is listed and not counted."""

SHOWN = 10
"""Ids on a line."""


@dataclass(frozen=True)
class Kind:
    """One kind of finding: which column counts it, of what the ids are, and what is wrong, in a sentence."""

    column: str
    about: str
    sentence: str


KINDS: Mapping[str, Kind] = {
    # --- what was acknowledged
    "retry_overdue": Kind(LOST, "event", "a failed event has not been tried again though it was due"),
    "event_without_body": Kind(LOST, "event", "a failed event has no body left to be tried again"),
    "event_body_left": Kind(UNEXPLAINED, "event", "an event that went well still has its body"),
    "event_state_unknown": Kind(UNEXPLAINED, "event", "an event is in a state that does not exist"),
    "answer_missing": Kind(LOST, "event", "an event that must be answered has no message"),
    "acknowledged_unknown": Kind(LOST, "line of the file", "the platform's event was acknowledged, not kept"),
    "dead_letter": Kind(NOTED, "event", "an event was set aside; the console shows it"),
    "silent_event": Kind(NOTED, "event", "an event left no message: people who block us or take words back"),
    # --- what was filed
    "receipt_missing": Kind(LOST, "submission", "somebody filed and no receipt was queued"),
    "receipt_crossed": Kind(CROSSED, "submission", "the receipt was queued for another person"),
    "receipt_not_legal": Kind(
        LOST, "submission", "the receipt may be left at maybe: it is not marked as legal"
    ),
    "filed_twice": Kind(DUPLICATED, "event", "one event filed more than one submission"),
    "filed_by_other": Kind(CROSSED, "submission", "a resident filed on another person's case"),
    "filing_without_event": Kind(UNEXPLAINED, "submission", "no event is known that filed it"),
    "record_missing": Kind(LOST, "record", "personal answers that something refers to are gone"),
    "record_of_other_procedure": Kind(
        CROSSED, "record", "personal answers were sealed for another procedure"
    ),
    "record_shared": Kind(CROSSED, "record", "personal answers belong to more than one person"),
    "record_unowned": Kind(UNEXPLAINED, "record", "nothing refers to these personal answers"),
    "photo_missing": Kind(LOST, "photo", "a photo that something refers to is gone"),
    "photo_crossed": Kind(CROSSED, "photo", "a photo belongs to another person or procedure"),
    "photo_never_fetched": Kind(LOST, "photo", "a photo is expected and nobody is about to fetch it"),
    "decided_twice": Kind(DUPLICATED, "case", "it was decided more than once without having been sent back"),
    "signed_twice": Kind(DUPLICATED, "case", "the same post signed more than once in one round"),
    "decision_unnumbered": Kind(LOST, "case", "a decision has no number"),
    "decision_untold": Kind(LOST, "case", "it was decided or sent back and the applicant was not told"),
    "decision_told_other": Kind(CROSSED, "case", "the decision was told to another person"),
    "decision_not_legal": Kind(LOST, "case", "the decision may be left at maybe: it is not marked as legal"),
    "signature_without_event": Kind(UNEXPLAINED, "submission", "no event is known in which it was signed"),
    "case_empty": Kind(LOST, "case", "a case has no submission"),
    "filing_gap": Kind(LOST, "case", "the submissions of a case are not numbered from 1 without a gap"),
    "number_missing": Kind(LOST, "number", "a number of the series was given and no case or decision has it"),
    "number_twice": Kind(DUPLICATED, "number", "two cases or decisions have the same number of the series"),
    "number_beyond": Kind(
        UNEXPLAINED, "number", "a case or decision has one that the series has not reached"
    ),
    "number_unreadable": Kind(
        NOTED, "case", "a case's number is not of the series' pattern; its gaps are unknown"
    ),
    # --- what is scarce
    "oversold": Kind(OVERSOLD, "slot", "more is promised than there is: a race, or sets that got lost since"),
    "claims_miscounted": Kind(OVERSOLD, "slot", "the count of a slot is not the sum of its claims"),
    "sets_miscounted": Kind(OVERSOLD, "place", "the count of sets is not the number of those that are there"),
    "stock_astray": Kind(UNEXPLAINED, "set or part", "it is not where its moves brought it"),
    # --- conversations
    "current_missing": Kind(LOST, "person", "the conversation that the person is in is gone"),
    "current_crossed": Kind(CROSSED, "person", "the person is in a conversation of somebody else"),
    "correction_crossed": Kind(CROSSED, "conversation", "it corrects a case of another person"),
    "correction_of_nothing": Kind(UNEXPLAINED, "conversation", "it corrects a case that does not exist"),
    "link_crossed": Kind(CROSSED, "conversation", "a page link or visit of another person leads to it"),
    "reminder_overdue": Kind(LOST, "reminder", "word that was promised has not been sent for a day"),
    # --- what was queued, and what became of it
    "message_without_event": Kind(UNEXPLAINED, "message", "no event or reminder is known that caused it"),
    "message_of_unfinished_event": Kind(DUPLICATED, "message", "its event failed and will be answered again"),
    "message_of_nobody": Kind(UNEXPLAINED, "message", "its person has no account"),
    "message_crossed": Kind(CROSSED, "message", "its recipient is not its person's account"),
    "sheet_of_nothing": Kind(UNEXPLAINED, "message", "it is to show a case that does not exist"),
    "message_blanked": Kind(
        UNEXPLAINED, "message", "its recipient was removed and nothing of its person was erased"
    ),
    "message_missing": Kind(LOST, "message", "an earlier message of the same cause is gone"),
    "message_twice": Kind(DUPLICATED, "message", "it was queued again under another retry key"),
    "message_key_unknown": Kind(UNEXPLAINED, "message", "its retry key is not made from its cause"),
    "message_overdue": Kind(LOST, "message", "it waits though it was due long ago"),
    "lease_stale": Kind(LOST, "message", "its sender is gone and nobody took it over"),
    "lease_without_end": Kind(LOST, "message", "it may not be tried again for hours"),
    "waiting_without_body": Kind(LOST, "message", "it waits and its body was removed"),
    "waiting_for_blocked": Kind(
        LOST, "message", "it waits for somebody who blocks us, who would never see it"
    ),
    "legal_uncertain": Kind(LOST, "message", "a receipt or decision was left at maybe"),
    "message_state_unknown": Kind(UNEXPLAINED, "message", "it is in a state that does not exist"),
    "message_end_untimed": Kind(
        UNEXPLAINED, "message", "its state and the time of its end contradict each other"
    ),
    "undeliverable": Kind(NOTED, "message", "it could not be delivered; the console shows it"),
    "uncertain": Kind(NOTED, "message", "it may have been delivered; nothing of legal effect is among these"),
    # --- what the platform says
    "accepted_twice": Kind(DUPLICATED, "line of the file", "the platform accepted the same message again"),
    "accepted_unexplained": Kind(UNEXPLAINED, "line of the file", "the platform accepted what nobody queued"),
    "accepted_crossed": Kind(CROSSED, "line of the file", "the platform gave a message to another account"),
    "delivered_unknown": Kind(LOST, "message", "it counts as delivered and the platform never accepted it"),
    "accepted_too_old": Kind(
        NOTED, "line of the file", "its reply token is no longer kept: too old, or erased"
    ),
    "delivered_after_all": Kind(NOTED, "message", "it counts as undeliverable and the platform accepted it"),
    "line_unreadable": Kind(UNEXPLAINED, "line of the file", "the line is not of the format"),
}


@dataclass
class Report:
    """How often each kind was found, and the first ids of each."""

    counts: Counter[str] = field(default_factory=Counter)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, found: object) -> None:
        """Note the finding *kind* at the id *found*.

        Raises:
            KeyError: There is no such kind.
        """
        KINDS[kind]
        self.counts[kind] += 1
        ids = self.ids.setdefault(kind, [])
        if len(ids) < SHOWN:
            ids.append("".join(each for each in str(found)[:80] if each.isprintable()))

    def totals(self) -> Mapping[str, int]:
        """Return the counts of the last line, by column."""
        found = dict.fromkeys(COLUMNS, 0)
        for kind, count in self.counts.items():
            if KINDS[kind].column in found:
                found[KINDS[kind].column] += count
        return found

    @property
    def is_clean(self) -> bool:
        """Return whether every count of the last line is zero."""
        return not any(self.totals().values())

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind that was found, then the last line."""
        for name, kind in KINDS.items():
            if name in self.counts:
                ids = ", ".join(self.ids[name])
                more = ", …" if self.counts[name] > len(self.ids[name]) else ""
                yield f"{kind.column:11} {self.counts[name]:>7}  {name}: {kind.sentence} ({kind.about} {ids}{more})"
        yield self.last_line()

    def last_line(self) -> str:
        """Return the last line: all zeros where every message is accounted for."""
        return " ".join(f"{column} {count}" for column, count in self.totals().items())
