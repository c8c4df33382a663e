"""The bot's endpoints for developers (``/dev/…``), asked as the simulator asks them."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulator.webhooks.letters import signature
from tests.sending import CHANNEL


def post_signed(web: FlaskClient, name: str, body: bytes = b"{}") -> TestResponse:
    """Post a body that the channel secret signed to ``/dev/{name}``."""
    return web.post(f"/dev/{name}", data=body, headers={"x-line-signature": signature(CHANNEL.channel_secret, body)})
