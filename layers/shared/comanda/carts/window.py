"""What a cart sees of the shop: settings, products and how many of each can be bought."""

from collections.abc import Iterable
from dataclasses import dataclass

from comanda.dynamo.batch import get_many
from comanda.settings.sections import Checkout, Shop, Stock
from comanda.settings.store import SettingsStore, section_key
from comanda.stock.available import available
from comanda.stock.model import Product
from comanda.stock.store import StockStore, product_key, product_of

SECTIONS = ("shop", "checkout", "stock")


@dataclass(frozen=True, slots=True)
class Window:
    """`available` holds None for a product whose stock is not counted."""

    shop: Shop
    checkout: Checkout
    stock: Stock
    products: dict[str, Product]
    available: dict[str, int | None]

    def on_sale(self, sku: str) -> Product | None:
        product = self.products.get(sku)
        return product if product and product.active else None


class WindowReader:
    def __init__(self, settings: SettingsStore, stock: StockStore) -> None:
        self.settings = settings
        self.stock = stock

    def read(self, skus: Iterable[str]) -> Window:
        """The shop as it is now, and these products with what is left of them."""
        wanted = list(dict.fromkeys(skus))
        found = get_many(
            {
                self.settings.table: [section_key(name) for name in SECTIONS],
                self.stock.table: [product_key(sku) for sku in wanted],
            }
        )
        shop, checkout, stock = (
            self.settings.from_raw(name, found[self.settings.table]) for name in SECTIONS
        )
        read = {product.sku: product for product in map(product_of, found[self.stock.table].values())}
        products = self.stock.put_together(read)
        free = self.stock.free(products.values(), stock.default_location)
        left = {sku: available(product, free) for sku, product in products.items()}
        return Window(shop, checkout, stock, products, left)
