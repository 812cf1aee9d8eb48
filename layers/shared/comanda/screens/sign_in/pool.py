"""The user pool: where one signs in, whose tokens are genuine, who still belongs to the staff."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from comanda.backoffice.staff import ROLES
from comanda.errors import Busy, Unauthenticated

SCOPES = "openid email profile"
KEYS_SECONDS = 3600.0  # how long signing keys are believed; an unknown one is asked for at once
ASK_AGAIN_SECONDS = 30.0
LEEWAY = 30  # seconds by which clocks may differ

type Claims = dict[str, Any]


class Web(Protocol):
    """Plain HTTP to the user pool."""

    def get(self, url: str) -> Any: ...

    def post(self, url: str, fields: dict[str, str]) -> tuple[int, Any]: ...


@dataclass(frozen=True, slots=True)
class Person:
    """Who has signed in, as the pool's tokens say."""

    sub: str
    username: str
    email: str
    roles: frozenset[str]


@dataclass(slots=True)
class UserPool:
    """`sign_in_url` is the address of the pool's own pages, `keys_url` that of its signing keys,
    `directory` the client of its API."""

    pool_id: str
    client_id: str
    region: str
    sign_in_url: str
    keys_url: Callable[[], str]
    web: Web
    directory: Callable[[], Any]
    _keys: dict[str, Any] = field(default_factory=dict)
    _keys_at: float = -KEYS_SECONDS

    @property
    def issuer(self) -> str:
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.pool_id}"

    @property
    def origin(self) -> str:
        parts = urlsplit(self.sign_in_url)
        return f"{parts.scheme}://{parts.netloc}"

    def authorize(self, back: str, *, state: str, nonce: str, challenge: str) -> str:
        """Where the browser goes to sign in."""
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": back, "scope": SCOPES,
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{self.sign_in_url}/oauth2/authorize?{urlencode(asked)}"

    def sign_out(self, back: str) -> str:
        """Where the browser goes to end the pool's own session."""
        return f"{self.sign_in_url}/logout?{urlencode({'client_id': self.client_id, 'logout_uri': back})}"

    def exchange(self, code: str, back: str, verifier: str, nonce: str) -> Person:
        """Who a code stands for. Raises Unauthenticated for a code or token that is not genuine, Busy."""
        status, answer = self.web.post(
            f"{self.sign_in_url}/oauth2/token",
            {
                "grant_type": "authorization_code", "client_id": self.client_id, "code": code,
                "redirect_uri": back, "code_verifier": verifier,
            },
        )  # fmt: skip
        if status >= 500:
            raise Busy("the user pool does not answer")
        if status != 200 or not isinstance(answer, dict):
            raise Unauthenticated("the user pool does not know this code")
        access, identity = self.verify(answer, nonce)
        username = str(access.get("username") or access["sub"])
        return Person(str(access["sub"]), username, str(identity.get("email", "")), roles_in(access))

    def verify(self, tokens: dict[str, Any], nonce: str) -> tuple[Claims, Claims]:
        """The claims of access and ID token, if both are genuine, ours, and of the same person.

        Raises Unauthenticated.
        """
        access = self._claims(str(tokens.get("access_token", "")), None)
        identity = self._claims(str(tokens.get("id_token", "")), self.client_id)
        ours = access.get("token_use") == "access" and access.get("client_id") == self.client_id
        same = identity.get("token_use") == "id" and identity["sub"] == access["sub"]
        if not ours or not same or identity.get("nonce") != nonce:
            raise Unauthenticated("the user pool's tokens are not meant for us")
        return access, identity

    def roles_now(self, username: str) -> frozenset[str] | None:
        """The roles somebody has at this moment; None for who is disabled or gone."""
        directory = self.directory()
        who = {"UserPoolId": self.pool_id, "Username": username}
        try:
            if not directory.admin_get_user(**who).get("Enabled", False):
                return None
            groups = directory.admin_list_groups_for_user(**who)["Groups"]
        except directory.exceptions.UserNotFoundException:
            return None
        return frozenset(group["GroupName"] for group in groups) & frozenset(ROLES)

    def _claims(self, token: str, audience: str | None) -> Claims:
        import jwt

        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims: Claims = jwt.decode(
                token, key, algorithms=["RS256"], issuer=self.issuer, audience=audience, leeway=LEEWAY,
                options={"require": ["exp", "iss", "sub"], "verify_aud": audience is not None},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise Unauthenticated("the user pool's token is not genuine") from error
        return claims

    def _key(self, name: str) -> Any:
        """A signing key by its name; keys are fetched again when they are old, or this one is new."""
        import jwt

        age = monotonic() - self._keys_at
        if age >= KEYS_SECONDS or (name not in self._keys and age >= ASK_AGAIN_SECONDS):
            found = self.web.get(self.keys_url())
            self._keys = {key["kid"]: jwt.PyJWK(key, algorithm="RS256").key for key in found["keys"]}
            self._keys_at = monotonic()
        if name not in self._keys:
            raise Unauthenticated("the token was signed by an unknown key")
        return self._keys[name]


def roles_in(access: Claims) -> frozenset[str]:
    """The roles that an access token names."""
    return frozenset(map(str, access.get("cognito:groups") or ())) & frozenset(ROLES)


class UrllibWeb:
    """Plain HTTP by the library that AWS's own SDK uses."""

    def get(self, url: str) -> Any:
        status, answer = self._send("GET", url, None)
        if status != 200:
            raise Busy("the user pool does not tell its signing keys")
        return answer

    def post(self, url: str, fields: dict[str, str]) -> tuple[int, Any]:
        return self._send("POST", url, fields)

    def _send(self, method: str, url: str, fields: dict[str, str] | None) -> tuple[int, Any]:
        import urllib3

        body = urlencode(fields) if fields is not None else None
        form = {"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {}
        try:
            answer = urllib3.request(
                method, url, body=body, headers=form, timeout=5.0, retries=False, redirect=False
            )
            return answer.status, json.loads(answer.data)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise Busy("the user pool does not answer") from error
