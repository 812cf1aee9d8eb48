"""What the screens of drafts work with."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.customers.file import CustomerFile
from comanda.backoffice.customers.find import CustomerList
from comanda.backoffice.find_products import ProductList
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.office import Office
from comanda.carts.edit import Carts
from comanda.orders.drafts.place import Counter
from comanda.orders.drafts.repeat import OnSale
from comanda.orders.drafts.write import DraftDesk
from comanda.settings.store import SettingsStore


@dataclass(frozen=True, slots=True)
class SalesDesk:
    """Each is made when it is first asked for; see wiring."""

    office: Callable[[], Office]
    settings: Callable[[], SettingsStore]
    drafts: Callable[[], DraftDesk]
    counter: Callable[[], Counter]
    on_sale: Callable[[], OnSale]
    products: Callable[[], ProductList]
    customers: Callable[[], CustomerList]
    file: Callable[[], CustomerFile]
    carts: Callable[[], Carts]
    orders: Callable[[], OrderList]

    @property
    def currency(self) -> str:
        return str(self.settings().section("shop")[0].currency)
