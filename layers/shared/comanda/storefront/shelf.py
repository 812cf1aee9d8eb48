"""Read everything a checkout needs in one request over four tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from comanda.customers.judge import dialled
from comanda.customers.model import Customer
from comanda.customers.rows import lookup_key
from comanda.customers.store import CustomerStore
from comanda.discounts.model import spelt
from comanda.discounts.store import CodeStore, code_key
from comanda.dynamo.batch import get_many
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.orders.model import Draft
from comanda.orders.request import Buyer, Shelf
from comanda.orders.vocabulary import Method
from comanda.pricelists.store import PriceStore
from comanda.runtime.limits import Rate
from comanda.settings.store import SettingsStore, section_key
from comanda.stock.rows import product_key, product_of
from comanda.stock.store import StockStore
from comanda.times import stamp

SECTIONS = ("shop", "checkout", "shipping", "stock", "notifications", "sales", "customers", "fulfilment")
GUEST = Buyer()


class ShelfReader:
    """Knows which items of which table a checkout looks at."""

    def __init__(
        self,
        settings: SettingsStore,
        stock: StockStore,
        customers: CustomerStore,
        keys_seen: KeyStore,
        codes: CodeStore,
        prices: PriceStore,
        now: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.stock = stock
        self.customers = customers
        self.keys_seen = keys_seen
        self.codes = codes
        self.prices = prices
        self.now = now

    def read(
        self,
        skus: Iterable[str],
        method: Method,
        email: str,
        key: Request | None,
        code: str = "",
        buyer: Buyer = GUEST,
        rate: Rate | None = None,
    ) -> tuple[Shelf, Earlier | None]:
        """The shelf, and what this Idempotency-Key did before; `code` as the customer typed it.

        Raises IdempotencyKeyReused, and RateLimited when the counter of `rate` is full.
        """
        payment, wanted = f"payments.{method}", tuple(dict.fromkeys(skus))
        names = (*SECTIONS, payment)
        asked: dict[str, Any] = {
            self.settings.table: [section_key(name) for name in names],
            self.stock.table: [*map(product_key, wanted), *self.prices.keys(wanted, buyer.group)],
        }
        if key:
            asked[self.keys_seen.table] = [key.pk]
        if rate:
            asked.setdefault(rate.table, []).append(rate.pk)
        if code:
            asked[self.settings.table].append(code_key(spelt(code)))
        if email:
            asked[self.customers.table] = [lookup_key(email)]
        found = get_many(asked)
        if rate:
            rate.judge(found[rate.table].get(rate.pk))
        section = {name: self.settings.from_raw(name, found[self.settings.table]) for name in names}
        kept = found[self.stock.table]
        products = {sku: product_of(kept[product_key(sku)]) for sku in wanted if product_key(sku) in kept}
        tariff = self.prices.tariff(kept, wanted, buyer.group, section["customers"], section["checkout"])
        lookup = found[self.customers.table].get(lookup_key(email)[0]) if email else None
        shelf = Shelf(
            shop=section["shop"],
            checkout=section["checkout"],
            shipping=section["shipping"],
            payment=section[payment],
            stock=section["stock"],
            notifications=section["notifications"],
            products=self.stock.put_together(products),
            code=self.codes.from_raw(found[self.settings.table].get(code_key(spelt(code)))) if code else None,
            sales=section["sales"],
            fulfilment=section["fulfilment"],
            customers=section["customers"],
            owner=self.customers.id_from_raw(lookup),
            buyer=buyer,
            tariff=tariff,
            at=stamp(self.now()),
        )
        if key is None:
            return shelf, None
        return shelf, self.keys_seen.from_raw(found[self.keys_seen.table].get(key.pk), key)

    def shelf(self, draft: Draft, contact: Mapping[str, Any]) -> Shelf:
        """The shelf for a draft, which may have no method yet. Whoever has no e-mail address is known by
        the telephone."""
        email, phone = (str(contact.get(name) or "").strip() for name in ("email", "phone"))
        method = Method(draft.method) if draft.method else Method.REQUEST
        skus = dict.fromkeys(line.sku for line in draft.lines)
        customer = self.customers.by_email(email) if email else self._by_phone(phone)
        buyer = Buyer(known=True, group=customer.group) if customer else GUEST
        found = self.read(skus, method, email, None, draft.discount_code, buyer)[0]
        return replace(found, owner=customer.customer_id) if customer else found

    def _by_phone(self, phone: str) -> Customer | None:
        if not phone:
            return None
        country = self.settings.section("shop")[0].country
        return self.customers.by_phone(dialled(phone, country))
