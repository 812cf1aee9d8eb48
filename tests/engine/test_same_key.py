"""One request sent several times at once: every copy gets the answer of the one that was carried out."""

from collections.abc import Callable
from typing import Any

import pytest

from comanda import wiring
from comanda.customers.wallet import CREDIT, Account, Movement
from comanda.dynamo.client import client
from comanda.dynamo.transaction import Transaction
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Answer, Call
from tests.functional.drafts import WHOLE, draft, link_of, quoted
from tests.functional.edits import mxn, opened
from tests.functional.histories import done
from tests.functional.shop import level, order_body, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.written import BOUNCED, CLAIM, FEE, PARCEL

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]

COPIES = 8
STORM = {"conflicts": 0.2, "lost_answers": 0.15, "throttled": 0.1}
KEY = {"Idempotency-Key": "the-same"}

type Send = Callable[[], Answer]
type Prepare = Callable[[Call], Send]


@pytest.fixture
def shop(engine: Any) -> None:
    set_section("limits", per_address=100_000, per_email=100_000)
    set_section("payments.store_credit", enabled=True)
    stock_product(units=10)


def an_order(call: Call, *steps: tuple[str, Any]) -> str:
    order_id = str(place(call)["order_id"])
    for name, body in (("verify", {}), ("approve", {}), *steps):
        done(call, order_id, name, body)
    return order_id


PAID = ("mark-paid", {})


def of_staff(name: str, body: Any, *steps: tuple[str, Any]) -> Prepare:
    """A command on an order, all copies with the version that was seen."""

    def prepare(call: Call) -> Send:
        order_id = an_order(call, *steps)
        version = show(call, order_id)["version"]
        return lambda: command(call, order_id, name, body, key="the-same", version=version)

    return prepare


def of_an_edit(call: Call) -> Send:
    order_id = an_order(call)
    edit_id = opened(call, order_id, {"type": "quantity", "sku": "CAFE-1", "quantity": 3})["edit_id"]
    version = show(call, order_id)["version"]
    return lambda: command(call, order_id, f"edits/{edit_id}/confirm", {}, key="the-same", version=version)


def of_a_draft(call: Call) -> Send:
    order_id = draft(call, **WHOLE)["order"]["order_id"]
    body = {"verified": True, "accept_privacy": True}
    return lambda: command(call, order_id, "place", body, key="the-same", version=1)


def of_a_quotation(call: Call) -> Send:
    token = link_of(quoted(call)["order_id"])
    return lambda: call("accept_quote", "POST", "/quotes/accept", {"token": token}, headers=KEY)


def of_a_merchant(call: Call) -> Send:
    order_id = str(place(call)["order_id"])
    done(call, order_id, "verify")
    body = {"token": wiring.keys().link("approve", order_id, "1"), "decision": "approve"}
    return lambda: call("approve_order", "POST", "/approve-order", body, headers=KEY)


def of_the_shelf(call: Call) -> Send:
    """All there is goes at once: a second one finds nothing."""
    body = {"delta": -10, "reason": "rotos", "location": "main"}
    return lambda: ask(call, "POST", "/admin/stock/CAFE-1/adjust", body, headers=KEY)


def with_credit(call: Call, amount: int) -> tuple[str, str]:
    """A verified customer, id and token, with this much credit."""
    order_id = place(call, key="first", payment_method="request")["order_id"]
    order = wiring.desk().load(order_id).order
    token = wiring.keys().link("verify", order_id, str(order.link_serial))
    answer = call("verify_email", "POST", "/verify-email", {"token": token})
    tx = Transaction()
    wallet = Account(CREDIT, order.customer_id, "MXN")
    wiring.wallets().move(tx, Movement(wallet, amount, "given", "2026-11-21T18:00:00.000Z", "staff:1"))
    tx.commit()
    return order.customer_id, str(answer.body["customer_token"])


def of_the_till(call: Call) -> Send:
    customer_id, _ = with_credit(call, 500)
    body = {"amount": mxn(-500), "reason": "error"}
    path = f"/admin/customers/{customer_id}/credit"
    return lambda: ask(call, "POST", path, body, "admin", headers=KEY)


def of_a_buyer(call: Call) -> Send:
    """The whole credit is spent: a second one finds none."""
    _, token = with_credit(call, 23_200)
    headers = KEY | {"Authorization": f"Bearer {token}"}
    body = order_body(payment_method="store_credit")
    return lambda: call("place_order", "POST", "/orders", body, headers=headers)


CASES: dict[str, Prepare] = {
    "confirm an edit": of_an_edit,
    "cancel": of_staff("cancel", {"reason": "customer"}),
    "mark paid": of_staff("mark-paid", {}),
    "refund": of_staff("refund", {"reason": "customer"}, PAID),
    "ship": of_staff("ship", PARCEL, PAID),
    "bounce": of_staff("bounce", BOUNCED, PAID),
    "deposit a cheque": of_staff("deposit-cheque", {"number": "1"}),
    "clear a cheque": of_staff("clear-cheque", {}, ("deposit-cheque", {"number": "1"})),
    "pay another way": of_staff("payment-method", {"payment_method": "stripe"}),
    "charge a fee": of_staff("fees", FEE, PAID),
    "dispute": of_staff("disputes", CLAIM, PAID),
    "place a draft": of_a_draft,
    "accept a quotation": of_a_quotation,
    "approve by link": of_a_merchant,
    "correct the stock": of_the_shelf,
    "take credit": of_the_till,
    "spend credit": of_a_buyer,
}


def insisting(send: Send) -> Answer:
    while (answer := send()).status == 503:
        pass
    return answer


@pytest.mark.parametrize("storm", [{}, STORM], ids=["calm", "storm"])
@pytest.mark.parametrize("name", CASES)
@pytest.mark.capability("F09")
def test_all_copies_of_a_request_are_answered_alike(
    call: Call, shop: None, name: str, storm: dict[str, float]
) -> None:
    send = CASES[name](call)
    with Faults(**storm).on(client()):
        answers = all_at_once(lambda n: insisting(send), COPIES)
    first = answers[0]
    assert first.status in (200, 201), first.text
    for answer in answers:
        assert (answer.status, answer.body) == (first.status, first.body), answer.text
    if name == "correct the stock":
        assert level("CAFE-1")["on_hand"] == 0
