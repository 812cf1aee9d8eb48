"""Read what an edit looks at: products and stock levels, ways of delivery, the shop's rules."""

from collections.abc import Iterable

from comanda.customers.store import CustomerStore
from comanda.orders.edits.work_out import EditShelf
from comanda.pricelists.store import PriceStore
from comanda.settings.sections import Checkout, Shop
from comanda.settings.store import SettingsStore
from comanda.stock.places import Look, promises
from comanda.stock.store import StockStore


class EditReader:
    def __init__(
        self, settings: SettingsStore, stock: StockStore, prices: PriceStore, customers: CustomerStore
    ) -> None:
        self.settings = settings
        self.stock = stock
        self.prices = prices
        self.customers = customers

    def shelf(self, skus: Iterable[str], customer_id: str = "") -> EditShelf:
        """Today's products of these SKUs at this customer's prices, and how the shop delivers."""
        wanted = sorted(set(skus))
        found = self.settings.sections(["shipping", "stock", "customers", "checkout"])
        location = found["stock"].default_location
        if not wanted:
            return EditShelf({}, found["shipping"], location)
        products = self.stock.put_together(self.stock.products(wanted))
        customer = self.customers.living(customer_id) if customer_id else None
        group = customer.group if customer else ""
        tariff = self.prices.tariff_for(wanted, group, found["customers"], found["checkout"])
        return EditShelf(products, found["shipping"], location, tariff)

    def seen(self, skus: Iterable[str]) -> Look:
        """How much of each is in stock at this moment, over all its places, and what may wait."""
        wanted = sorted(set(skus))
        if not wanted:
            return Look()
        products = self.stock.products(wanted)
        location = self.settings.section("stock")[0].default_location
        return Look(self.stock.places(products.values(), location), promises(products))

    def checkout(self) -> Checkout:
        rules: Checkout = self.settings.section("checkout")[0]
        return rules

    def shop(self) -> Shop:
        rules: Shop = self.settings.section("shop")[0]
        return rules
