"""Every filter of the list through the real handler; the query string is the whole bookmark."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from comanda import wiring
from comanda.dynamo.transaction import Transaction
from comanda.orders import index
from comanda.orders.decision import Sealed
from comanda.orders.items import personal_row, snapshot_row
from comanda.orders.model import Order
from comanda.orders.vocabulary import Channel, Fulfilment, HoldReason, Lifecycle, Method, Payment, Returns
from comanda.search.project import project
from functions.staff_api.app import lambda_handler
from tests.examples import a_hold, a_line, an_order
from tests.functional.conftest import Call, http_event
from tests.functional.staff import ask, claims

P, F, L = Payment, Fulfilment, Lifecycle
PLACED = {  # stamps in UTC, around the changes of Madrid's clocks on 29 March and 25 October 2026
    "a": "2026-03-28T22:59:59.999Z",  # the 28th, 23:59 in Madrid
    "b": "2026-03-28T23:00:00.000Z",  # the 29th begins
    "c": "2026-03-29T21:59:59.999Z",  # it has 23 hours
    "d": "2026-03-29T22:00:00.000Z",
    "e": "2026-10-24T22:00:00.000Z",  # the 25th of October begins
    "f": "2026-10-25T22:59:59.999Z",  # it has 25 hours
    "g": "2026-10-31T23:00:00.000Z",  # November
}
MOVED = {"a": "2026-10-31T23:10:00.000Z"}
SHAPES: dict[str, dict[str, Any]] = {
    "a": {"payment": P.PAID, "channel": Channel.PHONE, "method": Method.CHEQUE, "verified": True},
    "b": {"payment": P.PENDING, "lifecycle": L.CANCELLED},
    "c": {"payment": P.PAID, "fulfilment": F.SHIPPED, "approved": True, "returns": Returns.REQUESTED},
    "d": {"payment": P.PENDING, "holds": (a_hold(HoldReason.FRAUD),), "approved": True},
    "e": {"payment": P.REFUNDED, "lifecycle": L.CLOSED, "fulfilment": F.DELIVERED, "approved": True},
    "f": {"payment": P.PARTIALLY_PAID, "approved": True, "assigned": "Zoé", "tags": ("vip",)},
    "g": {"lifecycle": L.AWAITING_VERIFICATION, "payment": P.PENDING},
}
TEXTS = {
    "a": {"contact": {"name": "José Núñez", "email": "jose@example.com", "phone": "+34 600 123 456"}},
    "b": {"contact": {"name": "Ana Muñoz", "email": "ana@example.com", "company": "Cafés Peña"}},
    "c": {"purchase_order": "OC-2026/77"},
    "d": {"note:paid-1": "SPEI 998877"},
}


@pytest.fixture
def orders(call: Call, monkeypatch: pytest.MonkeyPatch) -> dict[str, Order]:
    """One order of each shape, in a shop in Madrid, on the last of October."""
    monkeypatch.setattr(wiring, "now", lambda: datetime.fromisoformat("2026-10-31T23:30:00+00:00"))
    shop = ask(call, "GET", "/admin/settings/shop", role="admin")
    headers = {"If-Match": shop.headers["etag"]}
    changed = ask(
        call, "PATCH", "/admin/settings/shop", {"time_zone": "Europe/Madrid"}, role="admin", headers=headers
    )
    assert changed.status == 200, changed.text
    return {name: _put(number, name) for number, name in enumerate(PLACED, start=31)}


def _put(number: int, name: str) -> Order:
    sealed = {key: Sealed(text, "salt") for key, text in TEXTS.get(name, {}).items()}
    order = an_order(
        order_id=name,
        number=f"P-{number:06d}",
        created_at=PLACED[name],
        updated_at=MOVED.get(name, PLACED[name]),
        lines=(a_line("l1", f"CAFE-{name.upper()}"),),
        personal={key: text.digest for key, text in sealed.items()},
        **{"lifecycle": L.PLACED, "verified": False} | SHAPES[name],
    )
    store = wiring.orders()
    store.signatures.know(index.state_signature(order), index.source_signature(order))
    tx = Transaction()
    tx.put(snapshot_row(order, store.shards, {key: text.value for key, text in sealed.items()}))
    for key, text in sealed.items():
        tx.put(personal_row(name, key, text))
    tx.commit()
    project(name, store.load, wiring.search_tokens())
    return order


def found(query: str) -> str:
    """The ids that a query string shows, newest first, as one text."""
    event = http_event("GET", "/admin/orders", claims=claims("staff")) | {"rawQueryString": query}
    event["queryStringParameters"] = dict(part.split("=", 1) for part in query.split("&") if part)
    answer = lambda_handler(event, None)
    assert answer["statusCode"] == 200, answer["body"]
    return "".join(item["order_id"] for item in json.loads(answer["body"])["items"])


@pytest.mark.capability("A13", "C06", "C29", "C30", "D24")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", "gfedcba"),
        ("sort=created", "abcdefg"),
        ("sort=-updated", "agfedcb"),
        ("payment=paid", "ca"),
        ("not.payment=paid", "gfedb"),
        ("not.payment=paid&not.lifecycle=cancelled", "gfed"),
        ("payment=paid&payment=refunded", "eca"),
        ("payment=paid,refunded", "eca"),
        ("not.payment=paid,refunded", "gfdb"),
        ("lifecycle=closed,cancelled", "eb"),
        ("not.lifecycle=placed", "geb"),
        ("fulfilment=shipped", "c"),
        ("not.fulfilment=unfulfilled", "ec"),
        ("returns=requested", "c"),
        ("not.returns=none", "c"),
        ("method=cheque", "a"),
        ("not.method=cheque", "gfedcb"),
        ("channel=phone", "a"),
        ("not.channel=web", "a"),
        ("verified=true", "a"),
        ("not.verified=true", "gfedcb"),
        ("verified=false&payment=paid", "c"),
        ("hold=fraud", "d"),
        ("hold=any", "d"),
        ("hold=true", "d"),
        ("not.hold=fraud", "gfecba"),
        ("hold=dispute", ""),
        ("label=shipped", "c"),
        ("label=delivered,shipped", "ec"),
        ("label=to_review", "da"),
        ("not.label=delivered&payment=refunded", ""),
        ("assigned=zo%C3%A9", "f"),
        ("not.assigned=Zo%C3%A9&payment=partially_paid", ""),
        ("tag=vip", "f"),
        ("not.tag=vip&payment=partially_paid", ""),
    ],
)
def test_each_filter(orders: dict[str, Order], query: str, ids: str) -> None:
    assert found(query) == ids


@pytest.mark.capability("A13", "C06", "C30", "D23")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("month=2026-03", "dcba"),
        ("month=2026-10", "fe"),
        ("month=2026-11", "g"),
        ("created_from=2026-03-29&created_to=2026-03-29", "cb"),
        ("created_from=2026-10-25&created_to=2026-10-25", "fe"),
        ("created_to=2026-03-28", "a"),
        ("created_from=2026-03-30", "gfed"),
        ("created_from=today", "g"),  # it is the 1st of November in Madrid already
        ("created_from=-7d&created_to=-7d", "fe"),
        ("created_to=-7d&created_from=-8d&payment=refunded", "e"),
        ("created_from=2026-10-25T00:00:00%2B02:00&created_to=2026-10-24T22:00:00.001Z", "e"),
        ("month=2026-03&not.payment=paid", "db"),
        ("month=2026-03&sort=-updated", "adcb"),
        ("created_from=2026-10-25&sort=-updated", "gfe"),
    ],
)
def test_days_and_months_are_the_shops_over_the_change_of_clocks(
    orders: dict[str, Order], query: str, ids: str
) -> None:
    assert found(query) == ids


@pytest.mark.capability("A13", "C06", "D23")
@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("P-000033", "c"),
        ("p-000033", "c"),
        ("33", "c"),
        ("jose@example.com", "a"),
        ("JOSE@", "a"),
        ("nunez", "a"),
        ("Núñez José", "a"),
        ("jose muñoz", ""),
        ("cafes pena", "b"),
        ("600 123 456", "a"),
        ("3456", "a"),
        ("OC-2026/77", "c"),
        ("998877", "d"),
        ("cafe-d", "d"),
        ("cafe", "gfedcba"),
        ("nobody", ""),
    ],
)
def test_each_kind_of_word(orders: dict[str, Order], typed: str, ids: str) -> None:
    assert found(urlencode({"q": typed})) == ids


@pytest.mark.capability("C30")
def test_a_bookmark_holds_words_filters_days_and_order(orders: dict[str, Order]) -> None:
    bookmark = "q=cafe&not.payment=paid&created_from=2026-03-01&created_to=2026-10-25&sort=created&limit=2"
    assert found(bookmark) == "bd"
    assert found("&".join(reversed(bookmark.split("&")))) == "bd"
