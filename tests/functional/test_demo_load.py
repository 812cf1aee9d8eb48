"""The demo shop is loaded over the staff API, once."""

import json
from pathlib import Path
from typing import Any

import pytest

from comanda import wiring
from comanda.dynamo.client import client
from local.demo.load import fill
from local.demo.outside import Answer, Api
from local.import_products import import_file
from tests.functional.shop import level
from tests.functional.staff import ask

STACK = {
    "sftp": {
        "host": "127.0.0.1",
        "port": 2222,
        "username": "merchant",
        "directory": "inbox",
        "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFa3Ki3oC9oE2pSg7wVw1G3Q9G3yJ7r1m5p0o1u2v3w4",
    }
}


class Handlers(Api):
    """The staff API without a network; keeps what it was asked."""

    def __init__(self, call: Any) -> None:
        super().__init__("")
        self.handlers = call
        self.asked: list[str] = []

    def send(self, method, path, body=None, *, headers=None, accept="application/json") -> Answer:
        self.asked.append(f"{method} {path}")
        place, _, query = path.partition("?")
        sent = body.decode() if isinstance(body, bytes) else body
        given = dict(part.split("=") for part in query.split("&") if part)
        got = ask(self.handlers, method, place, sent, role="admin", headers=headers, query=given)
        return Answer(path, got.status, got.headers, got.text.encode())


@pytest.fixture
def api(call) -> Handlers:
    return Handlers(call)


def tables() -> list[str]:
    names = (wiring.stock().table, wiring.settings().table)
    items = (item for name in names for item in client().scan(TableName=name)["Items"])
    return sorted(json.dumps(item, sort_keys=True) for item in items if "IMPORT#" not in item["pk"]["S"])


def test_the_demo_shop_is_open_after_loading(api, call):
    fill(api, STACK)
    shop = wiring.settings().section("shop")[0]
    assert (shop.name, shop.currency, shop.time_zone) == ("Casa Jacaranda", "MXN", "America/Mexico_City")
    assert wiring.settings().section("exports")[0].destinations["sftp"].port == 2222
    products = call("storefront", "GET", "/products", query={"limit": "100", "locale": "en"}).body["items"]
    assert len(products) == 78
    coffee = next(product for product in products if product["sku"] == "CAF-OLLA-250")
    assert coffee == {
        "sku": "CAF-OLLA-250",
        "name": "Café de olla with cinnamon and piloncillo, 250 g",
        "price": {"amount": 14500, "currency": "MXN"},
        "available": 42,
        "backorder": None,
        "image": "images/cafe.svg",
        "price_breaks": [],
        "units_per_box": 1,
        "minimum_quantity": 1,
    }
    form = call("storefront", "GET", "/checkout/form").body
    assert [way["code"] for way in form["delivery"]] == ["ship", "pickup"]
    assert [way["code"] for way in form["payment_methods"]] == [
        "stripe",
        "paypal",
        "mercadopago",
        "bank_transfer",
        "cheque",
        "on_delivery",
        "at_pickup",
        "request",
    ]


def test_loading_again_changes_nothing(api):
    fill(api, STACK)
    before = tables()
    api.asked.clear()
    fill(api, STACK)
    assert tables() == before
    assert not [line for line in api.asked if line.startswith("PATCH")]


def test_a_bad_file_comes_back_with_its_rows_and_nothing_is_imported(api):
    file = Path(__file__).parents[2] / "local" / "demo" / "products.csv"
    fill(api, STACK)
    spoilt = file.read_text().replace(",145.00,", ",1.450,").replace(",42,images", ",43,images")
    report = import_file(api, spoilt.encode())
    assert report["state"] == "refused"
    assert [(found["row"], found["column"], found["value"]) for found in report["problems"]] == [
        (2, "price", "1.450"),
        (44, "price", "1.450"),
    ]
    assert level("CAF-OLLA-250")["on_hand"] == 42
