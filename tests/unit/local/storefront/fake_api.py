"""The shop before an API of a few canned answers: what it was asked, and what it made of the answers."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import urllib3

from local.peers.web import Reply, Request
from local.storefront.shop import Shop
from local.storefront.visit import Places, Visit

PLACES = Places("http://api", "http://mails", "http://stripe", "pk_test_1", "America/Mexico_City")
PICTURES = Path(__file__).resolve().parents[4] / "local" / "demo" / "images"


def mxn(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "MXN"}


TOTALS: dict[str, Any] = {
    name: mxn(0) for name in ("subtotal", "discount", "surcharge", "shipping", "tax")
} | {"total": mxn(29_000), "tax_included": True}
FORM: dict[str, Any] = {
    "shop": {"name": "Casa", "currency": "MXN", "country": "MX", "tax_included": True},
    "fields": [{"name": "gift", "type": "checkbox", "label": "Gift?", "required": False}],
    "payment_methods": [
        {"code": code, "title": code, "instructions": "", "surcharge": mxn(0), "surcharge_ppm": 0,
         "discount": mxn(0), "discount_ppm": 0, "minimum": None, "maximum": None, "pickup_only": False}
        for code in ("stripe", "bank_transfer", "request")
    ],
    "delivery": [
        {
            "code": code, "title": code, "price": mxn(0), "free_from": None, "needs_address": code == "ship",
            "place": None, "hours": None, "slots": [], "zones": [{"countries": ["MX"]}],
        }
        for code in ("ship", "pickup")
    ],
    "privacy": {"version": "1", "url": "https://casa.example/privacy"},
}  # fmt: skip
LINE: dict[str, Any] = {
    "sku": "A", "name": "Café", "quantity": 2, "unit_price": mxn(14_500), "total": mxn(29_000),
    "available": 9, "backorder": None, "image": None,
}  # fmt: skip
CART: dict[str, Any] = {
    "cart_id": "c1", "lines": [LINE], "totals": TOTALS, "unavailable": [], "ordered": False,
}  # fmt: skip
USUAL: dict[str, Any] = {
    "GET /checkout/form": (200, FORM), "GET /carts/c1": (200, CART), "PUT /carts/c1/contact": (200, CART),
}  # fmt: skip
PRICED = (409, {"type": "price-changed", "totals": TOTALS})
TYPED = {
    "customer.email": "ana@example.com", "customer.name": "Ana", "delivery": "pickup",
    "payment_method": "bank_transfer", "accept_privacy": "on",
}  # fmt: skip


@dataclass
class Answered:
    status: int
    data: bytes


@dataclass
class FakeApi:
    """Answers by method and path, each answer of a list once; `asked` keeps what came."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)
    down: bool = False

    def request(self, method: str, url: str, *, body: Any, headers: dict[str, str], **_: Any) -> Answered:
        what = f"{method} {url.removeprefix(PLACES.api).partition('?')[0]}"
        self.asked.append((what, json.loads(body) if body else None, headers))
        if self.down:
            raise urllib3.exceptions.ProtocolError("refused")
        usual = {
            "GET /checkout/form": (200, FORM),
            "GET /carts/c1": (200, CART),
            "PUT /carts/c1/contact": (200, CART),
        }
        answer = (self.answers | {k: v for k, v in usual.items() if k not in self.answers}).get(
            what, (404, {})
        )
        status, told = answer.pop(0) if isinstance(answer, list) else answer
        return Answered(status, json.dumps(told).encode())

    def sent(self, what: str) -> list[tuple[Any, dict[str, str]]]:
        return [(body, headers) for name, body, headers in self.asked if name == what]


class Browser:
    """Sends what a browser would to the shop, with the cookies it was given."""

    def __init__(self, api: FakeApi, **cookies: str) -> None:
        self.shop = Shop(PLACES, PICTURES)
        self.shop._pool = cast(urllib3.PoolManager, api)
        self.cookies = {"shop_cart": "c1", "shop_language": "es"} | cookies

    def get(self, target: str, **headers: str) -> Reply:
        return self._send("GET", target, b"", headers)

    def post(self, target: str, form: dict[str, str], **headers: str) -> Reply:
        return self._send("POST", target, urlencode(form).encode(), headers)

    def _send(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> Reply:
        path, _, query = target.partition("?")
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self.shop(Request(method, path, query, {"host": "shop", "cookie": cookie} | headers, body))


def visit_of(**headers: str) -> Visit:
    return Visit(Request("GET", "/", "", headers, b""), PLACES, urllib3.PoolManager())
