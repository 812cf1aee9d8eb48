"""A user pool for tests: real keys and tokens, no network."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from comanda import wiring
from comanda.screens.sign_in.pool import UserPool

POOL, CLIENT = "us-east-1_pool", "client-1"
ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def token(
    use: str, *, signed_by: str = "k1", named: str = "k1", algorithm: str = "RS256", **claims: Any
) -> str:
    """A token as the pool makes it, but for what a test changes; None takes a claim away."""
    now = datetime.now(UTC)
    usual = {"sub": "u-1", "iss": ISSUER, "token_use": use, "iat": now, "exp": now + timedelta(hours=1)}
    own = (
        {"client_id": CLIENT, "username": "u-1"}
        if use == "access"
        else {"aud": CLIENT, "email": "ana@shop.mx"}
    )
    told = {name: value for name, value in (usual | own | claims).items() if value is not None}
    secret = key(signed_by) if algorithm == "RS256" else "x" * 32
    return jwt.encode(told, secret, algorithm=algorithm, headers={"kid": named})


class FakeWeb:
    """Answers the token endpoint with what a test put there, and tells its keys."""

    def __init__(self) -> None:
        self.tokens: dict[str, Any] = {}
        self.sent: list[dict[str, str]] = []
        self.status = 200

    def get(self, url: str) -> Any:
        assert url == "https://keys.example"
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key("k1").public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}

    def post(self, url: str, fields: dict[str, str]) -> tuple[int, Any]:
        self.sent.append(fields)
        return self.status, self.tokens


class Directory:
    """Who belongs to the pool, by API."""

    class exceptions:
        class UserNotFoundException(Exception):
            pass

    def __init__(self) -> None:
        self.enabled, self.groups, self.asked = True, ["staff"], 0

    def admin_get_user(self, **who: str) -> dict[str, Any]:
        self.asked += 1
        return {"Enabled": self.enabled}

    def admin_list_groups_for_user(self, **who: str) -> dict[str, Any]:
        return {"Groups": [{"GroupName": name} for name in self.groups]}


def pool_in_place(monkeypatch: Any) -> tuple[FakeWeb, Directory]:
    """Put a pool of our own behind the back office's entrance."""
    web, directory = FakeWeb(), Directory()
    made = UserPool(
        POOL, CLIENT, "us-east-1", "https://sign-in.example.com", lambda: "https://keys.example", web,
        lambda: directory,
    )  # fmt: skip
    monkeypatch.setattr(wiring, "user_pool", lambda: made)
    return web, directory
