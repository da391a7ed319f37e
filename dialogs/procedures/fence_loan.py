"""電気柵貸出: the loan of an electric fence against brown bears (様式1; requirements 003-01…03, 12, 30–32, 50–52)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from dialogs.fields import (
    Answers,
    Choice,
    Choices,
    Consent,
    DayRange,
    Email,
    Given,
    Is,
    Kana,
    LongText,
    Name,
    Number,
    Option,
    Phone,
    Photo,
    Place,
    PostalAddress,
    Text,
    Value,
)
from dialogs.form import Form, Page
from dialogs.procedure import Flag, Opening, Procedure, Role, Step
from dialogs.season import Season, loan_season, opening_day
from dialogs.words import Message, _, say
from dialogs.world import World

MOST_SETS = 5


def season(world: World) -> Season:
    """Return the season that applications of today are about: this year's, or next year's once it is over (003-31)."""
    if world.season:
        return world.season
    this_year = loan_season(world.today.year, world.office.calendar)
    if world.today <= this_year.last:
        return this_year
    return loan_season(world.today.year + 1, world.office.calendar)


def opens(world: World) -> date:
    """Return the first day on which applications are taken (003-32); the city may set another day."""
    return world.opens or opening_day(season(world))


def opening(world: World) -> Opening:
    """Return whether applications are taken today; if not, from when."""
    first = opens(world)
    if first <= world.today <= season(world).last:
        return Opening(is_open=True)
    if world.today > season(world).last:  # only where the season is set by hand and has passed
        return Opening(is_open=False, message=say(_("今年の受付は終わりました。次の受付が決まりましたら、お知らせします。")))
    text = _("電気柵の貸出は、いまは受け付けていません。次の受付は {opens} からです（貸出期間：{first} から {last} まで）。")
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
        _("使用開始まで1週間を切っています。申請はできますが、間に合うかどうかを担当者が確認してお知らせします。")
    )


def outside_the_season_now(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse a period that has begun to lie in the past while the talk was left alone."""
    period = answers.get("period")
    if not isinstance(period, dict) or "from" not in period or date.fromisoformat(period["from"]) >= world.today:
        return {}
    return {"period": say(_("使用開始日が過ぎてしまいました。もう一度、期間をお選びください。"))}


LOAN = Page(
    "loan",
    _("設置と期間"),
    (
        Choice(
            "applicant_type",
            _("申請者の区分"),
            (
                Option("person", _("個人")),
                Option("association", _("町内会などの団体"), short=_("町内会・団体")),
                Option("corporation", _("法人（会社など）"), short=_("法人")),
            ),
            question=_("どなたとして申請しますか。"),
            help=_("個人のほか、町内会などの団体や法人も申請できます。団体のときは、代表の方のお名前をうかがいます。"),
        ),
        Number(
            "perimeter",
            _("設置場所の周囲長"),
            unit="m",
            least=1,
            most=2000,
            question=_("電気柵で囲う家庭菜園の、まわりの長さは何メートルですか。"),
            help=_("家庭菜園をぐるりと一周した長さです。たて10m、よこ10mの畑なら40mです。歩いて測った、だいたいの数で構いません。"),
            example="40",
        ),
        Number(
            "sets",
            _("希望するセット数"),
            unit=_("セット"),
            least=1,
            most=MOST_SETS,
            question=_("電気柵は何セット必要ですか。"),
            help=_("ふつうは1セットです。離れた2か所に設置するときなどは、必要な数を答えてください。"),
            example="1",
        ),
        DayRange(
            "period",
            _("貸出期間"),
            from_label=_("いつから使いますか。"),
            to_label=_("いつまで使いますか。"),
            bounds=period_bounds,
            warn=short_notice,
            help=_("貸出できるのは、市の定めた期間の中の続いた日です。使用開始の1週間前までに申請してください。急ぐときも申請はできます。"),
            example=_("6月15日"),
        ),
        Choices(
            "reason",
            _("申請理由"),
            (
                Option("damaged", _("家庭菜園がヒグマの被害にあったため"), short=_("被害にあった")),
                Option("at_risk", _("家庭菜園がヒグマの被害にあう可能性が高いため"), short=_("被害の可能性が高い")),
                Option("other", _("その他")),
            ),
            question=_("申請の理由はどれですか。（いくつでも）"),
            help=_("あてはまるものを選んでください。2つ以上あるときは「1と2」のように送ることもできます。"),
        ),
        Text(
            "reason_other",
            _("その他の理由"),
            when=Is("reason", "other"),
            question=_("その他の理由を教えてください。"),
            example=_("近くの畑に足あとがあったため"),
        ),
        Choice(
            "damage",
            _("ヒグマの被害や痕跡"),
            (
                Option("damaged", _("作物などの被害があった"), short=_("被害があった")),
                Option("trace", _("足あと・ふんなどの痕跡があった"), short=_("痕跡があった")),
                Option("nearby", _("近くで被害や目撃があった"), short=_("近くであった")),
                Option("none", _("どれもない")),
            ),
            question=_("この1か月くらいに、ヒグマの被害や痕跡がありましたか。"),
            help=_("足あと、ふん、つめあと、食べあとなどが痕跡です。近づかずに、わかる範囲でお答えください。"),
        ),
        Photo(
            "photo",
            _("被害や痕跡の写真"),
            required=False,
            when=Is("damage", "damaged", "trace"),
            question=_("被害や痕跡の写真があれば送ってください。"),
            hint=_("人の顔や車のナンバーが写らないようにしてください。撮りに近づかないでください。"),
            help=_("写真がなくても申請できます。写真の撮影場所などの情報は取り除いて保存します。"),
        ),
        Place(
            "trace_place",
            _("被害や痕跡の場所"),
            required=False,
            when=Is("damage", "damaged", "trace", "nearby"),
            question=_("被害や痕跡があった場所を送ってください。"),
            hint=_("地図の位置か、目印になる公園や施設の名前で構いません。自宅の住所は書かないでください。"),
            example=_("藤野○○公園の東側"),
        ),
        Choice(
            "emergency",
            _("急ぎの貸出"),
            (
                Option("yes", _("当日か翌日に必要"), short=_("急いでいる")),
                Option("no", _("急いでいない")),
            ),
            when=Is("damage", "damaged", "trace", "nearby"),
            question=_("すぐに（当日か翌日に）電気柵が必要ですか。"),
            help=_("被害や痕跡があるときは、市の判断で当日か翌日に貸し出せる場合があります。担当者が確認してお知らせします。"),
        ),
    ),
)

