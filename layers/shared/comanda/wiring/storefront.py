"""The storefront: its shelf, carts, checkout, and a customer's own pages."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from comanda.carts.edit import Carts
    from comanda.carts.start_cart import Started
    from comanda.carts.store import CartStore
    from comanda.orders.decision import Loaded
    from comanda.orders.drafts.repeat import OnSale
    from comanda.storefront.checkout import Checkout
    from comanda.storefront.customer import CustomerDesk
    from comanda.storefront.delivery_prices import Prices
    from comanda.storefront.known_customer import KnownCustomer
    from comanda.storefront.shelf import ShelfReader
    from comanda.storefront.visits import Visits


@cache
def shelf_reader() -> "ShelfReader":
    from comanda.storefront.shelf import ShelfReader

    return ShelfReader(
        wiring.settings(),
        wiring.stock(),
        wiring.customers(),
        wiring.keys_seen(),
        wiring.codes(),
        wiring.prices(),
        wiring.now,
    )


@cache
def carts() -> "CartStore":
    from comanda.carts.store import CartStore

    return CartStore(variable("CARTS_TABLE"))


@cache
def cart_edits() -> "Carts":
    from comanda.carts.edit import Carts
    from comanda.carts.window import WindowReader
    from comanda.ids import new_id

    return Carts(
        wiring.carts(),
        WindowReader(wiring.settings(), wiring.stock(), wiring.prices(), wiring.keys_seen()),
        wiring.keys_seen(),
        new_id,
        wiring.now,
    )


def give_back_carts(more_time: "Callable[[], bool]") -> int:
    """Release what carts have held for long enough; answers how many gave back."""
    from comanda.carts.give_back import give_back

    return give_back(wiring.carts(), wiring.stock(), wiring.now, more_time=more_time)


def repeated(loaded: "Loaded", key: str) -> "Started":
    """A cart of what an order asked for, once per Idempotency-Key."""
    from comanda.carts.repeat_cart import repeat_cart
    from comanda.idempotency.store import Request

    request = Request.of(f"repeat#{loaded.order.order_id}", key, {}) if key else None
    return repeat_cart(loaded, wiring.cart_edits(), request)


@cache
def on_sale() -> "OnSale":
    """How many of each product can be bought now; what is not for sale is missing."""
    windows = wiring.cart_edits().windows

    def left(skus: "Iterable[str]") -> "dict[str, int | None]":
        window = windows.read(skus)
        return {sku: number for sku, number in window.available.items() if window.on_sale(sku)}

    return left


@cache
def checkout() -> "Checkout":
    from comanda.carts.hand_over import hand_over
    from comanda.ids import new_id
    from comanda.orders.place import Counter
    from comanda.storefront.checkout import Checkout

    counter = Counter(
        wiring.desk(),
        wiring.links(),
        wiring.settings(),
        wiring.customers(),
        wiring.keys_seen(),
        new_id,
        wiring.codes(),
        wiring.open_accounts(),
    )
    return Checkout(
        counter=counter,
        reader=wiring.shelf_reader(),
        pay=wiring.paying(),
        keys=wiring.keys,
        public_url=wiring.public_url(),
        now=wiring.now,
        rate_of_address=wiring.rate_of_address,
        rate_of_email=wiring.rate_of_email,
        customer=wiring.customer_of,
        hand_over=lambda cart_id: hand_over(cart_id, wiring.carts()),
        wallet=lambda account: wiring.wallets().read(account),
    )


@cache
def customer_desk() -> "CustomerDesk":
    from comanda.ids import new_id
    from comanda.storefront.customer import CustomerDesk

    return CustomerDesk(
        wiring.desk(),
        wiring.orders(),
        wiring.links(),
        wiring.customers(),
        wiring.settings(),
        wiring.paying(),
        wiring.now,
        new_id,
        wiring.rate_limited,
    )


@cache
def known_customer() -> "KnownCustomer":
    from comanda.storefront.known_customer import KnownCustomer

    return KnownCustomer(
        wiring.customer_of,
        wiring.customers(),
        wiring.customer_orders(),
        wiring.keys,
        wiring.public_url(),
        lambda account: wiring.wallets().read(account),
        wiring.currency,
    )


@cache
def visits() -> "Visits":
    from comanda.conversation.urls import Urls
    from comanda.storefront.visits import Visits

    return Visits(
        wiring.desk(),
        wiring.links(),
        wiring.settings(),
        wiring.orders(),
        lambda: Urls(wiring.public_url(), wiring.keys()),
        wiring.now,
    )


@cache
def pricing_delivery() -> "Prices":
    """Carriers' prices for the checkout, whose customers wait for a few seconds at most."""
    from comanda.storefront.delivery_prices import Prices

    return Prices(wiring.quick_carrier_desk, wiring.carrier_codes, wiring.keys, wiring.now)
