"""A desk that only shows what buttons can do, for the tests of the simulator's screen: it is no desk at all."""

import json
from typing import Any, TypeAlias

import requests
from flask import Flask, request

Json: TypeAlias = dict[str, Any]

ACCENT = "#00606B"


def postback(label: str, data: str = "", **more: str) -> Json:
    return {"type": "postback", "label": label, "data": data or label, "displayText": label, **more}


def quick(*actions: Json) -> Json:
    return {"items": [{"type": "action", "action": action} for action in actions]}


def text(words: str, **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def flex_text(words: str, **more: Any) -> Json:
    return {"type": "text", "text": words, "wrap": True, **more}


def choice(mark: str, label: str) -> Json:
    return {
        "type": "box",
        "layout": "horizontal",
        "spacing": "lg",
        "paddingAll": "12px",
        "cornerRadius": "8px",
        "borderWidth": "normal",
        "borderColor": ACCENT,
        "margin": "md",
        "contents": [
            flex_text(mark, color=ACCENT, weight="bold", flex=0),
            {"type": "box", "layout": "vertical", "flex": 1, "contents": [flex_text(label, weight="bold")]},
        ],
        "action": postback(label, f"pick:{mark}"),
    }


def bubble(*contents: Json) -> Json:
    body = {
        "type": "box",
        "layout": "vertical",
        "paddingAll": "18px",
        "spacing": "sm",
        "contents": list(contents),
    }
    return {
        "type": "flex",
        "altText": "見本の質問",
        "contents": {"type": "bubble", "size": "mega", "body": body},
    }


QUESTION = bubble(
    flex_text("質問 3 / 12", color="#555555", size="sm"),
    flex_text("電気柵を張るのはどんな場所ですか", weight="bold", size="lg"),
    choice("1", "畑・果樹園"),
    choice("2", "庭・家庭菜園"),
    choice("3", "牛や鶏などの小屋のまわり"),
    {"type": "separator", "margin": "lg"},
    {
        "type": "button",
        "style": "primary",
        "color": ACCENT,
        "margin": "md",
        "action": {"type": "uri", "label": "氏名と住所を入力", "uri": "https://desk.example/f/x"},
    },
)

TEMPLATES: dict[str, Json] = {
    "buttons": {
        "type": "template",
        "altText": "ボタン",
        "template": {
            "type": "buttons",
            "title": "何をしますか",
            "text": "選んでください",
            "actions": [postback("申請する"), postback("申請状況")],
        },
    },
    "confirm": {
        "type": "template",
        "altText": "確認",
        "template": {
            "type": "confirm",
            "text": "申請をやめますか。",
            "actions": [postback("はい"), postback("いいえ")],
        },
    },
    "carousel": {
        "type": "template",
        "altText": "一覧",
        "template": {
            "type": "carousel",
            "columns": [
                {"text": f"手続 {number}", "actions": [postback("えらぶ", f"column:{number}")]}
                for number in (1, 2, 3)
            ],
        },
    },
}

ALL_CHIPS = quick(
    {"type": "datetimepicker", "label": "日付を選ぶ", "data": "day", "mode": "date", "min": "2027-06-08"},
    {"type": "camera", "label": "カメラ"},
    {"type": "cameraRoll", "label": "写真"},
    {"type": "location", "label": "場所"},
    postback("戻る"),
    {"type": "message", "label": "ヘルプ", "text": "ヘルプ"},
    {"type": "clipboard", "label": "番号を写す", "clipboardText": "R9-0001"},
)


def answer(event: Json) -> list[Json]:
    """Return what the toy says to *event*."""
    match event:
        case {"type": "follow" | "join"}:
            chips = quick(postback("申請する"), postback("ヘルプ"))
            return [text("こんにちは。見本の窓口です。\nどの手続ですか。", quickReply=chips)]
        case {"message": {"text": "申請する" | "apply"}}:
            return [QUESTION | {"quickReply": quick(postback("戻る"), postback("中止"), postback("ヘルプ"))}]
        case {"message": {"text": str(words)}} if words in TEMPLATES:
            return [TEMPLATES[words]]
        case {"message": {"text": "chips"}}:
            return [text("いつですか。", quickReply=ALL_CHIPS)]
        case {"message": {"text": str(words)}}:
            return [text(f"「{words}」")]
        case {"message": {"type": kind}}:
            return [text(f"受け取りました：{kind}")]
        case {"postback": {"data": data, **rest}}:
            return [text(f"押されました：{data} {json.dumps(rest.get('params', {}))}")]
        case _:
            return []


def make_desk(app: Flask, line: str, access_token: str) -> None:
    """Let *app* answer webhooks through the Messaging API at *line*."""

    @app.post("/line/webhook")
    def webhook() -> str:
        for event in request.get_json()["events"]:
            if "replyToken" in event and (said := answer(event)):
                body = {"replyToken": event["replyToken"], "messages": said}
                headers = {"Authorization": f"Bearer {access_token}"}
                requests.post(f"{line}/v2/bot/message/reply", json=body, headers=headers, timeout=5)
        return "OK"
