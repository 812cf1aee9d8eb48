"""The odd ways in which orders are paid, for whichever provider; each answers the payments it began."""

from dataclasses import dataclass, field
from typing import Any

import stripe

from comanda import wiring
from comanda.times import later, stamp
from comanda.workflow.timeouts import cancel_unpaid
from tests.functional import carts
from tests.functional.conftest import Answer
from tests.functional.providers.shop import Shop
from tests.functional.providers.sides import MercadoPagoSide, PayPalSide, Refused, Side, StripeSide
from tests.functional.shop import order_body
from tests.functional.staff import command

TOTAL = 23_200
PART = 10_000


@dataclass
class Buyer:
    """One order and the payments that were begun for it; `refused`: what its provider would not do."""

    shop: Shop
    side: Side
    placed: dict[str, Any] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def order_id(self) -> str:
        return str(self.placed["order_id"])

    # -- at the shop

    def orders(self, key: str = "key-1", **changes: Any) -> Answer:
        body = order_body(payment_method=self.side.code, **changes)
        answer = self.shop.call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": key})
        if answer.status == 201:
            self.placed = answer.body
            self._begun(answer.body["payment_action"])
        return answer

    def pays_by(self, method: str) -> Answer:
        headers = {"Authorization": f"Bearer {self.placed['access_token']}"}
        path = f"/orders/{self.order_id}/payments"
        answer = self.shop.call("customer_order", "POST", path, {"payment_method": method}, headers=headers)
        if method == self.side.code and answer.status == 201:
            self._begun(answer.body["payment_action"])
        return answer

    def staff(self, name: str, **body: Any) -> None:
        answer = command(self.shop.call, self.order_id, name, body)
        assert answer.status == 200, answer.text

    def runs_out(self) -> None:
        """Nobody has paid in time: the sweep asks for the order's end."""
        far = later(stamp(wiring.now()), 40 * 24 * 3600)
        self.shop.world.run(self.order_id, lambda loaded: cancel_unpaid(loaded, far), "system")

    # -- at the provider

    def pays(self, number: int = 0) -> None:
        self._at_provider("pay", lambda: self.side.pay(self.refs[number]))

    def disputes(self, *, won: bool) -> None:
        self.side.dispute(self.refs[0])
        self.heard()
        self.side.decide(self.refs[0], won=won)

    def heard(self) -> None:
        """Every webhook has come, and what follows from it is done."""
        self.shop.hear(self.side.code, self.order_id)
        self.shop.settle(self.order_id)
        self.shop.hear(self.side.code, self.order_id)

    def pays_in_dollars(self) -> None:
        """A payment of this order whose currency somebody changed at the provider."""
        if isinstance(self.side, StripeSide):
            self.side.sdk.v1.payment_intents.update(self.refs[0], {"currency": "usd"})
        elif isinstance(self.side, PayPalSide):
            unit = {
                "custom_id": f"{self.order_id}:pay-1",
                "amount": {"currency_code": "USD", "value": "232.00"},
            }
            made = self.side.peer.call(
                "POST", "/v2/checkout/orders", {"intent": "CAPTURE", "purchase_units": [unit]}
            )
            self.refs = [made[1]["id"]]
        elif isinstance(self.side, MercadoPagoSide):
            item = {"title": "P", "quantity": 1, "unit_price": 232.0, "currency_id": "USD"}
            self.side.peers.sdk().preference().update(self.refs[0], {"items": [item]})
        self.pays()
        if isinstance(self.side, PayPalSide):
            self.heard()
            assert self.side.record(self.refs[0]) == {}, "money that we did not ask for is not taken"
            self.side.peer.capture(self.refs[0])  # but somebody else may

    def _begun(self, action: dict[str, Any]) -> None:
        ref = self.side.ref(action)
        if ref not in self.refs:
            self.refs.append(ref)

    def _at_provider(self, what: str, act: Any) -> None:
        try:
            act()
        except (Refused, stripe.StripeError):
            self.refused.append(what)


