"""Nobody is paid by a webhook: what the provider's record does not say has not happened."""

import pytest

from comanda import wiring
from tests.functional.providers.conftest import PROVIDERS, Running
from tests.functional.providers.shop import Shop
from tests.functional.providers.signing import notice, path, signature
from tests.functional.tables import contents

pytestmark = pytest.mark.enable_socket

NOWHERE = {
    "stripe": "pi_3NobodyHasThisOne00000000",
    "paypal": "5O190127TN364715T",
    "mercadopago": "12345678901",
}


def heard(shop: Shop, running: Running, code: str, body: bytes) -> tuple[str, str]:
    """What the inbox says of a correctly signed webhook, worked off with all that follows."""
    at = int(shop.clock().timestamp())
    assert shop.gateway(path(code, body), signature(running, code, body, at), body) == 200
    shop.work()
    (record,), _ = wiring.inbox().store.recent(limit=1)
    return record.state, record.problem


@pytest.mark.capability("C19", "C20", "D05", "G04")
@pytest.mark.parametrize("code", PROVIDERS)
def test_a_signed_webhook_about_a_payment_that_is_not_there(shop: Shop, running: Running, code: str) -> None:
    order_id, _ = shop.place(shop.sides[code], "key-1")
    before = contents()["OrdersTable"]
    told = heard(shop, running, code, notice(code, NOWHERE[code], order_id))
    assert told == ("ignored", "the provider has no such payment")
    assert contents()["OrdersTable"] == before
    assert shop.order(order_id).payment == "pending"


@pytest.mark.capability("C19", "C20", "D05", "G04")
@pytest.mark.parametrize("code", PROVIDERS)
def test_a_signed_webhook_that_claims_more_than_the_record(shop: Shop, running: Running, code: str) -> None:
    """The payment is there, and nobody has paid it: a card was declined, the page was looked at."""
    side = shop.sides[code]
    order_id, ref = shop.place(side, "key-1")
    if code == "mercadopago":
        side.decline(ref)
        shop.hear(code, order_id)
        ref = str(running.peers.payments(ref)[0]["id"])
    before = contents()["OrdersTable"]
    assert heard(shop, running, code, notice(code, ref, order_id)) == ("already_applied", "")
    assert contents()["OrdersTable"] == before
    assert shop.ledger(order_id) == {}


@pytest.mark.capability("C20", "G04")
def test_money_for_somebody_elses_order_pays_none_of_ours(shop: Shop, running: Running) -> None:
    """The same account at the provider may serve another shop: its payments name no order of ours."""
    side = shop.sides["stripe"]
    order_id, _ = shop.place(side, "key-1")
    made = running.peers.client().v1.payment_intents.create(
        {"amount": 23_200, "currency": "mxn", "confirm": True, "payment_method": "pm_card_visa",
         "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
    )  # fmt: skip
    shop.arrive("stripe")
    before = contents()["OrdersTable"]
    shop.work()
    told = heard(shop, running, "stripe", notice("stripe", made.id, order_id))
    assert told == ("ignored", "this payment was not begun for an order")
    assert contents()["OrdersTable"] == before
