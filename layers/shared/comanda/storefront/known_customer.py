"""What a signed-in customer sees of themselves: what fills in the next checkout, and their orders."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.customers.model import Customer
from comanda.customers.store import CustomerStore
from comanda.customers.wallet import CREDIT, Account, Wallet
from comanda.errors import Invalid, Unauthenticated
from comanda.links.keys import Keys
from comanda.orders.derive import fulfilment_told
from comanda.orders.model import Order
from comanda.orders.wire import money
from comanda.runtime.requests import bearer, cookie
from comanda.search.of_customer import POSITION, CustomerOrders


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """`customer` answers whom a token stands for; see wiring."""

    customer: Callable[[str], Customer | None]
    customers: CustomerStore
    orders: CustomerOrders
    keys: Callable[[], Keys]
    public_url: str
    wallet: Callable[[Account], Wallet]
    currency: Callable[[], str]

    def signed_in(self, event: dict[str, Any]) -> Customer:
        """Whoever holds the token of the header or the cookie. Raises Unauthenticated."""
        token = bearer(event, required=False) or cookie(event, "customer")
        found = self.customer(token) if token else None
        if found is None or not found.verified:
            raise Unauthenticated("send Authorization: Bearer <customer_token>")
        return found

    def profile(self, event: dict[str, Any]) -> dict[str, Any]:
        """Contact and addresses, the default first, as `POST /orders` takes them. Raises Unauthenticated."""
        customer = self.signed_in(event)
        book = [known.place for known in self.customers.addresses(customer.customer_id)]
        places = [customer.address, *(place for place in book if place != customer.address)]
        return {
            "customer": {name: value for name, value in customer.contact().items() if value},
            "shipping_address": customer.address or None,
            "addresses": [place for place in places if place],
            "store_credit": self._credit(customer),
            "locale": customer.locale,
            "verified": customer.verified,
        }

    def _credit(self, customer: Customer) -> dict[str, Any]:
        """What the customer can spend in the shop's currency."""
        currency = self.currency()
        return money(self.wallet(Account(CREDIT, customer.customer_id, currency)).usable, currency)

    def history(self, event: dict[str, Any], limit: int, behind: str) -> dict[str, Any]:
        """A page of the customer's orders, newest first, each with the token that opens it.

        Raises Unauthenticated, and Invalid for a cursor that is none.
        """
        customer = self.signed_in(event)
        if behind and not POSITION.fullmatch(behind):
            raise Invalid.at("/cursor", "begin without a cursor")
        chapter = self.orders.newest(customer.customer_id, limit=limit, behind=behind)
        return {"items": [self._row(order) for order in chapter.orders], "next": chapter.next or None}

    def _row(self, order: Order) -> dict[str, Any]:
        token = self.keys().access(order.order_id, order.token_version)
        return {
            "order_id": order.order_id,
            "number": order.number,
            "created_at": order.created_at,
            "lifecycle": order.lifecycle,
            "payment": order.payment,
            "fulfilment": fulfilment_told(order),
            "returns": order.returns,
            "articles": sum(line.quantity for line in order.lines),
            "total": money(order.totals.total, order.currency),
            "access_token": token,
            "tracking_url": f"{self.public_url}/orders/{order.order_id}?token={token}",
        }
