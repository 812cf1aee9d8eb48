"""OAuth 2.0: a client's id and secret for an access token that lives for nine hours."""

import secrets
from base64 import b64decode
from binascii import Error as NotBase64
from urllib.parse import parse_qs

from local.peers.paypal.account import Account
from local.peers.paypal.errors import ApiError
from local.peers.web import Reply, Request, json_reply

LIFE_SECONDS = 32_400


class Tokens:
    def __init__(self, client_id: str, client_secret: str) -> None:
        self._client = f"{client_id}:{client_secret}"

    def grant(self, account: Account, request: Request) -> Reply:
        if parse_qs(request.body.decode("utf-8", "replace")).get("grant_type") != ["client_credentials"]:
            told = {"error": "unsupported_grant_type", "error_description": "Grant Type is NULL"}
            return json_reply(400, told)
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic" or not secrets.compare_digest(_decoded(given), self._client.encode()):
            told = {"error": "invalid_client", "error_description": "Client Authentication failed"}
            return json_reply(401, told)
        token = f"A21AA{secrets.token_urlsafe(40)}"
        account.records.put("token", token, {"until": account.moment + LIFE_SECONDS})
        return json_reply(
            200,
            {
                "scope": "https://uri.paypal.com/services/payments/payment", "access_token": token,
                "token_type": "Bearer", "app_id": "APP-80W284485P519543T", "expires_in": LIFE_SECONDS,
            },
        )  # fmt: skip

    def check(self, account: Account, request: Request) -> None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        known = account.records.get("token", token) if kind.lower() == "bearer" else None
        if known is None or known["until"] < account.moment:
            raise ApiError(401, "INVALID_TOKEN", "Token signature verification failed")


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64:
        return b""
