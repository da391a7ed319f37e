"""What is said beside a question, to something that is not its answer."""

from __future__ import annotations

from dialogs.fields.base import Field, Given
from dialogs.office import Office
from dialogs.words import Message, _, say


def help_text(office: Office) -> Message:
    """Return how the desk is used and whom to ring."""
    return say(
        _(
            "番号か言葉を送ると答えられます。\n"
            "戻る：前の質問　中止：入力をやめる　メニュー：手続きの一覧\n"
            "申請状況：出した申請　言語：言葉をえらぶ　？：質問の説明\n"
            "使い方：電気柵の使い方を調べる、質問する\n"
            "お困りのときは {section}（電話 {telephone}）へ。"
        ),
        section=say(office.section),
        telephone=office.telephone,
    )


def explained(asked: Field, given: Given) -> Message:
    """Return the explanation of a question, with the example of the part that is open."""
    text = asked.help or asked.hint or asked.label
    example = asked.pending(given).example
    return say(_("{help}\n例：{example}"), help=say(text), example=say(example)) if example else say(text)


def not_on_the_staff() -> Message:
    """Return the refusal to somebody who is not on the roster: it tells nothing of what is behind the door."""
    return say(
        _(
            "この窓口は、登録された職員と委託事業者の方だけがご利用になれます。"
            "ご利用が必要なときは、所属の担当者にお知らせください。"
        )
    )


def staff_help() -> Message:
    """Return what a member of the staff can type."""
    return say(
        _(
            "一覧：待っているもの・期限　検索 番号：一件を見る　メニュー：はじめられること\n"
            "点検のときは、「全部正常、C 210GB、UPS 12分」のように一文でも入力できます。\n"
            "中止：入力をやめる　続き：途中の入力にもどる\n"
            "チームのチャネルで「ここに届ける」と送ると、あなたの担当のカードがそこにも届きます。"
        )
    )


def use_the_page() -> Message:
    """Return where personal data belongs, to somebody who typed while the page is asked for."""
    return say(
        _(
            "お名前や住所などの個人情報は、このトークには書かず、下のボタンの専用ページで入力してください。"
            "書いてしまったときは、そのメッセージを長押しして「送信取消」をしてください。"
        )
    )


def not_in_the_talk() -> Message:
    """Return the warning that personal data was typed, and that it was not kept."""
    return say(
        _(
            "電話番号や住所などの個人情報は、このトークには書かないでください。その部分は保存していません。"
            "メッセージを長押しして「送信取消」をすると、トークからも消せます。個人情報は、あとで専用ページでうかがいます。"
        )
    )


def not_an_answer(kind: str) -> Message:
    """Return what is said to a sticker, a sound or a stale button; *kind* names it."""
    if kind == "stale":
        return say(_("そのボタンは、いまは使えません。次の質問にお答えください。"))
    if kind == "sticker":
        return say(_("スタンプをありがとうございます。続きをお願いします。"))
    return say(_("申し訳ありません。音声・動画・ファイルは受け取れません。文字かボタンでお答えください。"))


def not_asked_for() -> Message:
    """Return what is said to a photo or a place that nobody asked for."""
    return say(_("ありがとうございます。いまは次の質問に、文字かボタンでお答えください。"))


def no_longer_asked() -> Message:
    """Return that a button or an answer belongs to a question that is not asked (any more)."""
    return say(_("その質問は、いまは必要ありません。次の質問にお答えください。"))


def forgotten() -> Message:
    """Return that a message was taken back, and its answer with it."""
    return say(_("取り消したメッセージの回答も消しました。もう一度お答えください。"))


def at_review() -> Message:
    """Return what may be typed at the review."""
    return say(_("内容がよければ「申請する」、直すときはその番号を送ってください。"))


def unreadable() -> Message:
    """Return that a photo could not be opened, before it is asked for again."""
    return say(
        _(
            "送っていただいた写真を開けませんでした。もう一度送るか、その写真を画面に出してスクリーンショットを送ってください。写真がないときは「なし」と送ってください。"
        )
    )


def unreadable_when_filed() -> Message:
    """Return that the photo of a filed application could not be opened, and what may be done."""
    return say(_("申請に付けた写真を開けませんでした。「申請状況」から訂正すると、送り直せます。"))
