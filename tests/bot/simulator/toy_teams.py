"""A bot that only shows what cards can do, for the tests of the simulator's Teams: it is no desk at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import jwt
import requests
from flask import Flask, request

Json: TypeAlias = dict[str, Any]

APP, PASSWORD = "11111111-1111-4111-8111-111111111111", "a-password-of-this-test"
TENANT = "22222222-2222-4222-8222-222222222222"
CARD = "application/vnd.microsoft.card.adaptive"
ISSUER = "https://api.botframework.com"


def card(*body: Json, actions: tuple[Json, ...] = (), **more: Any) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": list(actions), **more}


def text(words: str, **more: Any) -> Json:
    return {"type": "TextBlock", "text": words, "wrap": True, **more}


def execute(title: str, verb: str, **more: Any) -> Json:
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": {"m": f"sealed {verb}"}, **more}


SHEET = card(
    text("電気柵 貸出申請", size="Large", weight="Bolder", style="heading"),
    {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "住民の言葉 **そのまま**"}]},
    {
        "type": "FactSet",
        "facts": [{"title": "受付番号", "value": "R9-0001"}, {"title": "状態", "value": "確認待ち"}],
    },
    {"type": "Container", "style": "attention", "items": [text("気をつけること：住所が市外です")]},
    {"type": "Input.Text", "id": "memo", "label": "メモ", "isMultiline": True, "maxLength": 200},
    {
        "type": "Input.ChoiceSet",
        "id": "outcome",
        "label": "判断",
        "style": "expanded",
        "isRequired": True,
        "errorMessage": "どちらかを選んでください。",
        "choices": [{"title": "よい", "value": "good"}, {"title": "直してほしい", "value": "return"}],
    },
    {
        "type": "ActionSet",
        "actions": [
            {"type": "Action.ToggleVisibility", "title": "くわしく", "targetElements": ["more"]},
        ],
    },
    {"type": "Container", "id": "more", "isVisible": False, "items": [text("くわしい内容 **太字**")]},
    actions=(
        execute("確認する", "sign", style="positive"),
        {
            "type": "Action.ShowCard",
            "title": "差し戻す",
            "card": card(
                {
                    "type": "Input.Text",
                    "id": "reason",
                    "label": "理由",
                    "isRequired": True,
                    "errorMessage": "理由を書いてください。",
                },
                actions=(execute("差し戻しを送る", "return", style="destructive"),),
            ),
        },
        {"type": "Action.Submit", "title": "従来の送信", "data": {"m": "sealed submit"}},
        {"type": "Action.OpenUrl", "title": "管理画面で開く", "url": "https://desk.example/admin/"},
    ),
)


@dataclass
class Toy:
    """Answers what a person says; *activities* are what it heard, *refused* how many tokens it did not believe."""

    base: str
    activities: list[Json] = field(default_factory=list)
    refused: int = 0
    statuses: list[int] = field(default_factory=list)
    posted: list[tuple[str, str]] = field(default_factory=list)
    known: dict[str, Json] = field(default_factory=dict)

    def hear(self, bearer: str, activity: Json) -> tuple[Json, int]:
        """Return (body, status) for one activity, having said through the Connector what there is to say."""
        if not self._believes(bearer, activity):
            self.refused += 1
            return {}, 401
        if self.statuses:
            return {}, self.statuses.pop(0)
        self.activities.append(activity)
        if activity["type"] == "invoke":
            return self._invoked(activity), 200
        if activity["type"] == "message":
            self._answer(activity)
        return {}, 200

    def _believes(self, bearer: str, activity: Json) -> bool:
        """Look at a token as the documentation of the Connector asks for."""
        token = bearer.removeprefix("Bearer ")
        try:
            key = self._keys()[jwt.get_unverified_header(token)["kid"]]
            public = jwt.PyJWK(key).key
            claims = jwt.decode(
                token,
                public,
                ["RS256"],
                {"require": ["exp", "nbf", "iss", "aud"]},
                audience=APP,
                issuer=ISSUER,
            )
        except (jwt.InvalidTokenError, KeyError):
            return False
        return claims["serviceurl"] == activity["serviceUrl"] and activity["channelId"] in key["endorsements"]

    def _keys(self) -> dict[str, Json]:
        """Return the issuer's keys by their ids, fetched once."""
        if not self.known:
            metadata = requests.get(f"{self.base}/v1/.well-known/openidconfiguration", timeout=5).json()
            assert metadata["issuer"] == ISSUER
            found = requests.get(metadata["jwks_uri"], timeout=5).json()["keys"]
            self.known = {key["kid"]: key for key in found}
        return self.known

    def _invoked(self, activity: Json) -> Json:
        action = activity["value"]["action"]
        if action["verb"] == "fail":
            fault = {"code": "BadRequest", "message": "その操作はもうできません。"}
            return {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": fault}
        if action["verb"] == "words":
            said = "先に見本 係長が承認しました。"
            return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": said}
        done = card(text("確認済み"), text(json.dumps(action.get("data"), ensure_ascii=False)))
        return {"statusCode": 200, "type": CARD, "value": done}

    def _answer(self, activity: Json) -> None:
        conversation = activity["conversation"]["id"]
        match activity:
            case {"value": value}:
                self.say(conversation, {"text": f"送信：{json.dumps(value, ensure_ascii=False)}"})
            case {"attachments": [{"contentType": str(kind)}, *_]} if kind != "text/html":
                self.say(conversation, {"text": f"受け取りました：{kind}"})
            case {"text": str(words)} if words.removeprefix("<at>窓口</at>").strip() == "カード":
                self.show(conversation, SHEET)
            case {"text": str(words)}:
                self.say(conversation, {"text": f"「{words}」"})
            case _:
                pass

    # --- the Connector

    def show(self, conversation: str, content: Json) -> str:
        return self.say(conversation, {"attachments": [{"contentType": CARD, "content": content}]})

    def say(self, conversation: str, activity: Mapping[str, Any]) -> str:
        """Send a message and return its id."""
        answer = self.call("POST", f"/v3/conversations/{conversation}/activities", activity)
        made = str(answer.json().get("id", ""))
        self.posted.append((conversation, made))
        return made

    def change(self, conversation: str, message: str, content: Json) -> None:
        changed = {"attachments": [{"contentType": CARD, "content": content}]}
        self.call("PUT", f"/v3/conversations/{conversation}/activities/{message}", changed)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> requests.Response:
        sent = {"type": "message", **body} if body is not None and "isGroup" not in body else body
        headers = {"Authorization": f"Bearer {self.token()}"}
        return requests.request(method, f"{self.base}{path}", json=sent, headers=headers, timeout=5)

    def token(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": APP, "client_secret": PASSWORD}
        answer = requests.post(f"{self.base}/{TENANT}/oauth2/v2.0/token", data=form, timeout=5)
        return str(answer.json()["access_token"])


def make_bot(app: Flask, base: str) -> Toy:
    """Let *app* hear activities at ``/api/messages`` and answer through the Connector at *base*."""
    toy = Toy(base)

    @app.post("/api/messages")
    def messages() -> tuple[Json, int]:
        return toy.hear(request.headers.get("Authorization", ""), request.get_json())

    return toy