PROMISES = Page(
    "promises",
    _("申込者了解事項"),
    (
        Consent(
            "upkeep",
            _("維持管理"),
            statement=_("電気柵の維持管理(下草刈り、通電確認、ケーブルの張りの確認)を自ら行います。"),
        ),
        Consent(
            "return",
            _("返却"),
            statement=_(
                "貸出期間が終了した場合、又は途中で不要になった場合は、速やかに指定された場所に返却します。"
            ),
        ),
        Consent(
            "consider",
            _("終了後の対策"),
            statement=_("貸出終了後は、自ら電気柵を用意してヒグマ対策を実施することを検討します。"),
        ),
    ),
)

APPLICANT = Page(
    "applicant",
    _("申請者"),
    (
        Name(
            "organisation",
            _("団体・法人の名前"),
            when=Is("applicant_type", "association", "corporation"),
            personal=True,
            autocomplete="organization",
            example=_("見本町内会"),
        ),
        Name(
            "name",
            _("申請者氏名"),
            personal=True,
            hint=_("団体や法人のときは、代表の方のお名前"),
            example=_("札幌 太郎"),
        ),
        Kana("kana", _("フリガナ"), personal=True, example=_("サッポロ タロウ")),
        PostalAddress("address", _("住所"), personal=True),
        Phone("phone", _("電話"), personal=True, example="011-211-2879"),
        Email("email", _("メールアドレス"), personal=True, required=False),
        PostalAddress("site", _("設置場所住所"), personal=True, in_city=True, same_as="address"),
        LongText("note", _("担当者に伝えたいこと"), personal=True, required=False, longest=500),
    ),
    private=True,
    intro=_("電気柵を借りる方のお名前、連絡先、設置場所をうかがいます。"),
)

FORM_R6 = Form(
    "fence_loan",
    _("電気柵の貸出申請"),
    "R6",
    (LOAN, PROMISES, APPLICANT),
    since=date(2024, 4, 15),
    checks=(outside_the_season_now,),
)
"""様式1 ヒグマ被害防止家庭菜園用電気柵貸出希望申請書, as amended on 2024-04-15."""


def flags(answers: Answers, world: World, filed: date) -> tuple[Flag, ...]:
    """Return what staff should see at a glance (003-02, 12, 14, 30): derived, never typed."""
    period = answers.get("period") or {}
    site = answers.get("site") or {}
    start = date.fromisoformat(period["from"]) if period.get("from") else filed
    found = (
        (start - filed < timedelta(days=world.office.lead_days), Flag("lead_short", _("使用開始まで1週間未満（要確認）"))),
        (answers.get("emergency") == "yes", Flag("emergency", _("急ぎの貸出を希望"))),
        (answers.get("damage") in {"damaged", "trace"}, Flag("bear_signs", _("ヒグマの被害・痕跡あり"))),
        (site.get("in_city") is False, Flag("site_outside", _("設置場所が市外"))),
    )
    return tuple(flag for holds, flag in found if holds)


def notes(answers: Answers, world: World) -> tuple[Message, ...]:
    """Return what the applicant should know after filing."""
    said = [say(_("担当者が内容を確認し、このトークでお知らせします。"))]
    if answers.get("emergency") == "yes":
        urgent = _("急ぎの申請として担当者に伝えました。ヒグマを見かけたときは、近づかずに110番へ連絡してください。")
        said.append(say(urgent))
    said.append(say(_("お問い合わせ：{telephone}"), telephone=world.office.telephone))
    return tuple(said)


RECEIVED = _("受け付けました。担当者が確認します。")

FENCE_LOAN = Procedure(
    "fence_loan",
    _("電気柵の貸出"),
    _("電気柵の貸出を申請する"),
    (FORM_R6,),
    (
        Step("application", _("申請"), Role.RESIDENT, state=RECEIVED),
        Step(
            "correction",
            _("訂正"),
            Role.RESIDENT,
            state=_("訂正を受け付けました。担当者が確認します。"),
            after="application",
            until=("taken_up", "withdrawal"),
            repeats=True,
        ),
        Step(
            "withdrawal",
            _("取り下げ"),
            Role.RESIDENT,
            state=_("取り下げられています。"),
            after="application",
            until=("decision",),
        ),
        Step(
            "taken_up",
            _("確認開始"),
            Role.STAFF,
            state=_("担当者が内容を確認しています。"),
            after="application",
            until=("withdrawal",),
            within=2,
        ),
    ),
    series="loan",
    opening=opening,
    flags=flags,
    notes=notes,
)
