"""LINE Login as LIFF apps use it: ID tokens and the endpoint that verifies them."""

import base64
import json
from typing import Any
from urllib.parse import unquote

from simulator.messaging_api.login import first_address
from tests.unit.simulator.line import ANONG, BOONMI, Line, Times

CHANNEL = "2000000001"


def id_token(line: Line, person: str = ANONG) -> str:
    answer = line.client.post(f"/sim/people/{person}/idTokens", json={"channelId": CHANNEL})
    assert answer.status_code == 200
    return str(answer.get_json()["idToken"])


def verified(line: Line, token: str, **changed: str) -> tuple[int, dict[str, Any]]:
    answer = line.client.post("/oauth2/v2.1/verify", data={"id_token": token, "client_id": CHANNEL} | changed)
    return answer.status_code, answer.get_json()


def test_a_good_token_is_answered_with_what_it_says(line: Line, times: Times) -> None:
    issued_at = int(times.instant.timestamp())
    status, claims = verified(line, id_token(line), user_id=ANONG)
    assert status == 200
    assert {name: claims[name] for name in ("iss", "sub", "aud", "exp", "iat")} == {
        "iss": "https://access.line.me",
        "sub": ANONG,
        "aud": CHANNEL,
        "exp": issued_at + 3600,
        "iat": issued_at,
    }


def test_a_token_is_refused_in_lines_words(line: Line, times: Times) -> None:
    token = id_token(line)
    header, claims, signature = token.split(".")
    forged = base64.urlsafe_b64encode(
        json.dumps(json.loads(base64.urlsafe_b64decode(claims + "==")) | {"sub": BOONMI}).encode()
    ).decode()
    refusals = {
        "Invalid IdToken.": verified(line, f"{header}.{forged.rstrip('=')}.{signature}"),
        "Invalid IdToken Audience.": verified(line, token, client_id="2000000002"),
        "Invalid IdToken Nonce.": verified(line, token, nonce="n"),
        "Invalid IdToken Subject Identifier.": verified(line, token, user_id=BOONMI),
    }
    times.pass_by(hours=1)
    refusals["IdToken expired."] = verified(line, token)
    for words, answer in refusals.items():
        assert answer == (400, {"error": "invalid_request", "error_description": words})
    for nothing in ("", "abc", "ก.ข.ค", "a.b.c"):
        assert verified(line, nothing)[0] == 400


def test_faults_meet_the_verification_and_its_calls_are_noted_without_the_token(line: Line) -> None:
    line.control("POST", "/faults", {"kind": "server_error", "path": "/oauth2/v2.1/verify", "count": 1})
    token = id_token(line)
    assert verified(line, token)[0] == 500
    assert verified(line, token)[0] == 200
    noted = line.client.get("/sim/calls?path=/oauth2/v2.1/verify").get_data(as_text=True)
    assert json.loads(noted)[1]["status"] == 200
    assert token not in noted


def test_nobody_but_the_people_here_gets_a_token(line: Line) -> None:
    assert line.client.post(f"/sim/people/U{'0' * 32}/idTokens", json={"channelId": CHANNEL}).status_code == 404


def test_line_opens_the_endpoint_first_with_the_rest_of_the_link_in_its_state() -> None:
    inside, outside = (first_address("https://bot.example/w/l", "/a.b-c_d?x=1", token) for token in ("t", None))
    assert inside == f"{outside}#id_token=t"
    assert unquote(outside.partition("liff.state=")[2]) == "/a.b-c_d?x=1"
