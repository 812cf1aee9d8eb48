"""Words for products that were there before the search was: written from the catalogue, piece by piece."""

from collections.abc import Callable
from typing import Protocol

from comanda.search.project import LoadProduct, project_product
from comanda.search.store import SearchStore
from comanda.stock.model import Product

AT_ONCE = 50  # products between two looks at the clock


class Catalogue(Protocol):
    def catalogue(self, *, limit: int, after: str = "") -> tuple[list[Product], str]: ...


def backfill(
    after: str,
    catalogue: Catalogue,
    load: LoadProduct,
    tokens: SearchStore,
    more_time: Callable[[], bool],
) -> str | None:
    """Keep the words of the products on sale behind the SKU `after` (empty: from the first one on) what their
    texts are now; answers the SKU to go on after, None when all are done.

    What is right already is read and not written, so it may be begun again at any place and as often as
    one likes, beside the stream too. Products off sale have no words.
    """
    while True:
        found, last = catalogue.catalogue(limit=AT_ONCE, after=after)
        for product in found:
            project_product(product.sku, load, tokens)
        if not last:
            return None
        after = last
        if not more_time():
            return after
