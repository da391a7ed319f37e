"""When fences are lent and what staff should notice: the rules of the 貸出要領, each as written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from dialogs.fields import Answers, Given, Value
from dialogs.procedure import Flag, Opening
from dialogs.procedures.fence_loan.planning import too_few
from dialogs.season import Season, loan_season, opening_day
from dialogs.words import Message, _, say
from dialogs.world import World


def season(world: World) -> Season:
    """Return the season that applications of today are about: this year's, or next year's once it is over (003-31)."""
    if world.season:
        return world.season
    this_year = loan_season(world.today.year, world.office.calendar)
    if world.today <= this_year.last:
        return this_year
    return loan_season(world.today.year + 1, world.office.calendar)


def opens(world: World) -> date:
    """Return the first day on which applications are taken (003-32); the city may set another for one year."""
    computed = opening_day(season(world))
    # A day that was set and left standing must not open the next season in the winter before it.
    return world.opens if world.opens and world.opens.year == computed.year else computed


def opening(world: World) -> Opening:
    """Return whether applications are taken today; if not, from when."""
    first = opens(world)
    if first <= world.today <= season(world).last:
        return Opening(is_open=True)
    if world.today > season(world).last:  # only where the season is set by hand and has passed
        return Opening(
            is_open=False,
            message=say(_("今年の受付は終わりました。次の受付が決まりましたら、お知らせします。")),
        )
    text = _(
        "電気柵の貸出は、いまは受け付けていません。次の受付は {opens} からです（貸出期間：{first} から {last} まで）。"
    )
    message = say(text, opens=first, first=season(world).first, last=season(world).last)
    return Opening(is_open=False, opens=first, message=message)


def period_bounds(given: Given) -> tuple[date, date]:
    """Return the first and the last day for which a fence may be asked for: inside the season, not in the past."""
    this = season(given.world)
    return max(this.first, given.world.today), this.last


def lead_days(start: date, world: World) -> int:
    """Return how many days lie between today and the first day of use."""
    return (start - world.today).days


def short_notice(value: Value, given: Given) -> Message | None:
    """Return the soft rule of a week's notice (003-12): allowed, checked by staff, with a word on the urgent lane."""
    if lead_days(date.fromisoformat(value["from"]), given.world) >= given.world.office.lead_days:
        return None
    return say(
        _(
            "使用開始まで1週間を切っています。申請はできますが、間に合うかどうかを担当者が確認してお知らせします。"
        )
    )


def outside_the_season_now(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse a period that has begun to lie in the past while the talk was left alone."""
    period = answers.get("period")
    if (
        not isinstance(period, dict)
        or "from" not in period
        or date.fromisoformat(period["from"]) >= world.today
    ):
        return {}
    return {"period": say(_("使用開始日が過ぎてしまいました。もう一度、期間をお選びください。"))}


def flags(answers: Answers, world: World, filed: date) -> tuple[Flag, ...]:
    """Return what staff should see at a glance (003-02, 12, 14, 30): derived, never typed."""
    period = answers.get("period") or {}
    site = answers.get("site") or {}
    start = date.fromisoformat(period["from"]) if period.get("from") else filed
    found = (
        (
            start - filed < timedelta(days=world.office.lead_days),
            Flag("lead_short", _("使用開始まで1週間未満（要確認）")),
        ),
        (answers.get("emergency") == "yes", Flag("emergency", _("急ぎの貸出を希望"))),
        (answers.get("damage") in {"damaged", "trace"}, Flag("bear_signs", _("ヒグマの被害・痕跡あり"))),
        (site.get("in_city") is False, Flag("site_outside", _("設置場所が市外"))),
        (too_few(answers, world), Flag("sets_few", _("希望のセット数では足りない見込み"))),
    )
    return tuple(flag for holds, flag in found if holds)


def notes(answers: Answers, world: World) -> tuple[Message, ...]:
    """Return what the applicant should know after filing."""
    here = _("担当者が内容を確認し、このトークでお知らせします。")
    said = [say(here if world.talks else _("担当者が内容を確認し、お知らせします。"))]
    if answers.get("emergency") == "yes":
        urgent = _(
            "急ぎの申請として担当者に伝えました。ヒグマを見かけたときは、近づかずに110番へ連絡してください。"
        )
        said.append(say(urgent))
    said.append(say(_("お問い合わせ：{telephone}"), telephone=world.office.telephone))
    return tuple(said)
