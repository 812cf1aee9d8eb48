"""What a cart sees of the shop: settings, products and how many of each can be bought."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from comanda.carts.model import Held
from comanda.dynamo.batch import get_many
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.pricelists.model import Tariff
from comanda.pricelists.store import PriceStore
from comanda.settings.sections import Checkout, Shop, Stock
from comanda.settings.store import SettingsStore, section_key
from comanda.stock.available import available
from comanda.stock.model import Product
from comanda.stock.places import Place, summed_up
from comanda.stock.rows import product_key, product_of, stock_key
from comanda.stock.store import StockStore

SECTIONS = ("shop", "checkout", "stock", "customers")

type Tongue = Callable[[str], str]  # from the shop's language to that of whoever looks


@dataclass(frozen=True, slots=True)
class Window:
    """`available` holds None for a product whose stock is not counted.

    `locale` is the language it is shown in, `earlier` what the request's key did before.
    """

    shop: Shop
    checkout: Checkout
    stock: Stock
    products: dict[str, Product]
    available: dict[str, int | None]
    free: dict[str, int]  # by the SKU that is kept in stock
    tariff: Tariff = field(default_factory=Tariff)
    locale: str = "es"
    earlier: Earlier | None = None
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict)  # of each SKU, read one by one

    def beside(self, held: Iterable[Held]) -> "Window":
        """The same for a cart that holds these units: to its customer they are available."""
        own = Counter[str]()
        for one in held:
            own[one.sku] += one.units
        if not own:
            return self
        free = {sku: self.free.get(sku, 0) + own[sku] for sku in {*self.free, *own}}
        left = {sku: available(product, free) for sku, product in self.products.items()}
        return replace(self, free=free, available=left)

    def on_sale(self, sku: str) -> Product | None:
        product = self.products.get(sku)
        return product if product and product.active else None


class WindowReader:
    """`group`: that of the customer who looks in, empty for a guest; `tongue`: the language they read."""

    def __init__(
        self,
        settings: SettingsStore,
        stock: StockStore,
        prices: PriceStore,
        keys_seen: KeyStore,
        group: str = "",
        tongue: Tongue = str,
    ) -> None:
        self.settings = settings
        self.stock = stock
        self.prices = prices
        self.keys_seen = keys_seen
        self.group = group
        self.tongue = tongue

    def seen_by(self, group: str, tongue: Tongue) -> "WindowReader":
        return WindowReader(self.settings, self.stock, self.prices, self.keys_seen, group, tongue)

    def read(self, skus: Iterable[str], request: Request | None = None) -> Window:
        """The shop as it is now, and these products with what is left of them.

        What `request` did before is read along. Raises IdempotencyKeyReused.
        """
        wanted = list(dict.fromkeys(skus))
        likely = [stock_key(sku, self.stock.home) for sku in wanted]  # where most are: saves a request
        asked: dict[str, Iterable[str]] = {
            self.settings.table: [section_key(name) for name in SECTIONS],
            self.stock.table: [*map(product_key, wanted), *self.prices.keys(wanted, self.group), *likely],
        }
        if request:
            asked[self.keys_seen.table] = [request.pk]
        found = get_many(asked)
        shop, checkout, stock, customers = (
            self.settings.from_raw(name, found[self.settings.table]) for name in SECTIONS
        )
        kept = found[self.stock.table]
        read = {sku: product_of(kept[product_key(sku)]) for sku in wanted if product_key(sku) in kept}
        tariff = self.prices.tariff(kept, wanted, self.group, customers, checkout)
        products = self.stock.put_together(read)
        seen = {key: kept.get(key) for key in likely}
        places = self.stock.places(products.values(), stock.default_location, seen)
        free = summed_up(places)
        left = {sku: available(product, free) for sku, product in products.items()}
        raw = found[self.keys_seen.table].get(request.pk) if request else None
        earlier = self.keys_seen.from_raw(raw, request) if request else None
        locale = self.tongue(shop.locale)
        return Window(shop, checkout, stock, products, left, free, tariff, locale, earlier, places)
