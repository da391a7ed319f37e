"""A question of the loan form as we draw it, built with the models of line-bot-sdk."""

from __future__ import annotations

from linebot.v3.messaging import (
    FlexBox,
    FlexBubble,
    FlexMessage,
    FlexText,
    PostbackAction,
    QuickReply,
    QuickReplyItem,
)

# untranslated: texts of a benchmark, shown to nobody
OPTIONS = (
    "作物などの被害があった",
    "足あと・ふんなどの痕跡があった",
    "近くで被害や目撃があった",
    "どれもない",
)  # untranslated: as above
WORDS = ("戻る", "説明", "中止")  # untranslated: as above
ASKED = "この1か月くらいに、ヒグマの被害や痕跡がありましたか。"  # untranslated: as above


def question(said: str) -> FlexMessage:
    """Return the question with four options to tap; *said* stands in the data of its buttons."""
    data = said[:100]
    texts = [_text("6/10"), _text(ASKED), *(_option(n, label, data) for n, label in enumerate(OPTIONS, 1))]
    body = FlexBox(layout="vertical", spacing="sm", padding_all="20px", contents=texts)
    quick = [QuickReplyItem(action=_tap(label[:20], data)) for label in (*OPTIONS, *WORDS)]
    return FlexMessage(
        alt_text="\n".join((ASKED, *OPTIONS)),
        contents=FlexBubble(size="mega", body=body),
        quick_reply=QuickReply(items=quick),
    )


def _tap(label: str, data: str) -> PostbackAction:
    return PostbackAction(label=label, data=f"{data}{label}", display_text=label)


def _text(words: str) -> FlexText:
    return FlexText(text=words, wrap=True, size="md", color="#1A1A1A", scaling=True)


def _option(number: int, label: str, data: str) -> FlexBox:
    return FlexBox(
        layout="horizontal",
        spacing="lg",
        margin="md",
        padding_all="14px",
        border_width="normal",
        border_color="#00606B",
        corner_radius="8px",
        action=_tap(label, data),
        contents=[_text(str(number)), _text(label)],
    )
