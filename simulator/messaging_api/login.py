"""LINE Login as LIFF apps use it: ID tokens of people, and the endpoint that verifies them.

A token is a JWT as LINE's are, but signed with a key that nobody else has: it can be verified at the endpoint alone
(LINE Login reference, "Verify ID token"; docs, "Get profile information from ID tokens").
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from simulator.line.platform import Platform
from simulator.messaging_api.answers import Answer

LIFETIME = 3_600
"""Seconds that an ID token lives (LIFF reference, ``liff.getIDToken``)."""
ISSUER = "https://access.line.me"


class LoginOffice:
    """Issues ID tokens to the people of a `Platform`, and tells whether one is good.

    Args:
        platform: Who is there, and what time it is: issue and end of tokens.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._key = secrets.token_bytes(32)

    def id_token(self, user_id: str, channel_id: str) -> str:
        """A token by which a LIFF app of the LINE Login channel learns who holds the phone.

        Raises:
            KeyError: Nobody has this id.
        """
        person = self._platform.person(user_id)
        if person is None:
            raise KeyError(user_id)
        at = int(self._platform.now().timestamp())
        header = {"alg": "ES256", "typ": "JWT", "kid": hashlib.sha256(self._key).hexdigest()}
        claims = {
            "iss": ISSUER,
            "sub": user_id,
            "aud": channel_id,
            "exp": at + LIFETIME,
            "iat": at,
            "amr": ["lineautologin"],
            "name": person.name,
        }
        signed = f"{_encoded(header)}.{_encoded(claims)}"
        return f"{signed}.{self._signature(signed)}"

    def verify(self, form: Mapping[str, str]) -> Answer:
        """What ``POST /oauth2/v2.1/verify`` answers to these fields."""
        token, channel_id = form.get("id_token"), form.get("client_id")
        if not token or not channel_id:
            return _refused("some parameters missed or invalid")
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            return _refused("Invalid IdToken.")
        claims = _claims(signed)
        wrong = (
            ("Invalid IdToken Audience.", claims["aud"] != channel_id),
            ("IdToken expired.", claims["exp"] <= self._platform.now().timestamp()),
            ("Invalid IdToken Nonce.", "nonce" in form),  # no page of a LIFF app can have asked for one
            ("Invalid IdToken Subject Identifier.", form.get("user_id", claims["sub"]) != claims["sub"]),
        )
        reason = next((reason for reason, is_wrong in wrong if is_wrong), None)
        return Answer(body=claims) if reason is None else _refused(reason)

    def _signature(self, signed: str) -> str:
        return _in_letters(hmac.digest(self._key, signed.encode(), "sha256"))


def first_address(endpoint: str, rest: str, id_token: str | None) -> str:
    """Where LINE opens a LIFF app: its endpoint URL, with the rest of the LIFF URL in ``liff.state``.

    Args:
        endpoint: The app's endpoint URL.
        rest: What stands behind the app's id in the LIFF URL: ``/path?query``.
        id_token: Inside LINE, what the SDK finds behind the ``#``; None in another browser.
    """
    address = f"{endpoint}?liff.state={quote(rest, safe='')}"
    return address if id_token is None else f"{address}#id_token={id_token}"


def _refused(description: str) -> Answer:
    return Answer(400, {"error": "invalid_request", "error_description": description})


def _claims(signed: str) -> Any:
    encoded = signed.partition(".")[2]
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def _encoded(part: Mapping[str, Any]) -> str:
    return _in_letters(json.dumps(part, separators=(",", ":")).encode())


def _in_letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