def submits_twice(buyer: Buyer) -> None:
    """The same cart, the same button, once more, and once more from another window."""
    cart_id = carts.in_checkout(buyer.shop.call, ("CAFE-1", 2))
    for key in ("key-1", "key-1", "key-2"):
        answer = buyer.orders(key, cart_id=cart_id, lines=None)
        assert (answer.status == 201) == (key == "key-1"), answer.text
    assert answer.body["type"] == "wrong-state", answer.text
    buyer.pays()
    buyer.heard()
    buyer.pays()


def two_tabs_one_payment(buyer: Buyer) -> None:
    buyer.orders()
    assert buyer.pays_by(buyer.side.code).status == 201
    buyer.pays()
    buyer.heard()
    buyer.pays()


def two_tabs_at_once(buyer: Buyer) -> None:
    """The same page in two tabs, paid in both before we heard of either."""
    buyer.orders()
    buyer.pays()
    buyer.pays()


def two_tabs_two_payments(buyer: Buyer) -> None:
    """The first tab is still open when the second goes by another method and back."""
    buyer.orders()
    buyer.pays_by("bank_transfer")
    buyer.pays_by(buyer.side.code)
    buyer.pays(0)
    buyer.heard()
    buyer.pays(len(buyer.refs) - 1)


def two_payments_at_once(buyer: Buyer) -> None:
    """The same, and both were paid before we heard of either."""
    buyer.orders()
    buyer.pays_by("bank_transfer")
    buyer.pays_by(buyer.side.code)
    for number in range(2):
        buyer.pays(min(number, len(buyer.refs) - 1))


def paid_while_cancelled(buyer: Buyer) -> None:
    """Paid, and not told yet, when staff cancel the order."""
    buyer.orders()
    buyer.pays()
    buyer.staff("cancel", reason="customer")


def paid_while_cancelled_without_refund(buyer: Buyer) -> None:
    buyer.orders()
    buyer.pays()
    buyer.staff("cancel", reason="customer", refund=False)


def paid_after_cancelled(buyer: Buyer) -> None:
    buyer.orders()
    buyer.staff("cancel", reason="customer")
    buyer.heard()
    buyer.pays()


def paid_in_two_parts(buyer: Buyer) -> None:
    """Some by transfer, the rest here."""
    buyer.orders()
    money = {"amount": PART, "currency": "MXN"}
    buyer.staff("mark-paid", amount=money, reference="SPEI 1")
    buyer.pays_by(buyer.side.code)
    buyer.heard()
    buyer.pays(len(buyer.refs) - 1)


def paid_whole_after_a_part(buyer: Buyer) -> None:
    """Some by transfer, and then all of it on the page that was open."""
    buyer.orders()
    buyer.staff("mark-paid", amount={"amount": PART, "currency": "MXN"}, reference="SPEI 1")
    buyer.pays()


def paid_in_another_currency(buyer: Buyer) -> None:
    buyer.orders()
    buyer.pays_in_dollars()


def chargeback_lost_after_refund(buyer: Buyer) -> None:
    _refunded_in_part(buyer)
    buyer.disputes(won=False)


def chargeback_won_after_refund(buyer: Buyer) -> None:
    _refunded_in_part(buyer)
    buyer.disputes(won=True)


def expiry_comes_second(buyer: Buyer) -> None:
    """Paid in the last moment, and not told yet when the order runs out."""
    buyer.orders()
    buyer.pays()
    buyer.runs_out()


def expiry_comes_first(buyer: Buyer) -> None:
    buyer.orders()
    buyer.runs_out()
    buyer.heard()
    buyer.pays()


def _refunded_in_part(buyer: Buyer) -> None:
    buyer.orders()
    buyer.pays()
    buyer.heard()
    buyer.staff("refund", amount={"amount": PART, "currency": "MXN"}, reason="customer", execute=True)
    buyer.heard()
