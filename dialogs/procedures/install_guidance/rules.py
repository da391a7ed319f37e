"""When guidance is given, to whom, and what staff should notice: the rules of the 設置指導要領, each as written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from dialogs.fields import Answers, Given, Slot, Value
from dialogs.procedure import Flag, Opening
from dialogs.season import Season, guidance_season, opening_day
from dialogs.slots import VISIT
from dialogs.words import Message, _, say
from dialogs.world import World

DAY = timedelta(days=1)


def season(world: World) -> Season:
    """Return the season that requests of today are about: this year's, or next year's once it is over (003-58)."""
    if world.season:
        return world.season
    this_year = guidance_season(world.today.year)
    return this_year if world.today <= this_year.last else guidance_season(world.today.year + 1)


def opening(world: World) -> Opening:
    """Return whether a visit may be asked for today; if not, from when.

    The ordinance names no first day for asking; two weeks before the season is what holds for loans (003-32), and
    leaves everybody the week that it asks for.
    """
    this = season(world)
    opens = opening_day(this)
    if opens <= world.today <= this.last:
        return Opening(is_open=True)
    if world.today > this.last:  # only where the season is set by hand and has passed
        text = _("今年の設置指導の受付は終わりました。次の受付が決まりましたら、お知らせします。")
        return Opening(is_open=False, message=say(text))
    text = _(
        "設置指導は、いまは受け付けていません。次の受付は {opens} からです（指導の期間：{first} から {last} まで）。"
    )
    return Opening(
        is_open=False, opens=opens, message=say(text, opens=opens, first=this.first, last=this.last)
    )


def visit_bounds(given: Given) -> tuple[date, date]:
    """Return the first and the last day for a visit: inside the season, and never the day on which it is asked for.

    Somebody has to go there, and the city has to say so before (003-21): today is too soon for both.
    """
    this = season(given.world)
    return max(this.first, given.world.today + DAY), this.last


def visit_pool(answers: Answers) -> str:  # noqa: ARG001 -- every visit is one of the same pool
    """Return the pool of visits (003-07: two at once)."""
    return VISIT


class VisitTime(Slot):
    """A time for a visit, with the soft rule of a week's notice (003-24): fewer days are allowed, and said."""

    def remark(self, value: Value, given: Given) -> Message | None:
        """Return that it may be too soon."""
        if lead_days(value, given.world.today) >= given.world.office.lead_days:
            return None
        return say(_("1週間を切っています。お受けできるかどうか、事業者と市が確認してお知らせします。"))


def lead_days(value: Value, today: date) -> int:
    """Return how many days lie between *today* and the day of the time *value*."""
    return (date.fromisoformat(value["day"]) - today).days


def on_the_list(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse a number that is not on the city's list: guidance is for those who had the subsidy (003-04)."""
    number = answers.get("number")
    if not isinstance(number, str) or world.holders is None or world.holders.has(number):
        return {}
    text = _(
        "この番号は名簿に見つかりません。交付決定通知書の番号を確かめて、もう一度送ってください。"
        "番号がわからないときは、{section}（電話 {telephone}）へお電話ください。"
    )
    return {"number": say(text, section=say(world.office.section), telephone=world.office.telephone)}


def still_to_come(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse a time that has come too near while the talk was left alone."""
    wish = answers.get("wish")
    if not isinstance(wish, dict) or date.fromisoformat(wish["day"]) > world.today:
        return {}
    return {"wish": say(_("希望の日が近くなりすぎました。もう一度、日時をお選びください。"))}


def flags(answers: Answers, world: World, filed: date) -> tuple[Flag, ...]:
    """Return what staff should see at a glance (003-02, 003-24)."""
    wish, site = answers.get("wish"), answers.get("site") or {}
    found = (
        (
            isinstance(wish, dict) and lead_days(wish, filed) < world.office.lead_days,
            Flag("lead_short", _("希望日まで1週間未満（要確認）")),
        ),
        (answers.get("relation") == "household", Flag("household", _("同じ世帯の方からの申し込み"))),
        (site.get("in_city") is False, Flag("site_outside", _("設置場所が市外"))),
    )
    return tuple(flag for holds, flag in found if holds)


def notes(answers: Answers, world: World) -> tuple[Message, ...]:
    """Return what happens next, that it costs nothing (003-60), and whom to ask."""
    wish = answers["wish"]
    here = _("この時間は、仮に押さえました。事業者と市が確認し、決まったらこのトークでお知らせします。")
    elsewhere = _("この時間は、仮に押さえました。事業者と市が確認し、決まったらお知らせします。")
    return (
        say(_("希望の日時：{day} {time}"), day=date.fromisoformat(wish["day"]), time=wish["time"]),
        say(here if world.talks else elsewhere),
        say(_("設置指導に費用はかかりません。")),
        say(_("お問い合わせ：{telephone}"), telephone=world.office.telephone),
    )
