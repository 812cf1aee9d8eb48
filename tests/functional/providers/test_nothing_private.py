"""No card data is taken, and no log line of any function names a customer or a secret."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from comanda import wiring
from comanda.runtime.observe import logger
from functions.sweep.app import lambda_handler as sweep
from tests.functional.conftest import http_event
from tests.functional.providers.buyers import PART, Buyer
from tests.functional.providers.conftest import SIDES, Running
from tests.functional.providers.shop import Shop
from tests.functional.providers.signing import notice, path
from tests.functional.shop import ADDRESS, order_body, set_section
from tests.functional.tables import contents

pytestmark = pytest.mark.enable_socket

CARD = "4242 4242 4242 4242"
NAME, EMAIL, PHONE, STREET = (
    "Ximena Güell",
    "ximena.guell@example.com",
    "+52 55 8391 2264",
    "Niño Perdido 1417",
)
WISH = "Tocar fuerte, el timbre no suena"
OPENAPI = Path(__file__).parents[3] / "schemas" / "openapi.yaml"
CARD_WORDS = re.compile(
    r"(?i)(card_?number|^pan$|cvc|cvv|security_?code|exp(iry|iration)?_?(month|year)|^card$)"
)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> Any:
    """Every line that was logged or printed so far, as CloudWatch would have it."""

    def read() -> list[str]:
        formatted = [logger.registered_formatter.format(record) for record in caplog.records]
        return formatted + "".join(capsys.readouterr()).splitlines()

    return read


def whole_story(shop: Shop, running: Running, name: str) -> set[str]:
    """Declined, paid, given back, disputed, refused at the door, down for a while; the secrets it met."""
    buyer = Buyer(shop, shop.side(name))
    code = buyer.side.code
    customer = {"email": EMAIL, "name": NAME, "phone": PHONE}
    address = ADDRESS | {"line1": STREET}
    buyer.orders(f"key-{code}", customer=customer, shipping_address=address, comment=WISH)
    buyer.side.decline(buyer.refs[0])
    buyer.heard()
    buyer.pays_by(code)
    buyer.pays(len(buyer.refs) - 1)
    buyer.refs = buyer.refs[-1:]
    buyer.heard()
    assert shop.order(buyer.order_id).payment == "paid"
    buyer.staff("refund", amount={"amount": PART, "currency": "MXN"}, reason="customer", execute=True)
    buyer.heard()
    buyer.disputes(won=False)
    buyer.heard()
    forged = notice(code, "pi_1", buyer.order_id).replace(b'"id"', f'"email": "{EMAIL}", "id"'.encode(), 1)
    assert shop.gateway(path(code, forged), {}, forged) == 401
    for method in ("GET", "POST"):
        wish = {"count": 99, "status": 503, "method": method}
        assert shop.peers.control("POST", f"/{code}/trouble", wish)[0] == 201
    body = order_body(payment_method=code, customer=customer)
    down = shop.call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": f"down-{code}"})
    assert (down.status, "payment_action" in down.body) == (201, False), down.text
    shop.peers.control("DELETE", f"/{code}/trouble")
    secrets = {str(buyer.placed["access_token"])}
    return secrets | {str(v) for k, v in buyer.placed["payment_action"].items() if k == "client_secret"}


def flat(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from flat(one)
    else:
        yield str(value)


@pytest.mark.capability("G04")
@pytest.mark.parametrize("name", SIDES)
def test_no_line_of_a_whole_story_names_its_customer_or_a_secret(
    shop: Shop, running: Running, name: str, lines: Any
) -> None:
    secrets = whole_story(shop, running, name) | {
        one for one in flat(running.keys) if len(one) > 8 and not one.startswith("-----")
    }
    sweep({}, None)
    shop.sweep(shop.sides[name].code)
    found = lines()
    assert len(found) > 20
    words = {NAME, *NAME.split(), EMAIL, PHONE, PHONE.replace(" ", ""), STREET, WISH, *secrets}
    assert {word for word in words if any(word in line for line in found)} == set()
    assert [line for line in found if re.search(r"(?<!\d)4\d{15}(?!\d)|Bearer |whsec_", line)] == []


def test_a_failure_that_quotes_a_customer_is_logged_without_them(
    shop: Shop, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks may say what it was given: AWS does, with addresses that it will not mail to."""

    def breaks(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"Email address is not verified: {EMAIL}; call {PHONE}, card {CARD}")

    for name in ("load", "run"):
        monkeypatch.setattr(wiring.desk(), name, breaks)
    answer = shop.call("customer_order", "GET", "/orders/nobody", headers={"Authorization": "Bearer x"})
    assert answer.status in (404, 500)
    assert not shop.world.queue("settle_payment", {"detail": {"order_id": "o", "effect_id": "pay-1"}})
    found = lines()
    assert any("Email address is not verified" in line for line in found)
    for word in (EMAIL, PHONE, CARD):
        assert [line for line in found if word in line] == []


@pytest.mark.capability("D05")
@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/comment", {"comment": f"cobren a la {CARD}, vence 12/30"}),
        ("/fields/note", {"fields": {"note": CARD.replace(" ", "")}}),
        ("/customer/name", {"customer": {"email": EMAIL, "name": f"Ana {CARD}"}}),
        ("/shipping_address/line2", {"shipping_address": ADDRESS | {"line2": CARD.replace(" ", "-")}}),
        ("/billing_address/line1", {"billing_address": ADDRESS | {"line1": CARD}}),
    ],
)
def test_a_card_number_in_an_order_is_refused_and_kept_nowhere(
    shop: Shop, lines: Any, pointer: str, changes: dict[str, Any]
) -> None:
    set_section("checkout", fields=[{"name": "note", "type": "text", "label": {"es": "Nota", "en": "Note"}}])
    before = contents()
    answer = shop.call(
        "place_order", "POST", "/orders", order_body(**changes), headers={"Idempotency-Key": "k"}
    )
    assert answer.status == 422, answer.text
    assert [error["pointer"] for error in answer.body["errors"]] == [pointer]
    after = contents()
    assert "4242" not in answer.text + json.dumps(after) + "".join(lines())
    assert after["OrdersTable"] == before["OrdersTable"]
    assert after["StockTable"] == before["StockTable"]


@pytest.mark.capability("D05")
def test_no_route_has_a_place_for_card_data() -> None:
    """Cards are typed at their provider: no body of ours knows such a field, and none takes unknown ones."""
    described = yaml.safe_load(OPENAPI.read_text())
    schemas = described["components"]["schemas"]
    names = {(schema, name) for schema, one in schemas.items() for name in one.get("properties", {})}
    assert [pair for pair in names if CARD_WORDS.search(pair[1])] == []
    handler = import_module("functions.place_order.app").lambda_handler
    for extra in ("card", "card_number", "payment_details"):
        event = http_event("POST", "/orders", order_body(**{extra: CARD}), {"Idempotency-Key": "k"})
        answer = handler(event, None)
        assert answer["statusCode"] == 422
        assert "4242" not in answer["body"]
