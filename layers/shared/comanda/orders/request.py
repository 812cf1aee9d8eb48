"""What a customer asks for, and what the shop has to say about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from comanda.discounts.model import DiscountCode
from comanda.orders.bill import Extra
from comanda.orders.model import Offer
from comanda.orders.spend import Funds
from comanda.orders.vocabulary import Channel, Method
from comanda.pricelists.model import Tariff
from comanda.settings.sections import (
    Checkout,
    Customers,
    Fulfilment,
    Notifications,
    PaymentMethod,
    Sales,
    Shipping,
    Shop,
)
from comanda.settings.sections import Stock as StockRules
from comanda.stock.model import Move, Product


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What the customer asks for. `expected_total` in minor units, when they have seen one."""

    lines: tuple[tuple[str, int], ...]
    method: Method
    delivery: str
    locale: str
    accept_privacy: bool
    contact: dict[str, Any] = field(default_factory=dict)
    shipping: dict[str, Any] = field(default_factory=dict)
    billing: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    comment: str = ""
    purchase_order: str = ""
    discount_code: str = ""
    delivery_slot: str = ""
    offer: Offer | None = None  # a carrier's price for the delivery, promised by us
    expected_total: int | None = None
    expected_currency: str = ""
    also: tuple[Callable[[Any], None], ...] = ()  # what else is written, such as the end of the cart
    freed: tuple[Move, ...] = ()  # units that the cart holds: the order has them from its transaction on
    channel: Channel = Channel.WEB
    funds: Funds | None = None  # store credit and gift cards that the customer wants to spend
    agreed: Mapping[str, int] = field(default_factory=dict)  # SKU → unit price that staff agreed to
    charges: tuple[Extra, ...] = ()  # discounts and surcharges that staff gave by hand

    @property
    def sums(self) -> dict[str, int]:
        """Units of each SKU over all its lines."""
        sums: dict[str, int] = {}
        for sku, quantity in self.lines:
            sums[sku] = sums.get(sku, 0) + quantity
        return sums


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, as far as it decides on prices. `known`: not a guest."""

    known: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything the checkout read in one request: settings, products, and whose address this is."""

    shop: Shop
    checkout: Checkout
    shipping: Shipping
    payment: PaymentMethod
    stock: StockRules
    notifications: Notifications
    products: dict[str, Product]
    owner: str = ""  # customer id that has this e-mail address already
    code: DiscountCode | None = None  # what the given discount code stands for
    buyer: Buyer = Buyer()
    tariff: Tariff = field(default_factory=Tariff)
    at: str = ""  # when it was read, UTC
    sales: Sales = field(default_factory=Sales)
    customers: Customers = field(default_factory=Customers)
    fulfilment: Fulfilment = field(default_factory=Fulfilment)
