"""様式1 ヒグマ被害防止家庭菜園用電気柵貸出希望申請書, with the extra questions that the process needs (003-50…52)."""

from __future__ import annotations

from datetime import date

from dialogs.fields import (
    Choice,
    Choices,
    Consent,
    DayRange,
    Email,
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
)
from dialogs.form import Form, Page
from dialogs.procedures.fence_loan.planning import PERIMETER, suggested
from dialogs.procedures.fence_loan.rules import outside_the_season_now, period_bounds, short_notice
from dialogs.words import _

MOST_SETS = 5

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
            help=_(
                "個人のほか、町内会などの団体や法人も申請できます。団体のときは、代表の方のお名前をうかがいます。"
            ),
        ),
        PERIMETER,
        Number(
            "sets",
            _("希望するセット数"),
            unit=_("セット"),
            least=1,
            most=MOST_SETS,
            suggest=(1, 2, 3),
            advise=suggested,
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
            help=_(
                "市の定めた期間のうち、続けて使う日を答えてください。使用開始の1週間前までに申請してください。急ぐときも申請はできます。"
            ),
            example=_("6月15日"),
        ),
        Choices(
            "reason",
            _("申請理由"),
            (
                Option("damaged", _("家庭菜園がヒグマの被害にあったため"), short=_("被害にあった")),
                Option(
                    "at_risk",
                    _("家庭菜園がヒグマの被害にあう可能性が高いため"),
                    short=_("被害の可能性が高い"),
                ),
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
            help=_(
                "足あと、ふん、つめあと、食べあとなどが痕跡です。近づかずに、わかる範囲でお答えください。"
            ),
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
            help=_(
                "被害や痕跡があるときは、市の判断で当日か翌日に貸し出せる場合があります。担当者が確認してお知らせします。"
            ),
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
            example=_("見本 太郎"),
        ),
        Kana("kana", _("フリガナ"), personal=True, example=_("ミホン タロウ")),
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
