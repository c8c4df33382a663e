"""The echo bot of the SDK's README under our gunicorn settings: ``python sdk_echo.py PORT SECRET LINE_ORIGIN``."""

import sys

from flask import Flask, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.webhooks import MessageEvent, TextMessageContent

from bot.server import WebServer

WORKERS = 2


def make_app(secret: str, origin: str) -> Flask:
    app = Flask(__name__)
    configuration = Configuration(access_token="token", host=origin)
    handler = WebhookHandler(secret)

    @app.route("/callback", methods=["POST"])
    def callback() -> str:
        signature = request.headers["X-Line-Signature"]
        body = request.get_data(as_text=True)
        try:
            handler.handle(body, signature)
        except InvalidSignatureError:
            abort(400)
        return "OK"

    @handler.add(MessageEvent, message=TextMessageContent)  # type: ignore[untyped-decorator]
    def handle_message(event: MessageEvent) -> None:
        with ApiClient(configuration) as api_client:
            line_bot_api = MessagingApi(api_client)
            line_bot_api.reply_message_with_http_info(
                ReplyMessageRequest(reply_token=event.reply_token, messages=[TextMessage(text=event.message.text)])
            )

    return app


if __name__ == "__main__":
    port, secret, origin = sys.argv[1:]
    WebServer(lambda: (make_app(secret, origin), lambda: None), "127.0.0.1", int(port), WORKERS).run()
