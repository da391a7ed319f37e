"""The registration for an exchange meeting: whether and how somebody comes, with whom, and what they wish (004-11)."""

from __future__ import annotations

from datetime import date

from dialogs.fields import Choice, Email, Is, Kana, LongText, Name, Number, Option, Phone, Text
from dialogs.form import Form, Page
from dialogs.meetings import ON_SITE, ONLINE
from dialogs.meetings_reading import MOST_TOGETHER
from dialogs.procedures.exchange_meeting.fields import (
    Asks,
    Attendance,
    Coming,
    OneMeeting,
    OneOfMeeting,
    ThemesOfMeeting,
    WardOf,
)
from dialogs.procedures.exchange_meeting.rules import enough_seats, group_fits
from dialogs.words import _

COMES = Is("coming", "yes")
NOT_PERSONAL = _("お名前や電話番号は書かないでください。")

MEETING = Page(
    "meeting",
    _("交流会への参加"),
    (
        OneMeeting("meeting", _("交流会"), question=_("どの交流会に申し込みますか。")),
        Coming(
            "coming",
            _("参加・不参加"),
            (Option("yes", _("参加します")), Option("no", _("参加しません"))),
            question=_("この交流会に参加しますか。"),
            help=_(
                "参加しないときも、「参加しません」と知らせていただけると助かります。あとで変えられます。"
            ),
        ),
        Attendance(
            "attendance",
            _("参加の方法"),
            (
                Option(ON_SITE, _("会場で参加")),
                Option(ONLINE, _("オンラインで見る")),
            ),
            when=COMES,
            question=_("会場で参加しますか、オンラインで見ますか。"),
            help=_("参加者どうしの交流の時間は、会場だけで行います。オンラインでは、それ以外を見られます。"),
        ),
        OneOfMeeting("kind", _("参加者の区分"), when=COMES, question=_("あなたに近いものはどれですか。")),
        Text(
            "organisation",
            _("団体・所属"),
            when=COMES,
            required=False,
            longest=60,
            question=_("団体や所属があれば、その名前を教えてください。"),
            hint=_("町内会や活動団体、部署などの名前です。"),
            example=_("見本町内会"),
        ),
        WardOf(
            "ward",
            _("お住まい・活動の区"),
            when=COMES,
            question=_("お住まい、または活動している区はどこですか。"),
        ),
        Number(
            "companions",
            _("いっしょに来る方の人数"),
            unit=_("人"),
            least=0,
            most=MOST_TOGETHER - 1,
            suggest=(0, 1, 2),
            when=Asks(way=ON_SITE),
            question=_("ほかに何人、いっしょに来ますか。（ひとりのときは0）"),
            help=_("いっしょに来る方の席は、まとめて用意します。満席のときも、グループを分けません。"),
            example="0",
        ),
        ThemesOfMeeting(
            "themes",
            _("話したいテーマ"),
            most=3,
            when=Asks("themes"),
            required=False,
            question=_("話したいテーマはどれですか。（3つまで）"),
            help=_("席の組み合わせを決めるときの参考にします。"),
        ),
        Text(
            "theme_wish",
            _("ほかに話したいこと"),
            when=COMES,
            required=False,
            longest=200,
            question=_("ほかに話したいことがあれば教えてください。"),
            hint=NOT_PERSONAL,
        ),
        LongText(
            "questions_for_speakers",
            _("発表する方への質問"),
            when=COMES,
            required=False,
            longest=500,
            question=_("発表する方に聞きたいことがあれば書いてください。"),
            hint=NOT_PERSONAL,
        ),
        Text(
            "stay_with",
            _("同じグループになりたい方"),
            when=Asks(way=ON_SITE),
            required=False,
            longest=60,
            question=_("同じグループになりたい方がいれば、その方の受付番号を教えてください。"),
            hint=_("お名前は書かないでください。いっしょに来る方は、書かなくても同じグループです。"),
        ),
        Text(
            "avoid",
            _("別のグループになりたい方"),
            when=Asks(way=ON_SITE),
            required=False,
            longest=60,
            question=_("別のグループになりたい方がいれば、その方の受付番号を教えてください。"),
            hint=_("お名前は書かないでください。ほかの参加者には伝えません。"),
        ),
        Choice(
            "consent_recording",
            _("写真・動画の撮影"),
            (
                Option("yes", _("写ってもよい")),
                Option("no", _("写りたくない")),
            ),
            when=Asks(way=ON_SITE),
            question=_("記録のために写真と動画を撮り、市のホームページなどで使います。写ってもよいですか。"),
            help=_("写りたくない方には、写らない席を用意します。どちらでも参加できます。"),
        ),
    ),
)

PERSON = Page(
    "person",
    _("お名前と連絡先"),
    (
        Name("name", _("お名前"), personal=True, example=_("見本 太郎")),
        Kana("kana", _("フリガナ"), personal=True, example=_("ミホン タロウ")),
        Phone("phone", _("電話"), personal=True, when=COMES, example="011-211-2879"),
        Email("email", _("メールアドレス"), personal=True, when=COMES, required=False),
        LongText(
            "companion_names",
            _("いっしょに来る方のお名前"),
            personal=True,
            when=Asks(way=ON_SITE),
            required=False,
            longest=500,
            hint=_("名札に書きます。ひとりずつ行を変えて書いてください。"),
        ),
        LongText(
            "accommodation",
            _("参加するために必要なこと"),
            personal=True,
            reserved=True,
            when=COMES,
            required=False,
            longest=500,
            hint=_(
                "車いす、手話、筆記、座る場所、介助の方など、何でも書いてください。用意する担当者だけが見ます。"
            ),
        ),
    ),
    private=True,
    intro=_("参加する方のお名前と連絡先をうかがいます。"),
)

FORM_R9 = Form(
    "exchange_meeting",
    _("交流会の申し込み"),
    "R9",
    (MEETING, PERSON),
    since=date(2027, 4, 1),
    checks=(group_fits, enough_seats),
    file=_("申し込む"),
)
"""What a registration asks; the meeting says which of it, and what there is to choose from."""
