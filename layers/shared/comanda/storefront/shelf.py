"""Read everything a checkout needs in one request over four tables."""

from collections.abc import Iterable
from typing import Any

from comanda.customers.store import CustomerStore, lookup_key
from comanda.dynamo.batch import get_many
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.orders.model import Draft
from comanda.orders.request import Shelf
from comanda.orders.vocabulary import Method
from comanda.settings.store import SettingsStore, section_key
from comanda.stock.store import StockStore, product_key, product_of

SECTIONS = ("shop", "checkout", "shipping", "stock", "notifications")


class ShelfReader:
    """Knows which items of which table a checkout looks at."""

    def __init__(
        self, settings: SettingsStore, stock: StockStore, customers: CustomerStore, keys_seen: KeyStore
    ) -> None:
        self.settings = settings
        self.stock = stock
        self.customers = customers
        self.keys_seen = keys_seen

    def read(
        self, skus: Iterable[str], method: Method, email: str, key: Request | None
    ) -> tuple[Shelf, Earlier | None]:
        """The shelf, and what this Idempotency-Key did before. Raises IdempotencyKeyReused."""
        payment = f"payments.{method}"
        names = (*SECTIONS, payment)
        asked: dict[str, Any] = {
            self.settings.table: [section_key(name) for name in names],
            self.stock.table: [product_key(sku) for sku in skus],
        }
        if key:
            asked[self.keys_seen.table] = [key.pk]
        if email:
            asked[self.customers.table] = [lookup_key(email)]
        found = get_many(asked)
        section = {name: self.settings.from_raw(name, found[self.settings.table]) for name in names}
        products = {one.sku: one for one in map(product_of, found[self.stock.table].values())}
        lookup = found[self.customers.table].get(lookup_key(email)[0]) if email else None
        shelf = Shelf(
            shop=section["shop"],
            checkout=section["checkout"],
            shipping=section["shipping"],
            payment=section[payment],
            stock=section["stock"],
            notifications=section["notifications"],
            products=self.stock.put_together(products),
            owner=self.customers.id_from_raw(lookup),
        )
        if key is None:
            return shelf, None
        return shelf, self.keys_seen.from_raw(found[self.keys_seen.table].get(key.pk), key)

    def shelf(self, draft: Draft, email: str) -> Shelf:
        """The shelf for a draft, which may have no method yet."""
        method = Method(draft.method) if draft.method else Method.REQUEST
        return self.read(dict.fromkeys(line.sku for line in draft.lines), method, email, None)[0]
