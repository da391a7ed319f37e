"""The floor: the stateless bot that a user would start from, with line-bot-sdk and Flask as their examples do.

It stores nothing and knows nobody: it checks the signature, reads the events with the SDK's models, and replies
through one shared client.  ``BENCH_ECHO=question`` answers with a question as we draw it, built with the SDK's
models, instead of the words that came.  Run it as ``gunicorn bench.echo:app``.
"""

from __future__ import annotations

import os

from flask import Flask, Response, request
from linebot.v3 import WebhookParser
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    Message,
    MessagingApi,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.webhooks import MessageEvent, PostbackEvent, TextMessageContent

from bench.echo_question import question

configuration = Configuration(host=os.environ["BENCH_LINE"], access_token=os.environ["BENCH_TOKEN"])
configuration.connection_pool_maxsize = 256
api = MessagingApi(ApiClient(configuration))
parser = WebhookParser(os.environ["BENCH_SECRET"])
answers_with_a_question = os.environ.get("BENCH_ECHO") == "question"
app = Flask(__name__)


@app.post("/line/webhook")
def webhook() -> Response:
    """Reply to every event of the webhook, then answer 200."""
    try:
        events = parser.parse(request.get_data(as_text=True), request.headers["X-Line-Signature"])
    except InvalidSignatureError:
        return Response(status=400)
    for event in events:
        if isinstance(event, MessageEvent) and isinstance(event.message, TextMessageContent):
            reply(event.reply_token, event.message.text)
        elif isinstance(event, PostbackEvent):
            reply(event.reply_token, event.postback.data)
    return Response(status=200)


def reply(token: str, said: str) -> None:
    """Send *said* back, or a question about it."""
    messages: list[Message] = [question(said)] if answers_with_a_question else [TextMessage(text=said)]
    api.reply_message(ReplyMessageRequest(reply_token=token, messages=messages))
