"""What a borrower is reminded of, and when: bookings, the end of the loan, parts that are missing (003-19, 35, 36)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dialogs.procedures.fence_loan.loan import CITY_CARRIES, Booked, Loan
from dialogs.procedures.fence_loan.notice import shown
from dialogs.procedures.fence_loan.parts import named
from dialogs.procedures.fence_loan.receipts import offer, to_show, when, where
from dialogs.replies import Said
from dialogs.slots import DELIVERY
from dialogs.upcoming import ReminderDue
from dialogs.words import Message, _, say
from dialogs.world import World

if TYPE_CHECKING:
    from dialogs.standing import CaseView

DAY = timedelta(days=1)
BEFORE_THE_START = timedelta(days=3)
BEFORE_THE_END = timedelta(days=7)
AFTER_THE_END = (timedelta(days=3), timedelta(days=7), timedelta(days=14))
AFTER_A_CHECK = timedelta(days=3)
AFTER_THE_RETURN = (timedelta(days=7), timedelta(days=14))
ASKED_AGAIN = timedelta(days=7)
LATER = timedelta(days=3)
"""How long word still makes sense that is not about one day."""


def reminders(case: CaseView, world: World) -> tuple[ReminderDue, ...]:
    """Return every reminder that *case* brings about as it stands, those of days gone by, too."""
    loan = Loan(case)
    if "decision" not in {each.step for each in case.history} or loan.day("cancelled"):
        return ()
    if loan.taken_back:
        return (*_missing(loan, world), *_questionnaire(loan))
    if loan.handed_over:
        return (*_return(loan, world), *_end(loan), *_instruction(loan))
    return tuple(_pickup(loan, world))


def _pickup(loan: Loan, world: World) -> Iterator[ReminderDue]:
    at = loan.pickup
    if at is None:
        if CITY_CARRIES not in loan.waived:
            text = _("{reference} の受け取りの予約がまだです。貸出期間は {first} からです。")
            message = say(text, reference=loan.case.reference, first=loan.first)
            offers = (offer(loan.case, "pickup_booked", _("受け取りを予約する")),)
            start = loan.first - BEFORE_THE_START
            yield ReminderDue(f"unbooked/{loan.first}", start, (Said(message, offers),), until=loan.first)
        return
    delivered = at.place == DELIVERY
    tomorrow = _("明日、電気柵をお届けします。") if delivered else _("明日は、電気柵の受け取りの日です。")
    today = _("今日、電気柵をお届けします。") if delivered else _("今日は、電気柵の受け取りの日です。")
    notes = (when(at), *where(at, world, _("設置場所へうかがいます。")), to_show(loan, delivered=delivered))
    move = (offer(loan.case, "pickup_booked", _("予約を変える")),)
    yield ReminderDue(f"pickup-eve/{at.slot}", at.day - DAY, (Said(_lines(say(tomorrow), *notes), move),))
    notice = shown(loan.case, world)
    proof = (notice,) if notice else ()
    yield ReminderDue(f"pickup/{at.slot}", at.day, (Said(_lines(say(today), *notes)), *proof))


def _return(loan: Loan, world: World) -> Iterator[ReminderDue]:
    at = loan.returning
    if at is None:
        return
    delivered = at.place == DELIVERY
    tomorrow = _("明日、電気柵を受け取りにうかがいます。") if delivered else _("明日は、電気柵を返す日です。")
    today = _("今日、電気柵を受け取りにうかがいます。") if delivered else _("今日は、電気柵を返す日です。")
    care = say(_("電源を切ってから片づけ、部品の数を確かめてください。"))
    notes = (*_about(at, world), care)
    move = (offer(loan.case, "return_booked", _("予約を変える")),)
    yield ReminderDue(f"return-eve/{at.slot}", at.day - DAY, (Said(_lines(say(tomorrow), *notes), move),))
    yield ReminderDue(f"return/{at.slot}", at.day, (Said(_lines(say(today), *notes)),))


def _about(at: Booked, world: World) -> tuple[Message, ...]:
    return (when(at), *where(at, world, _("設置場所へうかがいます。")))


def _end(loan: Loan) -> Iterator[ReminderDue]:
    """Yield that the end is near, with both ways on, and that it has passed; nothing once a return is booked."""
    if loan.returning:
        return
    give_back = offer(loan.case, "return_booked", _("返却を予約する"))
    near = say(_("{reference} の貸出期間は {last} までです。"), reference=loan.case.reference, last=loan.last)
    longer = offer(loan.case, "extension_asked", _("期間の延長を申し込む"))
    both = (give_back,) if loan.asked_until else (give_back, longer)
    soon = loan.last - BEFORE_THE_END
    yield ReminderDue(f"end/{loan.last}", soon, (Said(near, both),), until=loan.last - DAY)
    today = say(_("今日で、{reference} の貸出期間が終わります。"), reference=loan.case.reference)
    yield ReminderDue(f"last/{loan.last}", loan.last, (Said(today, both),))
    text = _("{reference} の貸出期間は {last} に終わりました。返す日を予約してください。")
    over = say(text, reference=loan.case.reference, last=loan.last)
    for later in AFTER_THE_END:
        day = loan.last + later
        yield ReminderDue(f"over/{day}", day, (Said(over, (give_back,)),), until=day + DAY)


def _instruction(loan: Loan) -> Iterator[ReminderDue]:
    found = loan.instruction
    if found is None:
        return
    text = say(_("{day} の点検でお願いしたことを、確かめてください。"), day=found.day)
    offers = (offer(loan.case, "understood", _("わかりました")),)
    day = found.day + AFTER_A_CHECK
    yield ReminderDue(f"instruction/{found.day}", day, (Said(text, offers),), until=day + LATER)


def _missing(loan: Loan, world: World) -> Iterator[ReminderDue]:
    """Yield that parts are still waited for, until the loss is settled (003-19)."""
    if not loan.missing or loan.taken_back is None or loan.day("settled"):
        return
    said = loan.said("missing_answered")
    if said.get("found") in {"lost", "never"}:
        return
    parts = named(loan.missing, world.office.set_parts)
    text = say(_("足りない部品を待っています：{parts}"), parts=parts)
    reply = Said(text, (offer(loan.case, "missing_answered", _("足りない部品について答える")),))
    promised = said.get("bring_by")
    days = (date.fromisoformat(promised),) if promised else _after(loan.taken_back)
    for day in days:
        yield ReminderDue(f"missing/{day}", day, (reply,), until=day + LATER)


def _after(day: date) -> tuple[date, ...]:
    return tuple(day + each for each in AFTER_THE_RETURN)


def _questionnaire(loan: Loan) -> Iterator[ReminderDue]:
    """Yield one friendly word about the questionnaire; nobody is pressed to answer (003-03, 20)."""
    if loan.taken_back is None or loan.day("questionnaire"):
        return
    text = say(_("電気柵を使った感想を、よろしければお聞かせください。5つの短い質問です。"))
    reply = Said(text, (offer(loan.case, "questionnaire", _("アンケートに答える")),))
    day = loan.taken_back + ASKED_AGAIN
    yield ReminderDue(f"questionnaire/{loan.taken_back}", day, (reply,), until=day + LATER)


def _lines(*lines: Message) -> Message:
    """Return *lines* as one message, each on a line of its own."""
    names = [f"line{number}" for number in range(len(lines))]
    text = "\n".join(f"{{{name}}}" for name in names)
    return Message(text, dict(zip(names, lines, strict=True)))
