"""Calls the shop's public HTTP API; what it refuses is a `Problem`, what does not come is `Down`."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

Json = dict[str, Any]
SECONDS = 35  # longer than API Gateway waits for a function
PAGE = 100
MOST_PAGES = 20
UNAVAILABLE = (502, 503, 504)


class Down(Exception):
    """Nobody answered, or only that it cannot answer now."""


class Problem(Exception):
    """What the API refused, as it says so (RFC 9457)."""

    def __init__(self, status: int, document: Json) -> None:
        super().__init__(f"{status} {document.get('type')}")
        self.status = status
        self.document = document

    @property
    def type(self) -> str:
        return str(self.document.get("type", ""))

    def errors(self) -> dict[str, str]:
        """What is wrong, by the pointer into what was sent."""
        return {str(one["pointer"]): str(one["detail"]) for one in self.document.get("errors", [])}


@dataclass(frozen=True)
class Api:
    """One language at the API; `token` is a customer's or an order's."""

    pool: urllib3.PoolManager
    url: str
    language: str
    token: str = ""

    def call(self, method: str, path: str, body: Json | None = None, *, key: str = "") -> Json:
        """The answer's body. Raises Problem and Down."""
        headers = {"Accept": "application/json", "Accept-Language": self.language}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        sent = None if body is None else json.dumps(body).encode()
        try:
            got = self.pool.request(
                method, self.url + path, body=sent, headers=headers, timeout=SECONDS, retries=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise Down(f"{method} {path}: {error}") from error
        return _read(got.status, got.data)

    def products(self) -> list[Json]:
        """All that is on sale, in the API's order."""
        items: list[Json] = []
        after = ""
        for _ in range(MOST_PAGES):
            page = self.call("GET", f"/products?{self._asking(limit=PAGE, cursor=after)}")
            items += page["items"]
            after = page["next"] or ""
            if not after:
                break
        return items

    def form(self, **address: str) -> Json:
        """What the checkout asks for and offers; with an address and a cart, what goes there."""
        return self.call("GET", f"/checkout/form?{self._asking(**address)}")

    def check_address(self, address: Json, delivery: str) -> Json:
        """What speaks against an address, in words, and how it should perhaps be written."""
        body = {"address": address, "delivery": delivery}
        return self.call("POST", f"/checkout/address?{self._asking()}", body)

    def cart(self, cart_id: str) -> Json:
        return self.call("GET", f"/carts/{segment(cart_id)}?{self._asking()}")

    def _asking(self, **more: Any) -> str:
        return urlencode({"locale": self.language, **{name: value for name, value in more.items() if value}})


def segment(text: str) -> str:
    """A text as one part of a path."""
    return quote(text, safe="")


def _read(status: int, data: bytes) -> Json:
    try:
        body: Any = json.loads(data or b"{}")
    except ValueError:
        body = None
    if status in UNAVAILABLE or not isinstance(body, dict):
        raise Down(f"answered {status}")
    if status >= 400:
        raise Problem(status, body)
    return body
