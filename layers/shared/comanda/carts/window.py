"""What a cart sees of the shop: settings, products and how many of each can be bought."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from comanda.dynamo.batch import get_many
from comanda.pricelists.model import Tariff
from comanda.pricelists.store import PriceStore
from comanda.settings.sections import Checkout, Shop, Stock
from comanda.settings.store import SettingsStore, section_key
from comanda.stock.available import available
from comanda.stock.model import Product
from comanda.stock.store import StockStore, product_key, product_of

SECTIONS = ("shop", "checkout", "stock", "customers")


@dataclass(frozen=True, slots=True)
class Window:
    """`available` holds None for a product whose stock is not counted."""

    shop: Shop
    checkout: Checkout
    stock: Stock
    products: dict[str, Product]
    available: dict[str, int | None]
    free: dict[str, int]  # by the SKU that is kept in stock
    tariff: Tariff = field(default_factory=Tariff)

    def on_sale(self, sku: str) -> Product | None:
        product = self.products.get(sku)
        return product if product and product.active else None


class WindowReader:
    """`group`: that of the customer who looks in; empty for a guest."""

    def __init__(
        self, settings: SettingsStore, stock: StockStore, prices: PriceStore, group: str = ""
    ) -> None:
        self.settings = settings
        self.stock = stock
        self.prices = prices
        self.group = group

    def for_group(self, group: str) -> "WindowReader":
        return WindowReader(self.settings, self.stock, self.prices, group)

    def read(self, skus: Iterable[str]) -> Window:
        """The shop as it is now, and these products with what is left of them."""
        wanted = list(dict.fromkeys(skus))
        found = get_many(
            {
                self.settings.table: [section_key(name) for name in SECTIONS],
                self.stock.table: [*map(product_key, wanted), *self.prices.keys(wanted, self.group)],
            }
        )
        shop, checkout, stock, customers = (
            self.settings.from_raw(name, found[self.settings.table]) for name in SECTIONS
        )
        kept = found[self.stock.table]
        read = {sku: product_of(kept[product_key(sku)]) for sku in wanted if product_key(sku) in kept}
        tariff = self.prices.tariff(kept, wanted, self.group, customers, checkout)
        products = self.stock.put_together(read)
        free = self.stock.free(products.values(), stock.default_location)
        left = {sku: available(product, free) for sku, product in products.items()}
        return Window(shop, checkout, stock, products, left, free, tariff)
